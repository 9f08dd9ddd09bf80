"""The report as JSON: the facts with stable names, and the same report in words.

Counts are numbers, percentages and points are strings with two decimals, days are ISO, what is not known is null. Names
from the rule pack are in the language of the report. `schema` changes when a name here changes its meaning.
"""

import json
from dataclasses import asdict
from decimal import Decimal
from typing import Any

from plenum.figures.wording import estimate_sentence
from plenum.packs import wording
from plenum.reports.content import (
    Amount,
    Contradiction,
    Issue,
    Result,
    ReviewContent,
    TargetFact,
)
from plenum.reports.wording.written import Chart, Head, Items, Paragraph, Section, Subheading, Table, Written

SCHEMA = "plenum.review/1"


def render_json(content: ReviewContent, written: Written) -> bytes:
    """UTF-8, indented by two, nothing escaped that need not be."""
    document = {
        "schema": SCHEMA,
        "language": written.language,
        **facts(content, written.head, written.language),
        "written": {
            "name": written.name,
            "basis": list(written.basis),
            "sections": [_section(section) for section in written.sections],
            "notes": list(written.notes),
            "legend": written.legend or None,
            "foot": asdict(written.foot),
        },
    }
    return (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode()


def facts(content: ReviewContent, head: Head, lang: str) -> dict[str, Any]:
    """What the report says, as figures, codes and texts with stable names; `head` is in words."""
    return {
        "unit": {
            "code": content.unit_code,
            "name": content.heading.unit,
            "superior": content.heading.superior or None,
        },
        "period": content.period.code,
        "next_period": content.next_period.code,
        "is_over": content.is_over,
        "last_year_until": content.last_year_until.isoformat() if content.last_year_until else None,
        "compared_on": content.compared_on.isoformat() if content.compared_on else None,
        "view": {
            "drawn_on": content.view.drawn_on.isoformat(),
            "known_on": content.view.known_on.isoformat() if content.view.known_on else None,
            "tree_of": content.view.tree_of.isoformat(),
            "withheld": content.view.withheld,
            "restated_on": content.view.restated_on.isoformat() if content.view.restated_on else None,
        },
        "heading": asdict(head),
        "basis": [
            {
                "kind": basis.kind.in_(lang),
                "symbol": basis.symbol,
                "issuer": basis.issuer,
                "date": None
                if basis.day is None
                else str(basis.day.year)
                if basis.year_only
                else str(basis.day),
                "title": basis.title,
                "illustrative": basis.illustrative,
            }
            for basis in content.basis
        ],
        "results": [_result(result, lang) for result in content.results],
        "course": _course(content, lang),
        "sub_units": _sub_units(content),
        "returns": _returns(content, lang),
        "achievements": [result.indicator for result in content.achievements],
        "shortcomings": [result.indicator for result in content.lacking],
        "texts": [
            {"section": t.section, "language": t.language, "text": t.text, "illustrative": t.illustrative}
            for texts in content.texts.values()
            for t in texts
        ],
        "edition": content.edition,
        "issue": _issue(content.issue),
    }


def _issue(issue: Issue | None) -> dict[str, Any] | None:
    if issue is None:
        return None
    return {**asdict(issue), "on": issue.on.isoformat(), "reason": issue.reason or None}


def _result(result: Result, lang: str) -> dict[str, Any]:
    outlook = result.outlook
    return {
        "indicator": result.indicator,
        "name": result.name.in_(lang),
        "measure": result.measure.in_(lang) if result.measure else None,
        **_amount(result.amount),
        "year_so_far": None if result.so_far is None else _amount(result.so_far),
        "target": _target(result.target),
        "percent": result.percent,
        "verdict": result.verdict,
        "projection": None
        if outlook is None
        else {"low": str(outlook.low), "middle": str(outlook.middle), "high": str(outlook.high)},
        "same_period_last_year": _amount(result.last_year),
        "same_units": None if result.same_units is None else _amount(result.same_units),
        "changes": [
            {
                "since": change.since,
                "unit": change.unit,
                "difference": _difference(change.difference, change.unit),
            }
            for change in result.changes
        ],
        "parts": [
            {
                "code": part.code,
                "name": part.name.in_(lang),
                "value": part.value,
                "illustrative": part.illustrative,
            }
            for part in result.parts
        ],
        "carried_from": result.carried_from,
        "flags": [_flag(found) for found in result.contradictions],
    }


def _amount(amount: Amount) -> dict[str, Any]:
    ratio = amount.ratio
    return {
        "value": amount.value,
        "numerator": amount.numerator,
        "denominator": amount.denominator,
        "share": None if ratio is None else wording.two_decimals(ratio * 100),
        "illustrative": amount.illustrative,
        "estimated": [estimate_sentence(each) for each in amount.estimated],
        "withheld": amount.withheld,
    }


def _target(target: TargetFact | None) -> dict[str, Any] | None:
    if target is None:
        return None
    return {
        "comparison": target.comparison,
        "amount": _plain(target.amount),
        "period": target.period.code if target.period else None,
        "given_to": target.given_to or None,
        "given_to_post": target.given_to_post or None,
        "illustrative": target.illustrative,
    }


def _flag(found: Contradiction) -> dict[str, Any]:
    return {
        "what": found.what,
        "stated": str(found.stated),
        "stated_unit": found.stated_unit,
        "exact": None if found.exact is None else str(found.exact),
        "exact_unit": found.exact_unit,
        "source": found.source or None,
    }


def _course(content: ReviewContent, lang: str) -> dict[str, Any] | None:
    course = content.course
    if course is None:
        return None
    return {
        "indicator": course.indicator,
        "name": course.name.in_(lang),
        "points": [{"period": point.period.code, "value": point.value} for point in course.points],
        "illustrative": course.illustrative,
    }


def _sub_units(content: ReviewContent) -> list[dict[str, Any]]:
    codes = [code for code, _name in content.main_indicators]
    return [
        {
            "code": unit.code,
            "name": unit.name,
            "stands": unit.stands,
            "figures": {code: _amount(amount) for code, amount in zip(codes, unit.amounts, strict=True)},
            "returns_due": unit.due,
            "returns_received": unit.received,
            "returns_late": unit.late,
        }
        for unit in content.sub_units
    ]


def _returns(content: ReviewContent, lang: str) -> dict[str, Any]:
    return {
        "due": content.due,
        "received": content.received,
        "late": [
            {
                "unit": late.unit_code,
                "name": late.unit,
                "form": late.form.in_(lang),
                "period": late.period.code,
                "due_on": late.due_on.isoformat(),
                "days": late.days,
            }
            for late in content.late
        ],
        "nothing_reported": [{"unit": silent.unit_code, "name": silent.unit} for silent in content.silent],
    }


def _section(section: Section) -> dict[str, Any]:
    blocks: list[dict[str, Any]] = []
    for block in section.blocks:
        match block:
            case Paragraph():
                blocks.append({"paragraph": block.text, "language": block.language or None})
            case Subheading():
                blocks.append({"heading": block.text})
            case Items():
                blocks.append({"items": [{"text": i.text, "below": list(i.below)} for i in block.items]})
            case Table():
                rows = [[cell.text for cell in row] for row in block.rows]
                columns = [column.title for column in block.columns]
                blocks.append({"table": block.caption, "columns": columns, "rows": rows})
            case Chart():
                blocks.append(
                    {"chart": block.caption, "labels": list(block.labels), "values": list(block.values)}
                )
    return {"number": section.number, "title": section.title, "blocks": blocks}


def _plain(amount: Decimal) -> int | str:
    """A whole amount as a number, one with decimals as a string: JSON's own decimals are not exact."""
    return int(amount) if amount == amount.to_integral_value() else str(amount)


def _difference(difference: Decimal, unit: str) -> int | str:
    return _plain(difference) if unit == "count" else wording.two_decimals(difference)
