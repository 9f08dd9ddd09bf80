"""Two officers with a form about the same unit open: nothing is undone or overwritten unseen."""

import re

import pytest
from django.urls import reverse

from plenum.journal.models import Entry
from plenum.organisation.actions import rename_unit
from plenum.tree.queries import unit_view
from tests.cast import SYSTEM, Cast

pytestmark = pytest.mark.django_db


def seen_in(cast: Cast, name: str) -> str:
    page = cast.superior.client.get(address_of(name)).content.decode()
    found = re.search(r'<input type="hidden" name="seen" value="(\w+)"', page)
    assert found, name
    return found[1]


def address_of(name: str) -> str:
    return reverse(f"organisation:{name}", args=["hill-river"])


def name_now(cast: Cast) -> str:
    return unit_view(cast.unit("hill-river"), cast.day).name


def somebody_renames(cast: Cast, name: str = "Đảng bộ xã Sông Lớn") -> None:
    rename_unit(cast.unit("hill-river"), name=name, on=cast.day, by=SYSTEM)


def test_what_somebody_else_did_is_shown_before_mine_is_done(cast: Cast) -> None:
    typed = {"name": "Đảng bộ xã Sông Con", "since": "2024-10-08", "seen": seen_in(cast, "rename")}
    somebody_renames(cast)
    before = Entry.objects.count()
    answer = cast.superior.client.post(address_of("rename"), typed)
    assert answer.status_code == 409
    text = answer.content.decode()
    assert re.search(r'class="typed">Đảng bộ xã Sông Con</td>.*class="typed">Đảng bộ xã Sông Lớn</td>', text)
    assert "Name: Đảng bộ xã Sông Trăng → Đảng bộ xã Sông Lớn" in text
    assert (name_now(cast), Entry.objects.count()) == ("Đảng bộ xã Sông Lớn", before)
    again = re.search(r'name="seen" value="(\w+)"', text)
    assert again
    sent = {**typed, "since": "2024-10-09", "seen": again[1]}
    assert cast.superior.client.post(address_of("rename"), sent).status_code == 302


def test_a_change_that_one_has_not_seen_is_not_taken_back(cast: Cast) -> None:
    somebody_renames(cast)
    typed = {"what": "name", "reason": "A slip", "seen": seen_in(cast, "take_back")}
    rename_unit(
        cast.unit("hill-river"),
        name="Đảng bộ xã Sông Hồng",
        since=cast.day.replace(day=9),
        on=cast.day,
        by=SYSTEM,
    )
    assert cast.superior.client.post(address_of("take_back"), typed).status_code == 409
    assert unit_view(cast.unit("hill-river"), cast.day.replace(day=9)).name == "Đảng bộ xã Sông Hồng"


@pytest.mark.parametrize("name", ["correct_name", "change_kind", "dissolve"])
def test_every_form_about_a_unit_knows_what_its_reader_saw(cast: Cast, name: str) -> None:
    seen = seen_in(cast, name)
    somebody_renames(cast)
    typed = {
        "name": "Another",
        "kind": "agency_committee",
        "since": "2024-10-09",
        "reason": "x",
        "seen": seen,
    }
    assert cast.superior.client.post(address_of(name), typed).status_code == 409


def test_a_form_without_what_was_seen_is_taken_as_it_is(cast: Cast) -> None:
    somebody_renames(cast)
    sent = {"name": "Đảng bộ xã Sông Con", "since": "2024-10-09"}
    assert cast.superior.client.post(address_of("rename"), sent).status_code == 302
