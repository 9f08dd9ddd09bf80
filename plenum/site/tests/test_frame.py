"""The frame of a page: nobody sees a unit, a door or a trail that is not theirs."""

from typing import Any
from typing import cast as typed

import pytest
from django.db import connection
from django.http import HttpRequest
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from plenum.access.requests import AuthedRequest
from plenum.journal.actor import Actor
from plenum.periods import Lens
from plenum.site import context
from plenum.tree.queries import unit_view
from tests.cast import Cast, Member


def request_of(cast: Cast, member: Member | None) -> HttpRequest:
    request = typed(AuthedRequest, RequestFactory().get("/"))
    request.lens = Lens.plain(cast.day)
    request.account = member.account if member else None
    request.actor = member.actor if member else Actor.nobody()
    return request


def names(found: Any) -> list[str]:
    return [each.code for each in found]


def test_the_trail_begins_where_the_reader_does(cast: Cast) -> None:
    school = unit_view(cast.unit("hill-school"), cast.day)
    assert names(context.trail(request_of(cast, cast.auditor), school)) == ["centre", "north", "north-hill"]
    assert names(context.trail(request_of(cast, cast.superior), school)) == ["north-hill"]
    assert names(context.trail(request_of(cast, cast.insider), school)) == []


@pytest.mark.parametrize("outsider", ["sibling", "neighbour", "stranger"])
def test_outsiders_get_no_trail_and_no_door(cast: Cast, outsider: str) -> None:
    school = unit_view(cast.unit("hill-school"), cast.day)
    request = request_of(cast, cast.members[outsider])
    assert context.trail(request, school) == []
    assert context.doors(request, school, "") == []


def test_who_reads_a_unit_gets_its_doors_and_the_current_one_is_marked(cast: Cast) -> None:
    school = unit_view(cast.unit("hill-school"), cast.day)
    found = context.doors(request_of(cast, cast.superior), school, "targets")
    assert names(found) == ["board", "targets", "returns", "review", "documents", "unit", "journal"]
    assert [door.code for door in found if door.current] == ["targets"]
    assert all(door.href.startswith("/units/hill-school/") for door in found)


def test_doors_keep_the_lens(cast: Cast) -> None:
    school = unit_view(cast.unit("hill-school"), cast.day)
    request = typed(AuthedRequest, request_of(cast, cast.superior))
    request.lens = Lens(today=cast.day, as_of=cast.day.replace(year=2023))
    hrefs = [door.href for door in context.doors(request, school, "")]
    assert all(href.endswith("?as_of=2023-10-08") for href in hrefs)


def test_the_frame_needs_few_queries_however_deep_the_unit_is(cast: Cast) -> None:
    request = request_of(cast, cast.auditor)
    asked = []
    for code in ("centre", "river-mill"):
        view = unit_view(cast.unit(code), cast.day)
        with CaptureQueriesContext(connection) as queries:
            context.trail(request, view)
            context.doors(request, view, "board")
        asked.append(len(queries))
    assert max(asked) <= 3


def test_one_acts_for_a_unit_of_ones_grants_and_a_stranger_for_none(cast: Cast) -> None:
    acting = context.frame(request_of(cast, cast.insider))["acting"]
    assert acting.unit.code == "hill-school"
    assert names(acting.choices) == ["hill-school"]
    nobody = context.frame(request_of(cast, cast.stranger))["acting"]
    assert nobody.unit is None
    assert nobody.choices == ()
    visitor = context.frame(request_of(cast, None))["acting"]
    assert visitor.unit is None
