"""Writing the review report: what the officer adds to what the record says."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from plenum.access.reach import require
from plenum.journal.actions import record
from plenum.journal.actor import Actor
from plenum.periods import Period
from plenum.reports.models import Review, ReviewText
from plenum.reports.powers import SAVE_REVIEW, WRITE
from plenum.reports.rules import LONGEST_TEXT, REVIEWED, SECTIONS, tidy
from plenum.tree.models import Unit


class ReviewChanged(ValidationError):
    """Somebody else has saved the report since it was opened."""


@dataclass(frozen=True)
class HeadingFields:
    """What the officer sets of the head and foot; empty fields follow the rule pack."""

    number: str = ""
    place: str = ""
    dated: date | None = None
    signer_post: str = ""
    signer_name: str = ""
    recipients: str = ""


def save_review(
    unit: Unit,
    period: Period,
    texts: Mapping[str, str],
    *,
    language: str,
    heading: HeadingFields | None = None,
    edition: int | None = None,
    illustrative: bool = False,
    written_by: str = "",
    on: date,
    by: Actor,
) -> Review:
    """Keep the texts of the named sections in one language, and the heading when it is given.

    Saving what is there already changes nothing, not even the edition: what is given back is then not saved anew.
    Sections that are not named stay as they are; an empty text removes what was there. `edition` is the one that the
    writer saw (0 when there was no report yet): ReviewChanged if another has been saved since; None does not ask.
    ValidationError names the section or field.
    """
    _check(period, texts, language)
    with transaction.atomic():
        require(by, WRITE, unit, on)
        review, is_new = _locked(unit, period, edition)
        change = _write_texts(review, texts, language, illustrative, written_by or by.label, on)
        change |= _write_heading(review, heading)
        if not change and is_new:
            review.delete()
        elif change:
            if not is_new:
                review.edition += 1
                review.save(update_fields=["edition"])
            record(
                SAVE_REVIEW,
                by=by,
                power=WRITE,
                unit_id=unit.pk,
                on=on,
                subject=f"reports.Review:{review.pk}",
                subject_label=period.code,
                change=change | {"edition": review.edition},
            )
    return review


def write_review_section(
    unit: Unit,
    period: Period,
    section: str,
    text: str,
    *,
    language: str,
    edition: int | None = None,
    illustrative: bool = False,
    written_by: str = "",
    on: date,
    by: Actor,
) -> Review:
    """Keep the text of one section in one language."""
    return save_review(
        unit,
        period,
        {section: text},
        language=language,
        edition=edition,
        illustrative=illustrative,
        written_by=written_by,
        on=on,
        by=by,
    )


def _check(period: Period, texts: Mapping[str, str], language: str) -> None:
    problems: dict[str, list[str]] = {}
    if period.kind not in REVIEWED:
        problems["period"] = [_("Reviews are held for quarters, half-years, nine months and years.")]
    if language not in dict(settings.LANGUAGES):
        problems["language"] = [
            _("“%(language)s” is not one of the languages of reports: %(languages)s.")
            % {"language": language, "languages": ", ".join(code for code, _name in settings.LANGUAGES)}
        ]
    for section, text in texts.items():
        if section not in SECTIONS:
            problems["section"] = [
                _("There is no section “%(section)s”; write one of: %(sections)s.")
                % {"section": section, "sections": ", ".join(SECTIONS)}
            ]
        elif len(text) > LONGEST_TEXT:
            problems[section] = [
                _("The text is too long: %(length)s characters. Shorten it to %(limit)s.")
                % {"length": len(text), "limit": LONGEST_TEXT}
            ]
    if problems:
        raise ValidationError(problems)


def _locked(unit: Unit, period: Period, edition: int | None) -> tuple[Review, bool]:
    """The report, locked, and whether nothing has been written in it yet; made if this is its first."""
    Review.objects.bulk_create([Review(unit=unit, period_code=period.code, edition=1)], ignore_conflicts=True)
    review = Review.objects.select_for_update().get(unit=unit, period_code=period.code)
    is_new = review.edition == 1 and not review.texts.exists() and not _has_heading(review)
    if edition is not None and edition != review.edition and not (is_new and edition == 0):
        raise ReviewChanged(
            {
                NON_FIELD_ERRORS: [
                    _("Somebody else has saved this report since you opened it. Look at it again.")
                ]
            }
        )
    return review, is_new


def _has_heading(review: Review) -> bool:
    return any(
        (review.number, review.place, review.dated, review.signer_post, review.signer_name, review.recipients)
    )


def _write_texts(
    review: Review, texts: Mapping[str, str], language: str, illustrative: bool, written_by: str, on: date
) -> dict[str, Any]:
    """Write what differs and say what has changed, as the journal wants it."""
    kept = {text.section: text for text in review.texts.filter(language=language)}
    change: dict[str, Any] = {}
    for section, written in texts.items():
        text = tidy(written)
        before = kept.get(section)
        if (before.text if before else "") == text:
            continue
        change["language"] = language
        change[section] = [before.text if before else None, text or None]
        if not text and before is not None:
            before.delete()
            continue
        ReviewText.objects.update_or_create(
            review=review,
            section=section,
            language=language,
            defaults={"text": text, "illustrative": illustrative, "written_by": written_by, "on_date": on},
        )
    return change


def _write_heading(review: Review, heading: HeadingFields | None) -> dict[str, Any]:
    if heading is None:
        return {}
    change: dict[str, Any] = {}
    for field, value in asdict(heading).items():
        after = tidy(value) if isinstance(value, str) else value
        before = getattr(review, field)
        if before != after:
            change[field] = [before or None, after or None]
            setattr(review, field, after)
    if change:
        review.save(update_fields=list(change))
    return change
