"""Tables of documents."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class Document(models.Model):
    """A document that decides something, as one unit's register holds it.

    unit: in whose register it stands; issuer: the unit of the tree that issued it, if one did; issuing_body:
    the body as the document names it ("Central Inspection Commission"). A number alone is no key: series
    restart each term.
    """

    class Precision(models.TextChoices):
        """How exactly the date is known; with `year`, the date is 1 January."""

        DAY = "day", _("day")
        YEAR = "year", _("year only")

    unit = models.ForeignKey("tree.Unit", models.PROTECT, related_name="+")
    issuer = models.ForeignKey("tree.Unit", models.PROTECT, null=True, related_name="+")
    issuing_body = models.TextField(blank=True, db_default="")
    kind = models.TextField()
    number = models.TextField()
    symbol = models.TextField(blank=True, db_default="")
    date = models.DateField()
    precision = models.TextField(choices=Precision, db_default=Precision.DAY)
    title = models.TextField()
    illustrative = models.BooleanField(db_default=False)
    edition = models.PositiveIntegerField(db_default=1)
    """Grows with each correction: who corrects says which one they saw."""
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ("-date", "kind", "number", "id")
        constraints = (
            models.UniqueConstraint(
                fields=["unit", "kind", "number", "date", "issuer", "issuing_body"],
                nulls_distinct=False,
                name="document_once_in_a_register",
            ),
            models.CheckConstraint(condition=~models.Q(number=""), name="document_has_a_number"),
            models.CheckConstraint(condition=~models.Q(title=""), name="document_has_a_title"),
            models.CheckConstraint(
                condition=models.Q(issuer__isnull=False) | ~models.Q(issuing_body=""),
                name="document_has_an_issuer",
            ),
            models.CheckConstraint(
                condition=models.Q(precision="day") | models.Q(precision="year", date__month=1, date__day=1),
                name="document_of_a_year_is_dated_1_january",
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The symbol if the document has one, else its number."""
        return self.symbol or self.number

    @property
    def written_date(self) -> str:
        """The date as exactly as it is known: `2023-11-30` or `2023`."""
        return str(self.date.year) if self.precision == self.Precision.YEAR else self.date.isoformat()

    @property
    def reference(self) -> str:
        """Number or symbol and date, as people look it up: `880|2023-01-05`."""
        return f"{self.name}|{self.written_date}"
