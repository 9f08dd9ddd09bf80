"""A walk to every page of the project, found by its addresses, and what a page offers to fill in and send.

Whatever is tried on all pages walks here, so that a new page cannot be forgotten: an address that nobody gets to fails.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin

from django.test import Client

from plenum.access.actions import Invited, change_password, grant_powers, invite
from plenum.directives.actions import DocumentFields, register_document
from plenum.reports.models import IssuedReport
from tests.cast import DAY, SYSTEM
from tests.test_cast_pages import PAGES, Samples

NOT_PAGES = {
    "": "leads on to the board",
    "health": "for monitors",
    "metrics": "for monitors",
    "units/<slug:code>/review/": "leads on to the period",
    "units/<slug:code>/review/<str:period>.<slug:format>": "a file",
    "issued/<int:pk>.<slug:format>": "a file",
    "jobs/<int:pk>/result/": "a file",
    "reforms/<int:pk>/plan.toml": "a file",
    "reforms/<int:pk>/plan.xlsx": "a file",
    "reforms/<int:pk>/difference.<slug:format>": "a file",
    "units/<slug:code>/workbook/<str:period>.xlsx": "a file",
    "units/<slug:code>/workbooks/<slug:form>/<str:period>.xlsx": "a file",
}
"""Addresses that show no page, and why."""

OF_THE_SUPERIOR = "north-hill"
PASSWORD = "a long way to the river"


@dataclass(frozen=True)
class Stop:
    """A page, and the signed-in or visiting client that gets it."""

    route: str
    address: str
    client: Client


def every_page(samples: "Walked") -> list[Stop]:
    """A stop for every address that shows a page; fails if one shows nothing to anybody."""
    stops, nobody = [], []
    for route, page in sorted(PAGES.items()):
        if page.post_only or route in NOT_PAGES:
            continue
        stop = next((each for each in _ways(samples, route) if _is_shown(each)), None)
        if stop is None:
            nobody.append(route)
        else:
            stops.append(stop)
    assert nobody == [], f"nobody of the cast sees these pages: {nobody}"
    return stops


def every_form(samples: "Walked") -> list[tuple[Stop, "SentForm"]]:
    """Every form that a page offers to one of the cast, once, with who is offered it."""
    found: dict[tuple[object, ...], tuple[Stop, SentForm]] = {}
    for route, page in sorted(PAGES.items()):
        if page.post_only or route in NOT_PAGES:
            continue
        for stop in _ways(samples, route):
            answer = stop.client.get(stop.address)
            if answer.status_code == 200:
                for form in forms_of(answer, stop.address):
                    at = route if form.action.split("?")[0] == stop.address else form.action
                    key = (at, form.method, frozenset(form.names), tuple(form.buttons))
                    found.setdefault(key, (stop, form))
    return list(found.values())


def _is_shown(stop: Stop) -> bool:
    return stop.client.get(stop.address).status_code == 200


def _ways(samples: "Walked", route: str) -> Iterator[Stop]:
    """Who may get a page at which address, likely ones first."""
    if not PAGES[route].needs_account:
        yield Stop(route, samples.address(route), Client())
        for half in samples.half_signed_in:
            yield Stop(route, samples.address(route), half)
    for code in ("hill-school", OF_THE_SUPERIOR) if "<slug:code>" in route else ("hill-school",):
        for client in samples.clients:
            yield Stop(route, samples.address(route, code=code), client)


@dataclass(frozen=True)
class Walked(Samples):
    """Samples; for some routes what else stands in their addresses; and who walks."""

    more: dict[str, dict[str, str]]
    clients: list[Client]
    half_signed_in: list[Client]

    def address(self, route: str, code: str = "hill-school", **words: str) -> str:
        said = {"code": code, **words, **self.more.get(route, {})}
        return super().address(route, **said)


def to_walk(samples: Samples) -> Walked:
    """The samples, and what is still needed for pages that nobody gets of the insider's.

    A document of the superior, an open invitation, somebody with two grants, sign-ins that wait for a second
    step and for a password of their own.
    """
    cast = samples.cast
    superior = cast.superior
    assert superior.unit is not None
    written = DocumentFields(
        "resolution", "About the year", date(2024, 1, 8), "7", issuer_id=superior.unit.pk
    )
    document = register_document(superior.unit, written, on=DAY, by=superior.actor)
    guest = Invited("Another guest", "another-guest", "en")
    invite(guest, superior.unit, "auditor", start=DAY, on=DAY, by=SYSTEM)
    grant_powers(cast.stranger.account, cast.unit("north"), "auditor", start=DAY, on=DAY, by=SYSTEM)
    grant_powers(cast.stranger.account, cast.unit("south"), "auditor", start=DAY, on=DAY, by=SYSTEM)
    cast.insider.account.set_password(PASSWORD)
    cast.insider.account.save()
    half = Client()
    assert half.post("/sign-in/", {"login": "insider", "password": PASSWORD}).status_code == 302
    change_password(cast.sibling.account, PASSWORD, on=DAY, by=SYSTEM)
    given = Client()
    assert given.post("/sign-in/", {"login": "sibling", "password": PASSWORD}).status_code == 302
    cast.insider.client.force_login(cast.insider.account)
    confirmed = cast.insider.client.post("/account/confirm/", {"password": PASSWORD})
    assert confirmed.status_code == 302, (
        "some pages ask for the password again unless it was given a moment ago"
    )
    return Walked(
        cast,
        samples.numbers,
        {
            "documents/<int:pk>/correct/": {"pk": str(document.pk)},
            "verify/<str:code>/": {"code": IssuedReport.objects.get(pk=samples.numbers["issue"]).code},
        },
        [each.client for each in (superior, cast.insider, cast.auditor, cast.stranger)],
        [half, given],
    )


# --- forms ------------------------------------------------------------------------------------------------------

TYPED = {"text", "search", "textarea", "password", "date", "number", "email", "file", "tel", "url"}


@dataclass
class SentForm:
    """A form as a browser without scripts would send it."""

    action: str
    method: str
    values: list[tuple[str, str]] = field(default_factory=list)
    written: list[str] = field(default_factory=list)
    """The names of its fields for free text."""
    buttons: list[tuple[str, str]] = field(default_factory=list)
    """Name and value of each button that sends it."""
    needs_script: bool = False
    """Whether the page says that this one cannot do without: the browser itself must speak with a security key."""

    @property
    def names(self) -> set[str]:
        return {name for name, _value in self.values}

    def value(self, name: str) -> str:
        """What stands in a field; empty if there is no such field."""
        return next((value for each, value in self.values if each == name), "")

    def data(self, **typed: str) -> dict[str, list[str]]:
        """What is sent with the first button, with this typed into it."""
        sent: dict[str, list[str]] = {}
        for name, value in [*self.values, *self.buttons[:1]]:
            if name:
                sent.setdefault(name, []).append(value)
        return {**sent, **{name: [value] for name, value in typed.items()}}


class _Reader(HTMLParser):
    def __init__(self, address: str) -> None:
        super().__init__()
        self.address = address
        self.forms: list[SentForm] = []
        self.loose: list[str] = []
        self._form: SentForm | None = None
        self._named: dict[str, SentForm] = {}
        self._owner: SentForm | None = None
        self._area = self._select = ""
        self._text: list[str] = []
        self._chosen: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        name = said.get("name", "")
        if tag == "form":
            action = urljoin(self.address, said.get("action", "") or self.address)
            self._form = SentForm(action, said.get("method", "get").lower(), needs_script="data-key" in said)
            self.forms.append(self._form)
            self._named[said.get("id", "")] = self._form
        elif tag in ("input", "button", "select", "textarea"):
            self._control(tag, said, name)
        elif tag == "option" and self._select and ("selected" in said or not self._chosen):
            self._chosen = [said.get("value", "")]

    def _control(self, tag: str, said: dict[str, str], name: str) -> None:
        """A control belongs to the form around it, or to the one that it names; a hidden button waits for a script."""
        owner = self._named.get(said["form"]) if "form" in said else self._form
        if owner is None:
            if not (said.get("type") == "button" and "hidden" in said):
                self.loose.append(self.get_starttag_text() or tag)
        elif tag == "button" and said.get("type", "submit") == "submit":
            owner.buttons.append((name, said.get("value", "")))
        elif tag == "input":
            self._input(owner, said, name)
        elif tag == "textarea":
            self._owner, self._area, self._text = owner, name, []
            owner.written.append(name)
        elif tag == "select":
            self._owner, self._select, self._chosen = owner, name, []

    def _input(self, owner: SentForm, said: dict[str, str], name: str) -> None:
        kind = said.get("type", "text")
        if kind in ("checkbox", "radio"):
            if "checked" in said:
                owner.values.append((name, said.get("value", "on")))
        elif kind == "submit":
            owner.buttons.append((name, said.get("value", "")))
        elif kind != "file":
            owner.values.append((name, said.get("value", "")))
            if kind in ("text", "search"):
                owner.written.append(name)

    def handle_data(self, data: str) -> None:
        if self._area:
            self._text.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "textarea" and self._area and self._owner is not None:
            self._owner.values.append((self._area, "".join(self._text).removeprefix("\n")))
            self._area = ""
        elif tag == "select" and self._select and self._owner is not None:
            self._owner.values += [(self._select, value) for value in self._chosen]
            self._select = ""


def forms_of(answer: Any, address: str) -> list[SentForm]:
    """The forms of a page. Fails if a control stands in no form: without scripts it would do nothing."""
    reader = _Reader(address)
    reader.feed(answer.content.decode())
    assert reader.loose == [], f"{address}: these controls stand in no form"
    return reader.forms
