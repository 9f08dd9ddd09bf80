"""Filters and tags for every template: numbers, days and words in the reader's language, the lens, drawings."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any

from django import template
from django.forms import BoundField, Form
from django.http import QueryDict
from django.template import Context
from django.utils.timezone import localtime
from django.utils.translation import get_language

from plenum.figures import wording as of_figures
from plenum.journal.wording import actor_name
from plenum.packs import wording
from plenum.periods import Period
from plenum.site import context as page_frame
from plenum.site import drawing
from plenum.site.tables.answering import FORMAT, FORMATS, TABLE
from plenum.targets import wording as of_targets

register = template.Library()

Figurelike = int | Fraction | Decimal | str | None


def _language() -> str:
    return wording.language(get_language())


# --- numbers, days, words ---------------------------------------------------------------------------------------


@register.filter
def number(value: Figurelike) -> str:
    """A count with the separators of the reader's language; a dash when nothing is known."""
    exact = _exact(value)
    return wording.MISSING if exact is None else wording.number(exact, _language())


@register.filter
def signed(value: Figurelike) -> str:
    """A difference with its sign: +186, −11, 0."""
    exact = _exact(value)
    return wording.MISSING if exact is None else wording.number(exact, _language(), signed=True)


@register.filter
def percent(value: Fraction | Decimal | int | str | None) -> str:
    """A percentage; a string or Decimal is per cent already, a Fraction is a ratio."""
    return wording.MISSING if value is None or value == "" else wording.percent(value, _language())


@register.filter
def points(value: Fraction | Decimal | int | str | None) -> str:
    """A difference of percentages in words, with its sign; types as in `percent`."""
    return wording.MISSING if value is None or value == "" else wording.points(value, _language())


@register.filter
def verdict_word(code: str | None) -> str:
    """The word for a verdict."""
    return of_targets.verdict_word(code)


@register.filter
def points_short(value: Fraction | Decimal | int | str | None) -> str:
    """`points` with the unit abbreviated, for tables."""
    return wording.MISSING if value is None or value == "" else wording.points(value, _language(), short=True)


@register.filter
def day(value: date | None) -> str:
    """A day in figures; a moment is shown as its day here."""
    return wording.MISSING if value is None else wording.day(_date(value), _language())


@register.filter
def day_long(value: date | None) -> str:
    """A day with the name of its month, for sentences."""
    return wording.MISSING if value is None else wording.day_long(_date(value), _language())


@register.filter
def words(value: Any) -> str:
    """The `Words` of a pack in the reader's language; other things as their text."""
    return str(value.in_(_language())) if hasattr(value, "in_") else "" if value is None else str(value)


@register.filter
def period(value: Period | str) -> str:
    """The name of a period, given as such or by its code."""
    return wording.period_name(_period(value), _language())


@register.filter
def period_title(value: Period | str) -> str:
    """The name of a period with a capital first letter."""
    return wording.period_title(_period(value), _language())


@register.filter
def period_short(value: Period | str) -> str:
    """The name of a period within its year."""
    return wording.period_short(_period(value), _language())


def _exact(value: Figurelike) -> int | Fraction | Decimal | None:
    if value is None or value == "":
        return None
    return Decimal(value) if isinstance(value, str) else value


def _date(value: date) -> date:
    return localtime(value).date() if isinstance(value, datetime) else value


def _period(value: Period | str) -> Period:
    return Period.parse(value) if isinstance(value, str) else value


# --- the frame of a page ----------------------------------------------------------------------------------------


@register.simple_tag(takes_context=True)
def lens_query(context: Context, **changes: Any) -> str:
    """The query string, with its question mark, that keeps the reader's lens; empty when there is nothing to keep."""
    lens = getattr(context.get("request"), "lens", None)
    query = lens.query(**changes) if lens is not None else ""
    return f"?{query}" if query else ""


@register.simple_tag(takes_context=True)
def view_sentence(context: Context) -> str:
    """Which view of the figures the page shows, in a sentence; empty when it is the plain one."""
    lens = getattr(context.get("request"), "lens", None)
    return of_figures.view_sentence(lens.known_on, lens.tree_on) if lens is not None else ""


@register.simple_tag
def withheld_sentence() -> str:
    """Why a figure is not told on the tree of another day."""
    return of_figures.withheld_sentence()


@register.simple_tag(takes_context=True)
def trail(context: Context) -> Sequence[Any]:
    """The units above the page's unit that the reader may see, from the top."""
    if "trail" in context:
        return list(context["trail"])
    return page_frame.trail(context.get("request"), context.get("unit"))


@register.simple_tag(takes_context=True)
def doors(context: Context) -> list[page_frame.Door]:
    """The doors of the page's unit that the reader may open."""
    if "doors" in context:
        return list(context["doors"])
    return page_frame.doors(context.get("request"), context.get("unit"), str(context.get("door", "")))


@register.simple_tag(takes_context=True)
def kept_parameters(context: Context, *without: str) -> list[tuple[str, str]]:
    """The parameters of this address except some: what a small form in the page must carry along."""
    request = context.get("request")
    if request is None:
        return []
    return [
        (name, value) for name in request.GET for value in request.GET.getlist(name) if name not in without
    ]


@register.simple_tag(takes_context=True)
def period_choices(context: Context, chosen: Period | str, base: str = "") -> page_frame.PeriodChoices:
    """The periods around the chosen one, each with its address."""
    return page_frame.period_choices(context.get("request"), _period(chosen), base)


@register.simple_tag(takes_context=True)
def page_address(context: Context, number_of_page: int) -> str:
    """This address with another page of the list."""
    request = context.get("request")
    query = request.GET.copy() if request is not None else QueryDict(mutable=True)
    query["page"] = str(number_of_page)
    return f"?{query.urlencode()}"


@register.simple_tag(takes_context=True)
def table_files(context: Context, name: str) -> list[tuple[str, str]]:
    """The files that a table of this page can be had as, each with its address; none on the answer to a form."""
    request = context.get("request")
    if request is None or not name or request.method not in ("GET", "HEAD"):
        return []
    query = request.GET.copy()
    query.pop("page", None)
    query[TABLE] = name
    found = []
    for kind in FORMATS:
        query[FORMAT] = kind
        found.append((kind.upper(), f"?{query.urlencode()}"))
    return found


# --- drawings ---------------------------------------------------------------------------------------------------


@register.simple_tag
def draw_bar(percent: Any, low: Any = None, high: Any = None) -> drawing.Bar:
    """The geometry of a bar; values are per cent of the target, in any exact type or as a decimal string."""
    return drawing.bar(_plain(percent), _plain(low), _plain(high))


@register.simple_tag
def draw_spark(values: Iterable[Any]) -> drawing.Spark | None:
    """The geometry of a spark through numbers, figures or points."""
    return drawing.spark([_value_of(value) for value in values or ()])


@register.simple_tag
def draw_chart(points: Iterable[Any], previous: Any, target: Any, behaviour: str) -> dict[str, Any]:
    """The geometry of a chart and the words along its axes."""
    current = list(points or ())
    values = [_value_of(point) for point in current]
    last_year = {_place_in_year(point): _value_of(point) for point in previous or ()}
    before = [last_year.get(_place_in_year(point)) for point in current] if last_year else []
    ratios = any(isinstance(value, Fraction) for value in (*values, *before))
    wanted = _plain(target)
    if ratios and wanted is not None and not isinstance(wanted, Fraction):
        wanted = Fraction(wanted) / 100
    drawn = drawing.chart(
        values,
        illustrative=[bool(getattr(_figure_of(point), "illustrative", False)) for point in current],
        previous=before,
        target=wanted,
        columns=behaviour != "stock" and not ratios,
        whole=not ratios,
    )
    show = (lambda value: wording.percent(_tidy(value), _language())) if ratios else number
    columns = [
        {"mark": mark, "label": _label(point), "name": period(_period_of(point)), "value": _shown(mark.value)}
        for mark, point in zip(drawn.marks, current, strict=True)
    ]
    return {
        "drawn": drawn,
        "columns": columns,
        "ticks": [{"y": tick.y, "label": show(tick.value)} for tick in drawn.ticks],
        "as_columns": behaviour != "stock" and not ratios,
        "illustrative": any(mark.illustrative for mark in drawn.marks),
    }


def _tidy(ratio: Fraction) -> Decimal:
    """A ratio as per cent without needless decimals, for an axis."""
    shown = wording.half_up(ratio * 100)
    return shown.quantize(Decimal(1)) if shown == shown.to_integral_value() else shown.normalize()


def _plain(value: Any) -> int | Fraction | Decimal | None:
    if value is None or value == "":
        return None
    if isinstance(value, str):
        try:
            return Decimal(value)
        except InvalidOperation:
            return None
    return Fraction(value) if isinstance(value, float) else value


def _figure_of(point: Any) -> Any:
    return getattr(point, "figure", point[1] if isinstance(point, (tuple, list)) else point)


def _value_of(point: Any) -> int | Fraction | Decimal | None:
    figure = _figure_of(point)
    indicator = getattr(figure, "indicator", None)
    if indicator is not None:
        return figure.ratio if indicator.is_ratio else figure.value  # type: ignore[no-any-return]
    return _plain(figure)


def _period_of(point: Any) -> Period:
    return _period(point[0] if isinstance(point, (tuple, list)) else point.period)


def _place_in_year(point: Any) -> tuple[int, int]:
    """What makes a month of last year the same month: a whole year's figure is not drawn over single months."""
    of = _period_of(point)
    return (of.length, of.index)


def _label(point: Any) -> str:
    of = _period_of(point)
    return (
        wording.month_short(of.index, _language())
        if of.length == 1
        else wording.period_short(of, _language())
    )


def _shown(value: int | Fraction | Decimal | None) -> str:
    return percent(value) if isinstance(value, Fraction) else number(value)


@register.simple_tag
def figure_text(figure: Any = None, value: Any = None) -> str:
    """A figure as text: a count, or a ratio as a percentage; empty when nothing is known."""
    known = _value_of(figure) if figure not in (None, "") else _plain(value)
    return "" if known is None else _shown(known)


@register.filter
def actor(label: Any) -> str:
    """Who acted, by the label in the journal: a person by name, the system in the reader's language."""
    return actor_name(str(label))


@register.filter
def worth_a_sign(flags: Any) -> bool:
    """Whether a number needs a flag beside it: a mere note, such as of an illustrative value, has its own mark."""
    firsts = [flag[0] if isinstance(flag, tuple) else flag for flag in flags or ()]
    return any(getattr(flag, "tone", "warn") != "note" for flag in firsts)


# --- forms ------------------------------------------------------------------------------------------------------


@register.filter
def is_kind(field: BoundField, kind: str) -> bool:
    """Whether the control of a field is of a kind: `checkbox`, `group` (radio buttons or checkboxes)."""
    widget = field.field.widget
    if kind == "group":
        return bool(widget.use_fieldset)
    return getattr(widget, "input_type", "") == kind and not widget.use_fieldset


@register.simple_tag
def fields_in_error(form: Form) -> list[BoundField]:
    """The fields of a form that have errors, in their order on the page."""
    return [field for field in form if field.errors]
