"""What would be different: a pure function of two contents."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from plenum.periods import Period
from plenum.reports.comparison import Difference, differences
from plenum.reports.content import Amount, Basis, Change, FreeText, ReviewContent, TargetFact, View
from plenum.reports.render.as_json import facts
from plenum.reports.tests.factories import decision, in_course, nothing_reported, province
from plenum.reports.wording import write
from plenum.reports.wording.differences import lines


def said(content: ReviewContent) -> dict[str, Any]:
    return facts(content, write(content, "en").head, "en")


def between(before: ReviewContent, now: ReviewContent) -> list[tuple[str, str, str]]:
    """About, what and key of each difference."""
    return [(each.about, each.what, "/".join(each.key)) for each in differences(said(before), said(now))]


def shown(before: ReviewContent, now: ReviewContent) -> list[tuple[str, str, str, str]]:
    found = lines(differences(said(before), said(now)), "en")
    return [
        tuple(text.replace("\u00a0", " ") for text in (line.about, line.what, line.before, line.now))  # type: ignore[misc]
        for line in found
    ]


def with_result(content: ReviewContent, at: int, **facts: Any) -> ReviewContent:
    results = list(content.results)
    results[at] = replace(results[at], **facts)
    return replace(content, results=tuple(results))


def test_the_same_report_drawn_another_day_is_no_different() -> None:
    for content in (province(), in_course(), nothing_reported()):
        later = replace(
            content,
            view=View(date(2025, 1, 1), date(2025, 1, 1), content.view.tree_of),
            heading=replace(content.heading, day=date(2025, 1, 1)),
            edition=7,
        )
        assert differences(said(content), said(later)) == ()


def test_a_corrected_figure_shows_exactly_what_follows_from_it() -> None:
    before = province()
    now = with_result(
        before,
        0,
        amount=Amount(2045),
        percent="113.61",
        changes=(Change(Decimal(190), "count", "last_year"),),
        contradictions=(replace(before.results[0].contradictions[0], exact=Decimal("113.61")),),
    )
    assert shown(before, now) == [
        ("New members admitted", "Result", "2,041", "2,045"),
        ("New members admitted", "Against the target", "113.39%", "113.61%"),
        ("New members admitted", "On last year", "+186", "+190"),
        (
            "New members admitted",
            "Stated and computed",
            "stated: 113.34%; computed: 113.39%",
            "stated: 113.34%; computed: 113.61%",
        ),
    ]


def test_a_target_its_leader_and_its_verdict() -> None:
    before = province()
    now = with_result(
        before,
        1,
        target=TargetFact(
            "at_least", Decimal(9), given_to="Nguyễn Văn A", given_to_post="Bí thư", illustrative=True
        ),
        percent="100.00",
        verdict="met",
    )
    name = before.results[1].name.en
    assert shown(before, now) == [
        (name, "Target", "≥ 12†", "≥ 9†"),
        (name, "Given to", "–", "Nguyễn Văn A, Bí thư"),
        (name, "Against the target", "75.00%", "100.00%"),
        (name, "Assessment", "▼ Missed", "● Met"),
    ]


def test_a_share_has_its_sides_and_a_part_its_name() -> None:
    before = province()
    now = with_result(before, 2, amount=Amount(numerator=120, denominator=130))
    assert shown(before, now) == [
        (before.results[2].name.en, "Result", "93.08% (121/130)", "92.31% (120/130)")
    ]
    parts = before.results[7].parts
    now = with_result(before, 7, parts=(replace(parts[0], value=361), parts[1]))
    assert [line[1:] for line in shown(before, now)] == [("own", "360", "361")]


def test_what_was_not_known_then_or_is_not_now_is_a_dash() -> None:
    before = province()
    gone = with_result(before, 4, amount=Amount())
    assert [line[2:] for line in shown(before, gone)] == [("118", "–")]
    assert [line[2:] for line in shown(gone, before)] == [("–", "118")]
    fewer = replace(before, results=before.results[:4])
    assert {line[3] for line in shown(before, fewer)} == {"–"}


def test_units_returns_texts_and_documents() -> None:
    before = province()
    units = list(before.sub_units)
    units[1] = replace(units[1], amounts=(Amount(337), *units[1].amounts[1:]), received=3)
    now = replace(
        before,
        sub_units=tuple(units[:-1]),
        late=(replace(before.late[0], days=30), *before.late[1:2]),
        silent=(),
        received=24,
        texts={**before.texts, "causes": (FreeText("causes", "vi", "Khác."),)},
        basis=(decision("881-QĐ/TU", "khác"),),
    )
    found = between(before, now)
    assert found == [
        ("basis", "document", "880-QĐ/TU"),
        ("basis", "document", "881-QĐ/TU"),
        ("unit", "figure.members.admitted", "don-vi-2"),
        ("unit", "returns_received", "don-vi-2"),
        *(
            ("unit", what, "don-vi-6")
            for what in (
                "name",
                "stands",
                *(f"figure.{code}" for code, _name in before.main_indicators),
                "returns_due",
                "returns_received",
                "returns_late",
            )
        ),
        ("returns", "received", "received"),
        ("late", "days", f"tay-giang/{said(before)['returns']['late'][0]['form']}/2023-Q4"),
        ("late", "days", f"phuoc-son/{said(before)['returns']['late'][0]['form']}/2023-Q2"),
        ("unit", "nothing_reported", "dong-giang"),
        ("text", "text", "causes/vi"),
    ]
    told = shown(before, now)
    assert ("Đảng bộ huyện Tây Giang: return for the fourth quarter of 2023", "Days late", "21", "30") in told
    assert ("Causes", "Vietnamese", "Nguồn kết nạp ở một số thôn còn ít.", "Khác.") in told


def test_a_month_of_the_chart_and_the_number_of_the_report() -> None:
    before = province()
    assert before.course is not None
    points = list(before.course.points)
    points[0] = replace(points[0], value=97)
    now = replace(
        before,
        course=replace(before.course, points=tuple(points)),
        heading=replace(before.heading, symbol="12-BC/TU"),
    )
    assert shown(before, now) == [
        ("Heading", "Number", "No. …-BC/BTCTU", "No. 12-BC/TU"),
        ("New members admitted", "January 2023", "96", "97"),
    ]


def test_every_kind_of_difference_has_words() -> None:
    """Everything against nothing, both ways, in every language: no difference is without its words."""
    for content in (province(), in_course()):
        empty = replace(
            content, results=(), sub_units=(), late=(), silent=(), texts={}, basis=(), due=0, received=0
        )
        for pair in ((content, empty), (empty, content)):
            found = differences(said(pair[0]), said(pair[1]))
            for lang in ("vi", "en", "ru", "cs"):
                told = lines(found, lang)
                assert len(told) == len(found) > 5
                assert all(line.about and line.what and line.before and line.now for line in told)


def test_an_indicator_that_has_left_the_pack_keeps_its_name() -> None:
    gone = Difference("indicator", ("members.lost",), "Lost members", "verdict", "met", None)
    assert lines([gone], "en")[0].about == "Lost members"


def test_a_basis_without_a_day() -> None:
    kind = decision("1", "x").kind
    undated = Basis(kind, "1", "", None, False, "x")
    now = replace(nothing_reported(), basis=(undated,))
    assert shown(nothing_reported(), now) == [("Document 1", "Basis", "–", "Decision, x")]
    assert Period.parse("2024-Q1") == now.period
