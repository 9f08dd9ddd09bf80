"""What every request is given before a page sees it: headers, language, the lens of time, the acting account."""

from collections.abc import Callable
from datetime import date
from typing import cast

from django.conf import settings
from django.contrib.auth import logout
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils import translation
from django.utils.cache import add_never_cache_headers, patch_vary_headers
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.utils.translation.trans_real import parse_accept_lang_header

from plenum.access.answers import Changed, TooMany
from plenum.access.guard import speaking
from plenum.access.kept import ask_to_sign_in
from plenum.access.queries import account_for, actor_for, has_left
from plenum.access.reach import SecondFactorMissing
from plenum.access.requests import AuthedRequest, SignedOut
from plenum.journal.actor import Actor
from plenum.packs.values import PackLookupError
from plenum.periods import Lens, Period, Tree
from plenum.site import pages
from plenum.site.again import shown_again
from plenum.site.api.problems import is_for_program
from plenum.site.api.who import program_in
from plenum.site.clock import today

Answer = Callable[[HttpRequest], HttpResponseBase]

CONTENT_POLICY = "; ".join(
    (
        "default-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)

DAYS_OF_THE_LENS = {
    "as_of": gettext_lazy("As of"),
    "known_on": gettext_lazy("Known on"),
    "tree_day": gettext_lazy("On the tree of a day"),
}
"""The days that an address may name, as the menu of the lens calls them."""

FIRST_YEAR, LAST_YEAR = 1930, 2100
"""The lens looks at days between these years."""


class SecurityHeaders:
    """Nothing of a page comes from elsewhere or is framed elsewhere; no browser keeps what signed-in people see."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.answer(request)
        response.headers.setdefault("Content-Security-Policy", CONTENT_POLICY)
        response.headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
        if getattr(request, "account", None) is not None and "Cache-Control" not in response.headers:
            add_never_cache_headers(response)
            response.headers["Cache-Control"] = "no-store, private"
        return response


class Frame:
    """Give the request its language, its lens and its actor.

    The language is the one chosen on this device, else that of the account, else what the browser asks for; for a
    program with a token it is what the program asks for, else that of the account. A lens that cannot be read is
    refused with 400 and the reason.
    """

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        authed = cast(AuthedRequest, request)
        day = today()
        authed.lens, authed.actor, authed.account = Lens.plain(day), Actor.nobody(), None
        program = program_in(request, day)
        if program is not None:
            authed.actor, authed.account = program
        else:
            authed.account = account_for(request)
        if program is None and authed.account is not None:
            authed.actor = actor_for(request, day)
            if authed.actor.acting_for is None and has_left(authed.account.pk, day):
                logout(request)
                authed.actor, authed.account = Actor.nobody(), None
        translation.activate(_language(authed))
        request.LANGUAGE_CODE = translation.get_language() or settings.LANGUAGE_CODE
        authed.lens = lens_of(request, day)
        with speaking(authed.actor, day):
            response = shown_again(request, self.answer) or self.answer(request)
        response.headers.setdefault("Content-Language", request.LANGUAGE_CODE)
        patch_vary_headers(response, ("Accept-Language", "Cookie"))
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponseBase | None:
        """Answer what pages say by raising: signed out or changed meanwhile, too often, too long ago."""
        match exception:
            case SecondFactorMissing():
                return render(request, "access/second_factor_missing.html", status=403)
            case SignedOut():
                return ask_to_sign_in(request)
            case Changed():
                return pages.changed(request, exception)
            case TooMany():
                return pages.too_many(request, exception)
            case PackLookupError():
                return pages.not_found(request, exception)
        return None


def _language(request: AuthedRequest) -> str:
    if request.actor.token_id is not None:
        for asked, _weight in parse_accept_lang_header(request.headers.get("Accept-Language", "").lower()):
            if asked.split("-")[0] in dict(settings.LANGUAGES):
                return asked.split("-")[0]
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
    if not chosen and request.account is not None:
        chosen = request.account.language
    if chosen in dict(settings.LANGUAGES):
        return str(chosen)
    return translation.get_language_from_request(request)


def lens_of(request: HttpRequest, day: date) -> Lens:
    """Return the lens that the query string asks for. Raises BadRequest with the reason if it cannot be read."""
    return Lens(
        today=day,
        as_of=_day_in(request, "as_of") or day,
        known_on=_day_in(request, "known_on"),
        period=_period_in(request),
        tree=_tree_in(request),
    )


def _day_in(request: HttpRequest, name: str) -> date | None:
    text = request.GET.get(name, "").strip()
    if not text:
        return None
    try:
        return _within_reason(date.fromisoformat(text))
    except ValueError as error:
        label = name if is_for_program(request) else DAYS_OF_THE_LENS[name]
        raise BadRequest(
            _("“%(text)s” is no date for %(name)s. Write a date like 2024-09-30.")
            % {"text": text[:40], "name": label}
        ) from error


def _tree_in(request: HttpRequest) -> Tree:
    """`then`, `now` or a day. The form of a page has the day in a field of its own, read when `day` is chosen."""
    match request.GET.get("tree", "").strip():
        case "" | "then":
            return "then"
        case "now":
            return "now"
        case "day" if not is_for_program(request):
            day = _day_in(request, "tree_day")
            if day is None:
                raise BadRequest(_("Say of which day the tree is to be: write a date like 2024-09-30."))
            return day
        case text:
            try:
                return _within_reason(date.fromisoformat(text))
            except ValueError as error:
                raise BadRequest(
                    _(
                        "“%(text)s” names no tree of organisations. Write then, now, or a date like 2024-09-30."
                    )
                    % {"text": text[:40]}
                ) from error


def _period_in(request: HttpRequest) -> Period | None:
    text = request.GET.get("period", "").strip()
    if not text:
        return None
    try:
        period = Period.parse(text)
        _within_reason(period.start)
    except ValueError as error:
        raise BadRequest(
            _("“%(text)s” is no period. Write a year, half, quarter, nine months or month: %(examples)s.")
            % {"text": text[:40], "examples": "2024, 2024-H1, 2024-Q3, 2024-9M, 2024-07"}
        ) from error
    return period


def _within_reason(day: date) -> date:
    """The day, unless it lies so far away that the years beside it cannot be compared with; then ValueError."""
    if not FIRST_YEAR < day.year < LAST_YEAR:
        raise ValueError(day)
    return day
