"""Boards and review reports: read, write, issue, compare, verify."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal, cast

from plenum.client.asking import Asking
from plenum.client.rows import (
    Board,
    Differences,
    Issue,
    IssueWithFacts,
    ReviewReport,
    ReviewTexts,
    Verified,
)

Format = Literal["pdf", "docx", "md", "json"]


class Reports(Asking):
    """Languages are vi, en, ru and cs; periods those of which reports are made: 2024, 2024-H1, 2024-Q3, 2024-9M."""

    def board(
        self,
        code: str,
        *,
        period: str | None = None,
        known_on: str | None = None,
        as_of: str | None = None,
        tree: str | None = None,
    ) -> Board:
        """How a period stands, who is late, what waits for whoever asks."""
        view = {"period": period, "known_on": known_on, "as_of": as_of, "tree": tree}
        return cast(Board, self.get(f"units/{code}/board", **view))

    def review_report(
        self,
        code: str,
        period: str,
        *,
        lang: str | None = None,
        known_on: str | None = None,
        as_of: str | None = None,
        tree: str | None = None,
    ) -> ReviewReport:
        """The review report of a unit as facts and in words."""
        view = {"lang": lang, "known_on": known_on, "as_of": as_of, "tree": tree}
        return cast(ReviewReport, self.get(f"units/{code}/reviews/{period}", **view))

    def review(
        self,
        code: str,
        period: str,
        *,
        format: Format,
        lang: str | None = None,
        known_on: str | None = None,
        as_of: str | None = None,
        tree: str | None = None,
    ) -> bytes:
        """The review report of a unit as a file."""
        view = {"lang": lang, "known_on": known_on, "as_of": as_of, "tree": tree}
        return self.fetch(f"units/{code}/reviews/{period}/file", format=format, **view)

    def review_texts(self, code: str, period: str, *, lang: str | None = None) -> ReviewTexts:
        """What an officer has written into a report, in one language."""
        return cast(ReviewTexts, self.get(f"units/{code}/reviews/{period}/texts", lang=lang))

    def save_review(
        self,
        found: ReviewTexts,
        texts: Mapping[str, str] | None = None,
        *,
        heading: Mapping[str, str | None] | None = None,
    ) -> ReviewTexts:
        """Keep texts by section, and the head and foot of the report, beside what was read; the others stay."""
        told = {"language": found["language"], "texts": dict(texts or {}), "edition": found["edition"]}
        more = {} if heading is None else {"heading": dict(heading)}
        path = f"units/{found['unit']}/reviews/{found['period']}/texts"
        return cast(ReviewTexts, self.put(path, {**told, **more}))

    def issues(self, code: str, period: str) -> Iterator[Issue]:
        """The issues of a report, in all languages."""
        return self.every(f"units/{code}/reviews/{period}/issues")

    def issue_review(
        self,
        code: str,
        period: str,
        language: str,
        formats: Sequence[Format],
        *,
        reason: str | None = None,
        after: int | None = None,
    ) -> IssueWithFacts:
        """Issue a report as the record stands; `after` is the edition that was last when this was decided."""
        told = {"language": language, "formats": list(formats), "reason": reason, "after": after}
        return cast(IssueWithFacts, self._do(f"units/{code}/reviews/{period}/issues", **told))

    def issue(self, number: int) -> IssueWithFacts:
        """What was issued, with its facts as they were."""
        return cast(IssueWithFacts, self.get(f"issues/{number}"))

    def issue_file(self, number: int, *, format: Format) -> bytes:
        """A document of an issue: exactly the bytes that were issued."""
        return self.fetch(f"issues/{number}/file", format=format)

    def differences(
        self, number: int, *, other: int | None = None, known_on: str | None = None
    ) -> Differences:
        """What an issued report would say otherwise today, or what an `other` issue of it says otherwise."""
        asked = {"other": other, "known_on": known_on}
        return cast(Differences, self.get(f"issues/{number}/differences", **asked))

    def verify(self, document: str) -> Verified:
        """Whether a document was issued here, by its verification code or the SHA-256 of a file; NotFound if not."""
        return cast(Verified, self.get(f"verified/{document}"))
