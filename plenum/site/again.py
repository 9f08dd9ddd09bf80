"""A form that was sent after its session had ended is shown again as it was filled in, once its sender has signed in.

The page is asked as if the form were sent now, inside a transaction that is thrown away and with every act refused at
its end. So it shows the form with what was typed, what is wrong with it, and that nothing is saved yet.
"""

from collections.abc import Callable
from typing import cast

from django.contrib import messages
from django.core.handlers.wsgi import WSGIRequest
from django.db import transaction
from django.http import HttpRequest, HttpResponseBase
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from plenum.access.kept import forget, waiting
from plenum.access.requests import AuthedRequest
from plenum.journal.actions import only_trying

SHOWS_THE_FORM = (409, 422)
"""What a page answers when it shows what was typed: refused, or changed by somebody else."""


def shown_again(
    request: HttpRequest, answer: Callable[[HttpRequest], HttpResponseBase]
) -> HttpResponseBase | None:
    """Return the page at this address with what was typed there before its sender was signed out.

    None if nothing is kept for it, or if the page has no use for it any more.
    """
    if cast(AuthedRequest, request).account is None:
        return None
    kept = waiting(request)
    if kept is None:
        return None
    if request.method != "GET":
        forget(request)
        return None
    _fill_in(cast(WSGIRequest, request), "POST")
    request.POST = kept.values()  # type: ignore[assignment]
    request._dont_enforce_csrf_checks = True  # type: ignore[attr-defined]
    messages.warning(
        request, _("You had been signed out. What you typed is shown again; it is not saved yet.")
    )
    try:
        with transaction.atomic(), only_trying():
            response = answer(request)
            transaction.set_rollback(True)
    finally:
        _fill_in(cast(WSGIRequest, request), "GET")
        request._dont_enforce_csrf_checks = False  # type: ignore[attr-defined]
    if response.status_code not in SHOWS_THE_FORM:
        forget(request)
        list(messages.get_messages(request))
        return None
    return response


def _fill_in(request: WSGIRequest, method: str) -> None:
    request.method = request.META["REQUEST_METHOD"] = method
    request._files = MultiValueDict()  # type: ignore[attr-defined]
