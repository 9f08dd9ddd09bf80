"""The home board of a unit."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from plenum.access.requests import AuthedRequest, signed_in, unit_for
from plenum.figures.queries import Point
from plenum.figures.queries.latest import latest_year
from plenum.figures.wording import compared_sentence
from plenum.organisation.queries import in_reach
from plenum.reports.powers import READ
from plenum.reports.queries.board import ATTRIBUTED, Board, board
from plenum.targets.lines import Line, line_of, notes_on
from plenum.tree.queries import children, unit_view

SHOWN_LATE = 8
NAMED = 3
SHOWN_WAITING = 8


@dataclass(frozen=True)
class BoardLine:
    """A target on the board, with the course of its figure through the year."""

    line: Line
    spark: list[Point]


@require_safe
@signed_in
def board_page(request: AuthedRequest, code: str) -> HttpResponse:
    """How the year stands, in one sentence and then target by target; who is late; what waits for the reader."""
    unit = unit_for(request, code, READ)
    lens = request.lens
    period = lens.period or latest_year(unit.pk, lens.as_of)
    found = board(
        unit.pk,
        period,
        known_on=lens.known_on,
        tree=lens.tree_on,
        as_of=lens.as_of,
        today=lens.today,
        actor=request.actor,
    )
    lines = [line_of(row, period) for row in found.rows]
    below = children(unit.pk, lens.as_of)
    return render(
        request,
        "reports/board.html",
        {
            "unit": unit_view(unit, lens.as_of),
            "door": "board",
            "period": period,
            "board": found,
            "targets": _with_sparks(lines, found),
            "others": [line for line in lines if line.row.target is None],
            "notes": [
                note for note in notes_on(lines) if note.flag.tone == "warn" or note.flag.code in ATTRIBUTED
            ],
            "compared": compared_sentence(found.compared_on),
            "has_estimated": any(row.has_estimate for row in found.rows),
            "has_illustrative": any(row.illustrative for row in found.rows),
            "late": found.late[:SHOWN_LATE],
            "first_to_accept": found.to_accept[:NAMED],
            "own": found.own[:SHOWN_WAITING],
            "waiting": len(found.to_accept) + len(found.own) + found.reforms.count,
            "children": below,
            "seen": in_reach(request.actor, lens.today, [each.id for each in below]),
        },
    )


def _with_sparks(lines: list[Line], found: Board) -> list[BoardLine]:
    return [
        BoardLine(line, found.sparks.get(line.row.indicator.code, [])) for line in lines if line.row.target
    ]
