"""Passwords that others guess: made of names that are known here, or known from elsewhere."""

import hashlib
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from plenum.access import actions, guessable, rules
from tests.cast import DAY, SYSTEM, Cast


@pytest.mark.parametrize(
    ("password", "words", "made"),
    [
        ("tamduong2024", {"tamduong"}, True),
        ("tamduong20242025", {"tamduong"}, True),
        ("huyentamduong", {"huyentamduong", "tamduong"}, True),
        ("tamduongmuaphun", {"tamduong"}, False),
        ("muaroitrenmai", {"tamduong"}, False),
        ("1234567890", {"tamduong"}, False),
        ("anhyeuem12345", {"anh"}, False),
        ("plenumplenum", {"plenum"}, True),
    ],
)
def test_what_little_is_left_beside_known_words(password: str, words: set[str], made: bool) -> None:
    assert rules.is_made_of(password, words) is made


def refused(cast: Cast, password: str) -> bool:
    try:
        actions.change_password(cast.insider.account, password, on=DAY, by=SYSTEM)
    except ValidationError as error:
        return list(error.message_dict) == ["password"]
    return False


@pytest.mark.parametrize(
    "password",
    [
        "Chi bộ Trường Thông Reo",
        "chibotruongthongreo1",
        "HILL-SCHOOL-2024",
        "north-hill-2024",
        "Đảng bộ tỉnh Bắc Sơn!",
        "Đồng Lòng 2024",
        "đồng-lòng-dong-long",
        "plenum.example.2024",
    ],
)
def test_names_of_units_of_the_installation_and_of_the_setting_are_refused(
    cast: Cast, settings: Any, password: str
) -> None:
    settings.PASSWORD_WORDS = ["plenum", "example", "Đồng Lòng"]
    assert refused(cast, password)


def test_names_of_others_and_phrases_with_a_known_word_are_not(cast: Cast) -> None:
    for password in ("south-coast-2024", "trường tôi có cây phượng đỏ", "hill-school has seven windows"):
        assert not refused(cast, password)


KNOWN = [f"known elsewhere {number}" for number in range(500)]


@pytest.fixture(params=["plain", "hashed", "hashed with counts"])
def listed(request: pytest.FixtureRequest, settings: Any, tmp_path: Path) -> None:
    """The three kinds of file that an operator may have."""
    path = tmp_path / "list.txt"
    if request.param == "plain":
        path.write_text("\n".join(KNOWN))
    else:
        count = ":17" if request.param.endswith("counts") else ""
        digests = sorted(hashlib.sha1(each.encode()).hexdigest().upper() for each in KNOWN)  # noqa: S324
        path.write_text("\r\n".join(digest + count for digest in digests) + "\r\n")
    settings.PASSWORD_LIST = path


def test_every_password_of_the_list_is_found_and_no_other(listed: None) -> None:
    assert all(map(guessable.is_on_the_list, KNOWN))
    assert guessable.is_on_the_list("KNOWN elsewhere 7")
    assert not any(guessable.is_on_the_list(f"known elsewhere {number}") for number in range(500, 900))


def test_what_stands_on_the_list_is_not_chosen(cast: Cast, listed: None) -> None:
    assert refused(cast, KNOWN[0])
    assert refused(cast, KNOWN[-1])
    assert not refused(cast, "known elsewhere 500")
