"""What an issued report would say otherwise today, or what another edition of it says otherwise."""

from datetime import date

from plenum.reports.comparison import Difference, differences
from plenum.reports.models import IssuedReport
from plenum.reports.queries.issued import IssueView
from plenum.reports.queries.review import review
from plenum.reports.render.as_json import facts
from plenum.reports.wording import write


def different_today(
    issue: IssuedReport, view: IssueView, *, known_on: date | None, today: date
) -> tuple[Difference, ...]:
    """What differs between the facts that were frozen and those of a report drawn today in the same language."""
    content = review(issue.unit_id, view.period, known_on=known_on, today=today)
    now = facts(content, write(content, issue.language).head, issue.language)
    return differences(issue.content["facts"], now)


def different_in(issue: IssuedReport, other: IssuedReport) -> tuple[Difference, ...]:
    """What another issue of the same report says otherwise."""
    return differences(issue.content["facts"], other.content["facts"])
