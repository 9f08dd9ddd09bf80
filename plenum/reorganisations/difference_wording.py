"""The words for what would be otherwise after a reform: what is sure, what is estimated, what is not known."""

from collections.abc import Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from plenum.organisation.wording import kind_name
from plenum.packs import naming, pack, wording
from plenum.reorganisations.powers import FATES
from plenum.reorganisations.queries.seen import Seen

if TYPE_CHECKING:
    from plenum.reorganisations.difference_rows import ReformDifferenceRow

MOST_LINES = 50
"""So many rows of each table are written out as text; JSON and the tables have all of them."""


def fate_in_words(fate: str) -> str:
    """What becomes of a unit."""
    return str(FATES.get(fate, fate))


def account_in_words(row: Mapping[str, Any], to: str) -> str:
    """What becomes of what a grant opens; `to` is the name of the unit where it goes on, empty for none."""
    values = {"unit": row["name"], "to": to, "above": row["moves_to"], "before": row["moves_from"] or "–"}
    if to:
        return _("Goes on at %(to)s and keeps the past of %(unit)s.") % values
    if row["fate"] in ("merged", "split", "dissolved"):
        return _("Keeps the past of %(unit)s and will see nothing new.") % values
    if row["moves_to"]:
        return (
            _(
                "Moves with %(unit)s from %(before)s to %(above)s: whoever has power over what stands below %(above)s"
                " reaches it from then on."
            )
            % values
        )
    return _("Stays with %(unit)s.") % values


def size_in_words(row: Mapping[str, Any]) -> str:
    """Why a unit is too small or too large for its kind."""
    lang = _lang()
    values = {
        "kind": kind_name(row["kind"]),
        "fewest": _count(row["fewest"], lang),
        "most": _count(row["most"], lang),
    }
    if row["few"]:
        return _("Smaller than a unit of the kind “%(kind)s” is: at least %(fewest)s.") % values
    return _("Larger than a unit of the kind “%(kind)s” is: at most %(most)s.") % values


def difference_lines(row: "ReformDifferenceRow") -> list[str]:
    """The difference as lines of text: what is said, and the first rows of each table."""
    lang = _lang()
    lines = [*row["said"]]
    for unit in row["units"][:MOST_LINES]:
        before, after = unit["before"], unit["after"]
        heirs = "; ".join(f"{heir['share']} {heir['name']}" for heir in unit["heirs"])
        shown = after["name"] if after else heirs or "–"
        lines.append(f"  {before['name'] if before else '–'}  →  {fate_in_words(unit['fate'])}  →  {shown}")
    for figure in row["figures"][:MOST_LINES]:
        mark = "≈ " if figure["estimated"] else ""
        name = naming.indicator(figure["indicator"], lang)
        lines.append(
            f"  {figure['name']}: {name}: {_plain(figure['before'])} → {mark}{_plain(figure['after'])}"
        )
    for account in row["accounts"][:MOST_LINES]:
        reach = f"{account['reaches']} → {account['will_reach']}"
        lines.append(
            f"  {account['account']} ({account['role']}, {account['name']}): {reach}. {account['text']}"
        )
    lines += [f"  {size['name']}: {size['size']}. {size['text']}" for size in row["sizes"][:MOST_LINES]]
    return lines


def _plain(value: int | str | None) -> str:
    """A count, or what is a percentage already."""
    lang = _lang()
    if value is None:
        return "–"
    return wording.percent(value, lang) if isinstance(value, str) else wording.number(value, lang)


def said_of_units(seen: Seen) -> list[str]:
    """What is bounded in the list of units."""
    said = []
    if seen.units_count > len(seen.units):
        text = _("%(count)s units change; the first %(shown)s are listed here.")
        said.append(text % _numbers(count=seen.units_count, shown=len(seen.units)))
    if seen.followers:
        text = ngettext(
            "%(count)s more unit only goes along with its superior unit.",
            "%(count)s more units only go along with their superior unit.",
            seen.followers,
        )
        said.append(text % _numbers(count=seen.followers))
    return said


def said_of_figures(seen: Seen) -> list[str]:
    """On what the figures rest, whether totals stay, what is estimated, and what cannot be known."""
    figures = seen.figures
    if figures is None:
        return [_("Figures are compared when nothing has to be put right in the plan.")]
    lang = _lang()
    said = [
        _("The figures are those of %(period)s: as they count now, and as they would count after the reform.")
        % {"period": naming.period(figures["period"], lang)}
    ]
    if figures["units"] and figures["not_conserved"] is not None:
        owner = figures["units"][0]["name"]
        if figures["not_conserved"]:
            names = naming.slots(lang)
            listed = ", ".join(names.get(slot, slot) for slot in figures["not_conserved"])
            said.append(
                _("These totals of %(unit)s would be others: %(names)s.") % {"unit": owner, "names": listed}
            )
        else:
            said.append(
                _("Every total of %(unit)s stays the same: nothing is lost and nothing counted twice.")
                % {"unit": owner}
            )
    said.append(_("Ratios are worked out again from the new numerator and denominator."))
    if any(unit["estimated"] for unit in figures["units"]):
        said.append(
            _("≈ is estimated: what a divided unit has reported itself is divided by the shares of the plan.")
        )
    said.append(
        _(
            "Members are counted once for each unit that reports them. Whether two units have counted the same person"
            " cannot be known from figures, neither before nor after."
        )
    )
    said += _bounded(figures["count"] - seen.figures_hidden, len(figures["units"]))
    if seen.figures_hidden:
        text = ngettext(
            "The figures of %(count)s unit are not shown, because you do not reach everything in them.",
            "The figures of %(count)s units are not shown, because you do not reach everything in them.",
            seen.figures_hidden,
        )
        said.append(text % _numbers(count=seen.figures_hidden))
    return said


def said_of_accounts(seen: Seen) -> list[str]:
    """What of the accounts is not shown."""
    if not seen.accounts_hidden:
        return []
    text = ngettext(
        "%(count)s account is not shown, because you do not reach its unit.",
        "%(count)s accounts are not shown, because you do not reach their units.",
        seen.accounts_hidden,
    )
    return [text % _numbers(count=seen.accounts_hidden)]


def said_of_payroll(seen: Seen) -> list[str]:
    """The target, what the posts come to, whether it is met, and what is not known."""
    payroll = seen.payroll
    if payroll is None:
        return []
    lang = _lang()
    said = [
        _("Target: %(change)s by the end of %(year)s, counted by “%(indicator)s” (%(period)s).")
        % {
            "change": _percent(payroll["target"], lang),
            "year": payroll["year"],
            "indicator": naming.indicator(payroll["indicator"], lang),
            "period": naming.period(payroll["period"], lang),
        }
    ]
    if payroll["change"] is not None:
        said.append(
            _("Heads now: %(heads)s. Posts after the reform: %(posts)s. Change: %(change)s.")
            % {
                "heads": _count(payroll["heads"], lang),
                "posts": _count(payroll["posts"], lang),
                "change": _percent(payroll["change"], lang),
            }
        )
    if payroll["met"]:
        said.append(_("The target is met."))
    elif payroll["met"] is None:
        said.append(_("Whether the target is met cannot be said while figures are missing."))
    else:
        points = wording.points(wording.two_decimals(Fraction(payroll["points_from_target"])), lang)
        said.append(_("The target is missed: %(points)s.") % {"points": points})
    if payroll["without_figure"]:
        codes = ", ".join(payroll["without_figure"][:20])
        said.append(
            _("Nobody has reported the heads of these units (%(count)s): %(codes)s. They are in no sum.")
            % {"count": _count(len(payroll["without_figure"]), lang), "codes": codes}
        )
    if payroll["without_posts_count"]:
        codes = ", ".join(each["code"] for each in payroll["without_posts"][:20])
        said.append(
            _("The plan gives no posts to these changed units (%(count)s): %(codes)s.")
            % {"count": _count(payroll["without_posts_count"], lang), "codes": codes}
        )
    return said


def said_of_sizes(seen: Seen) -> list[str]:
    """How many units were judged by which rules, and which could not be."""
    sizes = seen.sizes
    if sizes is None:
        return [
            _("You do not reach everything below the owner of the plan, so sizes and posts are not shown.")
        ] * (seen.withheld)
    lang = _lang()
    said = [
        _("Judged by their size in %(period)s: %(judged)s; too small or too large: %(out)s.")
        % {
            "period": naming.period(sizes["period"], lang),
            "judged": _count(sizes["judged"], lang),
            "out": _count(sizes["count"], lang),
        }
    ]
    if sizes["unknown"]:
        said.append(
            _("Their size is not known, because nobody has reported it: %(kinds)s.")
            % _kinds(sizes["unknown"])
        )
    if sizes["without_limits"]:
        said.append(
            _("The rules say nothing about the size of these: %(kinds)s.") % _kinds(sizes["without_limits"])
        )
    kinds = dict.fromkeys(row["kind"] for row in sizes["rows"])
    rules = {rule.code: rule for rule in pack().rules}
    explained = [rule.explanation.in_(lang) for kind in kinds if (rule := rules.get(f"sizes.{kind}"))]
    return [*said, *dict.fromkeys(explained)]


def _kinds(counts: Mapping[str, int]) -> dict[str, str]:
    lang = _lang()
    return {
        "kinds": ", ".join(f"{kind_name(kind)} ({_count(count, lang)})" for kind, count in counts.items())
    }


def _bounded(count: int, shown: int) -> list[str]:
    if count <= shown:
        return []
    text = _("The figures of %(count)s units change; those of the first %(shown)s are listed here.")
    return [text % _numbers(count=count, shown=shown)]


def _numbers(**values: int) -> dict[str, str]:
    return {name: wording.number(value, _lang()) for name, value in values.items()}


def _count(value: str | int | None, lang: str) -> str:
    """A count as people read it; an estimate rounded to a whole number."""
    return "–" if value is None else wording.number(int(wording.half_up(Fraction(value), 0)), lang)


def _percent(value: str, lang: str) -> str:
    """A change in percent, with its sign."""
    exact = Fraction(value)
    shown = wording.half_up(exact, 0) if exact.denominator == 1 else wording.half_up(exact)
    return wording.percent(shown, lang, signed=True)


def _lang() -> str:
    return wording.language(get_language())
