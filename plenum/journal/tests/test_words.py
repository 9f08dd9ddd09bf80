"""What changed is said in words: declared once, in order, without what nobody needs to read."""

from datetime import date

import pytest

from plenum.journal import words
from plenum.journal.actions import record
from plenum.journal.actor import Actor
from plenum.journal.acts import Act
from plenum.journal.words import Change, Field, Subject, changes_in_words, subject_in_words


@pytest.fixture(autouse=True)
def room(monkeypatch: pytest.MonkeyPatch) -> None:
    """A room of its own whose declarations are forgotten after the test."""
    monkeypatch.setattr(words, "FIELDS", {})
    monkeypatch.setattr(words, "SUBJECTS", {})
    Field("try.title", "Title")
    Field("try.state", "State", reads={"on": "Running", "off": "Stopped"})
    Field("try.day", "Day", reads=lambda value, language: f"{language} {value}")
    Field("try.marked", "Marked")
    Field("try.row", hidden=True)
    Field("try.parts", "Parts", reads=lambda value, _language: f"#{value}", parts=lambda _language: PARTS)


PARTS = {code: code.upper() for code in "hgfedcba"}


def said(change: dict[str, object]) -> tuple[Change, ...]:
    return changes_in_words("try.act", change, "en")


def test_fields_stand_in_the_order_of_their_declaration_and_read_as_declared() -> None:
    assert said({"day": "2024", "state": ["on", "off"], "title": "A", "row": 7}) == (
        Change("Title", "", "A"),
        Change("State", "Running", "Stopped"),
        Change("Day", "", "en 2024"),
    )


def test_what_is_not_there_or_has_not_changed_is_left_out() -> None:
    assert said({"title": None, "marked": False, "state": "", "day": ["1", "1"]}) == ()
    assert said({"title": ["A", None], "marked": [False, True]}) == (
        Change("Title", "A", ""),
        Change("Marked", "no", "yes"),
    )


def test_zero_is_a_figure() -> None:
    assert said({"parts": {"a": 0, "b": [None, 0]}}) == (Change("B", "", "#0"), Change("A", "", "#0"))


def test_of_many_parts_the_first_are_shown_and_the_others_counted() -> None:
    lines = said({"parts": {code: [1, 2] for code in "abcdefgh"}})
    assert [line.field for line in lines] == ["H", "G", "F", "E", "D", "C", ""]
    assert lines[0] == Change("H", "#1", "#2")
    assert lines[-1].after == "and 2 more"
    assert len(said({"parts": dict.fromkeys("abcdef", 1)})) == 6


def test_an_unknown_code_or_field_is_shown_as_recorded() -> None:
    assert said({"state": "gone", "old_field": "x"}) == (
        Change("State", "", "gone"),
        Change("old field", "", "x"),
    )


def test_the_label_of_a_subject_made_of_codes_reads_as_words() -> None:
    Subject("try.Thing", reads=lambda label, language: f"{label} in {language}")
    assert subject_in_words("try.Thing:4", "a b", "en") == "a b in en"
    assert subject_in_words("try.Other:4", "a b", "en") == "a b"


def test_a_field_and_a_subject_are_declared_once() -> None:
    Subject("try.Thing", reads=lambda label, _language: label)
    with pytest.raises(ValueError, match=r"field try\.title is declared twice"):
        Field("try.title", "Other")
    with pytest.raises(ValueError, match=r"subject try\.Thing is declared twice"):
        Subject("try.Thing", reads=lambda label, _language: label)


def test_an_act_cannot_record_what_has_no_words() -> None:
    act = Act.__new__(Act)
    object.__setattr__(act, "code", "try.act")
    with pytest.raises(ValueError, match=r"try\.act records fields without words: unsaid"):
        record(
            act,
            by=Actor.nobody(),
            power=None,
            unit_id=1,
            on=date(2024, 10, 8),
            subject="try.Thing:1",
            change={"title": "A", "unsaid": 1},
        )
