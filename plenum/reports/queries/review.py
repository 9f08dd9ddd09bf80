"""The content of a review report, drawn from the record: targets, figures, returns, documents, the officer's texts."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction

from plenum.directives.models import Document
from plenum.directives.queries import DocumentView, views
from plenum.figures.queries import Due, Figure, Shares, Stands, due, series, shares
from plenum.packs import Behaviour, Indicator, Words, pack
from plenum.packs.wording import half_up
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
from plenum.reports.models import Review, ReviewText
from plenum.reports.rules import next_period
from plenum.targets import queries as targets
from plenum.targets.queries import Flag, Row, Standing, Sum, TargetView, standing
from plenum.tree.fields import as_range
from plenum.tree.models import Ancestry
from plenum.tree.queries import UnitView, stands_on, unit_view

MOST_COLUMNS = 3
"""The table of units compares at most so many indicators: a printed page has no room for more."""


def review(
    unit_id: int, period: Period, *, known_on: date | None = None, tree: date | None = None, today: date
) -> ReviewContent:
    """Everything that the review report of a unit for a period says, without a sentence.

    The tree is that of the last day of the period (of `today` while it runs). `known_on`: figures, targets and returns
    as known when that day ended. `tree`: figures restated on the tree of that day; what is owed and who has reported
    stays that of the period. The number of queries does not grow with units, targets, returns or texts.
    """
    stands = standing(unit_id, period, known_on=known_on, tree=tree, today=today)
    last_year_until = _compared_until(stands)
    tree_of = min(period.last_day, today)
    dues = _dues(unit_id, tree_of, period, known_on or today)
    columns, sub_units = _sub_units(unit_id, stands, period, dues, known_on, tree)
    silent = [of_unit for of_unit in dues.by_unit.values() if all(each.outstanding for each in of_unit)]
    silent_ids = {of_unit[0].unit.id for of_unit in silent}
    written = Review.objects.filter(unit=unit_id, period_code=period.code).first()
    return ReviewContent(
        unit_code=dues.unit.code,
        period=period,
        next_period=next_period(period),
        is_over=period.last_day <= today,
        heading=_heading(dues.unit, tree_of, written, today),
        view=View(today, known_on, tree_of, tree, stands.withheld),
        basis=_basis(stands, tree_of),
        results=tuple(_result(row, period, last_year_until) for row in stands.rows),
        course=_course(unit_id, stands, period, known_on, tree),
        main_indicators=tuple((indicator.code, indicator.short) for indicator in columns),
        sub_units=sub_units,
        due=len(dues.every),
        received=sum(1 for each in dues.every if not each.outstanding),
        late=tuple(_late(each) for each in dues.every if each.days_late and each.unit.id not in silent_ids),
        silent=tuple(Silent(of_unit[0].unit.code, of_unit[0].unit.name) for of_unit in silent),
        texts=_texts(written),
        edition=written.edition if written else 0,
        last_year_until=last_year_until,
        compared_on=stands.compared_on,
    )


# --- targets and figures ----------------------------------------------------------------------------------------


def _compared_until(stands: Standing) -> date | None:
    """The last day of last year that is compared with, unless that is the whole period or nothing at all."""
    if stands.elapsed in (0, stands.period.length):
        return None
    return stands.period.same_last_year().months[stands.elapsed - 1].last_day


def _result(row: Row, period: Period, last_year_until: date | None) -> Result:
    indicator, change = row.indicator, row.change
    projection = row.verdict.projection if row.verdict else None
    return Result(
        indicator=indicator.code,
        name=indicator.name,
        measure=indicator.measure,
        is_ratio=indicator.is_ratio,
        better=str(indicator.better),
        amount=_amount(row.figure, illustrative=row.value_illustrative),
        target=_target(row.target, period) if row.target else None,
        percent=row.percent,
        verdict=str(row.verdict.code) if row.verdict else None,
        outlook=Outlook(*(half_up(pace) for pace in (projection.low, projection.middle, projection.high)))
        if projection
        else None,
        so_far=_amount(row.so_far) if row.so_far is not None else None,
        last_year=_amount(row.last_year),
        same_units=_amount(row.same_units) if row.same_units is not None else None,
        changes=(
            *_change(change.since_start_of_year, "start_of_year"),
            *_change(change.same_period_last_year, "last_year", last_year_until),
        ),
        parts=tuple(
            Part(part.code, part.name, part.value, row.figure.illustrative) for part in row.figure.parts
        ),
        contradictions=tuple(_contradiction(flag) for flag in row.flags if flag.stated is not None),
        carried_from=row.figure.carried_from,
    )


def _change(found: targets.Change | None, since: str, until: date | None = None) -> tuple[Change, ...]:
    if found is None:
        return ()
    return (Change(_difference(found.amount), "points" if found.is_points else "count", since, until),)


def _amount(figure: Figure | Sum, *, illustrative: bool | None = None) -> Amount:
    return Amount(
        figure.value,
        figure.numerator,
        figure.denominator,
        illustrative=figure.illustrative if illustrative is None else illustrative,
        estimated=figure.estimated,
        withheld=figure.withheld if isinstance(figure, Figure) else False,
    )


def _target(target: TargetView, period: Period) -> TargetFact:
    return TargetFact(
        comparison=str(target.comparison),
        amount=target.amount,
        period=target.period if target.period != period else None,
        given_to=target.given_to,
        given_to_post=target.given_to_post,
        illustrative=target.illustrative,
    )


def _contradiction(flag: Flag) -> Contradiction:
    said = flag.params
    return Contradiction(
        what=str(said["what"]),
        stated=Decimal(flag.stated or "0"),
        stated_unit=str(said["stated_unit"]),
        exact=Decimal(flag.exact) if flag.exact is not None else None,
        exact_unit=str(said["exact_unit"]),
        source=str(said.get("source") or ""),
        value=_difference(said["value"]) if "value" in said else None,
    )


def _difference(amount: Fraction) -> Decimal:
    return Decimal(amount.numerator) if amount.denominator == 1 else half_up(amount)


def _course(
    unit_id: int, stands: Standing, period: Period, known_on: date | None, tree: date | None
) -> Course | None:
    """The first flow that was counted, with those that have a target first."""
    rows = [
        row
        for row in stands.rows
        if row.indicator.behaviour is Behaviour.FLOW and not row.indicator.is_ratio and row.figure.is_known
    ]
    if not rows:
        return None
    indicator = min(rows, key=lambda row: (row.target is None, row.indicator.order)).indicator
    points = [
        point
        for point in series(unit_id, indicator, period.year, known_on=known_on, tree=tree)
        if period.covers(point.period)
    ]
    return Course(
        indicator.code,
        indicator.name,
        tuple(CoursePoint(point.period, point.figure.value) for point in points),
        illustrative=any(point.figure.illustrative for point in points),
    )


# --- units below and their returns ------------------------------------------------------------------------------


class _Dues:
    """The returns that a unit and those below it owe, together and by the unit directly below."""

    def __init__(self, unit: UnitView, every: Sequence[Due], child_of: dict[int, int]) -> None:
        self.unit = unit
        self.every = every
        self.by_unit: dict[int, list[Due]] = defaultdict(list)
        self.by_child: dict[int, list[Due]] = defaultdict(list)
        for each in every:
            self.by_unit[each.unit.id].append(each)
            if each.unit.id in child_of:
                self.by_child[child_of[each.unit.id]].append(each)


def _dues(unit_id: int, tree_of: date, period: Period, on: date) -> _Dues:
    """What is owed where the tree has the units on a day, and by those that have ended within the period."""
    within = as_range(period.span)
    stood = Ancestry.objects.filter(stands_on(tree_of), descendant__lifetime__overlap=within)
    directly_below = stood.filter(ancestor=unit_id, depth=1).values("descendant_id")
    rows = stood.filter(ancestor__in=directly_below)
    child_of = {descendant: child for child, descendant in rows.values_list("ancestor_id", "descendant_id")}
    every = due([unit_id, *child_of], on, period=period)
    return _Dues(unit_view(unit_id, tree_of), every, child_of)


def _sub_units(
    unit_id: int,
    stands: Standing,
    period: Period,
    dues: _Dues,
    known_on: date | None,
    tree: date | None,
) -> tuple[list[Indicator], tuple[SubUnit, ...]]:
    """The indicators that compare the units directly below, and these units; only what somebody below reported.

    Then the units that have left within the period and what the unit reported itself, so that every column adds up.
    """
    rows = [row for row in stands.rows if not row.indicator.from_register]
    rows.sort(key=lambda row: (row.target is None, row.indicator.order))
    watched = [row.indicator for row in rows]
    found = shares(unit_id, period, watched, known_on=known_on, tree=tree)
    columns = [
        indicator for indicator in watched if any(each.figures[indicator.code].is_known for each in found)
    ][:MOST_COLUMNS]
    return columns, tuple(
        _sub_unit(each, columns, dues.by_child[each.unit.id])
        for each in found
        if each.stands is Stands.BELOW or any(each.figures[indicator.code].is_known for indicator in columns)
    )


def _sub_unit(share: Shares, columns: Iterable[Indicator], dues: Sequence[Due]) -> SubUnit:
    return SubUnit(
        code=share.unit.code,
        name=share.unit.name,
        amounts=tuple(_amount(share.figures[indicator.code]) for indicator in columns),
        stands=share.stands.value,
        due=len(dues),
        received=sum(1 for each in dues if not each.outstanding),
        late=sum(1 for each in dues if each.days_late),
    )


def _late(each: Due) -> LateReturn:
    return LateReturn(
        each.unit.code, each.unit.name, each.form.name, each.period, each.due_on, each.days_late
    )


# --- documents, heading, texts ----------------------------------------------------------------------------------


def _basis(stands: Standing, tree_of: date) -> tuple[Basis, ...]:
    """The documents on which the targets rest, the oldest first."""
    ids = {row.target.basis_id for row in stands.rows if row.target is not None and row.target.basis_id}
    documents = views(Document.objects.filter(pk__in=ids, date__lte=tree_of).order_by("date", "id"))
    return tuple(_document(document) for document in documents)


def _document(document: DocumentView) -> Basis:
    plain = Words(vi=document.kind, en=document.kind, ru=document.kind, cs=document.kind)
    return Basis(
        kind=document.kind_name or plain,
        symbol=document.name,
        issuer=document.issuer,
        day=document.date,
        year_only=document.year_only,
        title=document.title,
        illustrative=document.illustrative,
    )


def _heading(unit: UnitView, tree_of: date, written: Review | None, today: date) -> Heading:
    kinds = pack().kinds
    form = kinds[unit.kind].report
    parent = unit_view(unit.parent_id, tree_of) if unit.parent_id is not None else None
    is_under_a_superior = parent is not None and not kinds[parent.kind].root
    seat = parent if parent is not None and kinds[unit.kind].grassroots else unit
    number = written.number if written else ""
    return Heading(
        superior=parent.name if parent is not None and is_under_a_superior else "",
        unit=unit.name,
        organisation=pack().organisation,
        subject=pack().subject,
        body=form.body,
        symbol=number if "/" in number else f"{number or '…'}-{form.symbol}",
        place=(written.place if written else "") or (seat.short if seat.short != seat.name else ""),
        day=(written.dated if written else None) or today,
        signer_post=(written.signer_post if written else "") or form.signer,
        signer_name=written.signer_name if written else "",
        recipients=tuple(written.recipients.splitlines())
        if written and written.recipients
        else form.recipients,
    )


def _texts(written: Review | None) -> dict[str, tuple[FreeText, ...]]:
    texts: dict[str, list[FreeText]] = defaultdict(list)
    for text in ReviewText.objects.filter(review=written) if written is not None else ():
        texts[text.section].append(FreeText(text.section, text.language, text.text, text.illustrative))
    return {section: tuple(found) for section, found in texts.items()}
