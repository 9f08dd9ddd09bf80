import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("tree", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Document",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("issuing_body", models.TextField(blank=True, db_default="")),
                ("kind", models.TextField()),
                ("number", models.TextField()),
                ("symbol", models.TextField(blank=True, db_default="")),
                ("date", models.DateField()),
                (
                    "precision",
                    models.TextField(choices=[("day", "day"), ("year", "year only")], db_default="day"),
                ),
                ("title", models.TextField()),
                ("illustrative", models.BooleanField(db_default=False)),
                ("edition", models.PositiveIntegerField(db_default=1)),
                (
                    "recorded_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                (
                    "issuer",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tree.unit",
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
                "ordering": ("-date", "kind", "number", "id"),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("unit", "kind", "number", "date", "issuer", "issuing_body"),
                        name="document_once_in_a_register",
                        nulls_distinct=False,
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("number", ""), _negated=True), name="document_has_a_number"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("title", ""), _negated=True), name="document_has_a_title"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("issuer__isnull", False),
                            models.Q(("issuing_body", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="document_has_an_issuer",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("precision", "day"),
                            models.Q(("date__day", 1), ("date__month", 1), ("precision", "year")),
                            _connector="OR",
                        ),
                        name="document_of_a_year_is_dated_1_january",
                    ),
                ],
            },
        ),
    ]
