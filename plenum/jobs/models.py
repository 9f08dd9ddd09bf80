"""A job, the files that it was given and that it leaves, and their bytes. Who sees which is in migration 0002."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class State(models.TextChoices):
    """Where a job is."""

    WAITING = "waiting", pgettext_lazy("job", "waiting")
    RUNNING = "running", pgettext_lazy("job", "running")
    FINISHED = "finished", pgettext_lazy("job", "finished")
    FAILED = "failed", pgettext_lazy("job", "failed")
    REFUSED = "refused", pgettext_lazy("job", "refused")
    CANCELLED = "cancelled", pgettext_lazy("job", "cancelled")


UNDER_WAY = (State.WAITING, State.RUNNING)


class Job(models.Model):
    """One job, from its start to what came of it.

    ``account`` (None is the system), ``acting_for``, ``powers`` (None is no limit) and ``token`` are who does it.
    ``of`` is how much there is to do, as far as that is known; ``said`` is the last sentence about it, ``reason`` why
    it did not end well. ``attempts`` counts how often a worker has begun it.
    """

    kind = models.CharField(max_length=80)
    about = models.TextField(blank=True)
    unit = models.ForeignKey("tree.Unit", on_delete=models.PROTECT, related_name="+")
    arguments = models.JSONField(default=dict)
    account = models.ForeignKey("access.Account", on_delete=models.PROTECT, null=True, related_name="+")
    actor_label = models.TextField()
    acting_for = models.BigIntegerField(null=True)
    powers = ArrayField(models.CharField(max_length=80), null=True)
    token = models.ForeignKey("access.ApiToken", on_delete=models.PROTECT, null=True, related_name="+")
    language = models.CharField(max_length=8)
    on_date = models.DateField()
    state = models.CharField(max_length=16, choices=State, default=State.WAITING)
    done = models.BigIntegerField(default=0)
    of = models.BigIntegerField(null=True)
    said = models.TextField(blank=True)
    reason = models.TextField(blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    cancel_asked = models.BooleanField(default=False)
    asked_at = models.DateTimeField(db_default=Now())
    began_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=[*UNDER_WAY], ended_at=None)
                | (~models.Q(state__in=[*UNDER_WAY]) & ~models.Q(ended_at=None)),
                name="jobs_job_ended_when_it_is_over",
            ),
        ]
        indexes = [
            models.Index(fields=["account", "-id"], name="jobs_job_of_account"),
            models.Index(fields=["unit", "-id"], name="jobs_job_of_unit"),
            models.Index(
                fields=["state"], condition=models.Q(state__in=[*UNDER_WAY]), name="jobs_job_under_way"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}: {self.state}"


class JobFile(models.Model):
    """A file of a job; it goes when its days are over."""

    class Role(models.TextChoices):
        GIVEN = "given", _("Given")
        RESULT = "result", _("Result")

    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="files")
    role = models.CharField(max_length=8, choices=Role)
    name = models.TextField()
    media_type = models.CharField(max_length=120)
    size = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["job", "role"], name="jobs_jobfile_one_of_each")]

    def __str__(self) -> str:
        return self.name


class JobPiece(models.Model):
    """Some bytes of a file, so that none has to be in memory whole."""

    file = models.ForeignKey(JobFile, on_delete=models.CASCADE, related_name="pieces")
    number = models.PositiveIntegerField()
    body = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["file", "number"], name="jobs_jobpiece_in_order")]

    def __str__(self) -> str:
        return f"{self.file_id}/{self.number}"
