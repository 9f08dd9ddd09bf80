"""Tables of obligations, returns and the sums kept from them."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models
from django.db.models.functions import Now

from plenum.tree.fields import SpanField


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("tree", "0003_ancestry"),
    ]

    operations = [
        migrations.CreateModel(
            name="Return",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("form", models.CharField(max_length=60)),
                ("period_code", models.CharField(max_length=7)),
                ("first_month", models.DateField()),
                ("month", models.DateField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("submitted", "Submitted"),
                            ("sent_back", "Sent back"),
                            ("accepted", "Accepted"),
                        ],
                        default="draft",
                        max_length=9,
                    ),
                ),
                ("edition", models.PositiveIntegerField(default=1)),
                ("sitting", models.CharField(blank=True, default="", max_length=40)),
                ("version", models.PositiveIntegerField(default=0)),
                ("accepted_version", models.PositiveIntegerField(null=True)),
                ("draft_values", ArrayField(base_field=models.BigIntegerField(null=True), size=None)),
                ("draft_illustrative", ArrayField(base_field=models.BooleanField(), size=None)),
                ("remark", models.TextField(blank=True, default="")),
                ("reason", models.TextField(blank=True, default="")),
                ("sent_back_reason", models.TextField(blank=True, default="")),
                ("entered_by_id", models.BigIntegerField(null=True)),
                ("entered_by", models.CharField(default="", max_length=200)),
                ("changed_by", models.CharField(default="", max_length=200)),
                ("changed_on", models.DateField()),
                ("changed_at", models.DateTimeField(db_default=Now())),
                ("first_submitted_on", models.DateField(null=True)),
                ("submitted_on", models.DateField(null=True)),
                ("accepted_on", models.DateField(null=True)),
                ("last_step_on", models.DateField(null=True)),
                ("steps_taken", models.PositiveIntegerField(default=0)),
                ("unit", models.ForeignKey(on_delete=models.PROTECT, related_name="returns", to="tree.unit")),
            ],
        ),
        migrations.CreateModel(
            name="Rollup",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=5)),
                ("form", models.CharField(max_length=60)),
                ("first_month", models.DateField()),
                ("month", models.DateField()),
                ("since", models.DateField(null=True)),
                ("sums", ArrayField(base_field=models.BigIntegerField(), null=True, size=None)),
                ("counts", ArrayField(base_field=models.IntegerField(), null=True, size=None)),
                ("illustrative", ArrayField(base_field=models.IntegerField(), null=True, size=None)),
                ("quarter", ArrayField(base_field=models.IntegerField(), null=True, size=None)),
                ("half", ArrayField(base_field=models.IntegerField(), null=True, size=None)),
                ("year", ArrayField(base_field=models.IntegerField(), null=True, size=None)),
                (
                    "branch",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=models.DO_NOTHING,
                        related_name="+",
                        to="tree.unit",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=models.DO_NOTHING,
                        related_name="+",
                        to="tree.unit",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("unit", "kind", "month", "form", "first_month", "branch"),
                        name="figures_rollup_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PastRollup",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=5)),
                ("form", models.CharField(max_length=60)),
                ("first_month", models.DateField()),
                ("month", models.DateField()),
                ("since", models.DateField(null=True)),
                ("sums", ArrayField(base_field=models.BigIntegerField(), null=True, size=None)),
                ("counts", ArrayField(base_field=models.IntegerField(), null=True, size=None)),
                ("illustrative", ArrayField(base_field=models.IntegerField(), null=True, size=None)),
                ("quarter", ArrayField(base_field=models.IntegerField(), null=True, size=None)),
                ("half", ArrayField(base_field=models.IntegerField(), null=True, size=None)),
                ("year", ArrayField(base_field=models.IntegerField(), null=True, size=None)),
                ("until", models.DateField()),
                (
                    "branch",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=models.DO_NOTHING,
                        related_name="+",
                        to="tree.unit",
                    ),
                ),
                (
                    "rollup",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=models.DO_NOTHING,
                        related_name="+",
                        to="figures.rollup",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=models.DO_NOTHING,
                        related_name="+",
                        to="tree.unit",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("rollup", "since"), name="figures_pastrollup_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="YearLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("year", models.IntegerField()),
                ("first", models.IntegerField()),
                ("last", models.IntegerField()),
                ("line", ArrayField(base_field=models.BigIntegerField(), size=None)),
                (
                    "unit",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=models.DO_NOTHING,
                        related_name="+",
                        to="tree.unit",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("unit", "year", "first"), name="figures_yearline_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="MixedYear",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("year", models.IntegerField()),
                (
                    "unit",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=models.DO_NOTHING,
                        related_name="+",
                        to="tree.unit",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("unit", "year"), name="figures_mixedyear_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Step",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                (
                    "what",
                    models.CharField(
                        choices=[
                            ("submit", "Submitted"),
                            ("withdraw", "Taken back"),
                            ("accept", "Accepted"),
                            ("send_back", "Sent back"),
                            ("correct", "Correction begun"),
                            ("discard", "Correction discarded"),
                        ],
                        max_length=9,
                    ),
                ),
                ("version", models.PositiveIntegerField()),
                ("reason", models.TextField(blank=True, default="")),
                ("by_id", models.BigIntegerField(null=True)),
                ("by", models.CharField(max_length=200)),
                ("on_date", models.DateField()),
                ("recorded_at", models.DateTimeField(db_default=Now())),
                (
                    "of_return",
                    models.ForeignKey(
                        db_column="return_id",
                        on_delete=models.PROTECT,
                        related_name="steps",
                        to="figures.return",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Version",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("values", ArrayField(base_field=models.BigIntegerField(null=True), size=None)),
                ("illustrative", ArrayField(base_field=models.BooleanField(), size=None)),
                ("remark", models.TextField(blank=True, default="")),
                ("reason", models.TextField(blank=True, default="")),
                ("entered_by_id", models.BigIntegerField(null=True)),
                ("entered_by", models.CharField(max_length=200)),
                ("submitted_by_id", models.BigIntegerField(null=True)),
                ("submitted_by", models.CharField(max_length=200)),
                ("on_date", models.DateField()),
                ("recorded_at", models.DateTimeField(db_default=Now())),
                (
                    "of_return",
                    models.ForeignKey(
                        db_column="return_id",
                        on_delete=models.PROTECT,
                        related_name="versions",
                        to="figures.return",
                    ),
                ),
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
                ("known_on", models.DateField()),
                ("recorded_at", models.DateTimeField(db_default=Now())),
                ("delta", ArrayField(base_field=models.BigIntegerField(), size=None)),
                ("delta_counts", ArrayField(base_field=models.IntegerField(), size=None)),
                ("delta_illustrative", ArrayField(base_field=models.IntegerField(), size=None)),
                (
                    "of_return",
                    models.ForeignKey(
                        db_column="return_id",
                        on_delete=models.PROTECT,
                        related_name="entries",
                        to="figures.return",
                    ),
                ),
                (
                    "version",
                    models.OneToOneField(
                        on_delete=models.PROTECT, related_name="entry", to="figures.version"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Obligation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("form", models.CharField(max_length=60)),
                ("schedule", models.CharField(max_length=60)),
                ("span", SpanField()),
                (
                    "unit",
                    models.ForeignKey(on_delete=models.PROTECT, related_name="obligations", to="tree.unit"),
                ),
            ],
            options={
                "constraints": [
                    ExclusionConstraint(
                        expressions=[("unit", "="), ("form", "="), ("span", "&&")],
                        name="figures_obligation_one_at_a_time",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Standing",
            fields=[
                (
                    "of_return",
                    models.OneToOneField(
                        db_column="return_id",
                        on_delete=models.PROTECT,
                        primary_key=True,
                        related_name="standing",
                        serialize=False,
                        to="figures.return",
                    ),
                ),
                ("form", models.CharField(max_length=60)),
                ("first_month", models.DateField()),
                ("month", models.DateField()),
                ("sums", ArrayField(base_field=models.BigIntegerField(), size=None)),
                ("counts", ArrayField(base_field=models.IntegerField(), size=None)),
                ("illustrative", ArrayField(base_field=models.IntegerField(), size=None)),
                ("ancestors", ArrayField(base_field=models.BigIntegerField(), size=None)),
                (
                    "unit",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=models.DO_NOTHING,
                        related_name="+",
                        to="tree.unit",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Handed",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("form", models.CharField(max_length=60)),
                ("year", models.IntegerField()),
                ("length", models.IntegerField()),
                ("handed", models.IntegerField()),
                ("accepted", models.IntegerField()),
                ("submitted_until", models.DateField(null=True)),
                ("accepted_until", models.DateField(null=True)),
                (
                    "unit",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=models.DO_NOTHING,
                        related_name="+",
                        to="tree.unit",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("unit", "form", "year", "length"), name="figures_handed_once"
                    )
                ],
            },
        ),
        migrations.AddIndex(
            model_name="return",
            index=models.Index(
                condition=models.Q(("state", "submitted")), fields=["unit"], name="figures_return_waiting"
            ),
        ),
        migrations.AddConstraint(
            model_name="return",
            constraint=models.UniqueConstraint(
                fields=("unit", "form", "period_code"), name="figures_return_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="return",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["draft", "submitted", "sent_back", "accepted"])),
                name="figures_return_known_state",
            ),
        ),
        migrations.AddConstraint(
            model_name="return",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("accepted_version", None),
                    ("accepted_version__lte", models.F("version")),
                    _connector="OR",
                ),
                name="figures_return_accepted_was_submitted",
            ),
        ),
        migrations.AddConstraint(
            model_name="return",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "accepted"), _negated=True),
                    ("accepted_version__isnull", False),
                    _connector="OR",
                ),
                name="figures_return_accepted_stands",
            ),
        ),
        migrations.AddConstraint(
            model_name="return",
            constraint=models.CheckConstraint(
                condition=models.Q(("first_month__lte", models.F("month"))),
                name="figures_return_months_in_order",
            ),
        ),
        migrations.AddConstraint(
            model_name="step",
            constraint=models.UniqueConstraint(fields=("of_return", "number"), name="figures_step_once"),
        ),
        migrations.AddConstraint(
            model_name="version",
            constraint=models.UniqueConstraint(fields=("of_return", "number"), name="figures_version_once"),
        ),
        migrations.AddIndex(
            model_name="standing",
            index=models.Index(
                condition=models.Q(("first_month__lt", models.F("month"))),
                fields=["month"],
                name="figures_standing_longer",
            ),
        ),
        migrations.AddConstraint(
            model_name="standing",
            constraint=models.UniqueConstraint(
                fields=("unit", "month", "form"), name="figures_standing_once"
            ),
        ),
    ]
