"""Numbers, percentages, days and periods as people read them."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plenum.packs import wording
from plenum.packs.wording import MINUS, NO_BREAK
from plenum.periods import Period, PeriodKind

LANGUAGES = st.sampled_from(wording.LANGUAGES)
FRACTIONS = st.fractions(min_value=-(10**9), max_value=10**9, max_denominator=10**6)


@given(FRACTIONS, st.integers(0, 6))
def test_rounding_is_to_the_nearest_and_ties_go_away_from_zero(value: Fraction, places: int) -> None:
    rounded = Fraction(wording.half_up(value, places))
    error = abs(rounded - value)
    half = Fraction(1, 2 * 10**places)
    assert error <= half
    if error == half:
        assert abs(rounded) > abs(value)


@given(FRACTIONS)
def test_rounding_never_writes_minus_zero(value: Fraction) -> None:
    assert not wording.half_up(value / 10**12).is_signed()


def test_the_percentage_that_was_once_misreported() -> None:
    assert wording.two_decimals(Fraction(2041, 1800) * 100) == "113.39"
    assert wording.percent_of(2041, 1800) == "113.39"
    assert wording.percent_of(1, 0) is None


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (Fraction(1, 200), "0.01"),
        (Fraction(-1, 200), "-0.01"),
        (Fraction(2675, 1000), "2.68"),
        (Fraction(-1, 1000), "0.00"),
    ],
)
def test_half_goes_up(value: Fraction, shown: str) -> None:
    assert wording.two_decimals(value) == shown


@pytest.mark.parametrize(
    ("lang", "thousands", "small", "share", "negative"),
    [
        ("vi", "2.041", "0,50", "113,39%", f"{MINUS}1.234.567"),
        ("en", "2,041", "0.50", "113.39%", f"{MINUS}1,234,567"),
        ("ru", f"2{NO_BREAK}041", "0,50", f"113,39{NO_BREAK}%", f"{MINUS}1{NO_BREAK}234{NO_BREAK}567"),
        ("cs", f"2{NO_BREAK}041", "0,50", f"113,39{NO_BREAK}%", f"{MINUS}1{NO_BREAK}234{NO_BREAK}567"),
    ],
)
def test_each_language_has_its_separators(
    lang: str, thousands: str, small: str, share: str, negative: str
) -> None:
    assert wording.number(2041, lang) == thousands
    assert wording.decimal(Fraction(1, 2), 2, lang) == small
    assert wording.percent(Fraction(2041, 1800), lang) == share
    assert wording.percent("113.39", lang) == share
    assert wording.number(-1234567, lang) == negative


@given(st.integers(-(10**15), 10**15), LANGUAGES)
def test_a_number_keeps_its_digits(value: int, lang: str) -> None:
    written = wording.number(value, lang)
    digits = "".join(character for character in written if character.isdigit())
    assert digits == str(abs(value))
    assert written.startswith(MINUS) == (value < 0)
    assert " " not in written


@given(
    st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=-(10**6), max_value=10**6),
    LANGUAGES,
)
def test_a_stated_percentage_keeps_the_digits_it_was_stated_with(value: Decimal, lang: str) -> None:
    text = f"{value:f}"
    back = (
        wording.percent(text, lang)
        .rstrip(f"%{NO_BREAK}")
        .replace(MINUS, "-")
        .replace("," if lang == "en" else NO_BREAK if lang in ("ru", "cs") else ".", "")
        .replace(",", ".")
    )
    assert Decimal(back) == value
    assert len(back.partition(".")[2]) == 2


def test_percentage_points_are_another_word_than_per_cent() -> None:
    gain = Fraction(121, 130) - Fraction(110, 130)
    assert wording.points(gain, "vi") == f"+8,46{NO_BREAK}điểm phần trăm"
    assert wording.points(gain, "en") == f"+8.46{NO_BREAK}percentage points"
    assert wording.points(gain, "ru") == f"+8,46{NO_BREAK}процентного пункта"
    assert wording.points(gain, "cs") == f"+8,46{NO_BREAK}procentního bodu"
    assert wording.points("8.4", "ru", short=True) == f"+8,4{NO_BREAK}п.{NO_BREAK}п."
    assert wording.points("8", "cs") == f"+8,00{NO_BREAK}procentního bodu"
    assert wording.points(-gain, "en").startswith(MINUS)
    assert wording.points(Fraction(0), "en") == f"0.00{NO_BREAK}percentage points"


def test_days() -> None:
    day = date(2024, 10, 8)
    assert [wording.day(day, lang) for lang in wording.LANGUAGES] == [
        "08/10/2024",
        f"8{NO_BREAK}Oct{NO_BREAK}2024",
        "08.10.2024",
        f"8.{NO_BREAK}10.{NO_BREAK}2024",
    ]
    assert [wording.day_long(day, lang).replace(NO_BREAK, " ") for lang in wording.LANGUAGES] == [
        "ngày 8 tháng 10 năm 2024",
        "8 October 2024",
        "8 октября 2024 года",
        "8. října 2024",
    ]


@pytest.mark.parametrize(
    ("code", "names"),
    [
        ("2023", ("năm 2023", "2023", "2023 год", "rok 2023")),
        (
            "2024-9M",
            (
                "9 tháng đầu năm 2024",
                "first nine months of 2024",
                "9 месяцев 2024 года",
                "prvních devět měsíců roku 2024",
            ),
        ),
        (
            "2023-H2",
            (
                "6 tháng cuối năm 2023",
                "second half of 2023",
                "второе полугодие 2023 года",
                "druhé pololetí roku 2023",
            ),
        ),
        (
            "2023-Q3",
            (
                "quý III năm 2023",
                "third quarter of 2023",
                "III квартал 2023 года",
                "3. čtvrtletí roku 2023",
            ),
        ),
        ("2023-07", ("tháng 7 năm 2023", "July 2023", "июль 2023 года", "červenec 2023")),
    ],
)
def test_names_of_periods(code: str, names: tuple[str, ...]) -> None:
    period = Period.parse(code)
    assert tuple(wording.period_name(period, lang) for lang in wording.LANGUAGES) == names


def test_no_two_periods_of_a_year_share_a_name_and_headings_begin_with_a_capital() -> None:
    year = [Period(2023, kind, n) for kind, count in _COUNTS.items() for n in range(1, count + 1)]
    for lang in wording.LANGUAGES:
        assert len({wording.period_name(period, lang) for period in year}) == len(year)
        assert len({wording.period_short(period, lang) for period in year}) == len(year)
        assert all(
            wording.period_title(period, lang)[0].upper() == wording.period_title(period, lang)[0]
            for period in year
        )


_COUNTS = {
    PeriodKind.MONTH: 12,
    PeriodKind.QUARTER: 4,
    PeriodKind.HALF: 2,
    PeriodKind.NINE_MONTHS: 1,
    PeriodKind.YEAR: 1,
}


def test_a_language_tag_finds_its_language() -> None:
    assert [wording.language(tag) for tag in ("ru-RU", "vi_VN", "CS", "de", "", None)] == [
        "ru",
        "vi",
        "cs",
        "en",
        "en",
        "en",
    ]


def test_what_is_no_period_is_refused() -> None:
    class Nonsense:
        code = "2023-Q5"

    with pytest.raises(ValueError, match="2023-Q5"):
        wording.period_name(Nonsense(), "en")
