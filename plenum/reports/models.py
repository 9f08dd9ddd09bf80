"""Tables of review reports: what the officer writes, and what was issued. Everything else is read from the record."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Length, Now

from plenum.packs.wording import LANGUAGES
from plenum.reports.rules import LONGEST_REASON, LONGEST_TEXT, SECTIONS

models.TextField.register_lookup(Length)

REVIEWED_PERIOD = r"^\d{4}(-(Q[1-4]|H[12]|9M))?$"
FORMATS = ("pdf", "docx", "md", "json")


class Review(models.Model):
    """The review report of a unit for a period, as far as a person writes it.

    edition: counts the savings, so that two people who write at the same time do not overwrite each other.
    number: as the office numbers the report; empty until it has one. recipients: one a line; empty: those of the pack.
    """

    unit = models.ForeignKey("tree.Unit", models.PROTECT, related_name="+")
    period_code = models.TextField()
    edition = models.PositiveIntegerField(db_default=1)
    number = models.TextField(blank=True, db_default="")
    place = models.TextField(blank=True, db_default="")
    dated = models.DateField(null=True)
    signer_post = models.TextField(blank=True, db_default="")
    signer_name = models.TextField(blank=True, db_default="")
    recipients = models.TextField(blank=True, db_default="")
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["unit", "period_code"], name="review_once_for_a_period"),
            models.CheckConstraint(
                condition=Q(period_code__regex=REVIEWED_PERIOD),
                name="review_period_is_reviewed",
            ),
            models.CheckConstraint(condition=Q(edition__gte=1), name="review_edition_counts_from_one"),
        )

    def __str__(self) -> str:
        return f"{self.unit_id} {self.period_code}"


class ReviewText(models.Model):
    """What was written for one section, in one language. An empty text is not kept."""

    review = models.ForeignKey(Review, models.CASCADE, related_name="texts")
    section = models.TextField()
    language = models.TextField()
    text = models.TextField()
    illustrative = models.BooleanField(db_default=False)
    written_by = models.TextField()
    on_date = models.DateField()
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(
                fields=["review", "section", "language"], name="review_text_once_for_a_section"
            ),
            models.CheckConstraint(condition=Q(section__in=SECTIONS), name="review_text_of_a_section"),
            models.CheckConstraint(condition=Q(language__in=LANGUAGES), name="review_text_in_a_language"),
            models.CheckConstraint(
                condition=~Q(text="") & Q(text__length__lte=LONGEST_TEXT),
                name="review_text_is_some_and_not_too_long",
            ),
        )

    def __str__(self) -> str:
        return f"{self.section} ({self.language})"


class IssuedReport(models.Model):
    """One issue of a review report in one language: what was handed out, as it was. Never changed.

    edition: counts the issues of a unit, a period and a language; the last one stands, those before are superseded.
    code: by it anybody who holds a document can ask whether it was issued. issued_post: the post in which the person
    issued it, in the language of the report. unit_name: what the unit was called. content: the facts and the words.
    """

    append_only = True

    unit = models.ForeignKey("tree.Unit", models.PROTECT, related_name="+")
    period_code = models.TextField()
    language = models.TextField()
    edition = models.PositiveIntegerField()
    code = models.TextField(unique=True)
    unit_name = models.TextField()
    issued_by = models.TextField()
    issued_post = models.TextField(blank=True, db_default="")
    issued_on = models.DateField()
    reason = models.TextField(blank=True, db_default="")
    content = models.JSONField()
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(
                fields=["unit", "period_code", "language", "edition"], name="issued_report_once_in_an_edition"
            ),
            models.CheckConstraint(
                condition=Q(period_code__regex=REVIEWED_PERIOD), name="issued_report_period_is_reviewed"
            ),
            models.CheckConstraint(condition=Q(language__in=LANGUAGES), name="issued_report_in_a_language"),
            models.CheckConstraint(
                condition=Q(edition=1) | (Q(edition__gt=1) & ~Q(reason="")),
                name="issued_report_is_replaced_with_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(reason__length__lte=LONGEST_REASON), name="issued_report_reason_is_not_too_long"
            ),
        )

    def __str__(self) -> str:
        return f"{self.code}"


class IssuedFile(models.Model):
    """A document of an issue: its bytes, and their SHA-256, which the database checks."""

    append_only = True

    issue = models.ForeignKey(IssuedReport, models.PROTECT, related_name="files")
    format = models.TextField()
    body = models.BinaryField()
    sha256 = models.TextField()

    class Meta:
        ordering = ("id",)
        indexes = (models.Index(fields=["sha256"], name="issued_file_by_hash"),)
        constraints = (
            models.UniqueConstraint(fields=["issue", "format"], name="issued_file_once_in_a_format"),
            models.CheckConstraint(condition=Q(format__in=FORMATS), name="issued_file_in_a_format"),
        )

    def __str__(self) -> str:
        return f"{self.sha256}"
