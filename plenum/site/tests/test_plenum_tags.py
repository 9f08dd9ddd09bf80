"""The filters and tags of every template."""

from datetime import UTC, date, datetime
from fractions import Fraction
from types import SimpleNamespace
from typing import Any

import pytest
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation

from plenum.packs.values import Words
from plenum.packs.wording import NO_BREAK
from plenum.periods import Lens, Period


def shown(source: str, lang: str = "vi", **values: Any) -> str:
    with translation.override(lang):
        return str(Template("{% load plenum %}" + source).render(Context(values))).replace(NO_BREAK, " ")


@pytest.mark.parametrize(
    ("filters", "value", "lang", "expected"),
    [
        ("number", 2041, "vi", "2.041"),
        ("number", None, "vi", "–"),
        ("signed", -11, "cs", "−11"),
        ("actor", "reference year", "en", "Loading of the reference year"),
        ("actor", "Nguyễn Văn An", "en", "Nguyễn Văn An"),
        ("percent", "113.39", "ru", "113,39 %"),
        ("percent", Fraction(2041, 1800), "en", "113.39%"),
        ("percent", None, "en", "–"),
        ("points", Fraction(11, 130), "cs", "+8,46 procentního bodu"),
        ("points_short", "8.4", "vi", "+8,4 điểm %"),
        ("day", date(2024, 10, 8), "vi", "08/10/2024"),
        ("day_long", date(2024, 10, 8), "ru", "8 октября 2024 года"),
        ("words", Words(vi="một", en="one", ru="один", cs="jeden"), "cs", "jeden"),
        ("period", "2024-9M", "cs", "prvních devět měsíců roku 2024"),
        ("period_title", Period.parse("2023"), "vi", "Năm 2023"),
        ("period_short", Period.parse("2023-Q2"), "en", "Q2"),
    ],
)
def test_filters_write_in_the_language_of_the_reader(
    filters: str, value: Any, lang: str, expected: str
) -> None:
    assert shown("{{ value|" + filters + " }}", lang, value=value) == expected


def test_a_moment_is_shown_as_the_day_it_was_here() -> None:
    late = datetime(2024, 10, 7, 22, 30, tzinfo=UTC)
    assert shown("{{ value|day }}", value=late) == "08/10/2024"


def request_with(query: str, **lens: Any) -> Any:
    request = RequestFactory().get(f"/units/x/board/{query}")
    day = date(2024, 10, 8)
    request.lens = Lens(today=day, **{"as_of": day, **lens})  # type: ignore[attr-defined]
    return request


def test_links_keep_the_lens_and_only_what_is_not_the_default() -> None:
    plain = request_with("")
    assert shown("{% lens_query %}", request=plain) == ""
    looking_back = request_with("", known_on=date(2024, 1, 10))
    assert shown("{% lens_query %}", request=looking_back) == "?known_on=2024-01-10"
    assert shown("{% lens_query period='2023' %}", request=looking_back) == (
        "?period=2023&amp;known_on=2024-01-10"
    )


def test_a_small_form_carries_along_the_other_parameters() -> None:
    request = request_with("?period=2023&page=4&as_of=2024-01-01")
    source = "{% kept_parameters 'as_of' 'page' as kept %}{{ kept }}"
    assert shown("{% autoescape off %}" + source + "{% endautoescape %}", request=request) == (
        "[('period', '2023')]"
    )


def test_the_periods_of_a_year_lead_to_their_addresses() -> None:
    each = "{% for c in all.within %}{{ c.href }}{% if c.current %}*{% endif %} {% endfor %}"
    source = "{% period_choices '2023-Q2' base as all %}" + each
    in_query = shown(source, request=request_with("?as_of=2024-01-01"), base="")
    assert "?as_of=2024-01-01&amp;period=2023-Q2* " in in_query
    in_path = shown(source, request=request_with("?period=2022"), base="/units/x/review/PERIOD/")
    codes = ("2023", "2023-H1", "2023-H2", "2023-9M", "2023-Q1", "2023-Q2", "2023-Q3", "2023-Q4")
    addresses = [f"/units/x/review/{code}/" for code in codes]
    assert in_path.replace("*", "").split() == addresses
    assert "/units/x/review/2023-Q2/*" in in_path
    around = shown("{% period_choices '2023-Q2' as all %}{{ all.before.href }} {{ all.after.href }}")
    assert around == "?period=2022-Q2 ?period=2024-Q2"


def test_a_ratio_is_shown_as_a_percentage_and_a_count_as_a_number() -> None:
    ratio = SimpleNamespace(
        indicator=SimpleNamespace(is_ratio=True), value=None, ratio=Fraction(121, 130), illustrative=True
    )
    count = SimpleNamespace(
        indicator=SimpleNamespace(is_ratio=False), value=2041, ratio=None, illustrative=False
    )
    nothing = SimpleNamespace(
        indicator=SimpleNamespace(is_ratio=False), value=None, ratio=None, illustrative=False
    )
    assert shown("{% figure_text f %}", f=ratio) == "93,08%"
    assert shown("{% figure_text f %}", f=count) == "2.041"
    assert shown("{% figure_text f %}", f=nothing) == ""
    assert shown("{% figure_text value=0 %}") == "0"


def test_a_target_in_per_cent_stands_on_the_scale_of_ratios() -> None:
    points = [(month, Fraction(110 + n, 130)) for n, month in enumerate(Period.of_year(2023).months)]
    source = (
        "{% draw_chart points before 90 'stock' as c %}{{ c.drawn.target_y }}|"
        "{% for t in c.ticks %}{{ t.label }} {% endfor %}|{{ c.columns.0.label }} {{ c.columns.0.value }}"
    )
    target, ticks, first = shown(source, points=points, before=None).split("|")
    assert target
    assert ticks.split() == ["80%", "85%", "90%", "95%"]
    assert first == "T1 84,62%"


def test_last_year_stands_over_the_same_months_and_a_whole_year_over_none() -> None:
    months = [(month, 10) for month in Period.of_year(2023).months]
    source = "{% draw_chart points before None 'flow' as c %}{{ c.drawn.previous_points|length }}"
    assert shown(source, points=months, before=[(Period.of_year(2022), 171)]) == "0"
    assert (
        shown(source, points=months, before=[(Period.month(2022, 3), 7), (Period.month(2022, 4), 8)]) == "2"
    )
