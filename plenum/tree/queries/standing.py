"""Where a unit counts as standing on a day, also before it begins and after it has ended."""

from datetime import date

from django.db.models import OuterRef, Q, Subquery

from plenum.tree.models import Unit


def stands_on(on: date) -> Q:
    """Rows of ancestry that hold on the day, or on the nearest day of the life of the descendant.

    What has ended is looked for where it stood on its last day, what has not begun where it will stand on its first.
    Nearly all rows hold on the day that is asked about: only of the others does the database look up the life.
    """
    life = Unit.objects.filter(pk=OuterRef("descendant_id"))
    return (
        Q(span__contains=on)
        | Q(span__endswith__lte=on, span__endswith=Subquery(life.values("lifetime__endswith")))
        | Q(span__startswith__gt=on, span__startswith=Subquery(life.values("lifetime__startswith")))
    )
