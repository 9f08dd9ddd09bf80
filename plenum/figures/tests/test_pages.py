"""Pages of returns and indicators, with the whole cast and with one and three units."""

import re
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from plenum.figures.models import Obligation, Return
from plenum.figures.tests.factories import dissolve, move, oblige, plant, report, submit
from plenum.tree.models import Unit
from tests.cast import Cast

SCHOOL_AUGUST = "/units/hill-school/returns/grassroots-monthly/2024-08/"
RETURNS = "/units/north-hill/returns/"
ACCEPTANCE = "/units/north-hill/acceptance/"
INDICATOR = "/units/north-hill/indicators/members.admitted/"
OBLIGATIONS = "/units/hill-school/obligations/"


def typed(page: str, **changed: str) -> dict[str, str]:
    """What a browser would send from an entry page: every field as shown, but for what was changed."""
    fields = dict(re.findall(r'name="(\w+)"[^>]*?value="([^"]*)"', page))
    return {**fields, "remark": "", **changed}


def queries_of(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as counted:
        answer = client.get(address)
    assert answer.status_code == 200
    return len(counted)


def cells(cast: Cast, count: int) -> None:
    """More cells below the district that owe returns and have reported January, and submitted February."""
    for number in range(count):
        unit = plant(f"cell-{number}", "grassroots_cell", cast.unit("north-hill"))
        oblige(unit, since=date(2024, 1, 1))
        report(unit, "2024-01", {"members_admitted": 1, "admitted_women": 1, "admitted_men": 0})
        submit(unit, "2024-02", {"members_admitted": 2, "admitted_women": 1, "admitted_men": 1})


def test_a_secretary_saves_submits_and_reads(cast: Cast) -> None:
    oblige(cast.unit("hill-school"))
    client = cast.insider.client
    page = client.get(SCHOOL_AUGUST).content.decode()
    answer = client.post(SCHOOL_AUGUST, typed(page, members_admitted="1.204", deed="save"))
    assert answer.status_code == 302
    assert Return.objects.get().draft.by_slot(Return.objects.get().form_of_pack)["members_admitted"] == 1204
    page = client.get(SCHOOL_AUGUST).content.decode()
    answer = client.post(SCHOOL_AUGUST, typed(page, deed="submit"))
    assert answer.status_code == 302
    assert Return.objects.get().state == "submitted"
    assert client.get(SCHOOL_AUGUST).status_code == 302, "what is submitted is read, not entered"


@pytest.mark.parametrize(
    ("text", "said"),
    [("-1", "whole number"), ("1.5", "whole number"), ("9" * 14, "too large"), ("x", "whole number")],
)
def test_what_is_no_count_is_refused_at_its_field(cast: Cast, text: str, said: str) -> None:
    oblige(cast.unit("hill-school"))
    page = cast.insider.client.get(SCHOOL_AUGUST).content.decode()
    answer = cast.insider.client.post(SCHOOL_AUGUST, typed(page, members_admitted=text, deed="save"))
    assert answer.status_code == 422
    assert "This was not saved" in answer.content.decode()
    assert said in answer.content.decode()
    assert f'value="{text}"' in answer.content.decode()
    assert not Return.objects.exists()


@pytest.mark.parametrize(
    ("login", "status"),
    [
        ("superior", 403),
        ("insider", 200),
        ("sibling", 404),
        ("neighbour", 404),
        ("auditor", 403),
        ("stranger", 404),
    ],
)
def test_only_the_unit_itself_enters(cast: Cast, login: str, status: int) -> None:
    oblige(cast.unit("hill-school"))
    assert cast.members[login].client.get(SCHOOL_AUGUST).status_code == status
    assert cast.members[login].client.post(SCHOOL_AUGUST, {"edition": "0"}).status_code == (
        302 if status == 200 else status
    )
    assert Return.objects.count() == (status == 200)


@pytest.mark.parametrize(
    "address",
    [
        "/units/hill-school/returns/grassroots-monthly/2031-08/",
        "/units/hill-school/returns/no-such-form/2024-08/",
        "/units/hill-school/returns/grassroots-monthly/2024-Q1/",
        "/units/hill-school/returns/grassroots-monthly/August/",
    ],
)
def test_what_is_not_owed_cannot_be_entered(cast: Cast, address: str) -> None:
    oblige(cast.unit("hill-school"))
    assert cast.insider.client.get(address).status_code == 404


@pytest.mark.parametrize(
    ("login", "status"),
    [
        ("superior", 302),
        ("insider", 403),
        ("sibling", 404),
        ("neighbour", 404),
        ("auditor", 403),
        ("stranger", 404),
    ],
)
def test_only_a_superior_answers(cast: Cast, login: str, status: int) -> None:
    oblige(cast.unit("hill-school"))
    sent = submit(cast.unit("hill-school"), "2024-08", {"members_admitted": 1})
    for deed in ("accept", "send_back"):
        again = {"deed": deed, "edition": str(sent.edition), "reason": "Check the women."}
        answer = cast.members[login].client.post(f"/returns/{sent.pk}/", again)
        assert answer.status_code == (status if deed == "accept" or status != 302 else 409)
    sent.refresh_from_db()
    assert sent.state == ("accepted" if status == 302 else "submitted")


@pytest.mark.parametrize("lens", ["period=1900", "period=2999", "as_of=0001-01-01", "as_of=9999-12-31"])
@pytest.mark.parametrize(
    "address", [RETURNS, INDICATOR, "/units/north-hill/board/", "/units/north-hill/targets/"]
)
def test_a_lens_out_of_reason_is_refused_with_words(cast: Cast, address: str, lens: str) -> None:
    assert cast.superior.client.get(f"{address}?{lens}").status_code == 400


def test_submitting_too_early_is_said_on_the_page(cast: Cast) -> None:
    oblige(cast.unit("hill-school"))
    address = SCHOOL_AUGUST.replace("2024-08", "2024-12")
    page = cast.insider.client.get(address).content.decode()
    answer = cast.insider.client.post(address, typed(page, members_admitted="0", deed="submit"))
    assert answer.status_code == 422
    assert "Kept as a draft, but not submitted" in answer.content.decode()
    assert "This was not saved" not in answer.content.decode()
    assert Return.objects.get().state == "draft"
    again = cast.insider.client.get(address).content.decode()
    assert "Draft saved" in again


def test_a_choice_that_is_not_mine_is_passed_over(cast: Cast) -> None:
    cells(cast, 1)
    foreign = plant("coast-cell", "grassroots_cell", cast.unit("south-coast"))
    oblige(foreign, since=date(2024, 1, 1))
    sent = submit(foreign, "2024-02", {"members_admitted": 1})
    page = cast.superior.client.get(ACCEPTANCE).content.decode()
    mine = re.findall(r'name="choice" value="([\d.]+)"', page)
    choices = [f"{sent.pk}.{sent.edition}", "99999999.1", "x.1", *mine]
    answer = cast.superior.client.post(ACCEPTANCE, {"choice": choices}, follow=True)
    assert answer.status_code == 200
    assert "1 return accepted." in answer.content.decode()
    sent.refresh_from_db()
    assert sent.state == "submitted"


def test_sending_back_needs_a_reason(cast: Cast) -> None:
    oblige(cast.unit("hill-school"))
    sent = submit(cast.unit("hill-school"), "2024-08", {"members_admitted": 1})
    address = f"/returns/{sent.pk}/"
    silent = {"deed": "send_back", "edition": str(sent.edition), "reason": " "}
    assert cast.superior.client.post(address, silent).status_code == 422
    assert cast.superior.client.post(address, silent | {"reason": "Check the women."}).status_code == 302
    assert "Check the women." in cast.insider.client.get(address).content.decode()
    assert cast.superior.client.post(address, {"deed": "burn", "edition": "1"}).status_code == 404


def test_several_are_accepted_at_once_and_a_changed_one_is_not(cast: Cast) -> None:
    cells(cast, 3)
    page = cast.superior.client.get(ACCEPTANCE).content.decode()
    choices = re.findall(r'name="choice" value="([\d.]+)"', page)
    assert len(choices) == 3
    stale = choices[0].partition(".")[0] + ".1"
    answer = cast.superior.client.post(ACCEPTANCE, {"choice": [stale, *choices[1:]]}, follow=True)
    shown = answer.content.decode()
    assert "2 returns accepted." in shown
    assert "Not accepted: cell-" in shown
    assert Return.objects.filter(state="accepted", period_code="2024-02").count() == 2


def test_the_list_finds_what_is_late_and_whose_it_is(cast: Cast) -> None:
    cells(cast, 2)
    answer = cast.superior.client.get(RETURNS, {"period": "2024", "state": "late", "q": "CELL-1"})
    shown = answer.content.decode()
    assert "cell-1" in shown
    assert "cell-0" not in shown
    assert "days late" in shown
    nothing = cast.superior.client.get(RETURNS, {"period": "2024", "q": "nobody"}).content.decode()
    assert "No return answers to this choice." in nothing


def test_a_superior_decides_what_is_owed(cast: Cast) -> None:
    client = cast.superior.client
    wanted = {"form": "grassroots-monthly", "schedule": "month", "start": "2024-01-01", "end": ""}
    assert client.post(OBLIGATIONS, wanted | {"end": "2023-01-01"}).status_code == 422
    assert client.post(OBLIGATIONS, wanted).status_code == 302
    twice = client.post(OBLIGATIONS, wanted)
    assert twice.status_code == 422
    owed = Obligation.objects.get()
    ended = client.post(OBLIGATIONS, {"obligation": str(owed.pk), "last_day": "2024-12-31"})
    assert ended.status_code == 302
    owed.refresh_from_db()
    assert owed.span.last_day == date(2024, 12, 31)
    assert cast.insider.client.post(OBLIGATIONS, wanted).status_code == 403
    assert cast.neighbour.client.post(OBLIGATIONS, wanted).status_code == 404


def test_an_indicator_opens_down_to_the_return(cast: Cast) -> None:
    cells(cast, 2)
    first = Return.objects.filter(period_code="2024-01").order_by("pk").first()
    assert first is not None
    shown = cast.superior.client.get(INDICATOR, {"period": "2024"}).content.decode()
    assert f"/returns/{first.pk}/" in shown
    assert "cell-0" in shown
    assert cast.superior.client.get("/units/north-hill/indicators/no.such/").status_code == 404
    before = cast.superior.client.get(
        INDICATOR, {"period": "2024", "known_on": "2024-01-30"}
    ).content.decode()
    assert f"/returns/{first.pk}/" not in before


@pytest.mark.parametrize("address", [f"{RETURNS}?period=2024", ACCEPTANCE, f"{INDICATOR}?period=2024"])
def test_pages_cost_the_same_for_one_and_for_three(cast: Cast, address: str) -> None:
    cells(cast, 1)
    one = queries_of(cast.superior.client, address)
    for number in range(1, 4):
        unit = plant(f"more-{number}", "grassroots_cell", cast.unit("north-hill"))
        oblige(unit, since=date(2024, 1, 1))
        report(unit, "2024-01", {"members_admitted": 1})
        submit(unit, "2024-02", {"members_admitted": 2})
    assert queries_of(cast.superior.client, address) == one


def test_a_unit_that_has_left_does_not_show_today_through_a_day_of_the_past(cast: Cast) -> None:
    cells(cast, 1)
    gone = Unit.objects.get(code="cell-0")
    move(gone, cast.unit("south-coast"), date(2024, 6, 1))
    shown = cast.superior.client.get(RETURNS, {"period": "2024", "as_of": "2024-02-01"}).content.decode()
    assert "cell-0" not in shown
    board = cast.superior.client.get("/units/north-hill/board/", {"as_of": "2024-02-01"}).content.decode()
    assert 'id="late"' not in board


def test_what_a_dissolved_unit_has_sent_is_still_answered(cast: Cast) -> None:
    cells(cast, 1)
    dissolve(Unit.objects.get(code="cell-0"), date(2024, 3, 1))
    sent = Return.objects.get(period_code="2024-02")
    assert "cell-0" in cast.superior.client.get(RETURNS, {"period": "2024"}).content.decode()
    assert f'value="{sent.pk}.' in cast.superior.client.get(ACCEPTANCE).content.decode()
    assert "1 return to accept" in cast.superior.client.get("/units/north-hill/board/").content.decode()


def test_the_unit_that_lost_one_before_its_end_does_not_answer_for_it(cast: Cast) -> None:
    cells(cast, 1)
    gone = Unit.objects.get(code="cell-0")
    move(gone, cast.unit("south-coast"), date(2024, 2, 10))
    dissolve(gone, date(2024, 3, 1))
    assert "cell-0" not in cast.superior.client.get(ACCEPTANCE).content.decode()
    assert "cell-0" in cast.neighbour.client.get("/units/south-coast/acceptance/").content.decode()


def test_a_move_that_makes_two_units_owe_the_same_shows_it(cast: Cast) -> None:
    commune, mill = cast.unit("hill-river"), cast.unit("hill-school")
    oblige(commune)
    oblige(mill)
    flag = "owes these figures, too"
    assert flag not in cast.superior.client.get("/units/hill-river/obligations/").content.decode()
    move(mill, commune, date(2024, 6, 1))
    for unit in ("hill-river", "hill-school"):
        assert flag in cast.superior.client.get(f"/units/{unit}/obligations/").content.decode()


def test_links_and_redirects_keep_the_lens(cast: Cast) -> None:
    cells(cast, 1)
    lens = "period=2024&as_of=2024-09-01&known_on=2024-09-30"
    shown = cast.superior.client.get(f"{RETURNS}?{lens}&q=nobody").content.decode()
    for address in re.findall(r'<a href="(\?[^"]*)"', shown):
        kept = address.replace("&amp;", "&")
        assert {"as_of=2024-09-01", "known_on=2024-09-30"} <= set(kept.lstrip("?").split("&")), address
    oblige(cast.unit("hill-school"))
    page = cast.insider.client.get(f"{SCHOOL_AUGUST}?as_of=2024-09-01").content.decode()
    sent = cast.insider.client.post(
        f"{SCHOOL_AUGUST}?as_of=2024-09-01", typed(page, members_admitted="0", deed="submit")
    )
    assert sent["Location"].endswith("?as_of=2024-09-01")
    back = cast.insider.client.post(
        sent["Location"], {"deed": "withdraw", "edition": str(Return.objects.latest("pk").edition)}
    )
    assert back["Location"].endswith("?as_of=2024-09-01")


@pytest.mark.parametrize("edition", ["", "x", "-1", "9" * 30, "9" * 5000, "1.2"])
def test_an_edition_that_is_none_is_a_changed_return(cast: Cast, edition: str) -> None:
    cells(cast, 1)
    sent = Return.objects.get(period_code="2024-02")
    answer = cast.superior.client.post(ACCEPTANCE, {"choice": f"{sent.pk}.{edition}"}, follow=True)
    assert "Not accepted: cell-0" in answer.content.decode()


@pytest.mark.parametrize("indicator", ["members.admitted", "leaders.village_heads_share"])
def test_the_league_names_those_that_have_left_and_opens_only_what_is_reached(
    cast: Cast, indicator: str
) -> None:
    values = {"members_admitted": 1, "village_heads": 4, "village_heads_members": 3}
    for code in ("stays", "moves", "ends"):
        unit = plant(code, "commune_committee", cast.unit("north-hill"))
        oblige(unit, since=date(2024, 1, 1))
        report(unit, "2024-01", values)
    move(Unit.objects.get(code="moves"), cast.unit("south-coast"), date(2024, 3, 1))
    dissolve(Unit.objects.get(code="ends"), date(2024, 3, 1))
    address = f"/units/north-hill/indicators/{indicator}/?period=2024"
    shown = cast.superior.client.get(address).content.decode()
    league = shown[shown.index('id="league"') :].partition('id="behind"')[0]
    opened = set(re.findall(r"/units/([\w-]+)/indicators/", league))
    assert {"stays", "moves"} & opened == {"stays"}
    if indicator == "members.admitted":
        assert "no longer stands directly below" in league
        assert "has ended" in league
        assert "ends" in opened
        assert re.search(r"<tfoot>.*>3<.*</tfoot>", league, re.DOTALL)
    else:
        assert "moves" not in league, (
            "what stands at the end of the period has nothing of those that have left"
        )
