"""Who collects the returns of the units below may begin, change and submit them, too: `figures.collect`."""

from django.db import migrations

AT = "(SELECT access_holders('{{{0}}}'))::bigint[]"


def _reached(unit: str, at: str, below: str) -> str:
    """The rule that the speaker reaches a unit by powers that reach it itself, or by those that reach below."""
    return (
        f"(SELECT access_everything()) OR {unit} = ANY ({AT.format(at)})"
        f" OR access_below({unit}, {AT.format(below)}, (SELECT access_day()))"
    )


def _of_return(table: str, at: str, below: str) -> str:
    """The same for a row that belongs to a return."""
    return (
        f"EXISTS (SELECT FROM figures_return filed WHERE filed.id = {table}.return_id"
        f" AND ({_reached('filed.unit_id', at, below)}))"
    )


def _rules(collect: str) -> str:
    """The rules about writing returns, with a power (as `,code`) that reaches a unit and all below it, or without."""
    unit = "figures_return.unit_id"
    seen = _reached(
        unit,
        f"figures.read,reports.read,figures.enter,figures.submit{collect}",
        f"figures.read,reports.read,figures.accept,figures.oblige{collect}",
    )
    alone = collect.lstrip(",")
    begun = _reached(unit, f"figures.enter{collect}", alone)
    changed = _reached(unit, f"figures.enter,figures.submit{collect}", f"figures.accept{collect}")
    submitted = f"figures.submit{collect}"
    return f"""
ALTER POLICY seen ON figures_return USING ({seen});
ALTER POLICY begun ON figures_return WITH CHECK ({begun});
ALTER POLICY changed ON figures_return USING ({seen}) WITH CHECK ({changed});
ALTER POLICY added ON figures_version WITH CHECK ({_of_return("figures_version", submitted, alone)});
ALTER POLICY added ON figures_step WITH CHECK (
    CASE WHEN what IN ('accept', 'send_back') THEN EXISTS (
             SELECT FROM figures_return filed WHERE filed.id = figures_step.return_id
             AND ((SELECT access_everything())
                  OR access_below(filed.unit_id, {AT.format("figures.accept")}, (SELECT access_day()))))
         WHEN what = 'discard' THEN EXISTS (
             SELECT FROM figures_return filed WHERE filed.id = figures_step.return_id
             AND ((SELECT access_everything()) OR filed.unit_id = ANY ({AT.format("figures.enter")})))
         ELSE {_of_return("figures_step", submitted, alone)} END);
"""  # noqa: S608


class Migration(migrations.Migration):
    dependencies = [("figures", "0004_views")]
    operations = [migrations.RunSQL(_rules(",figures.collect"), _rules(""))]
