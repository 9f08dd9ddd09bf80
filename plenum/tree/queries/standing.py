"""Where a unit counts as standing on a day, also before it begins and after it has ended."""

from datetime import date
from typing import Any

from django.db.models import F, Q


def stands_on(on: date) -> Q:
    """Rows of ancestry that hold on the day, or on the nearest day of the life of the descendant.

    What has ended is looked for where it stood on its last day, what has not begun where it will stand on its first.
    """
    life: Any = "descendant__lifetime__"
    return (
        Q(span__contains=on)
        | Q(**{f"{life}endswith__lte": on}, span__endswith=F(f"{life}endswith"))
        | Q(**{f"{life}startswith__gt": on}, span__startswith=F(f"{life}startswith"))
    )
