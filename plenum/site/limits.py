"""How many requests one account, or one address without an account, may make in a minute.

Counted in the memory of each working process: nothing is written to the database for it, and an installation with
several workers lets through up to that many times the limit. What is counted in the database, for all workers
together, is what is guessed: passwords, codes, and codes of verification.
"""

import threading
import time
from collections import Counter
from collections.abc import Callable, Hashable
from typing import cast

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _

from plenum.access.answers import TooMany
from plenum.access.requests import AuthedRequest, client_address, network_of
from plenum.site import pages
from plenum.site.api import problems

MINUTE = 60
MOST_KEPT = 100_000
"""So many different accounts and addresses are counted in a minute; those that come after them are not."""
FOR_MONITORS = ("/health", "/metrics")


class Counts:
    """How often each was here in the running minute."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._turn = threading.Lock()
        self._minute = 0
        self._seen: Counter[Hashable] = Counter()

    def wait_after(self, who: Hashable, most: int) -> int:
        """Count one more; the seconds until the minute is over if that is more than ``most``, else 0."""
        now = self._clock()
        minute, passed = divmod(now, MINUTE)
        with self._turn:
            if minute != self._minute:
                self._minute = int(minute)
                self._seen.clear()
            if who in self._seen or len(self._seen) < MOST_KEPT:
                self._seen[who] += 1
            return max(1, int(MINUTE - passed)) if self._seen[who] > most else 0


class Limited:
    """Answer 429 to whoever asks too much: by account if there is one, otherwise by the network of the address."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.answer = answer
        self.counts = Counts()

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        actor = cast(AuthedRequest, request).actor
        if actor.account_id is not None:
            who, most = ("account", str(actor.account_id)), settings.REQUESTS_PER_MINUTE
        else:
            who, most = ("network", network_of(client_address(request))), settings.VISITS_PER_MINUTE
        if not most or request.path in FOR_MONITORS:
            return self.answer(request)
        wait = self.counts.wait_after(who, most)
        if not wait:
            return self.answer(request)
        reason = _("More was asked for than one person asks for in a minute.")
        told = problems.too_many if problems.is_for_program(request) else pages.too_many
        return told(request, TooMany(reason, wait))
