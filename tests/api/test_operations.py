"""What people do on pages, programs do through the API: no page is made without its operation."""

from tests.api.operations import OPERATIONS
from tests.api.samples import SAMPLES
from tests.test_cast_pages import PAGES, routes


def test_every_page_names_its_operations_or_says_why_there_is_none() -> None:
    assert sorted(OPERATIONS) == sorted(set(routes()))
    unnamed = [route for route, told in OPERATIONS.items() if not told]
    assert unnamed == []


def test_what_pages_name_is_there() -> None:
    named = {name for told in OPERATIONS.values() if isinstance(told, tuple) for name in told}
    assert named - set(SAMPLES) == set()


def test_a_page_of_units_is_never_without() -> None:
    without = [
        route
        for route, told in OPERATIONS.items()
        if isinstance(told, str) and "<" in route and not PAGES[route].for_everybody
    ]
    assert sorted(without) == [
        "account/second-factor/<int:pk>/remove/",
        "units/<slug:code>/grants/<int:pk>/lost-access/",
        "units/<slug:code>/review/",
    ]
