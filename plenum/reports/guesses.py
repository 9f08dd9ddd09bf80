"""Wrong verification codes, counted by the address from which they come: codes must not be found by trying."""

from datetime import timedelta

from django.core.cache import cache
from django.http import HttpRequest
from django.utils.crypto import salted_hmac
from django.utils.translation import ngettext

from plenum.access.answers import TooMany
from plenum.access.requests import client_address

WITHIN = timedelta(minutes=15)
GUESSES_ALLOWED = 20
"""Wrong codes from one address within a quarter of an hour: who reads a code wrongly tries a few times."""


def refuse_guessing(request: HttpRequest) -> None:
    """Raise TooMany for an address that has tried too many wrong codes."""
    if cache.get(_guesses(request), 0) >= GUESSES_ALLOWED:
        minutes = int(WITHIN.total_seconds()) // 60
        raise TooMany(
            ngettext(
                "Too many codes were tried that do not exist. Wait %(minutes)s minute.",
                "Too many codes were tried that do not exist. Wait %(minutes)s minutes.",
                minutes,
            )
            % {"minutes": minutes},
            wait=int(WITHIN.total_seconds()),
        )


def count_guess(request: HttpRequest) -> None:
    """Note one more wrong code."""
    key = _guesses(request)
    cache.set(key, cache.get(key, 0) + 1, int(WITHIN.total_seconds()))


def _guesses(request: HttpRequest) -> str:
    """Under what the wrong codes from an address are counted, without keeping the address."""
    who = salted_hmac("plenum.reports.verify", client_address(request), algorithm="sha256").hexdigest()
    return f"reports.verify.{who}"
