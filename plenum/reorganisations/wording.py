"""The words for what is found about a plan, for steps, and for what can be decided."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from plenum.organisation.wording import kind_name, words
from plenum.packs import naming, wording
from plenum.reorganisations.powers import ANSWER
from plenum.reorganisations.rules import (
    ChangeKind,
    Dissolve,
    EndLevel,
    Fault,
    Finding,
    Flaw,
    Found,
    Merge,
    Move,
    NewUnit,
    Plan,
    Problem,
    Rename,
    Split,
    Stage,
    Step,
    Successor,
    Tell,
    Unreadable,
)
from plenum.tree.dispositions import FINISH, LEAVE, TO
from plenum.tree.rules import Finding as Refusal
from plenum.tree.rules import Problem as Refused


def fault_in_words(fault: Fault) -> str:
    """One whole sentence about something that cannot be read in a plan: where it is, and what to write instead."""
    values = {"field": fault.field, "step": fault.step or "", "line": fault.line or ""}
    if fault.line:
        where = _("Line %(line)s (step %(step)s), %(field)s:")
    elif fault.step:
        where = _("Step %(step)s, %(field)s:")
    else:
        where = _("%(field)s:")
    return f"{where % values} {flaw_in_words(fault)}"


def flaw_in_words(fault: Fault) -> str:
    """What is wrong and what to write instead, without where it is."""
    text = {
        Flaw.NO_FILE_OF_THIS_SORT: _(
            "This is no plan of a reform as TOML or XLSX (%(why)s). Choose another file."
        ),
        Flaw.NO_SHEET: _(
            "The workbook has no sheet “%(sheet)s”. Download a plan as XLSX to see which sheets and columns it has."
        ),
        Flaw.MISSING: _("Fill this in."),
        Flaw.UNKNOWN_FIELD: _("There is no such field here. Use: %(known)s."),
        Flaw.NO_TEXT: _("Write a text."),
        Flaw.NO_DAY: _("“%(value)s” is no day. Write it as 2025-07-01."),
        Flaw.NO_SHARE: _("“%(value)s” is no share. Write a fraction above 0 and up to 1, such as 1/3."),
        Flaw.NO_LIST: _("Write a list."),
        Flaw.NO_TABLE: _("Describe it with its fields, not as a plain value."),
        Flaw.NOT_ONE_OF: _("“%(value)s” is not possible here. Use one of: %(choices)s."),
        Flaw.TOO_LONG: _("This is too long. Write at most %(most)s."),
        Flaw.SHARES_NOT_WHOLE: _("The shares come to %(total)s. Together they must be 1."),
        Flaw.NO_PERCENT: _(
            "“%(value)s” is no change in percent. Write a number such as -5, without a sign for percent."
        ),
        Flaw.NO_YEAR: _("“%(value)s” is no year. Write one from %(least)s to %(most)s."),
        Flaw.NO_COUNT: _(
            "“%(value)s” is no number of posts. Write a whole number from %(least)s to %(most)s."
        ),
    }[fault.flaw]
    return text % fault.values


def faults_in_words(error: Unreadable) -> list[str]:
    """Everything that is wrong with a plan that cannot be read."""
    return [fault_in_words(fault) for fault in error.faults]


def finding_in_words(finding: Finding, names: Mapping[str, str] | None = None) -> str:
    """One whole sentence about a finding, and what to do. `names`: what units are called, by their codes."""
    values = {name: _shown(name, value) for name, value in finding.values.items()}
    called = (names or {}).get(finding.unit)
    values["unit"] = f"{called} ({finding.unit})" if called else finding.unit
    if finding.problem is Problem.REFUSED:
        return f"{values['unit']}: {refusal_in_words(finding)}"
    return _sentence(finding.problem) % values


def refusal_in_words(finding: Finding) -> str:
    """What the tree refuses, as an act on a unit says it."""
    said = {name: value for name, value in finding.values.items() if name not in ("why", "field")}
    return words(Refusal(Refused(str(finding.values["why"])), str(finding.values["field"]), said))


def objects_hidden_in_words(count: int) -> str:
    """That objects are not shown because their units are not reached."""
    text = ngettext(
        "%(n)s object of a unit that you do not reach is not shown.",
        "%(n)s objects of units that you do not reach are not shown.",
        count,
    )
    return text % {"n": wording.number(count, wording.language(get_language()))}


def counted_in_words(rows: Iterable[tuple[str, int]]) -> str:
    """Sorts of rows with how many there are of each."""
    lang = wording.language(get_language())
    return "; ".join(f"{title} ({wording.number(count, lang)})" for title, count in rows)


def nobody_may_approve() -> str:
    """That nobody at a unit may approve a reform, and what to do."""
    text = _(
        "Nobody there may approve: no open account has the power “%(power)s” at this unit. Whoever gives grants"
        " there or above it gives somebody a role with this power; otherwise leave out what concerns the unit."
    )
    return text % {"power": ANSWER.label}


def choice_in_words(choice: str, names: Mapping[str, str]) -> str:
    """What a choice about an object means; `names` are what units are called, by their codes."""
    if choice.startswith(TO):
        code = choice.removeprefix(TO)
        return _("Goes to %(unit)s") % {"unit": names.get(code, code)}
    return {
        LEAVE: _("Stays as history; nothing follows"),
        FINISH: _("Its people finish it"),
    }[choice]


def _shown(name: str, value: object) -> str:
    if isinstance(value, date):
        return wording.day(value, wording.language(get_language()))
    if name == "forms":
        lang = wording.language(get_language())
        return "; ".join(naming.form(code, lang) for code in str(value).split(", "))
    return kind_name(str(value)) if name in ("kind", "parent_kind") else str(value)


def _sentence(problem: Problem) -> str:
    return {
        Problem.UNIT_UNKNOWN: _("There is no unit %(unit)s. Choose one that exists, or found it in a step."),
        Problem.UNIT_ENDED: _("The unit %(unit)s does not exist on that day. Choose another."),
        Problem.NEEDS_EARLIER_STEP: _(
            "The unit %(unit)s is founded only on %(day)s. Give this step that day or a later one."
        ),
        Problem.ENDED_BY_EARLIER_STEP: _(
            "The unit %(unit)s ends on %(day)s by another step. Name what follows it, or leave this step out."
        ),
        Problem.CODE_TAKEN: _("The code %(unit)s is taken. Choose another for the new unit."),
        Problem.SAID_TWICE: _("Step %(first)s says this of %(unit)s already. Leave one of them out."),
        Problem.TWO_FATES: _(
            "The unit %(unit)s has ended or is divided by step %(first)s. Leave one of them out."
        ),
        Problem.ENDS_AND_CHANGES: _("The unit %(unit)s ends by step %(first)s. Change nothing else of it."),
        Problem.TARGET_ENDS: _(
            "The unit %(unit)s ends by step %(first)s, so nothing can go to it. Name what follows it."
        ),
        Problem.FOUNDED_AND_CHANGES: _(
            "The unit %(unit)s is founded that day. Describe it as it is to be, and leave this step out."
        ),
        Problem.NOT_BELOW: _("The unit %(unit)s does not stand below %(of)s. Move it in a step of its own."),
        Problem.OUTSIDE: _(
            "The unit %(unit)s does not stand below %(owner)s, which answers for the reform. Choose another owner,"
            " or leave it out."
        ),
        Problem.LINEAGE_OF_ONE: _("The unit %(unit)s cannot go on in itself alone. Name another."),
        Problem.LINEAGE_KNOWN: _("What %(unit)s goes on in is said on two days. Leave one of them out."),
        Problem.SHARES_NOT_WHOLE: _("The shares of %(unit)s come to %(total)s. Together they must be 1."),
        Problem.LEFT_WITHOUT_PARENT: _(
            "The unit %(unit)s would be left without a superior when %(of)s ends. Say where it goes."
        ),
        Problem.BELOW_ITSELF: _("The unit %(unit)s would stand below itself. Choose another superior."),
        Problem.KIND_UNKNOWN: _("There is no kind “%(kind)s” (%(unit)s). Choose one that the rules know."),
        Problem.KIND_NOT_IN_FORCE: _("On %(day)s there is no kind “%(kind)s” any more or yet (%(unit)s)."),
        Problem.KIND_NOT_UNDER: _(
            "On %(day)s a unit of the kind “%(kind)s” (%(unit)s) may not stand under one of the kind"
            " “%(parent_kind)s” (%(parent)s). Choose another superior or kind."
        ),
        Problem.KIND_NEEDS_PARENT: _("A unit of the kind “%(kind)s” needs a superior (%(unit)s). Name one."),
        Problem.ROOT_EXISTS: _(
            "The unit %(unit)s has no superior, and there is a top already. Name a superior."
        ),
        Problem.NO_STEP: _("The plan has no step yet. Add one."),
        Problem.NO_UNIT_OF_KIND: _("There is no unit of the kind “%(kind)s” to end. Leave the step out."),
        Problem.UNCHANGED: _("The unit %(unit)s is so already. Leave the step out."),
        Problem.NAMES_CLASH: _(
            "Below %(unit)s several units would have the same name: %(names)s (%(count)s in all). Rename some of them."
        ),
        Problem.SEVERAL_DAYS: _(
            "The reform holds on %(count)s days, from %(first)s to %(last)s. It is executed as a whole."
        ),
        Problem.HOLDS_ALREADY: _(
            "It holds from %(day)s, which has come already: it cannot be undone, and figures of the time since then"
            " move with it."
        ),
        Problem.OTHERS_BETWEEN: _(
            "Others plan changes of the tree before %(day)s. Make a reform of its own of the steps from that day on."
        ),
        Problem.FORMS_END: _(
            "From %(day)s the unit %(unit)s owes these returns no more, because its new kind may not: %(forms)s."
            " What it owed until then stays."
        ),
        Problem.FORMS_BEGIN: _(
            "From %(day)s the unit %(unit)s owes these returns again, because its new kind may: %(forms)s."
        ),
        Problem.PAYROLL_INDICATOR: _(
            "Payroll: “%(indicator)s” counts no heads at the end of a period. Use one of: %(choices)s."
        ),
        Problem.PAYROLL_UNIT: _(
            "Payroll: the unit %(unit)s does not exist after the reform. Give the posts to one that does."
        ),
        Problem.PAYROLL_TWICE: _(
            "Payroll: the posts of %(unit)s are counted at %(of)s already. Leave one of them out."
        ),
    }[problem]


DO = {
    "merge": _lazy("Merge units"),
    "split": _lazy("Divide a unit"),
    "move": _lazy("Move a unit"),
    "found": _lazy("Found a unit"),
    "rename": _lazy("Rename a unit"),
    "change_kind": _lazy("Change the kind of a unit"),
    "dissolve": _lazy("Dissolve a unit"),
    "end_level": _lazy("End a level"),
}
"""What a step can do, by its name in the format, in the order in which it is offered."""


@dataclass(frozen=True)
class StepWords:
    """A step as people read it: from which day, what happens, to which units, and what comes of it.

    `number` counts from 1; `findings` say what was found about it, `wrong` that something of that has to be put right.
    """

    on: date
    do: str
    units: str
    comes: str
    number: int = 0
    findings: tuple[str, ...] = ()
    wrong: bool = False


def step_in_words(step: Step, plan: Plan, names: Mapping[str, str] | None = None) -> StepWords:
    """A step of a plan in words; units are called by `names`, and by their codes where these do not have them."""
    on = plan.day_of(step)

    def called(unit: Successor) -> str:
        if isinstance(unit, NewUnit):
            return f"{unit.name} ({unit.code})"
        return (names or {}).get(unit, unit)

    match step:
        case Found(unit=new):
            above = called(new.parent) if new.parent else "–"
            return StepWords(on, _("Found a unit"), called(new), _("below %(unit)s") % {"unit": above})
        case Merge(from_=codes, into=into):
            return StepWords(on, _("Merge units"), "; ".join(map(called, codes)), called(into))
        case Split(from_=code, into=parts):
            shares = [f"{part.share} {called(part.unit)}" for part in parts]
            return StepWords(on, _("Divide a unit"), called(code), "; ".join(shares))
        case Move(unit=code, to=to):
            return StepWords(on, _("Move a unit"), called(code), _("below %(unit)s") % {"unit": called(to)})
        case Rename(unit=code, name=name):
            return StepWords(on, _("Rename a unit"), called(code), name)
        case ChangeKind(unit=code, kind=kind):
            return StepWords(on, _("Change the kind of a unit"), called(code), kind_name(kind))
        case Dissolve(unit=code, children_to=to):
            comes = _("what is below goes to %(unit)s") % {"unit": called(to)} if to else ""
            return StepWords(on, _("Dissolve a unit"), called(code), comes)
        case EndLevel(kind=kind, under=under):
            return StepWords(on, _("End a level"), kind_name(kind), called(under or plan.owner))


STAGES = {
    Stage.READ: _lazy("the tree is read"),
    Stage.STEPS: _lazy("the steps of the plan are worked out"),
    Stage.OWNERS: _lazy("what would have no owner is looked for"),
    Stage.FIGURES: _lazy("the figures of the units are added up"),
    Stage.ACCOUNTS: _lazy("what accounts will reach is worked out"),
    Stage.TREE: _lazy("the tree is changed"),
    Stage.OBJECTS: _lazy("what was decided is carried out"),
    Stage.BACK: _lazy("what was decided is taken back"),
    Stage.WORK: _lazy("the lists of work are written"),
    Stage.CHECKS: _lazy("what was written is compared with the rehearsal"),
    Stage.JOURNAL: _lazy("the journal is written"),
    Stage.KEPT: _lazy("everything is checked once more and kept"),
}


def told_in_words(stages: Sequence[Stage], tell: Callable[[int, int, str], None]) -> Tell:
    """Let who takes words be told of the stages of a deed: how much of one is done, of how much, and which it is."""

    def told(stage: Stage, done: int, of: int) -> None:
        text = _("Part %(part)s of %(parts)s: %(what)s")
        part = stages.index(stage) + 1
        tell(done, of, text % {"part": part, "parts": len(stages), "what": STAGES[stage]})

    return told
