"""Entries of the journal and the heads of their chains."""

import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Head",
            fields=[
                ("chain", models.BigIntegerField(primary_key=True, serialize=False)),
                ("position", models.BigIntegerField()),
                ("hash", models.CharField(max_length=64)),
            ],
        ),
        migrations.CreateModel(
            name="Entry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("unit_id", models.BigIntegerField(null=True)),
                ("position", models.BigIntegerField(db_default=0)),
                ("act", models.CharField(max_length=80)),
                ("power", models.CharField(blank=True, max_length=80)),
                ("actor_id", models.BigIntegerField(null=True)),
                ("actor_label", models.TextField()),
                ("acting_for", models.BigIntegerField(null=True)),
                ("on_date", models.DateField()),
                ("recorded_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("subject", models.TextField(blank=True)),
                ("subject_label", models.TextField(blank=True)),
                ("change", models.JSONField()),
                ("previous_hash", models.CharField(db_default="", max_length=64)),
                ("hash", models.CharField(db_default="", max_length=64)),
            ],
            options={
                "indexes": [models.Index(fields=["actor_id", "-id"], name="journal_entry_by_actor")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("unit_id", "position"),
                        name="journal_entry_position_in_chain",
                        nulls_distinct=False,
                    )
                ],
            },
        ),
    ]
