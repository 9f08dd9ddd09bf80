"""Logins, passwords and ends of grants."""

from datetime import date

import pytest

from plenum.access import rules
from plenum.periods import Span


@pytest.mark.parametrize("login", ["bi-thu", "a.b", "x" * 64, "an@xa.vn", "ab"])
def test_logins(login: str) -> None:
    assert rules.login_faults(login) == (["length"] if len(login) < 3 else [])


@pytest.mark.parametrize("login", ["bí-thư", "-an", "an-", "a b c", "Anna", "anna\n", "аnna"])
def test_no_two_logins_look_alike(login: str) -> None:
    assert "characters" in rules.login_faults(login)


def test_a_login_is_kept_in_lower_case() -> None:
    assert rules.plain_login("  Bi-Thu ") == "bi-thu"
    assert rules.login_faults("x" * 65) == ["length"]


@pytest.mark.parametrize(
    ("password", "faults"),
    [
        ("một hai ba bốn", []),
        ("ngắn", ["short"]),
        ("x" * 10, ["one_character"]),
        ("my-Bi-Thu-word", ["like_login"]),
        ("ab" * 101, ["long"]),
    ],
)
def test_passwords(password: str, faults: list[str]) -> None:
    assert rules.password_faults(password, "bi-thu") == faults


YEAR = Span(date(2024, 1, 1), date(2025, 1, 1))
ON = date(2024, 10, 8)


@pytest.mark.parametrize(
    ("span", "until", "fault"),
    [
        (YEAR, ON, None),
        (YEAR, date(2025, 1, 1), None),
        (YEAR, date(2024, 10, 7), "past"),
        (YEAR, date(2025, 1, 2), "later"),
        (Span(date(2024, 1, 1)), date(2030, 1, 1), None),
        (Span(date(2024, 1, 1), ON), ON, "over"),
    ],
)
def test_a_grant_ends_today_or_later_and_not_after_its_end(
    span: Span, until: date, fault: str | None
) -> None:
    assert rules.end_fault(span, until, ON) == fault


def test_what_is_left_of_a_span() -> None:
    assert rules.shortened(YEAR, ON) == Span(YEAR.start, ON)
    assert rules.shortened(YEAR, YEAR.start) is None
