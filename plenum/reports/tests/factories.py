"""Contents of reports made by hand: the reference year of a province, a district in course, a unit that is silent."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from plenum.packs import Pack, Words, pack
from plenum.periods import Period
from plenum.reports.content import (
    Amount,
    Basis,
    Change,
    Contradiction,
    Course,
    CoursePoint,
    FreeText,
    Heading,
    LateReturn,
    Outlook,
    Part,
    Result,
    ReviewContent,
    Silent,
    SubUnit,
    TargetFact,
    View,
)
from plenum.reports.rules import next_period


def result(code: str, rules: Pack, **facts: object) -> Result:
    indicator = rules.indicators[code]
    return replace(
        Result(code, indicator.name, indicator.measure, indicator.is_ratio, "higher", Amount()),
        **facts,  # type: ignore[arg-type]
    )


def heading(kind: str, unit: str, superior: str = "", place: str = "Quảng Nam") -> Heading:
    form = pack().kinds[kind].report
    return Heading(
        superior=superior,
        unit=unit,
        organisation=pack().organisation,
        subject=pack().subject,
        body=form.body,
        symbol=f"…-{form.symbol}",
        place=place,
        day=date(2024, 1, 10),
        signer_post=form.signer,
        recipients=form.recipients,
    )


def decision(symbol: str, title: str, *, illustrative: bool = False) -> Basis:
    return Basis(
        kind=pack().document_kinds["decision"].name,
        symbol=symbol,
        issuer="Ban Thường vụ Tỉnh ủy",
        day=date(2023, 2, 3),
        year_only=False,
        title=title,
        illustrative=illustrative,
    )


def province(sub_units: int = 6) -> ReviewContent:
    """Quảng Nam in 2023: 2041 of 1800 stated as 113.34 %, 18 of 18 tasks, one target missed, returns late."""
    rules = pack()
    period = Period.parse("2023")
    return ReviewContent(
        unit_code="quang-nam",
        period=period,
        next_period=next_period(period),
        is_over=True,
        heading=heading("province", "Đảng bộ tỉnh Quảng Nam"),
        view=View(date(2024, 10, 8), None, date(2023, 12, 31)),
        basis=(decision("880-QĐ/TU", "giao một số chỉ tiêu, nhiệm vụ trọng tâm năm 2023", illustrative=True),),
        results=(
            result(
                "members.admitted",
                rules,
                amount=Amount(2041),
                target=TargetFact("value", Decimal("1800.00")),
                percent="113.39",
                verdict="exceeded",
                last_year=Amount(1855, illustrative=True),
                changes=(Change(Decimal(186), "count", "last_year"),),
                contradictions=(
                    Contradiction(
                        "percent_of_target", Decimal("113.34"), "percent", Decimal("113.39"), "percent",
                        "báo cáo trình hội nghị ngày 10/01/2024", Decimal(2041),
                    ),
                ),
            ),
            result(
                "organisations.founded_private",
                rules,
                amount=Amount(9, illustrative=True),
                target=TargetFact("at_least", Decimal(12), illustrative=True),
                percent="75.00",
                verdict="missed",
                last_year=Amount(7, illustrative=True),
            ),
            result(
                "leaders.village_heads_share",
                rules,
                amount=Amount(numerator=121, denominator=130),
                target=TargetFact("more_than", Decimal(90)),
                percent="93.08",
                verdict="exceeded",
                changes=(Change(Decimal("8.46"), "points", "start_of_year"),),
            ),
            result(
                "tasks.key_share",
                rules,
                amount=Amount(numerator=18, denominator=18),
                target=TargetFact("value", Decimal(100), illustrative=True),
                percent="100.00",
                verdict="met",
            ),
            result("training.leaders_course", rules, amount=Amount(118)),
            result("training.planned_committee_course", rules, amount=Amount(53)),
            result("training.theory_advanced", rules, amount=Amount(154)),
            result(
                "training.theory_intermediate",
                rules,
                amount=Amount(390),
                parts=(
                    Part("training_theory_intermediate_own", Words("cán bộ của tỉnh", "own", "свои", "vlastní"), 360),
                    Part("training_theory_intermediate_guests", Words("khách", "guests", "гости", "hosté"), 30),
                ),
            ),
            result("training.officials", rules, amount=Amount(4178), last_year=Amount(3904, illustrative=True)),
        ),
        course=Course(
            "members.admitted",
            rules.indicators["members.admitted"].name,
            tuple(
                CoursePoint(month, value)
                for month, value in zip(
                    period.months, (96, 88, 143, 162, 171, 205, 158, 164, 214, 176, 201, 263), strict=True
                )
            ),
            illustrative=True,
        ),
        main_indicators=tuple(
            (code, rules.indicators[code].short)
            for code in ("members.admitted", "organisations.founded_private", "leaders.village_heads_share")
        ),
        sub_units=tuple(
            SubUnit(
                f"don-vi-{number}",
                f"Đảng bộ huyện Nam Trà My – Phước Sơn số {number}",
                (
                    Amount(340 - number, illustrative=True),
                    Amount(number % 3, illustrative=True),
                    Amount(numerator=80 + number, denominator=90 + number, illustrative=True),
                ),
                due=4,
                received=4 if number % 5 else 3,
                late=0 if number % 4 else 1,
            )
            for number in range(1, sub_units + 1)
        ),
        due=24,
        received=23,
        late=(
            LateReturn(
                "tay-giang", "Đảng bộ huyện Tây Giang", rules.forms["province-summary"].name,
                Period.parse("2023-Q4"), date(2024, 1, 10), 21,
            ),
            LateReturn(
                "phuoc-son", "Đảng bộ huyện Phước Sơn", rules.forms["province-summary"].name,
                Period.parse("2023-Q4"), date(2024, 1, 10), 2,
            ),
            LateReturn(
                "phuoc-son", "Đảng bộ huyện Phước Sơn", rules.forms["province-summary"].name,
                Period.parse("2023-Q2"), date(2023, 7, 10), 1,
            ),
        ),
        silent=(Silent("dong-giang", "Đảng bộ huyện Đông Giang"),),
        texts={
            "achievements": (
                FreeText("achievements", "vi", "Mô hình chi bộ bốn tốt được nhân rộng ở nhiều nơi."),
                FreeText("achievements", "ru", "Модель ячеек «четыре хорошо» внедрена во многих местах."),
            ),
            "causes": (FreeText("causes", "vi", "Nguồn kết nạp ở một số thôn còn ít.", illustrative=True),),
            "tasks": (
                FreeText("tasks", "vi", "Phát huy dân chủ thực chất.\nBảo đảm quyền lợi hợp pháp của nhân dân."),
            ),
        },
    )  # fmt: skip


def in_course() -> ReviewContent:
    """Đắk Nông after nine months of 2024: 52.28 % of the year's target, at risk, three months to go."""
    rules = pack()
    period = Period.parse("2024-9M")
    return ReviewContent(
        unit_code="dak-nong",
        period=period,
        next_period=next_period(period),
        is_over=False,
        heading=heading("province", "Đảng bộ tỉnh Đắk Nông", place="Đắk Nông"),
        view=View(date(2024, 10, 8), date(2024, 10, 1), date(2024, 9, 30)),
        results=(
            result(
                "members.admitted",
                rules,
                amount=Amount(642, illustrative=True),
                target=TargetFact("value", Decimal(1228), Period.parse("2024"), illustrative=True),
                percent="52.28",
                verdict="at_risk",
                outlook=Outlook(Decimal(800), Decimal(856), Decimal(910)),
            ),
        ),
        due=1,
        received=1,
    )


def nothing_reported() -> ReviewContent:
    """A cell that neither reported nor has targets nor wrote anything."""
    period = Period.parse("2024-Q1")
    return ReviewContent(
        unit_code="chi-bo-1",
        period=period,
        next_period=next_period(period),
        is_over=True,
        heading=heading(
            "grassroots_cell", "Chi bộ Trường Trung học cơ sở", "Đảng bộ huyện Tam Dương", place=""
        ),
        view=View(date(2024, 10, 8), None, date(2024, 3, 31)),
    )
