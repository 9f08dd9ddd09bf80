"""The content of a review drawn from a real record."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from plenum.directives.sheets import read_rows
from plenum.figures.actions import load_obligations, load_returns
from plenum.journal.actor import Actor
from plenum.periods import Period
from plenum.reports.queries.review import review
from plenum.targets.actions import TargetFields, set_target, state_figure

TODAY = date(2024, 10, 8)
SYSTEM = Actor.system("test")
YEAR = Period.parse("2024")


@pytest.mark.django_db
def test_a_unit_without_anything_has_an_empty_review(cast):
    content = review(cast.units["north-hill"].pk, YEAR, today=TODAY)
    assert content.results == () or not any(result.amount.value for result in content.with_target)
    assert content.texts == {}
