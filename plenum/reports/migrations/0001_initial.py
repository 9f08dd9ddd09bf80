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
            name="Review",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("period_code", models.TextField()),
                ("edition", models.PositiveIntegerField(db_default=1)),
                ("number", models.TextField(blank=True, db_default="")),
                ("place", models.TextField(blank=True, db_default="")),
                ("dated", models.DateField(null=True)),
                ("signer_post", models.TextField(blank=True, db_default="")),
                ("signer_name", models.TextField(blank=True, db_default="")),
                ("recipients", models.TextField(blank=True, db_default="")),
                (
                    "recorded_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
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
                "constraints": (
                    models.UniqueConstraint(fields=["unit", "period_code"], name="review_once_for_a_period"),
                    models.CheckConstraint(
                        condition=models.Q(period_code__regex=r"^\d{4}(-(Q[1-4]|H[12]|9M))?$"),
                        name="review_period_is_reviewed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(edition__gte=1), name="review_edition_counts_from_one"
                    ),
                ),
            },
        ),
        migrations.CreateModel(
            name="ReviewText",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("section", models.TextField()),
                ("language", models.TextField()),
                ("text", models.TextField()),
                ("illustrative", models.BooleanField(db_default=False)),
                ("written_by", models.TextField()),
                ("on_date", models.DateField()),
                (
                    "recorded_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                (
                    "review",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="texts", to="reports.review"
                    ),
                ),
            ],
            options={
                "ordering": ("id",),
                "constraints": (
                    models.UniqueConstraint(
                        fields=["review", "section", "language"], name="review_text_once_for_a_section"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(section__in=("achievements", "shortcomings", "causes", "tasks")),
                        name="review_text_of_a_section",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(language__in=("vi", "en", "ru", "cs")),
                        name="review_text_in_a_language",
                    ),
                    models.CheckConstraint(
                        condition=~models.Q(text="") & models.Q(text__length__lte=20000),
                        name="review_text_is_some_and_not_too_long",
                    ),
                ),
            },
        ),
        migrations.CreateModel(
            name="IssuedReport",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("period_code", models.TextField()),
                ("language", models.TextField()),
                ("edition", models.PositiveIntegerField()),
                ("code", models.TextField(unique=True)),
                ("unit_name", models.TextField()),
                ("issued_by", models.TextField()),
                ("issued_post", models.TextField(blank=True, db_default="")),
                ("issued_on", models.DateField()),
                ("reason", models.TextField(blank=True, db_default="")),
                ("content", models.JSONField()),
                (
                    "recorded_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
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
                "ordering": ("id",),
                "constraints": (
                    models.UniqueConstraint(
                        fields=["unit", "period_code", "language", "edition"],
                        name="issued_report_once_in_an_edition",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(period_code__regex=r"^\d{4}(-(Q[1-4]|H[12]|9M))?$"),
                        name="issued_report_period_is_reviewed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(language__in=("vi", "en", "ru", "cs")),
                        name="issued_report_in_a_language",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("edition", 1),
                            models.Q(("edition__gt", 1), models.Q(("reason", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="issued_report_is_replaced_with_a_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(reason__length__lte=1000),
                        name="issued_report_reason_is_not_too_long",
                    ),
                ),
            },
        ),
        migrations.CreateModel(
            name="IssuedFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("format", models.TextField()),
                ("body", models.BinaryField()),
                ("sha256", models.TextField()),
                (
                    "issue",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="files",
                        to="reports.issuedreport",
                    ),
                ),
            ],
            options={
                "ordering": ("id",),
                "indexes": [models.Index(fields=["sha256"], name="issued_file_by_hash")],
                "constraints": (
                    models.UniqueConstraint(fields=["issue", "format"], name="issued_file_once_in_a_format"),
                    models.CheckConstraint(
                        condition=models.Q(format__in=("pdf", "docx", "md", "json")),
                        name="issued_file_in_a_format",
                    ),
                ),
            },
        ),
    ]
