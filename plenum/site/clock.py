"""The only place, beside the command line, where today is read."""

import os
from datetime import date, datetime
from zoneinfo import ZoneInfo

from plenum.site.home import configuration

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


def pinned_day() -> date | None:
    """Return the day on which the clock of this installation stands still, if it does.

    The environment variable `PLENUM_TODAY` comes first, then `today` in `plenum.toml`. Raises ValueError for no date.
    """
    named = os.environ.get("PLENUM_TODAY")
    if named:
        return date.fromisoformat(named)
    today_there = configuration().get("today")
    if today_there is None:
        return None
    return today_there if isinstance(today_there, date) else date.fromisoformat(str(today_there))


def today() -> date:
    """Return the day it is for this installation."""
    return pinned_day() or datetime.now(ZONE).date()
