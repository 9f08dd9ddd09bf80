"""Tables of returns. What is accepted is kept as differences; the database keeps the sums (see migrations)."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from plenum.figures.rules import Deed, Figures, State
from plenum.packs import Form, pack
from plenum.periods import Period
from plenum.tree.fields import RangeOperators, SpanField

STATES = {
    State.DRAFT: _("Draft"),
    State.SUBMITTED: _("Submitted"),
    State.SENT_BACK: _("Sent back"),
    State.ACCEPTED: _("Accepted"),
}
DEEDS = {
    Deed.SUBMIT: _("Submitted"),
    Deed.WITHDRAW: _("Taken back"),
    Deed.ACCEPT: _("Accepted"),
    Deed.SEND_BACK: _("Sent back"),
    Deed.CORRECT: _("Correction begun"),
    Deed.DISCARD: _("Correction discarded"),
}


class Obligation(models.Model):
    """That a unit owes a form by a schedule of the pack for a span of days."""

    unit = models.ForeignKey("tree.Unit", on_delete=models.PROTECT, related_name="obligations")
    form = models.CharField(max_length=60)
    schedule = models.CharField(max_length=60)
    span = SpanField()

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="figures_obligation_one_at_a_time",
                expressions=[
                    ("unit", RangeOperators.EQUAL),
                    ("form", RangeOperators.EQUAL),
                    ("span", RangeOperators.OVERLAPS),
                ],
            )
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.form} {self.schedule}"


class Return(models.Model):
    """What one unit reports in one form for one period, with the draft that is being worked on.

    ``edition`` grows with every change and lets two people notice each other; ``sitting`` names the
    opened page that made the last change, so that a page does not take its own saving in the
    background for somebody else's; ``version`` is the last one submitted, ``accepted_version`` the
    one whose figures stand. ``reason`` says why an accepted return is being corrected. Returns of
    one unit and form never overlap in months.
    """

    unit = models.ForeignKey("tree.Unit", on_delete=models.PROTECT, related_name="returns")
    form = models.CharField(max_length=60)
    period_code = models.CharField(max_length=7)
    first_month = models.DateField()
    month = models.DateField()
    state = models.CharField(max_length=9, choices=list(STATES.items()), default=State.DRAFT)
    edition = models.PositiveIntegerField(default=1)
    sitting = models.CharField(max_length=40, blank=True, default="")
    version = models.PositiveIntegerField(default=0)
    accepted_version = models.PositiveIntegerField(null=True)
    draft_values = ArrayField(models.BigIntegerField(null=True))
    draft_illustrative = ArrayField(models.BooleanField())
    remark = models.TextField(blank=True, default="")
    reason = models.TextField(blank=True, default="")
    sent_back_reason = models.TextField(blank=True, default="")
    entered_by_id = models.BigIntegerField(null=True)
    entered_by = models.CharField(max_length=200, default="")
    changed_by = models.CharField(max_length=200, default="")
    changed_on = models.DateField()
    changed_at = models.DateTimeField(db_default=Now())
    first_submitted_on = models.DateField(null=True)
    submitted_on = models.DateField(null=True)
    accepted_on = models.DateField(null=True)
    last_step_on = models.DateField(null=True)
    steps_taken = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="figures_return_once", fields=["unit", "form", "period_code"]),
            models.CheckConstraint(name="figures_return_known_state", condition=Q(state__in=list(State))),
            models.CheckConstraint(
                name="figures_return_accepted_was_submitted",
                condition=Q(accepted_version=None) | Q(accepted_version__lte=F("version")),
            ),
            models.CheckConstraint(
                name="figures_return_accepted_stands",
                condition=~Q(state=State.ACCEPTED) | Q(accepted_version__isnull=False),
            ),
            models.CheckConstraint(
                name="figures_return_months_in_order", condition=Q(first_month__lte=F("month"))
            ),
        ]
        indexes = [
            models.Index(name="figures_return_waiting", fields=["unit"], condition=Q(state=State.SUBMITTED)),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.form} {self.period_code}"

    @property
    def period(self) -> Period:
        return Period.parse(self.period_code)

    @property
    def form_of_pack(self) -> Form:
        return pack().forms[self.form]

    @property
    def draft(self) -> Figures:
        """The figures of the draft; those last submitted or accepted when nothing has been changed since."""
        return Figures(tuple(self.draft_values), tuple(self.draft_illustrative))


class Version(models.Model):
    """What a return said when it was submitted; never changed."""

    append_only = True

    of_return = models.ForeignKey(
        Return, on_delete=models.PROTECT, related_name="versions", db_column="return_id"
    )
    number = models.PositiveIntegerField()
    values = ArrayField(models.BigIntegerField(null=True))
    illustrative = ArrayField(models.BooleanField())
    remark = models.TextField(blank=True, default="")
    reason = models.TextField(blank=True, default="")
    entered_by_id = models.BigIntegerField(null=True)
    entered_by = models.CharField(max_length=200)
    submitted_by_id = models.BigIntegerField(null=True)
    submitted_by = models.CharField(max_length=200)
    on_date = models.DateField()
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(name="figures_version_once", fields=["of_return", "number"]),
        ]

    def __str__(self) -> str:
        return f"{self.of_return_id}.{self.number}"

    @property
    def figures(self) -> Figures:
        return Figures(tuple(self.values), tuple(self.illustrative))


class Step(models.Model):
    """One step in the course of a return: what was done with which version, by whom, when and why."""

    append_only = True

    of_return = models.ForeignKey(
        Return, on_delete=models.PROTECT, related_name="steps", db_column="return_id"
    )
    number = models.PositiveIntegerField()
    what = models.CharField(max_length=9, choices=list(DEEDS.items()))
    version = models.PositiveIntegerField()
    reason = models.TextField(blank=True, default="")
    by_id = models.BigIntegerField(null=True)
    by = models.CharField(max_length=200)
    on_date = models.DateField()
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(name="figures_step_once", fields=["of_return", "number"])]

    def __str__(self) -> str:
        return f"{self.of_return_id}: {self.what}"


class Entry(models.Model):
    """What the acceptance of a version adds to the figures, and since when that is known; never changed.

    Position n holds slot number n + 1. The database refuses entries that do not add up to the version they accept.
    """

    append_only = True

    of_return = models.ForeignKey(
        Return, on_delete=models.PROTECT, related_name="entries", db_column="return_id"
    )
    version = models.OneToOneField(Version, on_delete=models.PROTECT, related_name="entry")
    known_on = models.DateField()
    recorded_at = models.DateTimeField(db_default=Now())
    delta = ArrayField(models.BigIntegerField())
    delta_counts = ArrayField(models.IntegerField())
    delta_illustrative = ArrayField(models.IntegerField())

    def __str__(self) -> str:
        return f"{self.of_return_id} since {self.known_on}"


class Standing(models.Model):
    """The accepted figures of one return as they stand, and to whose roll-ups they are added (from itself up).

    Kept by triggers on entries and on the tree. A slot is known when its count is 1.
    """

    kept_by_database = True

    of_return = models.OneToOneField(
        Return, on_delete=models.PROTECT, related_name="standing", db_column="return_id", primary_key=True
    )
    unit = models.ForeignKey(
        "tree.Unit", on_delete=models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False
    )
    form = models.CharField(max_length=60)
    first_month = models.DateField()
    month = models.DateField()
    sums = ArrayField(models.BigIntegerField())
    counts = ArrayField(models.IntegerField())
    illustrative = ArrayField(models.IntegerField())
    ancestors = ArrayField(models.BigIntegerField())

    class Meta:
        constraints = [
            models.UniqueConstraint(name="figures_standing_once", fields=["unit", "month", "form"]),
        ]
        indexes = [
            models.Index(
                name="figures_standing_longer",
                fields=["month"],
                condition=models.Q(first_month__lt=models.F("month")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.form} {self.month}"


class Sums(models.Model):
    """One row of what is added up below a unit; `Rollup` says what its columns are."""

    unit = models.ForeignKey(
        "tree.Unit", on_delete=models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False
    )
    branch = models.ForeignKey(
        "tree.Unit", on_delete=models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False
    )
    kind = models.CharField(max_length=5)
    form = models.CharField(max_length=60)
    first_month = models.DateField()
    month = models.DateField()
    since = models.DateField(null=True)
    sums = ArrayField(models.BigIntegerField(), null=True)
    counts = ArrayField(models.IntegerField(), null=True)
    illustrative = ArrayField(models.IntegerField(), null=True)
    quarter = ArrayField(models.IntegerField(), null=True)
    half = ArrayField(models.IntegerField(), null=True)
    year = ArrayField(models.IntegerField(), null=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.unit_id} {self.kind} {self.form} {self.month}"


class Rollup(Sums):
    """What everything below a unit brings to its sums in a month, as known since a day; itself is not in it.

    ``kind`` flow: the sum of what stands, on the tree of that month, with the number of returns; ``quarter``, ``half``
    and ``year`` are 1 for the first return of a unit in such a span, so that they add up to the number of units.
    Kind stock: the change of what is carried from month to month on the tree of the month's end; ``quarter`` is the
    number of units that reported for that very month. Kind part, at the root: what is to be added to the first returns
    of a branch, because a unit that has moved counts once at the root. Kind tree: the same, for reading all months on
    one tree, where the first return counts whoever stood above the unit then. An array that adds nothing may be absent.

    The unit at the top would be the hottest row of the database, so its sums are kept apart by ``branch`` (the
    unit directly below it through which they come) and added when read; for every other unit the branch is the
    unit itself.
    """

    kept_by_database = True

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="figures_rollup_once", fields=["unit", "kind", "month", "form", "first_month", "branch"]
            ),
        ]


class PastRollup(Sums):
    """How a row of the roll-ups was known from a day until before another, on the tree as it is recorded now."""

    kept_by_database = True

    rollup = models.ForeignKey(
        Rollup, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False
    )
    until = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="figures_pastrollup_once", fields=["rollup", "since"]),
        ]


class YearLine(models.Model):
    """On which line a unit that reports stood at the end of the months ``first`` to ``last`` of a year."""

    kept_by_database = True

    unit = models.ForeignKey(
        "tree.Unit", on_delete=models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False
    )
    year = models.IntegerField()
    first = models.IntegerField()
    last = models.IntegerField()
    line = ArrayField(models.BigIntegerField())

    class Meta:
        constraints = [
            models.UniqueConstraint(name="figures_yearline_once", fields=["unit", "year", "first"]),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.year}"


class MixedYear(models.Model):
    """A year in which a unit has reported in more than one form: what is kept by form counts it more than once."""

    kept_by_database = True

    unit = models.ForeignKey(
        "tree.Unit", on_delete=models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False
    )
    year = models.IntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(name="figures_mixedyear_once", fields=["unit", "year"])]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.year}"


class Handed(models.Model):
    """Which returns of a unit are handed in, for the periods of one length that end in a year: a bit for each month.

    Kept by triggers on returns. ``handed``: submitted or accepted, and not sent back since; ``accepted``: figures of
    it stand. No first submission is later than ``submitted_until``, no first acceptance than ``accepted_until``.
    """

    kept_by_database = True

    unit = models.ForeignKey(
        "tree.Unit", on_delete=models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False
    )
    form = models.CharField(max_length=60)
    year = models.IntegerField()
    length = models.IntegerField()
    handed = models.IntegerField()
    accepted = models.IntegerField()
    submitted_until = models.DateField(null=True)
    accepted_until = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="figures_handed_once", fields=["unit", "form", "year", "length"]),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.form} {self.year}"
