"""Every address of the project is tried with the whole cast.

A new address without an entry in PAGES fails. An entry says who gets the page about the insider's unit; everybody else
gets what a wrong address gives, and never reads the name of that unit.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from plenum.access.actions import Invited, add_app, invite, issue_token
from plenum.access.models import Grant
from plenum.access.powers import POWERS
from plenum.directives.actions import DocumentFields, register_document
from plenum.figures.actions import oblige_unit, save_draft, submit_return
from plenum.packs import pack
from plenum.periods import Period, Span
from plenum.reorganisations.actions import draft_reform, rehearse_reform, submit_reform
from plenum.reorganisations.models import Work
from plenum.reorganisations.rules import Dissolve, EndLevel, Plan
from plenum.reports.actions import issue_review
from plenum.targets.actions import StatementFields, TargetFields, record_statement, set_target
from tests.cast import DAY, FOUNDED, SYSTEM, Cast, make_cast
from tests.counting import finished

UNIT = "hill-school"
READERS = frozenset({"superior", "insider", "auditor"})
ABOVE = frozenset({"superior"})
SELF = frozenset({"insider"})


@dataclass(frozen=True)
class Page:
    """Who gets an address; ``pk`` names the sample whose number stands in it."""

    seen_by: frozenset[str] = READERS
    pk: str = ""
    period: str = "2024-07"
    post_only: bool = False
    for_everybody: bool = False
    """Public, or about whoever asks: anybody may get it, but what it says of the insider's unit is for READERS."""
    needs_account: bool = True
    status: int = 200
    """What anybody gets of a page for everybody, at the address of the sample."""


EVERYBODY = Page(for_everybody=True)

PAGES: dict[str, Page] = {
    "": EVERYBODY,
    "health": Page(for_everybody=True, needs_account=False),
    "metrics": Page(for_everybody=True, needs_account=False),
    "language/": Page(for_everybody=True, needs_account=False, post_only=True),
    # access
    "sign-in/": Page(for_everybody=True, needs_account=False),
    "sign-out/": Page(for_everybody=True, needs_account=False, post_only=True),
    "acting-for/": EVERYBODY,
    "sign-in/second-step/": Page(for_everybody=True, needs_account=False),
    "sign-in/own-password/": Page(for_everybody=True, needs_account=False),
    "account/": EVERYBODY,
    "account/confirm/": EVERYBODY,
    "account/second-factor/": EVERYBODY,
    "account/second-factor/app/": EVERYBODY,
    "account/second-factor/key/": EVERYBODY,
    "account/second-factor/codes/": EVERYBODY,
    "account/second-factor/<int:pk>/remove/": Page(SELF, pk="factor"),
    "account/sessions/": EVERYBODY,
    "account/tokens/": EVERYBODY,
    "account/tokens/<int:pk>/end/": Page(SELF, pk="token", post_only=True),
    "invitations/": Page(for_everybody=True, needs_account=False),
    "units/<slug:code>/grants/invite/": Page(ABOVE),
    "units/<slug:code>/grants/invitations/<int:pk>/": Page(ABOVE, pk="invitation", post_only=True),
    "units/<slug:code>/grants/<int:pk>/lost-access/": Page(ABOVE, pk="grant"),
    "units/<slug:code>/grants/": Page(ABOVE),
    "units/<slug:code>/grants/new-account/": Page(ABOVE),
    "units/<slug:code>/grants/<int:pk>/end/": Page(ABOVE, pk="grant"),
    # jobs
    "jobs/": EVERYBODY,
    "jobs/<int:pk>/": Page(pk="job"),
    "jobs/<int:pk>/cancel/": Page(pk="job", post_only=True),
    "jobs/<int:pk>/start-again/": Page(pk="job", post_only=True),
    "jobs/<int:pk>/result/": Page(SELF, pk="job"),
    # organisation
    "units/": EVERYBODY,
    "units/<slug:code>/": Page(),
    "units/<slug:code>/branch/": Page(),
    "units/<slug:code>/journal/": Page(),
    "units/<slug:code>/found/": Page(ABOVE),
    "units/<slug:code>/rename/": Page(ABOVE),
    "units/<slug:code>/correct-name/": Page(ABOVE),
    "units/<slug:code>/change-kind/": Page(ABOVE),
    "units/<slug:code>/move/": Page(ABOVE),
    "units/<slug:code>/dissolve/": Page(ABOVE),
    "units/<slug:code>/take-back/": Page(ABOVE),
    # directives
    "units/<slug:code>/documents/": Page(),
    "units/<slug:code>/documents/register/": Page(frozenset()),
    "documents/<int:pk>/": Page(pk="document"),
    "documents/<int:pk>/correct/": Page(frozenset(), pk="document"),
    # figures
    "units/<slug:code>/returns/": Page(),
    "units/<slug:code>/returns/<slug:form>/<str:period>/": Page(SELF),
    "units/<slug:code>/workbook/<str:period>.xlsx": Page(SELF),
    "units/<slug:code>/workbook/<str:period>/": Page(SELF),
    "units/<slug:code>/workbooks/": Page(ABOVE),
    "units/<slug:code>/workbooks/<slug:form>/<str:period>.xlsx": Page(frozenset()),
    "units/<slug:code>/workbooks/<slug:form>/<str:period>/": Page(ABOVE),
    "returns/<int:pk>/": Page(pk="return"),
    "units/<slug:code>/acceptance/": Page(),
    "units/<slug:code>/obligations/": Page(),
    "units/<slug:code>/indicators/<str:indicator>/": Page(),
    # targets
    "units/<slug:code>/targets/": Page(),
    "units/<slug:code>/targets/set/": Page(ABOVE),
    "units/<slug:code>/targets/below/<str:indicator>/": Page(),
    "units/<slug:code>/statements/record/": Page(ABOVE),
    "statements/<int:pk>/withdraw/": Page(ABOVE, pk="statement"),
    "targets/<int:pk>/": Page(pk="target"),
    "targets/<int:pk>/amend/": Page(ABOVE, pk="target"),
    "targets/<int:pk>/withdraw/": Page(ABOVE, pk="target"),
    "documents/<int:pk>/targets/": Page(pk="document"),
    # reorganisations
    "reforms/": EVERYBODY,
    "reforms/<int:pk>/": Page(pk="reform"),
    "reforms/<int:pk>/deed/": Page(pk="reform", post_only=True),
    "reforms/<int:pk>/execution/": Page(ABOVE, pk="reform"),
    "reforms/<int:pk>/steps/": Page(ABOVE, pk="reform"),
    "reforms/<int:pk>/step/": Page(ABOVE, pk="reform"),
    "reforms/<int:pk>/payroll/": Page(ABOVE, pk="reform"),
    "reforms/<int:pk>/plan.toml": Page(pk="reform"),
    "reforms/<int:pk>/plan.xlsx": Page(pk="reform"),
    "reforms/<int:pk>/difference/": Page(pk="reform"),
    "reforms/<int:pk>/difference.<slug:format>": Page(pk="reform"),
    "reforms/work/": EVERYBODY,
    "reforms/work/units/": EVERYBODY,
    "reforms/work/<int:pk>/": Page(pk="work", post_only=True),
    "units/<slug:code>/reforms/draft/": Page(ABOVE),
    # reports
    "units/<slug:code>/board/": Page(),
    "units/<slug:code>/review/": Page(),
    "units/<slug:code>/review/<str:period>/": Page(period="2024-9M"),
    "units/<slug:code>/review/<str:period>.<slug:format>": Page(period="2024-9M"),
    "units/<slug:code>/review/<str:period>/issue/": Page(SELF, period="2024-9M"),
    "issued/<int:pk>/": Page(pk="issue"),
    "issued/<int:pk>.<slug:format>": Page(pk="issue"),
    "verify/": Page(for_everybody=True, needs_account=False),
    "verify/<str:code>/": Page(for_everybody=True, needs_account=False, status=404),
}

FORM, MONTH = "grassroots-monthly", Period.parse("2024-08")
WORDS = {"form": FORM, "indicator": "members.admitted", "format": "md"}
FORMATS = ("md", "json", "docx", "pdf")


@dataclass(frozen=True)
class Samples:
    """Something of every kind that belongs to the insider's unit, made through the acts."""

    cast: Cast
    numbers: dict[str, int]

    def address(self, route: str, code: str = UNIT, **words: str) -> str:
        """The address of a route about a unit."""
        page = PAGES[route]
        number = str(self.numbers.get(page.pk, 0))
        values = {
            "key": f"{code}-{number}",
            "pk": number,
            "period": page.period,
            "code": code,
            **WORDS,
            **words,
        }
        return "/" + re.sub(r"<\w+:(\w+)>", lambda found: values[found[1]], route)


@pytest.fixture(scope="module")
def shared_samples(shared_database: str) -> Iterator[Samples]:
    """The cast and the samples, made once for all tests of a module."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PLENUM_TODAY", DAY.isoformat())
        yield make_samples(make_cast())


@pytest.fixture
def samples(shared_samples: Samples, db: None) -> Samples:
    """The samples for one test, which may do with them what it likes."""
    return Samples(shared_samples.cast.afresh(), dict(shared_samples.numbers))


@pytest.fixture
def cast(samples: Samples) -> Cast:
    """The cast of the samples."""
    return samples.cast


def make_samples(cast: Cast) -> Samples:
    """A document, a return, a target and a statement of the insider's unit, and the insider's grant."""
    unit = cast.unit(UNIT)
    document = register_document(
        unit,
        DocumentFields("decision", "About targets", date(2024, 1, 5), "1188", issuer_id=unit.pk),
        on=DAY,
        by=SYSTEM,
    )
    target = set_target(
        unit,
        TargetFields("members.admitted", Period.parse("2024"), "value", Decimal(5)),
        on=date(2024, 1, 10),
        by=SYSTEM,
    )
    said = StatementFields(
        "members.admitted", Period.parse("2024-9M"), "value", Decimal(3), "count", "Annual report"
    )
    statement = record_statement(unit, said, on=DAY, by=SYSTEM)
    oblige_unit(unit.pk, FORM, "month", Span(FOUNDED), on=FOUNDED, by=SYSTEM)
    values: dict[str, int | None] = {slot.code: 0 for slot in pack().forms[FORM].slots}
    returned = save_draft(unit.pk, FORM, MONTH, values, edition=0, on=DAY, by=cast.insider.actor)
    submit_return(returned.pk, on=DAY, by=cast.insider.actor)
    grant = Grant.objects.get(account=cast.insider.account)
    own = cast.insider.account
    token, _text = issue_token(
        own, name="x", chosen=["figures.read"], until=date(2024, 12, 1), on=DAY, by=cast.insider.actor
    )
    invitation, _key = invite(
        Invited("Guest", "guest", "en"), unit, "auditor", start=DAY, on=DAY, by=cast.superior.actor
    )
    issue = issue_review(
        unit, Period.parse("2024-9M"), language="en", formats=["md"], on=DAY, by=cast.insider.actor
    )
    add_app(own, "JBSWY3DPEHPK3PXP", on=DAY, by=cast.insider.actor)
    job = finished(unit, by=cast.insider.actor, body=cast.name(UNIT).encode())
    steps = (Dissolve(unit=UNIT), EndLevel(kind="bloc"))
    planned = Plan("school-2025", "End the school", date(2025, 1, 1), "north-hill", steps=steps)
    reform = draft_reform(planned, on=DAY, by=SYSTEM)
    rehearse_reform(reform.pk, on=DAY, by=SYSTEM)
    submit_reform(reform.pk, on=DAY, by=SYSTEM)
    work = Work.objects.create(reform=reform, unit=unit, what=Work.What.PROGRAMME)
    numbers = {
        "job": job.pk,
        "reform": reform.pk,
        "work": work.pk,
        "document": document.pk,
        "target": target.pk,
        "statement": statement.pk,
        "return": returned.pk,
        "grant": grant.pk,
        "issue": issue.pk,
        "token": token.pk,
        "invitation": invitation.pk,
        "factor": Authenticator.objects.get(user=own, type="totp").pk,
    }
    return Samples(cast, numbers)


def routes(resolver: URLResolver | None = None, before: str = "") -> Iterator[str]:
    """The routes of all pages of the project, as they are written; the API is tried in tests/api/test_cast.py."""
    for pattern in (resolver or get_resolver()).url_patterns:
        route = before + str(pattern.pattern)
        if route == "api/":
            continue
        if isinstance(pattern, URLPattern):
            yield route
        else:
            yield from routes(pattern, route)


def body(response: Any) -> str:
    content = b"".join(response.streaming_content) if response.streaming else response.content
    return str(content.decode(errors="replace")) + str(response.headers)


def test_every_address_says_who_may_see_it() -> None:
    assert sorted(PAGES) == sorted(set(routes()))


OF_UNITS = sorted(route for route, page in PAGES.items() if not page.for_everybody)


@pytest.mark.parametrize("route", OF_UNITS)
def test_outsiders_get_what_a_wrong_address_gives(samples: Samples, route: str) -> None:
    address, name = samples.address(route), samples.cast.name(UNIT)
    for login, member in samples.cast.outsiders.items():
        for answer in (member.client.get(address), member.client.post(address, {"reason": "x"})):
            assert answer.status_code in (404, 405), (login, answer.status_code)
            assert name not in body(answer)
        assert member.client.get(address).status_code == (405 if PAGES[route].post_only else 404)
    wrong = samples.address(route, code="no-such-unit", pk="987654321")
    assert wrong != address
    assert shown(samples.cast.neighbour.client, wrong) == shown(samples.cast.neighbour.client, address)


def shown(client: Client, address: str) -> str:
    """What stands on the page, without the address itself and what differs each time."""
    text = str(client.get(address).content.decode()).replace(address, "")
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", text)


@pytest.mark.parametrize("route", sorted(PAGES))
def test_visitors_are_asked_to_sign_in(samples: Samples, route: str) -> None:
    page, address = PAGES[route], samples.address(route)
    for answer in (Client().get(address), Client().post(address, {})):
        assert samples.cast.name(UNIT) not in body(answer)
        if page.needs_account:
            assert answer.status_code in (302, 401, 405)
            assert answer.status_code != 302 or answer["Location"].startswith("/sign-in/?next=")


@pytest.mark.parametrize("route", OF_UNITS)
def test_those_it_is_for_get_the_page_and_others_a_refusal(samples: Samples, route: str) -> None:
    page, address = PAGES[route], samples.address(route)
    for login in sorted(READERS):
        status = samples.cast.members[login].client.get(address).status_code
        if login not in page.seen_by:
            assert status in (403, 404, 405), login
        elif page.post_only:
            assert status == 405, login
        else:
            assert status in (200, 302), login


TO_READ = sorted(route for route, page in PAGES.items() if page.for_everybody and not page.post_only)


@pytest.mark.parametrize("route", TO_READ)
def test_pages_for_everybody_say_nothing_of_the_unit_to_outsiders(samples: Samples, route: str) -> None:
    for member in samples.cast.outsiders.values():
        for query in ("", f"?q={samples.cast.name(UNIT)[:-1]}", f"?under={UNIT}", f"?unit={UNIT}"):
            answer = member.client.get(samples.address(route) + query, follow=True)
            assert answer.status_code == PAGES[route].status
            assert samples.cast.name(UNIT) not in body(answer)


@pytest.mark.parametrize("route", [route for route in OF_UNITS if "<slug:code>" in route])
def test_pages_of_the_own_unit_say_nothing_of_the_insiders(samples: Samples, route: str) -> None:
    for member in (samples.cast.sibling, samples.cast.neighbour):
        assert member.unit is not None
        address = samples.address(route, code=member.unit.code)
        answer = member.client.get(address)
        assert answer.status_code in (200, 302, 403, 404, 405)
        assert samples.cast.name(UNIT) not in body(answer)


@pytest.mark.parametrize("form", FORMATS)
def test_no_file_for_outsiders(samples: Samples, form: str) -> None:
    address = samples.address("units/<slug:code>/review/<str:period>.<slug:format>", format=form)
    assert samples.cast.insider.client.get(address).status_code == 200
    for member in samples.cast.outsiders.values():
        assert member.client.get(address).status_code == 404
    assert Client().get(address).status_code == 302


def test_the_names_of_the_cast_can_be_told_apart(cast: Cast) -> None:
    names = [cast.name(code) for code in cast.units]
    assert not [(one, other) for one in names for other in names if one != other and one in other]


def test_every_power_that_the_pack_gives_is_declared_and_every_declared_one_is_given() -> None:
    list(routes())
    given = {code for each in pack().power_sets.values() for code in each.powers}
    assert given == {code for code in POWERS if not code.startswith("reach.try_")}
