"""Reforms with what is approved, decided and rehearsed about them, and the work that follows one.

The plan itself is kept as it was written (`rules/data.py`). Who sees and writes which row is in migration 0002.
"""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from plenum.tree.rules import CODE_PATTERN, LONGEST_CODE


class State(models.TextChoices):
    """Where a reform is."""

    DRAFT = "draft", pgettext_lazy("reform", "draft")
    SUBMITTED = "submitted", pgettext_lazy("reform", "submitted")
    EXECUTED = "executed", pgettext_lazy("reform", "executed")
    UNDONE = "undone", pgettext_lazy("reform", "undone")


OPEN_STATES = (State.DRAFT, State.SUBMITTED)
"""In these a reform is prepared. A submitted one is approved when every unit that was asked has approved."""


class Reform(models.Model):
    """A reform from its first draft on. `unit` answers for it; `on_date` is the first day on which any of it holds.

    edition: grows with every change of the plan; approvals and rehearsals are of one edition. reshapings, undo: what is
    needed to take back an execution before its day. digest: what the execution came to. former: the last plans before
    this one, each with its document, so that a change of the draft can be undone.
    """

    code = models.CharField(max_length=LONGEST_CODE, unique=True)
    title = models.CharField(max_length=300)
    unit = models.ForeignKey("tree.Unit", on_delete=models.PROTECT, related_name="+")
    on_date = models.DateField()
    basis = models.TextField(blank=True, db_default="")
    document = models.ForeignKey("directives.Document", on_delete=models.PROTECT, null=True, related_name="+")
    plan = models.JSONField()
    edition = models.PositiveIntegerField(db_default=1, default=1)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    changed_by = models.TextField()
    changed_on = models.DateField()
    executed_on = models.DateField(null=True)
    digest = models.CharField(max_length=64, blank=True, default="", db_default="")
    reshapings = models.JSONField(default=list)
    undo = models.JSONField(default=dict)
    former = models.JSONField(default=list)
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ("-on_date", "code")
        constraints = (
            models.CheckConstraint(name="reform_code_is_plain", condition=Q(code__regex=CODE_PATTERN)),
            models.CheckConstraint(name="reform_has_a_title", condition=~Q(title="")),
            models.CheckConstraint(
                name="reform_executed_says_when",
                condition=Q(state=State.EXECUTED, executed_on__isnull=False) | ~Q(state=State.EXECUTED),
            ),
        )

    def __str__(self) -> str:
        return self.title


class Approval(models.Model):
    """That a unit has to approve an edition of a reform, and whether it has."""

    reform = models.ForeignKey(Reform, on_delete=models.CASCADE, related_name="approvals")
    unit = models.ForeignKey("tree.Unit", on_delete=models.CASCADE, related_name="+")
    edition = models.PositiveIntegerField()
    approved_on = models.DateField(null=True)
    approved_by = models.TextField(blank=True, db_default="", default="")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["reform", "unit"], name="approval_once_by_a_unit"),)

    def __str__(self) -> str:
        return f"{self.reform_id} {self.unit_id}"


class Decision(models.Model):
    """What was decided about one object that would have no owner; `subject` names it as the journal does."""

    reform = models.ForeignKey(Reform, on_delete=models.CASCADE, related_name="decisions")
    subject = models.CharField(max_length=80)
    choice = models.CharField(max_length=LONGEST_CODE + 10)
    decided_by = models.TextField()
    on_date = models.DateField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["reform", "subject"], name="decision_once_about_an_object"),
        )

    def __str__(self) -> str:
        return f"{self.subject}: {self.choice}"


class Rehearsal(models.Model):
    """The last rehearsal of a reform: of which edition and which tree, and what it came to.

    tree_changes: how many transactions had changed the tree by then. difference: what would be otherwise, unit by unit;
    long where the reform is, so lists leave it out.
    """

    reform = models.OneToOneField(Reform, on_delete=models.CASCADE, related_name="rehearsal")
    edition = models.PositiveIntegerField()
    tree_changes = models.BigIntegerField()
    tree_digest = models.CharField(max_length=64)
    objects_digest = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)
    blocking = models.PositiveIntegerField()
    open_objects = models.PositiveIntegerField()
    report = models.JSONField()
    difference = models.JSONField(default=dict)
    made_by = models.TextField()
    on_date = models.DateField()
    made_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return f"{self.reform_id} {self.edition}"


class Work(models.Model):
    """Something that a new or changed unit has to look at after a reform; `about` names what it comes from.

    `note` is what people need to know of it, as `notes.py` keeps and says it.
    """

    class What(models.TextChoices):
        """What is to be done."""

        PROGRAMME = "programme", _("Review your year's programme")
        TARGETS = "targets", _("Review your targets")
        INSPECTION = "inspection", _("Review your inspection plan")
        RETURNS = "returns", _("See which returns you owe from now on")
        PEOPLE = "people", _("See who may do what for the unit")
        TAKE_OVER = "take_over", _("Take over what was decided to come to you")

    reform = models.ForeignKey(Reform, on_delete=models.CASCADE, related_name="work")
    unit = models.ForeignKey("tree.Unit", on_delete=models.CASCADE, related_name="+")
    what = models.CharField(max_length=20, choices=What)
    about = models.CharField(max_length=80, blank=True, default="", db_default="")
    note = models.TextField(blank=True, default="", db_default="")
    done_on = models.DateField(null=True)
    done_by = models.TextField(blank=True, default="", db_default="")

    class Meta:
        ordering = ("unit_id", "id")
        constraints = (
            models.UniqueConstraint(fields=["reform", "unit", "what", "about"], name="work_once_for_a_unit"),
        )

    def __str__(self) -> str:
        return f"{self.unit_id} {self.what}"
