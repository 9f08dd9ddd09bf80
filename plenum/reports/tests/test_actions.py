"""Writing the review: who may, editions, loading."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from plenum.access.reach import OutOfReach
from plenum.journal.actor import Actor
from plenum.journal.models import Entry
from plenum.periods import Period
from plenum.reports.actions import (
    HeadingFields,
    ReviewChanged,
    load_reviews,
    save_review,
    write_review_section,
)
from plenum.reports.actions.load_reviews import SHEET
from plenum.reports.models import Review, ReviewText
from plenum.reports.rules import LONGEST_TEXT
from tests.cast import Cast

DAY = date(2024, 10, 8)
YEAR = Period.parse("2023")
SYSTEM = Actor.system("test")
HEADER = "unit,period,section,text,on,by,illustrative"


def test_only_who_writes_for_the_unit_itself_may_write(cast: Cast) -> None:
    unit = cast.unit("hill-school")
    for login in ("superior", "sibling", "neighbour", "auditor", "stranger"):
        with pytest.raises(OutOfReach):
            write_review_section(
                unit, YEAR, "tasks", "x", language="vi", on=DAY, by=cast.members[login].actor
            )
    assert not Review.objects.exists()
    write_review_section(unit, YEAR, "tasks", "x", language="vi", on=DAY, by=cast.insider.actor)
    assert ReviewText.objects.get().text == "x"


def test_an_act_is_journalled_with_what_changed(cast: Cast) -> None:
    unit = cast.unit("north-hill")
    save_review(unit, YEAR, {"tasks": "a"}, language="vi", on=DAY, by=cast.superior.actor)
    save_review(unit, YEAR, {"tasks": "b"}, language="vi", on=DAY, by=cast.superior.actor)
    entry = Entry.objects.filter(act="reports.save_review").order_by("id").last()
    assert entry is not None
    assert entry.unit_id == unit.pk
    assert entry.change == {"language": "vi", "tasks": ["a", "b"], "edition": 2}


def test_saving_what_is_already_there_changes_nothing(cast: Cast) -> None:
    unit = cast.unit("north-hill")
    save_review(unit, YEAR, {"tasks": "a"}, language="vi", on=DAY, by=SYSTEM)
    entries = Entry.objects.count()
    save_review(unit, YEAR, {"tasks": "a\r\n"}, language="vi", on=DAY, by=SYSTEM)
    assert Entry.objects.count() == entries
    assert Review.objects.get().edition == 1
    save_review(unit, Period.parse("2022"), {"tasks": " "}, language="vi", edition=0, on=DAY, by=SYSTEM)
    assert Review.objects.count() == 1


def test_who_has_not_seen_the_last_edition_does_not_overwrite_it(cast: Cast) -> None:
    unit = cast.unit("north-hill")
    save_review(unit, YEAR, {"tasks": "first"}, language="vi", edition=0, on=DAY, by=SYSTEM)
    with pytest.raises(ReviewChanged):
        save_review(unit, YEAR, {"tasks": "blind"}, language="vi", edition=0, on=DAY, by=SYSTEM)
    save_review(unit, YEAR, {"tasks": "second"}, language="vi", edition=1, on=DAY, by=SYSTEM)
    with pytest.raises(ReviewChanged):
        save_review(unit, YEAR, {"tasks": "late"}, language="vi", edition=1, on=DAY, by=SYSTEM)
    assert ReviewText.objects.get().text == "second"
    assert Review.objects.get().edition == 2


def test_an_empty_text_removes_the_section(cast: Cast) -> None:
    unit = cast.unit("north-hill")
    save_review(unit, YEAR, {"tasks": "a", "causes": "b"}, language="vi", on=DAY, by=SYSTEM)
    save_review(unit, YEAR, {"tasks": "  \n"}, language="vi", on=DAY, by=SYSTEM)
    assert [text.section for text in ReviewText.objects.all()] == ["causes"]


def test_the_heading_is_kept_beside_the_texts(cast: Cast) -> None:
    unit = cast.unit("north-hill")
    heading = HeadingFields(number="12", place="Đồi Chè", dated=date(2024, 1, 10), signer_name="Nguyễn Văn A")
    save_review(unit, YEAR, {}, language="vi", heading=heading, on=DAY, by=SYSTEM)
    review = Review.objects.get()
    assert (review.number, review.place, review.dated, review.signer_name) == (
        "12",
        "Đồi Chè",
        date(2024, 1, 10),
        "Nguyễn Văn A",
    )


@pytest.mark.parametrize(
    ("texts", "language", "period", "field"),
    [
        ({"poems": "x"}, "vi", "2023", "section"),
        ({"tasks": "x" * (LONGEST_TEXT + 1)}, "vi", "2023", "tasks"),
        ({"tasks": "x"}, "fr", "2023", "language"),
        ({"tasks": "x"}, "vi", "2023-07", "period"),
    ],
)
def test_what_cannot_be_kept_is_refused_by_name(
    cast: Cast, texts: dict[str, str], language: str, period: str, field: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        save_review(
            cast.unit("north-hill"), Period.parse(period), texts, language=language, on=DAY, by=SYSTEM
        )
    assert list(refused.value.message_dict) == [field]


def test_a_sheet_is_loaded_in_the_language_of_the_installation(cast: Cast) -> None:
    sheet = f'{HEADER}\nnorth-hill,2023,tasks,"Một\nHai",2024-01-05,officer,1\n'
    load_reviews(SHEET.read(sheet), on=DAY, by=SYSTEM)
    text = ReviewText.objects.get()
    assert (text.language, text.text, text.illustrative, text.written_by) == (
        "vi",
        "Một\nHai",
        True,
        "officer",
    )


def test_a_sheet_with_errors_loads_nothing_and_names_them_all(cast: Cast) -> None:
    sheet = (
        f"{HEADER}\n"
        "north-hill,2023,tasks,Good,2024-01-05,officer,0\n"
        "nowhere,2023,tasks,Bad,2024-01-05,officer,0\n"
        "north-hill,2023-07,tasks,Bad,2024-01-05,officer,0\n"
        "north-hill,2023,poems,Bad,soon,officer,0\n"
    )
    with pytest.raises(ValidationError) as refused:
        load_reviews(SHEET.read(sheet), on=DAY, by=SYSTEM)
    said = "\n".join(refused.value.messages)
    assert "3" in said
    assert "nowhere" in said
    assert "period" in said
    assert len(refused.value.messages) == 3
    assert not ReviewText.objects.exists()


def test_an_account_signs_only_as_itself_and_today(cast: Cast) -> None:
    officer = cast.superior.actor
    for cells, column in (("2024-01-05,", "on"), (f"{DAY},Insider", "by"), ("2024-01-05,Insider", "on")):
        with pytest.raises(ValidationError, match=f"Line 2, column {column}: Only the operator"):
            load_reviews(SHEET.read(f"{HEADER}\nnorth-hill,2023,tasks,Text,{cells},0\n"), on=DAY, by=officer)
    assert not ReviewText.objects.exists()
    load_reviews(SHEET.read(f"{HEADER}\nnorth-hill,2023,tasks,Text,,Superior,0\n"), on=DAY, by=officer)
    load_reviews(
        SHEET.read("unit,period,section,text\nnorth-hill,2023,shortcomings,Text\n"), on=DAY, by=officer
    )
    assert set(ReviewText.objects.values_list("written_by", "on_date")) == {("Superior", DAY)}


def test_who_may_not_write_is_told_at_the_line(cast: Cast) -> None:
    sheet = "unit,period,section,text\nhill-school,2023,tasks,Text\nsouth-coast,2023,tasks,Text\n"
    with pytest.raises(ValidationError) as refused:
        load_reviews(SHEET.read(sheet), on=DAY, by=cast.superior.actor)
    assert [message.split(":")[0] for message in refused.value.messages] == [
        "Line 2, column unit",
        "Line 3, column unit",
    ]
