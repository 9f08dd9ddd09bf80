"""Everything that people may get to see: all pages, what is answered to forms, what is said when something is wrong.

Pages are found by their addresses. What no address leads to stands here; a template of a page that is not among all
this fails, so that neither can be forgotten.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

import plenum
from plenum.access.actions import change_password
from plenum.access.models import Account
from plenum.reports import guesses
from plenum.site import pages
from tests.cast import DAY, SYSTEM
from tests.walk import SentForm, Walked, every_page, forms_of

ENTRY = "/units/hill-school/returns/grassroots-monthly/2024-09/"
REGISTER = "/units/north-hill/documents/register/"
GRANTS = "/units/north-hill/grants/"
PASSWORD = "across the river and far away"
OURS = {"origin": "http://testserver", "sec-fetch-site": "same-origin"}
PAGE = re.compile(r'{% extends "site/(?:base|plain|bare)\.html" %}')
PIECES = {"units/<slug:code>/branch/"}
"""Parts of a page that is open already."""
ONLY_EXTENDED = {"site/plain.html"}


def everything_shown(walked: Walked, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Every answer that shows a page, by the route of its page or by what it tells."""
    found = {
        f"/{stop.route}": stop.client.get(stop.address)
        for stop in every_page(walked)
        if stop.route not in PIECES
    }
    found |= dict(_shown_once(walked))
    found |= dict(_said_when_something_is_wrong(walked, monkeypatch))
    used = {each.name for answer in found.values() for each in answer.templates}
    unseen = sorted(page_templates() - used)
    assert not unseen, f"nobody gets to see these pages: {unseen}"
    return found


def page_templates() -> set[str]:
    """The templates of all rooms that are pages of their own."""
    return {
        str(path.relative_to(folder))
        for folder in Path(plenum.__file__).parent.glob("*/templates")
        for path in folder.rglob("*.html")
        if PAGE.match(path.read_text(encoding="utf-8"))
    } - ONLY_EXTENDED


def sent(client: Client, address: str, **typed: str) -> Any:
    """The answer to the form in the middle of a page, with this typed into it."""
    found = [each for each in forms_of(client.get(address), address) if each.action.startswith(address)]
    form = next(each for each in reversed(found) if each.method == "post")
    return client.post(form.action, form.data(**typed))


def _signed_in(account: Account) -> Client:
    """A browser in which the person has just typed the password."""
    change_password(account, PASSWORD, chosen=True, on=DAY, by=SYSTEM)
    client = Client(headers={"accept-language": "en"})
    client.post("/sign-in/", {"login": account.login, "password": PASSWORD})
    client.post("/account/confirm/", {"password": PASSWORD})
    return client


def _shown_once(walked: Walked) -> Iterator[tuple[str, Any]]:
    """Pages that are the answer to a form, and what an invitation may come to."""
    cast = walked.cast
    officer, secretary = _signed_in(cast.superior.account), cast.insider.client
    yield "an account created", sent(officer, f"{GRANTS}new-account/", name="New", login="new-person")
    yield "a token issued", sent(officer, "/account/tokens/", name="Night", powers="figures.read")
    yield "recovery codes", sent(secretary, "/account/second-factor/codes/")
    invited = sent(officer, f"{GRANTS}invite/", name="Guest", login="new-guest")
    yield "an invitation made", invited
    code = {"code": invited.context["link"].partition("#")[2]}
    yield "an invitation opened", Client().post("/invitations/", code)
    yield "an invitation to somebody signed in", officer.post("/invitations/", code)
    officer.post(f"{GRANTS}invitations/{invited.context['invitation'].pk}/")
    yield "an invitation withdrawn", Client().post("/invitations/", code)
    yield "a form refused", officer.post(REGISTER, {"title": ""})
    yield "a return refused", sent(secretary, ENTRY, members_total="seventy")
    lost = f"/units/hill-school/grants/{walked.numbers['grant']}/lost-access/"
    yield "a new password", officer.post(lost, {"form": "password"})


def _said_when_something_is_wrong(
    walked: Walked, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[str, Any]]:
    """Every page of an error, as somebody brings it about."""
    cast = walked.cast
    officer, secretary, visitor = cast.superior.client, cast.insider.client, Client()
    for member in (cast.superior, cast.insider):  # their passwords have changed
        member.account.refresh_from_db()
        member.client.force_login(member.account)
    yield "400", officer.get("/units/?as_of=x")
    yield "403", secretary.get("/units/hill-school/found/")
    yield "404", secretary.get("/units/no-such-unit/")
    mine, theirs = (_return_opened(secretary) for _window in range(2))
    secretary.post(ENTRY, theirs.data(deed="save", remark="First"))
    yield "409", secretary.post(ENTRY, mine.data(deed="save", remark="Second"))
    too_much = "x" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)
    yield "413", officer.post(REGISTER, {"title": too_much})
    for _guess in range(guesses.GUESSES_ALLOWED + 1):
        guessed = visitor.get("/verify/AAAA-BBBB-CCCC/")
    yield "429", guessed
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(cast.superior.account)
    yield "403, form expired", strict.post(REGISTER, {"title": "About"}, headers=OURS)
    yield "403, form from elsewhere", strict.post(REGISTER, {"title": "About"})
    yield "401, sign in again", visitor.post(REGISTER, {"title": "About"}, headers=OURS)
    with monkeypatch.context() as broken:
        broken.setattr(pages, "redirect", None)
        client = Client(raise_request_exception=False)
        client.force_login(cast.superior.account)
        yield "500", client.get("/")
    monkeypatch.setattr(settings, "SECOND_FACTOR_REQUIRED", True)
    yield "403, second factor missing", sent(officer, f"{GRANTS}invite/", name="A", login="another")


def _return_opened(client: Client) -> SentForm:
    return next(each for each in forms_of(client.get(ENTRY), ENTRY) if "members_carried" in each.names)
