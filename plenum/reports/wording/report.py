"""The report as a whole: heading, sections, notes and foot, put into words."""

from collections.abc import Iterable
from itertools import groupby

from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext

from plenum.figures.wording import compared_sentence, view_sentence, withheld_sentence
from plenum.packs import Words, wording
from plenum.reports.content import FreeText, Issue, LateReturn, ReviewContent
from plenum.reports.wording import sentences, tables
from plenum.reports.wording.amounts import during, marked
from plenum.reports.wording.notes import Notes
from plenum.reports.wording.written import (
    MARK,
    Block,
    Foot,
    Head,
    Item,
    Items,
    Paragraph,
    Section,
    Subheading,
    Written,
)

ROMAN = ("I", "II", "III", "IV", "V", "VI")
LATE_UNITS = 15
"""The shortcomings name so many units with late returns, those with the longest delay first; the rest are counted."""


def write(content: ReviewContent, language: str) -> Written:
    """The report in one of the four languages; everything in it that is not a name or a person's text is translated."""
    language = wording.language(language)
    with override(language):
        notes = Notes()
        titled = (
            (_("Results against the targets"), _results(content, language, notes)),
            (_("Results by unit"), _units(content, language, notes)),
            (_("Achievements"), _achievements(content, language)),
            (_("Shortcomings and causes"), _shortcomings(content, language)),
            (_tasks_title(content, language), _tasks(content, language)),
        )
        kept = [(title, blocks) for title, blocks in titled if blocks]
        return Written(
            language=language,
            name=_name(content, language),
            author=content.heading.unit,
            head=_head(content, language),
            basis_label=_("Basis:"),
            basis=tuple(sentences.document(basis, language) for basis in content.basis),
            sections=tuple(
                Section(ROMAN[index], title, tuple(blocks)) for index, (title, blocks) in enumerate(kept)
            ),
            notes_label=_("Notes"),
            notes=notes.texts,
            legend=(f"{MARK} " + _("Illustrative: not stated in any source."))
            if content.has_illustrative
            else "",
            foot=_foot(content, language),
        )


def _head(content: ReviewContent, lang: str) -> Head:
    heading = content.heading
    title = _("%(subject)s: results for %(period)s and tasks for %(next)s") % {
        "subject": heading.subject.in_(lang),
        "period": during(content.period, lang),
        "next": during(content.next_period, lang),
    }
    day = wording.day_long(heading.day, lang)
    return Head(
        superior=heading.superior,
        unit=heading.unit,
        issuer=heading.body.in_(lang),
        symbol=_("No. %(symbol)s") % {"symbol": heading.symbol},
        party=heading.organisation.in_(lang),
        place_and_day=_("%(place)s, %(day)s") % {"place": heading.place, "day": day}
        if heading.place
        else day,
        title=_("REPORT"),
        subtitle=_capitalised(title),
    )


def _name(content: ReviewContent, lang: str) -> str:
    return _("%(unit)s: review report for %(period)s") % {
        "unit": content.heading.unit,
        "period": during(content.period, lang),
    }


def _results(content: ReviewContent, lang: str, notes: Notes) -> list[Block]:
    view = view_sentence(content.view.known_on, content.view.restated_on)
    opening = [
        view,
        withheld_sentence() if content.view.withheld else "",
        sentences.how_targets_stand(content, lang),
        *sentences.longer_targets(content, lang),
    ]
    opening.append(sentences.returns_received(content, lang))
    if any(result.change_on_last_year for result in content.results):
        opening.append(compared_sentence(content.compared_on))
    if not content.is_over:
        opening.append(
            _("The period is not over; the figures are those known on %(day)s.")
            % {"day": wording.day_long(content.view.known_on or content.view.drawn_on, lang)}
        )
        opening.append(sentences.same_months_of_last_year(content, lang))
    blocks: list[Block] = [Paragraph(" ".join(sentence for sentence in opening if sentence))]
    if content.with_target:
        blocks.append(tables.targets(content, lang, notes))
    if content.without_target:
        blocks.append(tables.other_figures(content, lang, notes))
    if not content.view.withheld and not any(result.amount.is_known for result in content.results):
        blocks.append(Paragraph(_("No figures have been reported for this period.")))
    chart = tables.course(content, lang)
    if chart is not None:
        blocks.append(chart)
    return blocks


def _units(content: ReviewContent, lang: str, notes: Notes) -> list[Block]:
    says_something = content.main_indicators or any(unit.due for unit in content.sub_units)
    return [tables.sub_units(content, lang, notes)] if content.sub_units and says_something else []


def _achievements(content: ReviewContent, lang: str) -> list[Block]:
    blocks: list[Block] = []
    if content.achievements:
        blocks.append(_items(sentences.result_sentences(result, lang) for result in content.achievements))
    blocks += _written(content.text_in("achievements", lang), lang)
    return blocks or [Paragraph(_("No target has been met yet."))]


def _shortcomings(content: ReviewContent, lang: str) -> list[Block]:
    items = [Item(sentences.result_sentences(result, lang)) for result in content.lacking]
    if content.late:
        items.append(_late_returns(content.late, lang))
    if content.silent:
        items.append(Item(sentences.silent_units(content.silent, lang)))
    items += [
        Item(f"{result.name.in_(lang)}. {sentences.contradiction_note(result, found, lang)}")
        for result in content.results
        for found in result.contradictions
    ]
    blocks: list[Block] = [Items(tuple(items))] if items else []
    blocks += _written(content.text_in("shortcomings", lang), lang)
    causes = _written(content.text_in("causes", lang), lang)
    if not blocks:
        blocks.append(Paragraph(_("The record shows no shortcomings.")))
    return [*blocks, Subheading(_("Causes")), *causes] if causes else blocks


def _late_returns(late: tuple[LateReturn, ...], lang: str) -> Item:
    by_unit = [
        (unit, list(of_unit))
        for (_code, unit), of_unit in groupby(
            sorted(late, key=lambda one: (one.unit, one.unit_code)), key=lambda one: (one.unit_code, one.unit)
        )
    ]
    by_unit.sort(key=lambda pair: -max(one.days for one in pair[1]))
    below = [sentences.late_returns_of(unit, of_unit, lang) for unit, of_unit in by_unit[:LATE_UNITS]]
    if len(by_unit) > LATE_UNITS:
        below.append(sentences.more_units(len(by_unit) - LATE_UNITS, lang))
    ended = [f"{line};" for line in below[:-1]] + [f"{below[-1]}."]
    return Item(sentences.late_returns_intro(late, lang), tuple(ended))


def _tasks_title(content: ReviewContent, lang: str) -> str:
    return _("Tasks for %(period)s") % {"period": during(content.next_period, lang)}


def _tasks(content: ReviewContent, lang: str) -> list[Block]:
    blocks = _written(content.text_in("tasks", lang), lang)
    if content.lacking:
        blocks.append(Subheading(_("To be carried on from this period")))
        blocks.append(_items(sentences.carried_on(result, lang) for result in content.lacking))
    return blocks or [Paragraph(_("No tasks have been written yet."))]


def _items(texts: Iterable[str]) -> Items:
    return Items(tuple(Item(text) for text in texts))


def _written(text: FreeText | None, lang: str) -> list[Block]:
    """The paragraphs of an officer's text; each ends with the mark when the text is illustrative."""
    if text is None:
        return []
    language = "" if text.language == lang else text.language
    lines = (line.strip() for line in text.text.splitlines())
    return [Paragraph(marked(line, text.illustrative), language) for line in lines if line]


def _foot(content: ReviewContent, lang: str) -> Foot:
    heading, view, issue = content.heading, content.view, content.issue
    return Foot(
        recipients_label=pgettext("of a document", "Recipients:"),
        recipients=tuple(_in(recipient, lang) for recipient in heading.recipients),
        signer_post=_in(heading.signer_post, lang),
        signer_name=heading.signer_name,
        closing=_(
            "Drawn from the record on %(day)s. Tree of organisations: as on %(tree)s. Figures: as known on %(known)s."
        )
        % {
            "day": wording.day(view.drawn_on, lang),
            "tree": wording.day(view.restated_on or view.tree_of, lang),
            "known": wording.day(view.known_on or view.drawn_on, lang),
        },
        issue=_issue(issue, lang) if issue else (),
        running=_("Edition %(edition)s · Verification code: %(code)s")
        % {"edition": wording.number(issue.edition, lang), "code": issue.code}
        if issue
        else "",
    )


def _issue(issue: Issue, lang: str) -> tuple[str, ...]:
    """By whom and when the report was issued, in place of what, and how anybody can verify it."""
    lines = [
        _("Issued by: %(who)s.")
        % {"who": ", ".join(each for each in (issue.by, issue.post, issue.unit) if each)},
        _("Issued on: %(day)s. Edition: %(edition)s.")
        % {"day": wording.day(issue.on, lang), "edition": wording.number(issue.edition, lang)},
    ]
    if issue.reason:
        lines.append(
            _("Replaces edition %(edition)s. Reason: %(reason)s")
            % {"edition": wording.number(issue.edition - 1, lang), "reason": issue.reason}
        )
    lines.append(_("Verification code: %(code)s.") % {"code": issue.code})
    lines.append(_("Verify this document at: %(address)s") % {"address": issue.address})
    return tuple(lines)


def _in(text: str | Words, lang: str) -> str:
    return text if isinstance(text, str) else text.in_(lang)


def _capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]
