"""The pages of units: who sees what, by how many queries, and what a refused act leaves."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from plenum.journal.models import Entry
from plenum.organisation import queries
from plenum.organisation.actions import found_unit, move_unit, rename_unit
from plenum.organisation.pages import browse
from plenum.tree.models import Unit
from plenum.tree.queries import unit_view
from tests.cast import DISTRICTS_END, SYSTEM, Cast, cast

__all__ = ["cast"]

ACTS = ("found", "rename", "correct_name", "change_kind", "move", "dissolve", "take_back")


def queries_of(client: Client, address: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as caught:
        response = client.get(address)
    assert response.status_code == 200, address
    return len(caught)


def more_cells(cast: Cast, count: int, prefix: str = "more") -> list[Unit]:
    return [
        found_unit(
            code=f"{prefix}-{number}",
            name=f"Chi bộ thôn {number}",
            kind="cell",
            parent=cast.unit("hill-river"),
            on=cast.day,
            until=DISTRICTS_END,
            by=SYSTEM,
        )
        for number in range(1, count + 1)
    ]


def page(name: str, code: str = "hill-river") -> str:
    return reverse(f"organisation:{name}", args=[code])


class TestWhoSeesWhat:
    @pytest.mark.parametrize("name", ["unit", "journal", "branch"])
    def test_those_in_reach_see_the_page_and_outsiders_find_nothing(self, cast: Cast, name: str) -> None:
        for member, status in {
            "superior": 200, "sibling": 200, "auditor": 200, "insider": 404, "neighbour": 404, "stranger": 404
        }.items():  # fmt: skip
            response = cast.members[member].client.get(page(name))
            assert response.status_code == status, member
            if status == 404:
                assert cast.name("hill-river") not in response.content.decode()

    def test_a_visitor_is_sent_to_sign_in(self, cast: Cast) -> None:
        for address in [
            reverse("organisation:tree"),
            *(page(name) for name in ("unit", "journal", "found", "move")),
        ]:
            response = Client().get(address)
            assert response.status_code == 302
            assert response["Location"].startswith(reverse("access:sign_in"))

    @pytest.mark.parametrize("name", ACTS)
    def test_acts_are_for_the_superior_only(self, cast: Cast, name: str) -> None:
        for member, status in {
            "superior": 200, "sibling": 403, "auditor": 403, "neighbour": 404, "stranger": 404
        }.items():  # fmt: skip
            assert cast.members[member].client.get(page(name)).status_code == status, member
            if status != 200:
                before = Entry.objects.count()
                assert cast.members[member].client.post(page(name), {"since": cast.day}).status_code == status
                assert Entry.objects.count() == before

    def test_the_tree_starts_where_one_stands(self, cast: Cast) -> None:
        shown = cast.superior.client.get(reverse("organisation:tree")).content.decode()
        assert cast.name("north-hill") in shown
        assert cast.name("hill-river") in shown
        for code in ("south", "south-coast", "coast-port"):
            assert cast.name(code) not in shown
        assert (
            cast.name("hill-river")
            not in cast.stranger.client.get(reverse("organisation:tree")).content.decode()
        )

    def test_search_finds_nothing_out_of_reach(self, cast: Cast) -> None:
        address = reverse("organisation:tree")
        assert (
            cast.name("coast-port") in cast.neighbour.client.get(address, {"q": "ben cang"}).content.decode()
        )
        assert (
            cast.name("coast-port")
            not in cast.superior.client.get(address, {"q": "ben cang"}).content.decode()
        )
        assert (
            cast.name("coast-port")
            not in cast.superior.client.get(address, {"kind": "grassroots_cell"}).content.decode()
        )
        assert (
            cast.name("south-coast")
            not in cast.superior.client.get(address, {"open": "south-coast"}).content.decode()
        )

    def test_a_unit_that_was_moved_away_is_named_but_not_linked(self, cast: Cast) -> None:
        gone = more_cells(cast, 1, "gone")[0]
        other = found_unit(
            code="coast-town", name="Đảng bộ xã Phố Biển", kind="commune_committee", parent=cast.unit("south-coast"),
            on=cast.day, until=DISTRICTS_END, by=SYSTEM,
        )  # fmt: skip
        move_unit(gone, parent=other, since=cast.day + timedelta(days=10), on=cast.day, by=SYSTEM)
        shown = cast.superior.client.get(page("unit"), {"as_of": "2024-10-09"}).content.decode()
        assert "Chi bộ thôn 1" in shown


class TestReading:
    def test_pages_take_as_many_queries_for_three_units_as_for_one(self, cast: Cast) -> None:
        addresses = [
            reverse("organisation:tree"),
            reverse("organisation:tree") + "?open=hill-river",
            reverse("organisation:tree") + "?kind=cell",
            reverse("organisation:tree") + "?q=chi+bo",
            page("unit"),
            page("branch"),
            page("journal") + "?below=1",
            page("move", "river-mill"),
            page("dissolve"),
        ]
        # Counts of units are kept until the tree changes, so it changes before both.
        rename_unit(cast.unit("hill-river"), name="Đảng bộ xã Sông Mới", on=date(2024, 1, 1), by=SYSTEM)
        for address in addresses:
            cast.superior.client.get(address)
        one = {address: queries_of(cast.superior.client, address) for address in addresses}
        more_cells(cast, 3)
        three = {address: queries_of(cast.superior.client, address) for address in addresses}
        assert three == one
        assert max(one.values()) <= 25, one

    def test_a_day_before_the_founding_is_said(self, cast: Cast) -> None:
        shown = cast.superior.client.get(page("unit"), {"as_of": "2019-05-05"}).content.decode()
        assert "did not exist yet" in shown
        later = cast.superior.client.get(page("unit"), {"as_of": "2025-08-01"}).content.decode()
        assert "did not exist any more" in later

    def test_a_former_name_is_found_with_its_days(self, cast: Cast) -> None:
        rename_unit(cast.unit("hill-river"), name="Đảng bộ xã Sông Mới", on=date(2024, 1, 1), by=SYSTEM)
        shown = cast.superior.client.get(reverse("organisation:tree"), {"q": "SONG trang"}).content.decode()
        assert "Đảng bộ xã Sông Mới" in shown
        assert cast.name("hill-river") in shown

    def test_the_journal_says_what_changed_and_can_be_searched(self, cast: Cast) -> None:
        rename_unit(cast.unit("hill-river"), name="Đảng bộ xã Sông Mới", on=cast.day, by=cast.superior.actor)
        shown = cast.superior.client.get(page("journal")).content.decode()
        entry = Entry.objects.get(act="organisation.rename_unit")
        assert cast.name("hill-river") in shown
        assert "Đảng bộ xã Sông Mới" in shown
        assert entry.hash[:10] in shown
        assert "Superior" in shown
        assert (
            entry.hash[:10] in cast.superior.client.get(page("journal"), {"q": "sông mới"}).content.decode()
        )
        assert entry.hash[:10] not in cast.superior.client.get(page("journal"), {"q": "zzz"}).content.decode()
        filtered = cast.superior.client.get(
            page("journal"), {"act": "organisation.move_unit"}
        ).content.decode()
        assert entry.hash[:10] not in filtered


class TestActing:
    def test_founding(self, cast: Cast) -> None:
        fields = {
            "name": "Chi bộ thôn Mới",
            "kind": "cell",
            "code": "new-cell",
            "since": "2024-10-01",
            "short": "",
        }
        refused = cast.superior.client.post(page("found"), fields)
        assert refused.status_code == 422, "a unit without end may not stand under one that ends"
        assert "Chi bộ thôn Mới" in refused.content.decode()
        done = cast.superior.client.post(page("found"), {**fields, "until": DISTRICTS_END})
        assert done.status_code == 302
        view = unit_view("new-cell", cast.day)
        assert (view.name, view.parent_code, view.span.start) == (
            "Chi bộ thôn Mới",
            "hill-river",
            date(2024, 10, 1),
        )
        entry = Entry.objects.get(unit_id=view.id)
        assert (entry.act, entry.actor_label, entry.power) == (
            "organisation.found_unit", "Superior", "organisation.found"
        )  # fmt: skip

    def test_a_code_left_empty_is_made_from_the_name(self, cast: Cast) -> None:
        fields = {"name": "Chi bộ thôn Đồi 2", "kind": "cell", "since": "2024-10-01", "until": DISTRICTS_END}
        codes = []
        for _time in range(3):
            assert cast.superior.client.post(page("found"), fields).status_code == 302
            codes.append(Unit.objects.latest("pk").code)
        plain = "chi-bo-thon-doi-2"
        assert codes == [plain, f"hill-river-{plain}", f"hill-river-{plain}-2"]

    def test_what_is_refused_names_the_field_and_keeps_what_was_typed(self, cast: Cast) -> None:
        fields = {"name": "Chi bộ X", "kind": "cell", "code": "Chi Bộ!", "since": "2024-10-01"}
        response = cast.superior.client.post(page("found"), fields)
        assert response.status_code == 422
        assert "code" in response.context["form"].errors
        assert "Chi Bộ!" in response.content.decode()

    def test_renaming_correcting_moving_dissolving_and_taking_back(self, cast: Cast) -> None:
        client, mill = cast.superior.client, cast.unit("river-mill")
        town = found_unit(
            code="hill-town", name="Đảng bộ thị trấn", kind="commune_committee", parent=cast.unit("north-hill"),
            on=date(2021, 1, 1), until=DISTRICTS_END, by=SYSTEM,
        )  # fmt: skip

        def do(act: str, **fields: object) -> None:
            response = client.post(page(act, "river-mill"), fields)
            assert response.status_code == 302, response.context["form"].errors

        do("rename", name="Chi bộ thôn Cối Đá", since="2024-09-01")
        do("correct_name", name="Chi bộ thôn Cối Đã", reason="A slip")
        do("move", parent=town.pk, since="2024-09-02")
        do("dissolve", since="2024-10-01")
        assert not unit_view(mill, cast.day).alive
        do("take_back", what="dissolution", reason="Not decided yet")
        do("take_back", what="parent", reason="Not decided yet")
        view = unit_view(mill, cast.day)
        assert (view.alive, view.name, view.parent_code) == (True, "Chi bộ thôn Cối Đã", "hill-river")
        assert unit_view(mill, date(2024, 8, 1)).name == cast.name("river-mill")
        assert Entry.objects.filter(unit_id=mill.pk, actor_label="Superior").count() == 6

    def test_dissolving_names_those_that_stand_below(self, cast: Cast) -> None:
        shown = cast.superior.client.get(page("dissolve")).content.decode()
        assert page("unit", "river-mill") in shown
        response = cast.superior.client.post(page("dissolve"), {"since": "2024-10-01"})
        assert response.status_code == 422
        assert "river-mill" in response.content.decode()
        assert unit_view("hill-river", cast.day).alive

    def test_a_move_offers_only_places_in_reach(self, cast: Cast) -> None:
        response = cast.superior.client.post(
            page("move", "hill-school"), {"parent": cast.unit("south-coast").pk, "since": "2024-10-01"}
        )
        assert response.status_code == 422
        assert unit_view("hill-school", cast.day).parent_code == "north-hill"

    @pytest.mark.parametrize(
        ("act", "sent", "field", "why"),
        [
            ("move", {"parent": "1", "since": "2024-10-01"}, "parent", "No other unit can take it in."),
            ("move", {"since": "2024-10-01"}, "parent", "No other unit can take it in."),
            (
                "take_back",
                {"what": "name", "reason": "A slip"},
                "what",
                "There is nothing that you could take",
            ),
            ("take_back", {"reason": "A slip"}, "what", "There is nothing that you could take"),
        ],
    )
    def test_with_nothing_to_choose_a_page_is_calm_and_an_answer_says_why_at_the_field(
        self, cast: Cast, act: str, sent: dict[str, str], field: str, why: str
    ) -> None:
        client = cast.superior.client
        opened = client.get(page(act, "hill-school" if act == "take_back" else "hill-river"))
        text = opened.content.decode()
        assert opened.status_code == 200
        assert 'class="empty"' in text
        assert "form-errors" not in text
        assert f'name="{field}"' not in text
        answer = client.post(page(act, "hill-school" if act == "take_back" else "hill-river"), sent)
        text = answer.content.decode()
        assert answer.status_code == 422
        assert why in text.split(f'id="id_{field}_error"')[1].split("</ul>")[0]
        assert f'href="#id_{field}"' in text
        assert f'id="id_{field}"' in text

    def test_what_others_may_take_back_is_no_blank_page(self, cast: Cast) -> None:
        """The officer of the north may move what stands there, and not what became of it below."""
        from plenum.access.actions import grant_powers

        rename_unit(cast.unit("hill-river"), name="Đảng bộ xã Khác", on=cast.day, by=SYSTEM)
        grant_powers(
            cast.stranger.account, cast.unit("north-hill"), "auditor", start=cast.day, on=cast.day, by=SYSTEM
        )
        grant = cast.stranger.account.grants.get()
        grant.powers = ["organisation.read", "organisation.move"]
        grant.save()
        text = cast.stranger.client.get(page("take_back")).content.decode()
        assert "You cannot take back what has changed here." in text


class TestMadeCodes:
    @pytest.mark.parametrize(
        ("name", "code"),
        [
            ("Партийная ячейка «Восход»", "partiynaya-yacheyka-voskhod"),
            ("Chi bộ thôn Cối Xay Mới", "chi-bo-thon-coi-xay-moi"),
            ("共产党支部", "hill-river-1"),
        ],
    )
    def test_a_unit_gets_a_code_whatever_its_letters(self, cast: Cast, name: str, code: str) -> None:
        founded = self.found(cast, name)
        assert founded == [code]
        again = self.found(cast, name)
        assert len(set(again)) == 2
        assert all(again)

    def found(self, cast: Cast, name: str) -> list[str]:
        typed = {
            "name": name,
            "kind": "cell",
            "since": cast.day.isoformat(),
            "until": DISTRICTS_END.isoformat(),
        }
        response = cast.superior.client.post(page("found"), typed)
        assert response.status_code == 302, response.content.decode()
        return list(Unit.objects.filter(names__name=name).order_by("pk").values_list("code", flat=True))

    def test_a_long_name_gives_a_code_that_fits(self, cast: Cast) -> None:
        for _each in range(3):
            codes = self.found(cast, "Chi bộ thôn" + " dài" * 40)
        assert max(map(len, codes)) <= 80
        assert len(set(codes)) == 3


class TestLens:
    def test_searching_and_sorting_keep_how_the_record_is_looked_at(self, cast: Cast) -> None:
        looking = {"as_of": "2024-01-01", "known_on": "2024-02-01", "period": "2023"}
        for address in (page("journal"), reverse("organisation:tree")):
            shown = cast.superior.client.get(address, looking).content.decode()
            form = shown[shown.index('role="search"') :]
            for name, value in looking.items():
                assert f'name="{name}" value="{value}"' in form, address

    def test_after_an_act_one_looks_on_in_the_same_way(self, cast: Cast) -> None:
        typed = {"name": "Tên mới", "since": cast.day.isoformat()}
        done = cast.superior.client.post(page("rename") + "?known_on=2024-02-01&period=2023", typed)
        assert done["Location"].endswith("?period=2023&known_on=2024-02-01")


class TestLongLists:
    def test_units_below_are_searched_when_there_are_many(self, cast: Cast) -> None:
        more_cells(cast, 12)
        assert 'name="below"' not in cast.superior.client.get(page("unit")).content.decode()
        more_cells(cast, 12, "further")
        client = cast.superior.client
        assert 'name="below"' in client.get(page("unit")).content.decode()
        shown = client.get(page("unit"), {"below": "chi bo further-7"}).content.decode()
        assert page("unit", "further-7") in shown
        assert page("unit", "further-8") not in shown
        assert "No unit answers" in client.get(page("unit"), {"below": "zzz"}).content.decode()

    def test_a_search_that_finds_too_many_says_so_and_under_whom_each_stands(
        self, cast: Cast, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        more_cells(cast, 3)
        monkeypatch.setattr(browse, "MOST_HITS", 2)
        client, address = cast.superior.client, reverse("organisation:tree")
        shown = client.get(address, {"q": "chi bo thon"}).content.decode()
        assert "More than 2 units are or were called so" in shown
        assert f"· {cast.name('hill-river')}" in shown
        assert "1 unit is or was called so" in client.get(address, {"q": "more-2"}).content.decode()

    def test_the_places_to_move_to_are_searched_when_there_are_too_many(
        self, cast: Cast, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(queries, "MOST_PARENTS", 1)
        for code, name in (("aa-town", "Đảng bộ xã An Bình"), ("zz-town", "Đảng bộ xã Yên Lạc")):
            found_unit(
                code=code, name=name, kind="commune_committee", parent=cast.unit("north-hill"),
                on=cast.day, until=DISTRICTS_END, by=SYSTEM,
            )  # fmt: skip
        client, address = cast.superior.client, page("move", "river-mill")
        shown = client.get(address).content.decode()
        assert "An Bình" in shown
        assert "Yên Lạc" not in shown
        assert "more units than this list can show" in shown
        found = client.get(address, {"q": "yen lac"}).content.decode()
        assert "Yên Lạc" in found
        parent = Unit.objects.get(code="zz-town")
        typed = {"parent": str(parent.pk), "since": cast.day.isoformat()}
        assert client.post(address, typed).status_code == 422
        assert client.post(f"{address}?q=yen+lac", typed).status_code == 302
        assert unit_view("river-mill", cast.day).parent_code == "zz-town"


def test_the_number_of_entries_is_written_as_numbers_are(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.core.paginator.Paginator.count", 1234)
    shown = cast.superior.client.get(page("journal")).content.decode()
    assert "1,234 entries." in shown
