"""The paper on a reform for the meeting that decides: what it is to be decided on, before and after, in words."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext

from plenum.directives.models import Document
from plenum.directives.queries import views
from plenum.journal.actor import Actor
from plenum.journal.wording import actor_name
from plenum.organisation.wording import kind_name, plural_kind_name
from plenum.packs import pack, wording
from plenum.reorganisations import difference_wording as words
from plenum.reorganisations.difference_rows import (
    FigureDifferenceRow,
    account_rows,
    figure_rows,
    payroll_row,
    size_rows,
)
from plenum.reorganisations.queries import ReformView, decisions_of
from plenum.reorganisations.queries.seen import Seen, seen, units_reached
from plenum.reorganisations.queries.sides import by_superior
from plenum.reorganisations.rows import rehearsal_row
from plenum.reorganisations.wording import objects_hidden_in_words
from plenum.reports.wording.written import (
    Block,
    Cell,
    Column,
    Foot,
    Head,
    Item,
    Items,
    Paragraph,
    Section,
    Table,
    Written,
)
from plenum.tree.queries import unit_view

MOST_ROWS = 400
"""So many rows of a table stand in the paper; the others are counted, and the whole table is a workbook."""
MOST_FINDINGS = 20
"""So many findings stand in it, those that have to be put right first."""
ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII")
Sentences = Iterable[str]


class NotRehearsed(LookupError):
    """There is nothing to decide on before a reform was rehearsed."""


def reform_paper(view: ReformView, actor: Actor, today: date, language: str) -> Written:
    """The paper in one of the four languages, as far as the actor is shown what is in it; NotRehearsed."""
    if view.rehearsal is None:
        raise NotRehearsed
    language = wording.language(language)
    with override(language):
        found = seen(view.rehearsal.difference, view.owner.code, actor, today)
        decisions = decisions_of(view.reform)
        sections = (
            (_("What changes"), _changes(view, found, language)),
            (_("Units before and after"), _units(found)),
            (_("What would have no owner, and what is decided"), _objects(view, decisions, actor, today)),
            (_("Figures before and after"), _figures(found, language)),
            (_("Accounts and what they reach"), _accounts(found, decisions, language)),
            (_("Posts against the payroll target"), _payroll(found, language)),
            (_("Sizes of units"), _sizes(found, language)),
            (_("Approvals"), _approvals(view, language)),
        )
        kept = [(title, blocks) for title, blocks in sections if blocks]
        return Written(
            language=language,
            name=_("%(reform)s: before and after") % {"reform": view.reform.title},
            author=view.owner.name,
            head=_head(view, today, language),
            basis_label=_("Basis:"),
            basis=tuple(line for line in (view.reform.basis, _document(view)) if line),
            sections=tuple(
                Section(ROMAN[at], title, tuple(blocks)) for at, (title, blocks) in enumerate(kept)
            ),
            notes_label=_("Notes"),
            notes=(),
            legend="",
            foot=_foot(view, language),
        )


def _head(view: ReformView, today: date, lang: str) -> Head:
    owner = view.owner
    parent = unit_view(owner.parent_id, today) if owner.parent_id is not None else None
    return Head(
        superior=parent.name if parent is not None else "",
        unit=owner.name,
        issuer=pack().kinds[owner.kind].report.body.in_(lang),
        symbol=view.reform.code,
        party=pack().organisation.in_(lang),
        place_and_day=wording.day_long(today, lang),
        title=_("REFORM: BEFORE AND AFTER"),
        subtitle=view.reform.title,
    )


def _document(view: ReformView) -> str:
    found = views(Document.objects.filter(pk=view.reform.document_id)) if view.reform.document_id else []
    return next((f"{each.name}: {each.title}" if each.title else each.name for each in found), "")


def _foot(view: ReformView, lang: str) -> Foot:
    rehearsal = view.rehearsal
    assert rehearsal is not None
    said = _(
        "Rehearsed on %(day)s by %(by)s, edition %(edition)s of the plan. What is executed comes to the digest"
        " %(digest)s, or nothing is."
    ) % {
        "day": wording.day(rehearsal.on_date, lang),
        "by": actor_name(rehearsal.made_by),
        "edition": rehearsal.edition,
        "digest": rehearsal.digest,
    }
    return Foot(
        recipients_label="",
        recipients=(),
        signer_post=pack().kinds[view.owner.kind].report.signer.in_(lang),
        signer_name="",
        closing=said,
    )


def _changes(view: ReformView, found: Seen, lang: str) -> list[Block]:
    rehearsal = view.rehearsal
    assert rehearsal is not None
    changes = rehearsal.report["changes"]
    plan = view.plan
    days = sorted({plan.day_of(step) for step in plan.steps} or {plan.on})
    said = [
        _("%(unit)s answers for the reform. It holds from %(days)s.")
        % {"unit": view.owner.name, "days": ", ".join(wording.day_long(day, lang) for day in days)},
        _("Founded: %(founded)s. Ended: %(ended)s. Moved: %(moved)s.")
        % {name: wording.number(changes[name], lang) for name in ("founded", "ended", "moved")},
        _("To put right: %(blocking)s. Without an owner: %(open)s. Not decided: %(undecided)s.")
        % {
            "blocking": wording.number(rehearsal.blocking, lang),
            "open": wording.number(rehearsal.open_objects, lang),
            "undecided": wording.number(
                rehearsal_row(rehearsal, decisions_of(view.reform))["undecided"], lang
            ),
        },
    ]
    if not view.rehearsed:
        said.append(_("The plan has been changed since. Rehearse it again."))
    findings = sorted(rehearsal_row(rehearsal, {})["findings"], key=lambda each: not each["blocks"])
    rows = [
        (plural_kind_name(kind), *(wording.number(count, lang) for count in counts))
        for kind, counts in rehearsal_row(rehearsal, {})["kinds"].items()
    ]
    columns = (
        Column(_("Kind"), "left"),
        Column(pgettext("reform", "Before"), width=30),
        Column(pgettext("reform", "After"), width=30),
    )
    return [
        Paragraph(" ".join(said)),
        *([Items(tuple(Item(each["text"]) for each in findings[:MOST_FINDINGS]))] if findings else []),
        *_paragraph(_bounded(len(findings), min(len(findings), MOST_FINDINGS))),
        _table(_("Units by kind"), columns, rows),
    ]


def _units(found: Seen) -> list[Block]:
    units = by_superior(found.units)
    columns = (
        Column(_("Superior unit"), "left", 34),
        Column(pgettext("reform", "Before"), "left"),
        Column(_("What becomes of it"), "left", 24),
        Column(pgettext("reform", "After"), "left"),
        Column(_("Superior unit"), "left", 34),
    )
    rows = [
        (
            _side(each["before"], "parent"),
            _side(each["before"], "name"),
            words.fate_in_words(each["fate"]),
            _side(each["after"], "name") if each["after"] else _heirs(each["heirs"]),
            _side(each["after"], "parent"),
        )
        for each in units[:MOST_ROWS]
    ]
    return (
        [
            *_paragraph([*words.said_of_units(found), *_bounded(len(units), len(rows))]),
            _table(_("Units before and after"), columns, rows),
        ]
        if rows
        else []
    )


def _side(side: Mapping[str, str] | None, field: str) -> str:
    return (side or {}).get(field) or "–"


def _heirs(heirs: Sequence[Mapping[str, str]]) -> str:
    named = [heir["name"] if heir["share"] == "1" else f"{heir['share']} {heir['name']}" for heir in heirs]
    return "; ".join(named) or "–"


def _objects(view: ReformView, decisions: Mapping[str, str], actor: Actor, today: date) -> list[Block]:
    assert view.rehearsal is not None
    reached = units_reached(view.rehearsal.report, view.owner.code, actor, today)
    row = rehearsal_row(view.rehearsal, decisions, reached)
    objects = row["objects"]
    if not row["open_objects"]:
        return [Paragraph(_("Everything has an owner afterwards."))]
    hidden = _paragraph([objects_hidden_in_words(row["objects_hidden"])] if row["objects_hidden"] else [])
    columns = (
        Column(_("Object"), "left"),
        Column(_("What it is"), "left", 45),
        Column(_("What becomes of it"), "left", 55),
    )
    rows = []
    for each in objects[:MOST_ROWS]:
        proposed = next(choice["text"] for choice in each["choices"] if choice["choice"] == each["proposal"])
        text = each["decided_text"] or _("not decided; proposed: %(choice)s") % {"choice": proposed}
        rows.append((each["label"], each["title"], text))
    table = [_table(_("Without an owner"), columns, rows)] if rows else []
    return [*hidden, *_paragraph(_bounded(len(objects), len(rows))), *table]


def _figures(found: Seen, lang: str) -> list[Block]:
    figures = figure_rows(found.figures)
    columns = (
        Column(_("Unit"), "left", 40),
        Column(_("Indicator"), "left"),
        Column(pgettext("reform", "Before"), width=21),
        Column(pgettext("reform", "After"), width=21),
        Column(_("Difference"), width=24),
    )
    rows = [_figure(row, lang) for row in figures[:MOST_ROWS]]
    blocks: list[Block] = _paragraph([*words.said_of_figures(found), *_bounded(len(figures), len(rows))])
    return [*blocks, _table(_("Figures before and after"), columns, rows)] if rows else blocks


def _figure(row: FigureDifferenceRow, lang: str) -> tuple[str, ...]:
    indicator = pack().indicators[row["indicator"]]

    def shown(value: int | str | None) -> str:
        if value is None:
            return "–"
        return wording.percent(str(value), lang) if indicator.is_ratio else wording.number(int(value), lang)

    difference = row["difference"]
    if difference is None:
        changed = "–"
    elif indicator.is_ratio:
        changed = wording.points(str(difference), lang, short=True)
    else:
        changed = wording.number(int(difference), lang, signed=True)
    after = f"≈ {shown(row['after'])}" if row["estimated"] else shown(row["after"])
    return (row["name"], indicator.name.in_(lang), shown(row["before"]), after, changed)


def _accounts(found: Seen, decisions: Mapping[str, str], lang: str) -> list[Block]:
    accounts = account_rows(found.accounts, decisions, found.units)
    if not accounts:
        return [Paragraph(_("No account has powers at a unit that changes."))]
    columns = (
        Column(_("Account"), "left", 34),
        Column(_("Unit"), "left", 38),
        Column(_("Units reached now"), width=20),
        Column(_("Afterwards"), width=20),
        Column(_("What becomes of it"), "left"),
    )
    rows = [
        (
            Cell(each["account"], under=each["role"]),
            Cell(each["name"]),
            Cell(wording.number(each["reaches"], lang)),
            Cell(wording.number(each["will_reach"], lang)),
            Cell(each["text"], under="" if each["decided"] else _("not decided")),
        )
        for each in accounts[:MOST_ROWS]
    ]
    said = [
        _(
            "What people with powers at these units reach now, and what they will reach: as decided, else as proposed."
        ),
        *words.said_of_accounts(found),
        *_bounded(len(accounts), len(rows)),
    ]
    return [*_paragraph(said), Table(_("Accounts"), columns, tuple(rows))]


def _payroll(found: Seen, lang: str) -> list[Block]:
    if found.payroll is None:
        return []
    payroll = payroll_row(found.payroll)
    columns = (
        Column(_("Unit"), "left"),
        Column(_("Heads now"), width=28),
        Column(_("Posts"), width=28),
        Column(pgettext("of a number", "Change"), width=28),
    )
    rows: list[tuple[str, ...]] = [
        (
            row["name"],
            ("≈ " if row["estimated"] else "") + _number(row["heads"], lang),
            _number(row["posts"], lang),
            _percent(row["change_percent"], lang),
        )
        for row in payroll["rows"][:MOST_ROWS]
    ]
    total = (_("Total"), *(_number(payroll[of], lang) for of in ("heads", "posts")))
    rows.append((*total, _percent(payroll["change_percent"], lang)))
    said = [*words.said_of_payroll(found), *_bounded(len(payroll["rows"]), len(rows) - 1)]
    return [*_paragraph(said), _table(_("Posts against the payroll target"), columns, rows, has_total=True)]


def _sizes(found: Seen, lang: str) -> list[Block]:
    sizes = size_rows(found.sizes)
    blocks: list[Block] = _paragraph(
        [*words.said_of_sizes(found), *_bounded(len(sizes), min(len(sizes), MOST_ROWS))]
    )
    if not sizes:
        return blocks
    columns = (
        Column(_("Unit"), "left"),
        Column(_("Kind"), "left", 35),
        Column(_("Members"), width=22),
        Column(_("Why"), "left", 50),
    )
    rows = [
        (
            each["name"],
            kind_name(each["kind"]),
            ("≈ " if each["estimated"] else "") + _number(each["size"], lang),
            each["text"],
        )
        for each in sizes[:MOST_ROWS]
    ]
    return [*blocks, _table(_("Units too small or too large for their kind"), columns, rows)]


def _approvals(view: ReformView, lang: str) -> list[Block]:
    if not view.asked:
        return [Paragraph(_("Nobody has been asked to approve yet."))]
    columns = (
        Column(_("Unit"), "left"),
        Column(_("Approved"), "left", 60),
        Column(_("Signature"), "left", 40),
    )
    rows = [
        (
            each.unit.name,
            f"{wording.day(each.on, lang)}, {actor_name(each.by)}" if each.on else _("not yet"),
            "",
        )
        for each in view.asked
    ]
    return [_table(_("Approvals"), columns, rows)]


def _number(value: int | None, lang: str) -> str:
    return "–" if value is None else wording.number(value, lang)


def _percent(value: str | None, lang: str) -> str:
    return "–" if value is None else wording.percent(value, lang, signed=True)


def _bounded(count: int, shown: int) -> list[str]:
    if count <= shown:
        return []
    text = _(
        "%(count)s rows in all; the first %(shown)s stand here. The page of the reform has the whole as XLSX."
    )
    return [text % {"count": count, "shown": shown}]


def _paragraph(said: Sentences) -> list[Block]:
    text = " ".join(sentence for sentence in said if sentence)
    return [Paragraph(text)] if text else []


def _table(
    caption: str, columns: Sequence[Column], rows: Iterable[Iterable[Any]], *, has_total: bool = False
) -> Table:
    return Table(caption, tuple(columns), tuple(tuple(Cell(text) for text in row) for row in rows), has_total)
