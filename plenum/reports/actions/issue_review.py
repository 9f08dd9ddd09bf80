"""Issuing a review report: what is handed out is rendered once, kept with its hash, and never changes."""

import hashlib
import secrets
from collections.abc import Collection
from dataclasses import replace
from datetime import date
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from plenum.access.reach import require
from plenum.journal.actions import record
from plenum.journal.actor import Actor
from plenum.packs.wording import LANGUAGES
from plenum.periods import Period
from plenum.reports.content import Issue
from plenum.reports.models import FORMATS, IssuedFile, IssuedReport
from plenum.reports.powers import ISSUE, ISSUE_REVIEW, READ
from plenum.reports.queries.issued import last_edition, post_of
from plenum.reports.queries.review import review
from plenum.reports.render import RENDERERS
from plenum.reports.render.as_json import facts
from plenum.reports.rules import ALPHABET, LONGEST_REASON, RANDOM, REVIEWED, tidy, verification_code
from plenum.reports.wording import write
from plenum.reports.wording.frozen import as_data
from plenum.tree.models import Unit

LOCK = 72011
"""The class of advisory locks that let one act at a time issue the reports of a unit."""

FROZEN = "plenum.issued/1"
"""The shape of what is kept of the content; a new shape gets a new number."""


class IssuedMeanwhile(ValidationError):
    """Somebody else has issued an edition since the issuer looked."""


def issue_review(
    unit: Unit,
    period: Period,
    *,
    language: str,
    formats: Collection[str] = FORMATS,
    reason: str = "",
    after: int | None = None,
    on: date,
    by: Actor,
) -> IssuedReport:
    """Issue the report of a unit for a period as the record stands on the day `on`, in one language.

    Every format is rendered once and kept with its SHA-256. A report that was issued before gets another edition, with
    the reason; the one before stays as it is. `after` is the last edition that the issuer has seen (0: none); None does
    not ask: IssuedMeanwhile if another was issued since. ValidationError names the field.
    """
    reason = tidy(reason)
    with transaction.atomic():
        require(by, ISSUE, unit, on)
        require(by, READ, unit, on)
        _hold(unit.pk)
        last = last_edition(unit.pk, period, language)
        _check(period, language, formats, reason)
        if after is not None and after != last:
            raise IssuedMeanwhile(_("Somebody else has issued an edition meanwhile. Look at it first."))
        _require_reason(reason, last)
        code = verification_code([secrets.randbelow(len(ALPHABET)) for _each in range(RANDOM)])
        content = review(unit.pk, period, today=on)
        issue = Issue(
            by=by.label,
            post=post_of(by, unit, on, language),
            unit=content.heading.unit,
            on=on,
            edition=last + 1,
            code=code,
            address=settings.ADDRESS.origin + reverse("reports:verified", args=[code]),
            reason=reason if last else "",
        )
        content = replace(content, issue=issue)
        written = write(content, language)
        row = IssuedReport.objects.create(
            unit=unit,
            period_code=period.code,
            language=language,
            edition=issue.edition,
            code=code,
            unit_name=issue.unit,
            issued_by=issue.by,
            issued_post=issue.post,
            issued_on=on,
            reason=issue.reason,
            content={
                "schema": FROZEN,
                "facts": facts(content, written.head, language),
                "written": as_data(written),
            },
        )
        hashes: dict[str, Any] = {}
        for format in (each for each in FORMATS if each in formats):
            body = RENDERERS[format](content, written)
            hashes[format] = hashlib.sha256(body).hexdigest()
            IssuedFile.objects.create(issue=row, format=format, body=body, sha256=hashes[format])
        record(
            ISSUE_REVIEW,
            by=by,
            power=ISSUE,
            unit_id=unit.pk,
            on=on,
            subject=f"reports.IssuedReport:{row.pk}",
            subject_label=period.code,
            change={
                "language": language,
                "issue": row.edition,
                "code": code,
                "reason": row.reason,
                "sha256": hashes,
            },
        )
    return row


def _hold(unit_id: int) -> None:
    """Let other issues of this unit wait until this one is done, so that editions follow each other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s::integer)", [LOCK, unit_id % 2**31])


def _check(period: Period, language: str, formats: Collection[str], reason: str) -> None:
    problems: dict[str, list[str]] = {}
    if period.kind not in REVIEWED:
        problems["period"] = [_("Reviews are held for quarters, half-years, nine months and years.")]
    if language not in LANGUAGES:
        problems["language"] = [
            _("“%(language)s” is not one of the languages of reports: %(languages)s.")
            % {"language": language, "languages": ", ".join(LANGUAGES)}
        ]
    if not formats or not set(formats) <= set(FORMATS):
        problems["formats"] = [
            _("Choose one format or several: %(formats)s.") % {"formats": ", ".join(FORMATS)}
        ]
    if len(reason) > LONGEST_REASON:
        problems["reason"] = [
            _("The text is too long: %(length)s characters. Shorten it to %(limit)s.")
            % {"length": len(reason), "limit": LONGEST_REASON}
        ]
    if problems:
        raise ValidationError(problems)


def _require_reason(reason: str, last: int) -> None:
    if last and not reason:
        raise ValidationError(
            {
                "reason": [
                    _("Edition %(edition)s is issued already. Say why another one replaces it.")
                    % {"edition": last}
                ]
            }
        )
