"""Tables of targets and of what reports state about figures."""

from decimal import Decimal

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class Target(models.Model):
    """What a unit is to reach in a period.

    amount: a count, or percent (0 to 100) for ratios. Never changed: an amendment or a withdrawal is a new
    row that `replaces` the old one, and `known_on` says from which day it holds, so that targets can be read
    as known on a day.
    """

    append_only = True

    class Comparisons(models.TextChoices):
        """How the value is held against the amount."""

        VALUE = "value", _("a value")
        AT_LEAST = "at_least", _("at least")
        MORE_THAN = "more_than", _("more than")
        AT_MOST = "at_most", _("at most")
        LESS_THAN = "less_than", _("less than")

    class Deeds(models.TextChoices):
        """What a row does to the one it replaces; after a withdrawal a target may be set again."""

        SET = "set", _("set")
        AMEND = "amend", _("amended")
        WITHDRAW = "withdraw", _("withdrawn")

    unit = models.ForeignKey("tree.Unit", models.PROTECT, related_name="+")
    indicator = models.TextField()
    period_code = models.TextField()
    comparison = models.TextField(choices=Comparisons)
    amount = models.DecimalField(max_digits=18, decimal_places=4)
    basis = models.ForeignKey("directives.Document", models.PROTECT, null=True, related_name="+")
    given_to = models.TextField(blank=True, db_default="")
    given_to_post = models.TextField(blank=True, db_default="")
    illustrative = models.BooleanField(db_default=False)
    replaces = models.OneToOneField("self", models.PROTECT, null=True, related_name="replaced_by")
    deed = models.TextField(choices=Deeds, db_default=Deeds.SET)
    reason = models.TextField(blank=True, db_default="")
    known_on = models.DateField()
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ("unit_id", "period_code", "indicator", "id")
        indexes = (
            models.Index(fields=["unit", "period_code", "indicator"], name="target_by_unit_and_period"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=["unit", "indicator", "period_code"],
                condition=models.Q(replaces__isnull=True),
                name="target_has_one_line_of_amendments",
            ),
            models.CheckConstraint(condition=models.Q(amount__gte=0), name="target_is_not_negative"),
            models.CheckConstraint(
                condition=models.Q(deed="set") | ~models.Q(reason=""),
                name="target_is_amended_with_a_reason",
            ),
            models.CheckConstraint(
                condition=models.Q(deed="set") | models.Q(replaces__isnull=False),
                name="target_is_set_before_it_is_amended",
            ),
        )

    def __str__(self) -> str:
        return f"{self.indicator} {self.period_code}"


class Statement(models.Model):
    """What a report states about a figure, kept beside what the arithmetic gives; never the source of a
    figure.

    stated and decimals: the number as written, so that 113.4 and 113.39 are both right for 113.388….
    """

    class What(models.TextChoices):
        """What the stated number is."""

        VALUE = "value", _("the value itself")
        PERCENT_OF_TARGET = "percent_of_target", _("percent of the target")
        CHANGE = "change", _("change since the start of the year")

    class SaidUnit(models.TextChoices):
        """The unit the report gives the number in."""

        PERCENT = "percent", _("percent")
        POINTS = "points", _("percentage points")
        COUNT = "count", _("a plain number")

    unit = models.ForeignKey("tree.Unit", models.PROTECT, related_name="+")
    indicator = models.TextField()
    period_code = models.TextField()
    what = models.TextField(choices=What)
    stated = models.DecimalField(max_digits=18, decimal_places=6)
    decimals = models.SmallIntegerField()
    said_unit = models.TextField(choices=SaidUnit)
    source = models.TextField()
    document = models.ForeignKey("directives.Document", models.PROTECT, null=True, related_name="+")
    on_date = models.DateField()
    withdrawn_on = models.DateField(null=True)
    withdrawn_because = models.TextField(blank=True, db_default="")
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ("on_date", "id")
        indexes = (models.Index(fields=["unit", "period_code"], name="statement_by_unit_and_period"),)
        constraints = (
            models.UniqueConstraint(
                fields=["unit", "indicator", "period_code", "what", "source"],
                condition=models.Q(withdrawn_on__isnull=True),
                name="statement_once_in_a_source",
            ),
            models.CheckConstraint(
                condition=models.Q(decimals__gte=0, decimals__lte=6), name="statement_has_up_to_six_decimals"
            ),
            models.CheckConstraint(
                condition=models.Q(withdrawn_on__isnull=True) | ~models.Q(withdrawn_because=""),
                name="statement_is_withdrawn_with_a_reason",
            ),
        )

    def __str__(self) -> str:
        return f"{self.indicator} {self.period_code}: {self.stated}"

    @property
    def as_written(self) -> Decimal:
        """The number with the decimals it was stated with."""
        return self.stated.quantize(Decimal(1).scaleb(-self.decimals))
