"""What was issued: the issues of a report, their documents, and what anybody may learn of them by a code."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.db.models.functions import Length

from plenum.access.reach import running_grants, visible
from plenum.journal.actor import Actor
from plenum.packs import pack
from plenum.periods import Period
from plenum.reports.models import IssuedFile, IssuedReport
from plenum.reports.powers import ISSUE, READ
from plenum.tree.models import Unit


@dataclass(frozen=True)
class FileView:
    """A document of an issue, without its bytes; `size` in bytes."""

    format: str
    size: int
    sha256: str


@dataclass(frozen=True)
class IssueView:
    """An issue of a report; `newer` is the edition that has superseded it, None while it stands."""

    id: int
    unit_id: int
    unit_code: str
    unit_name: str
    period: Period
    language: str
    edition: int
    code: str
    issued_by: str
    issued_post: str
    issued_on: date
    reason: str
    newer: int | None
    files: tuple[FileView, ...]


@dataclass(frozen=True)
class Verified:
    """All that the public learns of an issue: no figure, no name of a person. `hashes` by format."""

    code: str
    unit_name: str
    period: Period
    language: str
    edition: int
    issued_on: date
    newer_edition: int | None
    newer_on: date | None
    hashes: Mapping[str, str]

    def format_of(self, sha256: str) -> str | None:
        """In which format a document with this hash was issued; None if it is none of these."""
        return next((format for format, known in self.hashes.items() if known == sha256), None)


def issues(unit_id: int, period: Period) -> list[IssueView]:
    """The issues of a report in all languages, the newest first. Two queries, and no bytes are read."""
    rows = IssuedReport.objects.filter(unit=unit_id, period_code=period.code)
    return _views(rows)


def readable(actor: Actor, on: date) -> QuerySet[IssuedReport]:
    """The issues of units whose reports the actor may read on a day."""
    return visible(IssuedReport.objects.all(), actor, READ, on)


def issue_view(issue: IssuedReport) -> IssueView:
    """One issue with its documents."""
    same = issues(issue.unit_id, Period.parse(issue.period_code))
    return next(each for each in same if each.id == issue.pk)


def other_issue(issue: IssuedReport, number: int) -> IssuedReport | None:
    """Another issue of the same report in the same language by its number; None if this is none."""
    same = IssuedReport.objects.filter(
        unit=issue.unit_id, period_code=issue.period_code, language=issue.language
    )
    return same.exclude(pk=issue.pk).filter(pk=number).first()


def last_edition(unit_id: int, period: Period, language: str) -> int:
    """The number of the issue that stands; 0 if nothing was issued in this language."""
    rows = IssuedReport.objects.filter(unit=unit_id, period_code=period.code, language=language)
    return rows.order_by("-edition").values_list("edition", flat=True).first() or 0


def file_of(issue: IssuedReport, format: str) -> IssuedFile | None:
    """The document of an issue in a format, with its bytes; None if it was not issued in that."""
    return IssuedFile.objects.filter(issue=issue, format=format).first()


def post_of(actor: Actor, unit: Unit, on: date, language: str) -> str:
    """In what post the actor issues for the unit: the name of the set of powers granted there; empty for the system."""
    grants = running_grants(actor, on).filter(unit=unit, powers__contains=[ISSUE.code])
    role = grants.order_by("id").values_list("role", flat=True).first()
    known = pack().power_sets.get(role) if role else None
    return known.name.in_(language) if known is not None else ""


def verified(asked: str) -> Verified | None:
    """The issue with this code, or with a document of this SHA-256, as the public may know it; None if there is none.

    Whoever asks: the database has one function for it that says no more.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM reports_verified(%s)", [asked])
        names = [column.name for column in cursor.description]
        rows: list[dict[str, Any]] = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    if not rows:
        return None
    first = rows[0]
    return Verified(
        code=first["code"],
        unit_name=first["unit_name"],
        period=Period.parse(first["period_code"]),
        language=first["language"],
        edition=first["edition"],
        issued_on=first["issued_on"],
        newer_edition=first["newer_edition"],
        newer_on=first["newer_on"],
        hashes={row["format"]: row["hash"] for row in rows if row["code"] == first["code"]},
    )


def _views(rows: QuerySet[IssuedReport]) -> list[IssueView]:
    found = list(rows.select_related("unit").defer("content").order_by("-id"))
    files: dict[int, list[FileView]] = {}
    of_them = IssuedFile.objects.filter(issue__in=[each.pk for each in found]).annotate(size=Length("body"))
    for issue_id, format, size, sha256 in of_them.values_list("issue_id", "format", "size", "sha256"):
        files.setdefault(issue_id, []).append(FileView(format, size, sha256))
    last: dict[str, int] = {}
    for each in found:
        last[each.language] = max(last.get(each.language, 0), each.edition)
    return [
        IssueView(
            id=each.pk,
            unit_id=each.unit_id,
            unit_code=each.unit.code,
            unit_name=each.unit_name,
            period=Period.parse(each.period_code),
            language=each.language,
            edition=each.edition,
            code=each.code,
            issued_by=each.issued_by,
            issued_post=each.issued_post,
            issued_on=each.issued_on,
            reason=each.reason,
            newer=last[each.language] if last[each.language] > each.edition else None,
            files=tuple(files.get(each.pk, ())),
        )
        for each in found
    ]
