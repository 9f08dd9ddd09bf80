import django.contrib.postgres.constraints
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.contrib.postgres.operations import BtreeGistExtension, TrigramExtension
from django.db import migrations, models

import plenum.tree.fields


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        BtreeGistExtension(),
        TrigramExtension(),
        migrations.CreateModel(
            name="Unit",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=80, unique=True)),
                ("lifetime", plenum.tree.fields.SpanField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("code__regex", "^[a-z0-9]+(-[a-z0-9]+)*$")),
                        name="tree_unit_code_is_plain",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("lifetime__isempty", False), ("lifetime__startswith__isnull", False)
                        ),
                        name="tree_unit_lives_a_day",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Placement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("span", plenum.tree.fields.SpanField()),
                (
                    "parent",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="children_placements",
                        to="tree.unit",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="placements", to="tree.unit"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("parent", None),
                            models.Q(("parent", models.F("unit")), _negated=True),
                            _connector="OR",
                        ),
                        name="tree_placement_not_below_itself",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        condition=models.Q(("parent", None)),
                        expressions=[("span", "&&")],
                        name="tree_placement_one_root_at_a_time",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Lineage",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("on_date", models.DateField()),
                (
                    "how",
                    models.CharField(
                        choices=[("succeeded", "succeeded"), ("merged", "merged"), ("split", "split off")],
                        default="succeeded",
                        max_length=20,
                    ),
                ),
                ("numerator", models.IntegerField(db_default=1, default=1)),
                ("denominator", models.IntegerField(db_default=1, default=1)),
                (
                    "by",
                    models.CharField(
                        blank=True,
                        choices=[("area", "by area"), ("members", "by members"), ("list", "by list")],
                        db_default="",
                        default="",
                        max_length=20,
                    ),
                ),
                (
                    "predecessor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="successions",
                        to="tree.unit",
                    ),
                ),
                (
                    "successor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="origins", to="tree.unit"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("predecessor", "successor"), name="tree_lineage_once"),
                    models.CheckConstraint(
                        condition=models.Q(("predecessor", models.F("successor")), _negated=True),
                        name="tree_lineage_of_two",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("how__in", ["succeeded", "merged", "split"])),
                        name="tree_lineage_known_way",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("denominator__gte", models.F("numerator")), ("numerator__gte", 1)
                        ),
                        name="tree_lineage_share_of_a_whole",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("by__in", ["area", "members", "list"]),
                            models.Q(("by", ""), ("denominator", 1), ("numerator", 1)),
                            _connector="OR",
                        ),
                        name="tree_lineage_divided_or_whole",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Ancestry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("depth", models.SmallIntegerField()),
                ("span", plenum.tree.fields.SpanField()),
                (
                    "ancestor",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="descendants",
                        to="tree.unit",
                    ),
                ),
                (
                    "descendant",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="ancestors",
                        to="tree.unit",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["ancestor", "depth", "descendant"], name="tree_ancestry_below")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("descendant", "ancestor", "depth", "span"), name="tree_ancestry_said_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="UnitKind",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=40)),
                ("span", plenum.tree.fields.SpanField()),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="kinds", to="tree.unit"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["kind"], name="tree_unitkind_kind")],
            },
        ),
        migrations.CreateModel(
            name="UnitName",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=300)),
                ("short", models.CharField(blank=True, default="", max_length=300)),
                ("sort_key", models.TextField(db_collation="C")),
                ("search_key", models.TextField()),
                ("illustrative", models.BooleanField(db_default=False, default=False)),
                ("span", plenum.tree.fields.SpanField()),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="names", to="tree.unit"
                    ),
                ),
            ],
            options={
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["search_key"], name="tree_unitname_search", opclasses=["gin_trgm_ops"]
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("name", ""), _negated=True), name="tree_unitname_is_written"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Heir",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("since", models.DateField()),
                (
                    "heir",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="inherited",
                        to="tree.unit",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="heirs",
                        to="tree.unit",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["heir", "unit"], name="tree_heir_of")],
                "constraints": [models.UniqueConstraint(fields=("unit", "heir"), name="tree_heir_once")],
            },
        ),
        migrations.CreateModel(
            name="Change",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.BigIntegerField()),
                ("by_transaction", models.TextField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("pk", 1)), name="tree_change_one_row")
                ],
            },
        ),
        migrations.CreateModel(
            name="Reshaping",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("on_date", models.DateField()),
                ("undone", models.BooleanField(db_default=False, default=False)),
            ],
        ),
        migrations.CreateModel(
            name="Reshaped",
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
                            ("founded", "Founded"),
                            ("name", "Name"),
                            ("kind", "Kind"),
                            ("parent", "Parent"),
                            ("ended", "Ended"),
                            ("linked", "Linked"),
                        ],
                        max_length=10,
                    ),
                ),
                ("former", models.DateField(null=True)),
                ("until", models.DateField(null=True)),
                (
                    "other",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="reshaped_into",
                        to="tree.unit",
                    ),
                ),
                (
                    "reshaping",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="touched",
                        to="tree.reshaping",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="reshaped",
                        to="tree.unit",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("what__in", ["founded", "name", "kind", "parent", "ended", "linked"])
                        ),
                        name="tree_reshaped_known_way",
                    ),
                    models.UniqueConstraint(
                        fields=("reshaping", "what", "unit", "other"),
                        name="tree_reshaped_once",
                        nulls_distinct=False,
                    ),
                ],
            },
        ),
    ]
