"""Entries of the journal and the heads of their chains. The triggers are in migration 0002."""

from django.db import models
from django.db.models.functions import Now


class Entry(models.Model):
    """One deed. Position, moment and hashes are set by the database, whatever the writer says.

    ``unit_id`` has no foreign key, because the journal stands below the tree; None is the chain of the
    installation.
    """

    append_only = True

    unit_id = models.BigIntegerField(null=True)
    position = models.BigIntegerField(db_default=0)
    act = models.CharField(max_length=80)
    power = models.CharField(max_length=80, blank=True)
    actor_id = models.BigIntegerField(null=True)
    actor_label = models.TextField()
    acting_for = models.BigIntegerField(null=True)
    on_date = models.DateField()
    recorded_at = models.DateTimeField(db_default=Now())
    subject = models.TextField(blank=True)
    subject_label = models.TextField(blank=True)
    change = models.JSONField()
    previous_hash = models.CharField(max_length=64, db_default="")
    hash = models.CharField(max_length=64, db_default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["unit_id", "position"], name="journal_entry_position_in_chain", nulls_distinct=False
            ),
        ]
        indexes = [
            models.Index(fields=["actor_id", "-id"], name="journal_entry_by_actor"),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id or 'installation'} #{self.position} {self.act}"


class Head(models.Model):
    """The last link of one chain, kept by the database so that a removed tail is noticed.

    ``chain`` is the id of the unit, or 0 for the chain of the installation.
    """

    kept_by_database = True

    chain = models.BigIntegerField(primary_key=True)
    position = models.BigIntegerField()
    hash = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.chain} ends at #{self.position}"
