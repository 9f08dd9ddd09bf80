"""What the views of figures look for: the few returns that cover more than a month."""

from django.db import migrations

FORWARD = "CREATE INDEX figures_standing_long ON figures_standing (month) WHERE first_month < month"
BACKWARD = "DROP INDEX figures_standing_long"


class Migration(migrations.Migration):
    dependencies = [("figures", "0003_rows"), ("tree", "0004_restated")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
