"""Tables of the tree. Only `ledger.py` writes them; the database itself refuses what is not a tree (see migrations)."""

from fractions import Fraction

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from plenum.tree.fields import RangeOperators, SpanField
from plenum.tree.rules import CODE_PATTERN, LONGEST_CODE, LONGEST_NAME


class Unit(models.Model):
    """One organisation, from the day it was founded to the day it was dissolved."""

    code = models.CharField(max_length=LONGEST_CODE, unique=True)
    lifetime = SpanField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="tree_unit_code_is_plain", condition=Q(code__regex=CODE_PATTERN)),
            models.CheckConstraint(
                name="tree_unit_lives_a_day",
                condition=Q(lifetime__isempty=False, lifetime__startswith__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.code


class UnitName(models.Model):
    """What a unit was called for a span; the names of a unit cover its lifetime without gap or overlap."""

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="names")
    name = models.CharField(max_length=LONGEST_NAME)
    short = models.CharField(max_length=LONGEST_NAME, blank=True, default="")
    sort_key = models.TextField(db_collation="C")
    search_key = models.TextField()
    illustrative = models.BooleanField(default=False, db_default=False)
    span = SpanField()

    class Meta:
        constraints = [models.CheckConstraint(name="tree_unitname_is_written", condition=~Q(name=""))]
        indexes = [
            GinIndex(name="tree_unitname_search", fields=["search_key"], opclasses=["gin_trgm_ops"]),
        ]

    def __str__(self) -> str:
        return self.name


class UnitKind(models.Model):
    """Which kind of the rule pack a unit was for a span; kinds cover its lifetime without gap or overlap."""

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="kinds")
    kind = models.CharField(max_length=40)
    span = SpanField()

    class Meta:
        indexes = [models.Index(name="tree_unitkind_kind", fields=["kind"])]

    def __str__(self) -> str:
        return self.kind


class Placement(models.Model):
    """Under which parent a unit stood for a span (none for the root); placements cover its lifetime."""

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="placements")
    parent = models.ForeignKey(Unit, on_delete=models.RESTRICT, related_name="children_placements", null=True)
    span = SpanField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="tree_placement_not_below_itself", condition=Q(parent=None) | ~Q(parent=F("unit"))
            ),
            ExclusionConstraint(
                name="tree_placement_one_root_at_a_time",
                expressions=[("span", RangeOperators.OVERLAPS)],
                condition=Q(parent=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} < {self.parent_id}"


class Ancestry(models.Model):
    """Who stood how far above whom in which span; depth 0 is the unit itself. Kept by triggers on placements.

    A trigger computes only what a change of placements affects, and leaves every unchanged row as it is. Nobody else
    writes this table: the web role may only read it.
    """

    kept_by_database = True

    ancestor = models.ForeignKey(
        Unit, on_delete=models.DO_NOTHING, related_name="descendants", db_constraint=False, db_index=False
    )
    descendant = models.ForeignKey(
        Unit, on_delete=models.DO_NOTHING, related_name="ancestors", db_constraint=False, db_index=False
    )
    depth = models.SmallIntegerField()
    span = SpanField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="tree_ancestry_said_once", fields=["descendant", "ancestor", "depth", "span"]
            ),
        ]
        indexes = [models.Index(name="tree_ancestry_below", fields=["ancestor", "depth", "descendant"])]

    def __str__(self) -> str:
        return f"{self.descendant_id} < {self.ancestor_id} ({self.depth})"


class Became(models.TextChoices):
    """How what a unit was went on in another."""

    SUCCEEDED = "succeeded", _("succeeded")
    MERGED = "merged", _("merged")
    SPLIT = "split", _("split off")


class DividedBy(models.TextChoices):
    """By what the past of a unit is divided among its successors."""

    AREA = "area", _("by area")
    MEMBERS = "members", _("by members")
    LIST = "list", _("by list")


class Lineage(models.Model):
    """A predecessor that went on in a successor on a day.

    When its past is divided, `by` says by what, and the successor has `numerator`/`denominator` of it; otherwise `by`
    is empty and nothing is divided. The shares of one unit on one day are never more than the whole (see migrations).
    """

    predecessor = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="successions")
    successor = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="origins")
    on_date = models.DateField()
    how = models.CharField(max_length=20, choices=Became.choices, default=Became.SUCCEEDED)
    numerator = models.IntegerField(default=1, db_default=1)
    denominator = models.IntegerField(default=1, db_default=1)
    by = models.CharField(max_length=20, choices=DividedBy.choices, blank=True, default="", db_default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(name="tree_lineage_once", fields=["predecessor", "successor"]),
            models.CheckConstraint(name="tree_lineage_of_two", condition=~Q(predecessor=F("successor"))),
            models.CheckConstraint(name="tree_lineage_known_way", condition=Q(how__in=Became.values)),
            models.CheckConstraint(
                name="tree_lineage_share_of_a_whole",
                condition=Q(numerator__gte=1, denominator__gte=F("numerator")),
            ),
            models.CheckConstraint(
                name="tree_lineage_divided_or_whole",
                condition=Q(by__in=DividedBy.values) | Q(by="", numerator=1, denominator=1),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.predecessor_id} → {self.successor_id}"

    @property
    def share(self) -> Fraction:
        """Which part of the predecessor's past the successor has; exact."""
        return Fraction(self.numerator, self.denominator)


class Heir(models.Model):
    """A unit that has ended, and one that alone went on with what it was: its only heir, that one's heir, and so on.

    From `since` on the heir stands for it; a divided unit has none. Kept from lineage and lives by triggers; whoever
    reaches the heir reaches what it took over.
    """

    kept_by_database = True

    unit = models.ForeignKey(
        Unit, on_delete=models.DO_NOTHING, related_name="heirs", db_constraint=False, db_index=False
    )
    heir = models.ForeignKey(
        Unit, on_delete=models.DO_NOTHING, related_name="inherited", db_constraint=False, db_index=False
    )
    since = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(name="tree_heir_once", fields=["unit", "heir"])]
        indexes = [models.Index(name="tree_heir_of", fields=["heir", "unit"])]

    def __str__(self) -> str:
        return f"{self.unit_id} → {self.heir_id}"


class Change(models.Model):
    """How many transactions have changed the tree: one row, counted by triggers.

    So it costs next to nothing to ask whether the tree is still the one that somebody has looked at. `by_transaction`
    is the last of them, so that each is counted once.
    """

    kept_by_database = True

    number = models.BigIntegerField()
    by_transaction = models.TextField()

    class Meta:
        constraints = [models.CheckConstraint(name="tree_change_one_row", condition=Q(pk=1))]

    def __str__(self) -> str:
        return str(self.number)


class Reshaping(models.Model):
    """Many changes of the tree that hold from one day and were written at once; they can be taken back before it."""

    on_date = models.DateField()
    undone = models.BooleanField(default=False, db_default=False)

    def __str__(self) -> str:
        return f"{self.pk}: {self.on_date}"


class Touched(models.TextChoices):
    """What a reshaping did to a unit."""

    FOUNDED = "founded"
    NAME = "name"
    KIND = "kind"
    PARENT = "parent"
    ENDED = "ended"
    LINKED = "linked"


class Reshaped(models.Model):
    """One thing that a reshaping did to a unit, with what is needed to take it back.

    `former` is the first day on which what held before would not have held any more, `until` the same of what was
    written (None: without end); `other` is the new superior, or the successor in whom a unit goes on. What is taken
    back leaves no row. There may be hundreds of thousands, so they have no keys that the database would look up.
    """

    reshaping = models.ForeignKey(Reshaping, on_delete=models.CASCADE, related_name="touched", db_index=False)
    unit = models.ForeignKey(
        Unit, on_delete=models.DO_NOTHING, related_name="reshaped", db_constraint=False, db_index=False
    )
    what = models.CharField(max_length=10, choices=Touched.choices)
    other = models.ForeignKey(
        Unit,
        on_delete=models.DO_NOTHING,
        related_name="reshaped_into",
        db_constraint=False,
        db_index=False,
        null=True,
    )
    former = models.DateField(null=True)
    until = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="tree_reshaped_known_way", condition=Q(what__in=Touched.values)),
            models.UniqueConstraint(
                name="tree_reshaped_once",
                fields=["reshaping", "what", "unit", "other"],
                nulls_distinct=False,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id}: {self.what}"
