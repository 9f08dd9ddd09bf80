"""Loading accounts with their grants: all of them or none, by those who may grant today."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from plenum.access import actions
from plenum.access.models import Account
from plenum.access.queries import grants_of
from plenum.journal.models import Entry
from tests.cast import DAY, SYSTEM, Cast

OTHERS = ("insider", "sibling", "neighbour", "auditor", "stranger")
ROW = {
    "login": "an-an",
    "name": "An",
    "language": "vi",
    "unit": "hill-school",
    "role": "secretary",
    "from": "2024-01-01",
    "until": "",
}


def refused_places(rows: list[dict[str, str]]) -> list[str]:
    with pytest.raises(ValidationError) as refused:
        actions.load_accounts(rows, on=DAY, by=SYSTEM)
    return [message.split(":")[0] for message in refused.value.messages]


def test_accounts_are_loaded_with_their_grants(cast: Cast) -> None:
    rows = [
        {**ROW, "until": "2024-07-01"},
        {**ROW, "login": "An-an", "from": "2024-07-01", "unit": "hill-river"},
        {**ROW, "login": "la-la", "unit": "", "role": ""},
    ]
    told: list[tuple[int, int]] = []
    loaded = actions.load_accounts(
        rows, on=DAY, by=SYSTEM, progress=lambda done, all_: told.append((done, all_))
    )
    assert [account.login for account in loaded] == ["an-an", "la-la"]
    spans = sorted((view.span.start, view.span.end) for view in grants_of(loaded[0], DAY))
    assert spans == [(date(2024, 1, 1), date(2024, 7, 1)), (date(2024, 7, 1), None)]
    assert grants_of(loaded[1], DAY) == []
    assert told[-1] == (3, 3)


def test_all_faults_are_listed_with_line_and_column_and_nothing_is_written(cast: Cast) -> None:
    rows = [
        ROW,
        {**ROW, "login": "ấ", "name": ""},
        {**ROW, "login": "bo-bo", "unit": "nowhere", "role": "king", "from": "1.1.2024"},
        {**ROW, "login": "co-co", "unit": "", "until": "2025"},
        {**ROW, "login": "do-do", "language": "fr"},
        {**ROW, "login": "eo-eo", "from": "2019-01-01"},
    ]
    assert refused_places(rows) == [
        "Line 3, column login",
        "Line 3, column name",
        "Line 4, column unit",
        "Line 4, column role",
        "Line 4, column from",
        "Line 5, column unit",
        "Line 5, column until",
        "Line 6, column language",
        "Line 7, column from",
    ]
    assert not Account.objects.filter(login="an-an").exists()


def test_a_missing_column_is_named(cast: Cast) -> None:
    assert refused_places([{key: text for key, text in ROW.items() if key != "role"}]) == [
        "Line 1, column role"
    ]


@pytest.mark.parametrize("login", OTHERS)
def test_those_who_may_not_grant_load_nothing(cast: Cast, login: str) -> None:
    with pytest.raises(ValidationError, match="Line 2, column unit: There is no unit “hill-school”"):
        actions.load_accounts([ROW], on=DAY, by=cast.members[login].actor)
    assert not Account.objects.filter(login="an-an").exists()


def test_an_officer_loads_today_whatever_day_stands_in_the_file(cast: Cast) -> None:
    today = {**ROW, "from": DAY.isoformat()}
    actions.load_accounts([today], on=DAY, by=cast.superior.actor)
    assert set(Entry.objects.filter(actor_label="Superior").values_list("on_date", flat=True)) == {DAY}
    with pytest.raises(ValidationError, match="Line 2, column from: A grant cannot begin in the past"):
        actions.load_accounts([{**ROW, "login": "bo-bo"}], on=DAY, by=cast.superior.actor)


def test_who_could_grant_once_loads_nothing_with_a_day_of_then(cast: Cast) -> None:
    before = actions.grant_powers(
        cast.stranger.account,
        cast.unit("north-hill"),
        "officer",
        start=date(2023, 1, 1),
        on=date(2023, 1, 1),
        by=SYSTEM,
    )
    actions.end_grant(before, until=date(2024, 1, 1), on=date(2024, 1, 1), by=SYSTEM)
    with pytest.raises(ValidationError, match="There is no unit"):
        actions.load_accounts([{**ROW, "from": "2023-06-01"}], on=DAY, by=cast.stranger.actor)
