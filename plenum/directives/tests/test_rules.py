"""Numbers and references, without a database."""

from datetime import date

import pytest

from plenum.directives.rules import (
    Reference,
    ReferenceUnreadable,
    number_in_symbol,
    plain_number,
    read_reference,
)


@pytest.mark.parametrize(
    ("written", "plain"), [("05", "5"), (" 880 ", "880"), ("4", "4"), ("0", "0"), ("", "")]
)
def test_plain_number(written: str, plain: str) -> None:
    assert plain_number(written) == plain


@pytest.mark.parametrize(
    ("symbol", "number"),
    [
        ("18-NQ/TW", "18"),
        ("05-CT/TW", "5"),
        ("30/2020/NĐ-CP", "30"),
        ("69 -KH/ĐU", "69"),
        ("NQ-18", None),
        ("18", None),
    ],
)
def test_number_in_symbol(symbol: str, number: str | None) -> None:
    assert number_in_symbol(symbol) == number


@pytest.mark.parametrize(
    ("text", "reference"),
    [
        ("880", Reference("880")),
        ("880|2023-01-05", Reference("880", day=date(2023, 1, 5))),
        (" 880 |2023", Reference("880", year=2023)),
        ("18-NQ/TW", Reference("18-NQ/TW")),
    ],
)
def test_read_reference(text: str, reference: Reference) -> None:
    assert read_reference(text) == reference


@pytest.mark.parametrize("text", ["", "  ", "880|2023-02-30"])
def test_unreadable_references(text: str) -> None:
    with pytest.raises(ReferenceUnreadable):
        read_reference(text)
