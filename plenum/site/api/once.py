"""Writes of programs: each is one transaction, and one that comes again with the same key is done only once.

Before anything is done, the lens is read as exactly as the description says; pages are more lenient with people.
"""

import hashlib
import re
from collections.abc import Callable
from datetime import date
from typing import cast

from django.db import IntegrityError, connection, transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from plenum.access.models import IdempotencyKey
from plenum.access.programs import DAY_PATTERN, PERIOD_PATTERN, TREE_PATTERN
from plenum.access.reach import running_grants
from plenum.access.requests import AuthedRequest
from plenum.access.sealed import CannotOpen, opened, seal
from plenum.journal.actor import Actor
from plenum.site.api.problems import Fault, answer_to, is_for_program, problem

HEADER = "Idempotency-Key"
KEY_PATTERN = r"^[\x21-\x7e]{1,200}$"
WRITING = ("POST", "PUT", "PATCH", "DELETE")


class Once:
    """Let each write of a program be one transaction with what is remembered of it.

    The first request with a key does its work and its answer is kept, in the same transaction; the same request again
    gets the same answer, and another one under the same key is refused. One that comes while the first still runs
    waits for it. The answer is kept sealed: it may hold a password or a link that is told once. What was refused is
    not kept: it may be sent again. Whoever has been given or has lost a power since is told that it was done, and not
    what was answered then. A key is remembered for a day.
    """

    def __init__(self, answer: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not is_for_program(request):
            return self.answer(request)
        if faults := faults_of_lens(request):
            return problem(request, 422, errors=faults)
        if request.method not in WRITING:
            return self.answer(request)
        actor = cast(AuthedRequest, request).actor
        key = request.headers.get(HEADER)
        if actor.account_id is None or key is None:
            with transaction.atomic():
                return self._done(request)
        if not re.fullmatch(KEY_PATTERN, key):
            said = _("A key has 1 to 200 visible ASCII characters.")
            return problem(request, 422, errors=[{"field": HEADER, "message": said}])
        try:
            said = fingerprint(request, actor)
        except Exception as error:
            if (answer := answer_to(request, error)) is None:
                raise
            return answer
        return self._once(cast(AuthedRequest, request), actor.account_id, key, said)

    def _once(self, request: AuthedRequest, account_id: int, key: str, said: str) -> HttpResponseBase:
        standing = powers_held(request.actor, request.lens.today)
        with transaction.atomic():
            _forget_old()
            kept = _claim(account_id, key, said, standing)
            if kept is None:
                response = self._done(request)
                if response.status_code < 400 and isinstance(response, HttpResponse):
                    IdempotencyKey.objects.filter(account_id=account_id, key=key).update(
                        status=response.status_code,
                        content_type=response.headers.get("Content-Type", ""),
                        body=seal(response.content.decode()).encode(),
                    )
                return response
        if kept.fingerprint != said:
            detail = _("This key was used for another request. Choose a new key.")
            return problem(request, 422, errors=[{"field": HEADER, "message": detail}])
        if kept.standing != standing:
            detail = _("This was done before. Your powers have changed since: read what is there now.")
            return problem(request, 403, detail)
        try:
            body = opened(bytes(kept.body).decode())
        except CannotOpen:
            return problem(
                request, 403, _("This was done before. What was answered then cannot be read any more.")
            )
        again = HttpResponse(body, status=kept.status, content_type=kept.content_type)
        again.headers["Idempotent-Replayed"] = "true"
        return again

    def _done(self, request: HttpRequest) -> HttpResponseBase:
        """Do it; a refusal leaves nothing behind."""
        response = self.answer(request)
        if response.status_code >= 400:
            transaction.set_rollback(True)
        return response


def faults_of_lens(request: HttpRequest) -> list[Fault]:
    """What of the lens in the address is not written as the description asks for."""
    return [
        {"field": name, "message": why}
        for name, (pattern, why) in _lens_patterns().items()
        if (text := request.GET.get(name)) is not None and not re.fullmatch(pattern, text, re.ASCII)
    ]


def _lens_patterns() -> dict[str, tuple[str, str]]:
    day = (DAY_PATTERN, _("Write a date like 2024-09-30."))
    period = (PERIOD_PATTERN, _("Write a period such as 2023, 2023-Q3, 2023-H1, 2023-9M or 2023-07."))
    tree = (TREE_PATTERN, _("Write then, now, or a date like 2024-09-30."))
    return {"as_of": day, "known_on": day, "tree": tree, "period": period}


def fingerprint(request: HttpRequest, actor: Actor) -> str:
    """What tells one request from another: who asks by what, for what, saying what."""
    parts = (
        str(actor.token_id),
        str(actor.acting_for),
        request.method or "",
        request.get_full_path(),
    )
    return hashlib.sha256("\n".join(parts).encode() + b"\n" + request.body).hexdigest()


def powers_held(actor: Actor, on: date) -> str:
    """All grants of an actor that count on a day in a few letters: other powers, other letters."""
    held = sorted(
        (unit_id, sorted(powers), str(span))
        for unit_id, powers, span in running_grants(actor, on).values_list("unit_id", "powers", "span")
    )
    return hashlib.sha256(repr(held).encode()).hexdigest()


def _claim(account_id: int, key: str, said: str, standing: str) -> IdempotencyKey | None:
    """Write the key down; if that was done before, wait until it is finished and give what is kept."""
    try:
        with transaction.atomic():
            IdempotencyKey.objects.create(account_id=account_id, key=key, fingerprint=said, standing=standing)
    except IntegrityError:
        return IdempotencyKey.objects.get(account_id=account_id, key=key)
    return None


def _forget_old() -> None:
    """Forget the keys of all accounts that are older than a day: the database does it, an account sees only its own."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT access_forget_keys()")
