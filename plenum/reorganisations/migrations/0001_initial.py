import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("directives", "0001_initial"),
        ("tree", "0004_restated"),
    ]

    operations = [
        migrations.CreateModel(
            name="Reform",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=80, unique=True)),
                ("title", models.CharField(max_length=300)),
                ("on_date", models.DateField()),
                ("basis", models.TextField(blank=True, db_default="")),
                ("plan", models.JSONField()),
                ("edition", models.PositiveIntegerField(db_default=1, default=1)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "draft"),
                            ("submitted", "submitted"),
                            ("executed", "executed"),
                            ("undone", "undone"),
                        ],
                        default="draft",
                        max_length=10,
                    ),
                ),
                ("changed_by", models.TextField()),
                ("changed_on", models.DateField()),
                ("executed_on", models.DateField(null=True)),
                ("digest", models.CharField(blank=True, db_default="", default="", max_length=64)),
                ("reshapings", models.JSONField(default=list)),
                ("undo", models.JSONField(default=dict)),
                ("former", models.JSONField(default=list)),
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
                "ordering": ("-on_date", "code"),
            },
        ),
        migrations.CreateModel(
            name="Decision",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("subject", models.CharField(max_length=80)),
                ("choice", models.CharField(max_length=90)),
                ("decided_by", models.TextField()),
                ("on_date", models.DateField()),
                (
                    "reform",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="decisions",
                        to="reorganisations.reform",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Approval",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("edition", models.PositiveIntegerField()),
                ("approved_on", models.DateField(null=True)),
                ("approved_by", models.TextField(blank=True, db_default="", default="")),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="tree.unit"
                    ),
                ),
                (
                    "reform",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="approvals",
                        to="reorganisations.reform",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Rehearsal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("edition", models.PositiveIntegerField()),
                ("tree_changes", models.BigIntegerField()),
                ("tree_digest", models.CharField(max_length=64)),
                ("objects_digest", models.CharField(max_length=64)),
                ("digest", models.CharField(max_length=64)),
                ("blocking", models.PositiveIntegerField()),
                ("open_objects", models.PositiveIntegerField()),
                ("report", models.JSONField()),
                ("difference", models.JSONField(default=dict)),
                ("made_by", models.TextField()),
                ("on_date", models.DateField()),
                ("made_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "reform",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rehearsal",
                        to="reorganisations.reform",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Work",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "what",
                    models.CharField(
                        choices=[
                            ("programme", "Review your year's programme"),
                            ("targets", "Review your targets"),
                            ("inspection", "Review your inspection plan"),
                            ("returns", "See which returns you owe from now on"),
                            ("people", "See who may do what for the unit"),
                            ("take_over", "Take over what was decided to come to you"),
                        ],
                        max_length=20,
                    ),
                ),
                ("about", models.CharField(blank=True, db_default="", default="", max_length=80)),
                ("note", models.TextField(blank=True, db_default="", default="")),
                ("done_on", models.DateField(null=True)),
                ("done_by", models.TextField(blank=True, db_default="", default="")),
                (
                    "reform",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="work",
                        to="reorganisations.reform",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="tree.unit"
                    ),
                ),
            ],
            options={
                "ordering": ("unit_id", "id"),
            },
        ),
        migrations.AddConstraint(
            model_name="reform",
            constraint=models.CheckConstraint(
                condition=models.Q(("code__regex", "^[a-z0-9]+(-[a-z0-9]+)*$")), name="reform_code_is_plain"
            ),
        ),
        migrations.AddConstraint(
            model_name="reform",
            constraint=models.CheckConstraint(
                condition=models.Q(("title", ""), _negated=True), name="reform_has_a_title"
            ),
        ),
        migrations.AddConstraint(
            model_name="reform",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("executed_on__isnull", False), ("state", "executed")),
                    models.Q(("state", "executed"), _negated=True),
                    _connector="OR",
                ),
                name="reform_executed_says_when",
            ),
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.UniqueConstraint(
                fields=("reform", "subject"), name="decision_once_about_an_object"
            ),
        ),
        migrations.AddConstraint(
            model_name="approval",
            constraint=models.UniqueConstraint(fields=("reform", "unit"), name="approval_once_by_a_unit"),
        ),
        migrations.AddConstraint(
            model_name="work",
            constraint=models.UniqueConstraint(
                fields=("reform", "unit", "what", "about"), name="work_once_for_a_unit"
            ),
        ),
    ]
