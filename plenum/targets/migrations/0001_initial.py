import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("directives", "0001_initial"),
        ("tree", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Statement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("indicator", models.TextField()),
                ("period_code", models.TextField()),
                (
                    "what",
                    models.TextField(
                        choices=[
                            ("value", "the value itself"),
                            ("percent_of_target", "percent of the target"),
                            ("change", "change since the start of the year"),
                        ]
                    ),
                ),
                ("stated", models.DecimalField(decimal_places=6, max_digits=18)),
                ("decimals", models.SmallIntegerField()),
                (
                    "said_unit",
                    models.TextField(
                        choices=[
                            ("percent", "percent"),
                            ("points", "percentage points"),
                            ("count", "a plain number"),
                        ]
                    ),
                ),
                ("source", models.TextField()),
                ("on_date", models.DateField()),
                ("withdrawn_on", models.DateField(null=True)),
                ("withdrawn_because", models.TextField(blank=True, db_default="")),
                (
                    "recorded_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="directives.document",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tree.unit"
                    ),
                ),
            ],
            options={
                "ordering": ("on_date", "id"),
                "indexes": [
                    models.Index(fields=["unit", "period_code"], name="statement_by_unit_and_period")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("withdrawn_on__isnull", True)),
                        fields=("unit", "indicator", "period_code", "what", "source"),
                        name="statement_once_in_a_source",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("decimals__gte", 0), ("decimals__lte", 6)),
                        name="statement_has_up_to_six_decimals",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("withdrawn_on__isnull", True),
                            models.Q(("withdrawn_because", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="statement_is_withdrawn_with_a_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Target",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("indicator", models.TextField()),
                ("period_code", models.TextField()),
                (
                    "comparison",
                    models.TextField(
                        choices=[
                            ("value", "a value"),
                            ("at_least", "at least"),
                            ("more_than", "more than"),
                            ("at_most", "at most"),
                            ("less_than", "less than"),
                        ]
                    ),
                ),
                ("amount", models.DecimalField(decimal_places=4, max_digits=18)),
                ("given_to", models.TextField(blank=True, db_default="")),
                ("given_to_post", models.TextField(blank=True, db_default="")),
                ("illustrative", models.BooleanField(db_default=False)),
                (
                    "deed",
                    models.TextField(
                        choices=[("set", "set"), ("amend", "amended"), ("withdraw", "withdrawn")],
                        db_default="set",
                    ),
                ),
                ("reason", models.TextField(blank=True, db_default="")),
                ("known_on", models.DateField()),
                (
                    "recorded_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                (
                    "basis",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="directives.document",
                    ),
                ),
                (
                    "replaces",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replaced_by",
                        to="targets.target",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tree.unit"
                    ),
                ),
            ],
            options={
                "ordering": ("unit_id", "period_code", "indicator", "id"),
                "indexes": [
                    models.Index(
                        fields=["unit", "period_code", "indicator"], name="target_by_unit_and_period"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("replaces__isnull", True)),
                        fields=("unit", "indicator", "period_code"),
                        name="target_has_one_line_of_amendments",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("amount__gte", 0)), name="target_is_not_negative"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("deed", "set"), models.Q(("reason", ""), _negated=True), _connector="OR"
                        ),
                        name="target_is_amended_with_a_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("deed", "set"), ("replaces__isnull", False), _connector="OR"),
                        name="target_is_set_before_it_is_amended",
                    ),
                ],
            },
        ),
    ]
