"""Pages of targets, with the whole cast."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from plenum.figures.tests.factories import oblige
from plenum.targets.models import Statement, Target
from plenum.targets.tests.factories import document, monthly, state, target
from tests.cast import Cast

LIST = "/units/north-hill/targets/"
SCHOOL = "/units/hill-school/targets/"
STATEMENT = {
    "indicator": "members.admitted", "period": "2024-9M", "what": "percent_of_target", "stated": "52,28",
    "said_unit": "percent", "source": "Review",
}  # fmt: skip


def fill(cast: Cast) -> Target:
    """A district with a target, figures of one cell, and a contradicted statement."""
    oblige(cast.unit("hill-school"))
    monthly(cast.unit("hill-school"), "2024-01", members_admitted=4, illustrative=("members_admitted",))
    basis = document(cast.unit("north-hill"))
    set_for = cast.unit("north-hill")
    found = target(set_for, "members.admitted", "7", "2024", basis_id=basis.pk, given_to="Nguyễn Văn A")
    state(set_for, "members.admitted", "percent_of_target", "57.99", "percent", "2024", on=date(2024, 10, 1))
    return found


def test_the_page_explains_the_verdict_and_shows_both_numbers(cast: Cast) -> None:
    found = fill(cast)
    answer = cast.superior.client.get(LIST, {"period": "2024"})
    page = answer.content.decode().replace("\u00a0", " ")
    assert answer.status_code == 200
    for text in (
        "57.14%",
        "The report of 1 Oct 2024 states 57.99%; 4 / 7 = 57.14%.",
        "Result: 4, below the amount of the target: 7.",
        "Projection for the end of the period",
        "Source: Plenum",
        "Nguyễn Văn A",
        f"/targets/{found.pk}/",
        f"/documents/{found.basis_id}/",
        "/units/north-hill/indicators/members.admitted/?period=2024",
        "Illustrative",
    ):
        assert text in page, text


@pytest.mark.parametrize(
    ("login", "reads", "acts"),
    [
        ("superior", 200, 200),
        ("auditor", 200, 403),
        ("insider", 404, 404),
        ("sibling", 404, 404),
        ("neighbour", 404, 404),
        ("stranger", 404, 404),
    ],
)
def test_who_may_read_and_act_at_the_district(cast: Cast, login: str, reads: int, acts: int) -> None:
    found = fill(cast)
    said = Statement.objects.get()
    client = cast.members[login].client
    for address in (LIST, f"{LIST}below/members.admitted/", f"/targets/{found.pk}/"):
        assert client.get(address).status_code == reads, address
    for address in (
        f"{LIST}set/",
        "/units/north-hill/statements/record/",
        f"/targets/{found.pk}/amend/",
        f"/targets/{found.pk}/withdraw/",
        f"/statements/{said.pk}/withdraw/",
    ):
        assert client.get(address).status_code == acts, address
        assert client.post(address, {"reason": ""}).status_code == (422 if acts == 200 else acts), address
    assert (Target.objects.count(), Statement.objects.filter(withdrawn_on=None).count()) == (1, 1)


def test_the_cell_reads_its_own_targets(cast: Cast) -> None:
    target(cast.unit("hill-school"), "members.admitted", "3", "2024")
    assert cast.insider.client.get(SCHOOL).status_code == 200
    assert cast.insider.client.get(f"{SCHOOL}set/").status_code == 403
    for member in cast.outsiders.values():
        assert member.client.get(SCHOOL).status_code == 404
    assert Client().get(SCHOOL).status_code == 302


def test_unknown_things_are_not_found(cast: Cast) -> None:
    client = cast.superior.client
    for address in (
        f"{LIST}below/members.lost/",
        "/targets/999/",
        "/statements/999/withdraw/",
        "/documents/999/targets/",
    ):
        assert client.get(address).status_code == 404, address


def test_setting_amending_and_withdrawing_by_form(cast: Cast) -> None:
    client = cast.superior.client
    said = {"indicator": "members.admitted", "period": "2024", "comparison": "value", "amount": "12.5"}
    refused = client.post(f"{SCHOOL}set/", said)
    assert refused.status_code == 422
    assert "write a whole number" in refused.content.decode()
    assert client.post(f"{SCHOOL}set/", {**said, "period": "2024-07"}).status_code == 422
    done = client.post(f"{SCHOOL}set/", {**said, "amount": "12"})
    assert (done.status_code, done.headers["Location"]) == (302, f"{SCHOOL}?period=2024")
    first = Target.objects.get()
    change = {"comparison": "at_least", "amount": "14", "reason": "More people asked to join"}
    assert client.post(f"/targets/{first.pk}/amend/", {**change, "reason": ""}).status_code == 422
    assert client.post(f"/targets/{first.pk}/amend/", change).status_code == 302
    second = Target.objects.get(deed="amend")
    assert (second.amount, second.comparison, second.known_on) == (Decimal(14), "at_least", cast.day)
    page = client.get(f"/targets/{second.pk}/").content.decode()
    assert "More people asked to join" in page
    assert "at least 14" in page
    late = client.post(f"/targets/{first.pk}/amend/", {**change, "amount": "15"})
    assert late.status_code == 409
    assert '<td data-label="What is saved now" class="typed">14</td>' in late.content.decode()
    assert f'action="/targets/{second.pk}/amend/"' in late.content.decode()
    late = client.post(f"/targets/{first.pk}/withdraw/", {"reason": "Reform"})
    assert late.status_code == 409
    assert "at least 14" in late.content.decode()
    assert client.post(f"/targets/{second.pk}/withdraw/", {"reason": "Reform"}).status_code == 302
    late = client.post(f"/targets/{second.pk}/amend/", change)
    assert late.status_code == 409
    assert "See how it stands now" in late.content.decode()
    assert "has been withdrawn" in client.get(f"/targets/{second.pk}/").content.decode()


def test_every_way_on_keeps_the_lens(cast: Cast) -> None:
    client, lens = cast.superior.client, "as_of=2024-09-30"
    said = {"indicator": "members.admitted", "period": "2024", "comparison": "value", "amount": "12"}
    done = client.post(f"{SCHOOL}set/?{lens}", said)
    assert done.headers["Location"] == f"{SCHOOL}?period=2024&{lens}"
    target = Target.objects.get()
    page = client.get(f"/targets/{target.pk}/amend/?{lens}").content.decode()
    assert f'href="/targets/{target.pk}/?{lens}"' in page
    change = {"comparison": "value", "amount": "14", "reason": "More people asked to join"}
    amended = client.post(f"/targets/{target.pk}/amend/?{lens}", change)
    new = Target.objects.get(deed="amend")
    assert amended.headers["Location"] == f"/targets/{new.pk}/?{lens}"
    late = client.post(f"/targets/{target.pk}/amend/?{lens}", {**change, "amount": "15"})
    assert f'action="/targets/{new.pk}/amend/?{lens}"' in late.content.decode()
    gone = client.post(f"/targets/{new.pk}/withdraw/?{lens}", {"reason": "Reform"})
    assert gone.headers["Location"] == f"{SCHOOL}?period=2024&{lens}"


def test_recording_and_withdrawing_what_a_report_states(cast: Cast) -> None:
    client = cast.superior.client
    address = "/units/north-hill/statements/record/"
    assert client.post(address, {**STATEMENT, "stated": "about 52"}).status_code == 422
    assert client.post(address, STATEMENT).status_code == 302
    said = Statement.objects.get()
    assert str(said.as_written) == "52.28"
    assert client.post(f"/statements/{said.pk}/withdraw/", {"reason": "Slip"}).status_code == 302
    assert Statement.objects.get().withdrawn_on == cast.day


def test_the_units_below_and_the_targets_of_a_document(cast: Cast) -> None:
    found = fill(cast)
    target(cast.unit("hill-school"), "members.admitted", "5", "2024", basis_id=found.basis_id)
    below = cast.superior.client.get(f"{LIST}below/members.admitted/", {"period": "2024"}).content.decode()
    assert cast.name("hill-school") in below
    assert "80.00%" in below
    resting = f"/documents/{found.basis_id}/targets/"
    assert cast.superior.client.get(resting).content.decode().count("/targets/?period=2024") >= 2
    own = cast.insider.client.get(resting).content.decode()
    assert "1 target rests" in own
    assert cast.neighbour.client.get(resting).status_code == 404


def test_pages_without_anything(cast: Cast) -> None:
    for address in (LIST, f"{SCHOOL}below/members.admitted/"):
        assert cast.superior.client.get(address).status_code == 200


@pytest.mark.parametrize("address", [LIST, f"{LIST}below/members.admitted/"])
def test_queries_do_not_grow(cast: Cast, address: str) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert cast.superior.client.get(address, {"period": "2024"}).status_code == 200
        return len(queries)

    fill(cast)
    target(cast.unit("hill-school"), "members.admitted", "5", "2024")
    count()
    few = count()
    for code in ("north-hill", "hill-river"):
        target(cast.unit(code), "organisations.founded_private", "5", "2024")
        target(cast.unit(code), "training.officials", "5", "2024")
    target(cast.unit("hill-river"), "members.admitted", "5", "2024")
    state(cast.unit("north-hill"), "members.admitted", "value", "5", "count", "2024", on=date(2024, 10, 1))
    assert count() == few
