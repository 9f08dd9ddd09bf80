"""The words for kinds of units and for what the rules of the tree find against an act."""

from collections.abc import Iterable
from datetime import date

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from plenum.packs import pack
from plenum.packs.wording import day
from plenum.tree.rules import Finding, Problem


def kind_name(code: str) -> str:
    """The name of a kind in the reader's language; the code itself if the pack has none of that code."""
    kind = pack().kinds.get(code)
    return kind.name.in_(get_language() or "en") if kind else code


def plural_kind_name(code: str) -> str:
    """The name of several units of a kind; the code itself if the pack has none of that code."""
    kind = pack().kinds.get(code)
    return kind.plural.in_(get_language() or "en") if kind else code


def by_rank(kinds: Iterable[str]) -> list[str]:
    """Codes of kinds from the top down, as the pack ranks them; those that it has not come last."""
    known = list(pack().kinds)

    def rank(code: str) -> tuple[int, int, str]:
        kind = pack().kinds.get(code)
        return (kind.level, known.index(code), code) if kind else (10, len(known), code)

    return sorted(kinds, key=rank)


def words(finding: Finding) -> str:
    """One whole sentence about a finding, and what to do, in the reader's language."""
    values = {name: _shown(name, value) for name, value in finding.values.items()}
    if finding.problem is Problem.CHILDREN_ALIVE:
        text = ngettext(
            "%(count)s unit still stands below it: %(codes)s. Dissolve or move it first.",
            "%(count)s units still stand below it: %(codes)s. Dissolve or move them first.",
            int(str(finding.values["count"])),
        )
        return text % values
    if finding.problem is Problem.PARENT_NOT_ALIVE and "until" in values:
        return (
            _(
                "The unit %(code)s existed from %(from)s until before %(until)s. Choose one that exists all the time."
            )
            % values
        )
    return _sentence(finding.problem) % values


def _shown(name: str, value: object) -> str:
    if isinstance(value, date):
        return day(value, get_language() or "en")
    return kind_name(str(value)) if name in ("kind", "parent_kind") else str(value)


def _sentence(problem: Problem) -> str:
    return {
        Problem.CODE_NOT_PLAIN: _(
            "“%(code)s” is no code. Use small letters without accents, digits and single hyphens, at most %(most)s."
        ),
        Problem.CODE_TAKEN: _("The code %(code)s is taken. Choose another."),
        Problem.NAME_MISSING: _("Write a name."),
        Problem.NAME_TOO_LONG: _("Write at most %(most)s characters."),
        Problem.KIND_UNKNOWN: _("There is no kind “%(kind)s”. Choose one of the list."),
        Problem.KIND_NOT_IN_FORCE: _(
            "This kind does not exist on %(on)s: %(kind)s. Choose another kind or day."
        ),
        Problem.KIND_NEEDS_PARENT: _("A unit of this kind needs a superior unit: %(kind)s."),
        Problem.KIND_NOT_UNDER: _(
            "On %(on)s a unit of the kind “%(kind)s” may not stand under one of the kind “%(parent_kind)s” (%(code)s)."
        ),
        Problem.CHILD_KIND_NOT_UNDER: _(
            "The unit %(code)s, which stands below, may not stand under this kind: %(kind)s."
        ),
        Problem.ENDS_BEFORE_IT_STARTS: _("Choose a day after %(on)s."),
        Problem.BEFORE_FOUNDING: _("The unit exists from %(on)s. Choose a later day."),
        Problem.AFTER_END: _("The unit does not exist any more from %(on)s. Choose an earlier day."),
        Problem.ALREADY_ENDED: _("The unit is already dissolved from %(on)s. Take that back first."),
        Problem.UNCHANGED: _("This is already so since %(on)s."),
        Problem.CHANGED_THAT_DAY: _(
            "What holds now began on that very day, %(on)s. Choose a later day, or correct or take back that change."
        ),
        Problem.CHANGED_LATER: _(
            "The unit has a later change, on %(on)s. Choose a later day, or take it back."
        ),
        Problem.PARENT_NOT_ALIVE: _(
            "The unit %(code)s exists only from %(from)s. Choose one that exists by then."
        ),
        Problem.BELOW_ITSELF: _(
            "The unit %(code)s stands below this one in that time. Choose another superior unit."
        ),
        Problem.ROOT_EXISTS: _("Another unit has no superior in that time: %(code)s. Name a superior unit."),
        Problem.NOTHING_TO_TAKE_BACK: _("There is no such change to take back."),
        Problem.LINEAGE_OF_ONE: _("A unit cannot be its own predecessor: %(code)s."),
        Problem.LINEAGE_KNOWN: _("This predecessor is already recorded: %(code)s."),
        Problem.PREDECESSOR_TOO_YOUNG: _("The predecessor %(code)s exists only from %(on)s."),
        **_of_many(),
    }[problem]


def _of_many() -> dict[Problem, str]:
    """What only many changes at once can have against them."""
    return {
        Problem.UNIT_UNKNOWN: _("There is no unit with the code %(code)s. Choose one that exists."),
        Problem.SAID_TWICE: _("The unit %(code)s is changed twice in the same way. Leave one of them out."),
        Problem.ENDS_AND_CHANGES: _("The unit %(code)s ends on that day. Change nothing else of it."),
        Problem.ENDS_AND_IS_NAMED: _(
            "The unit %(code)s does not exist both before and after that day. Name another one."
        ),
        Problem.SHARE_NOT_POSSIBLE: _(
            "The unit %(code)s cannot have the share %(share)s. Give a fraction above 0 and up to 1, and by what"
            " it is divided."
        ),
        Problem.SHARES_NOT_WHOLE: _(
            "The shares of the unit %(code)s come to %(share)s. Together they must be the whole."
        ),
        Problem.IN_EFFECT: _(
            "These changes hold since %(on)s. What is in effect is not taken back: correct it by another reform."
        ),
        Problem.ENDED_BY_REFORM: _(
            "By a reform the unit goes on in another from %(on)s. Undo that reform before this day; after it, draft"
            " another one that corrects it."
        ),
        Problem.CHANGED_SINCE: _("The unit %(code)s has been changed since. Take that change back first."),
        Problem.STILL_NAMED: _(
            "The new unit %(code)s has already been used elsewhere. Take that back first."
        ),
        Problem.NAMED_BY_ROWS: _("A new unit has already been used elsewhere. Take that back first."),
    }
