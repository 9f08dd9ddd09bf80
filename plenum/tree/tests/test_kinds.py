"""How many units of each kind live below others is kept for as long as the tree stays as it is, and not longer."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

from django.db import transaction

from plenum.tree.queries import below_by_kind
from plenum.tree.tests.factories import FOUNDED, centre, unit

Asked = Callable[[int], AbstractContextManager[Any]]


def test_what_is_kept_is_never_of_another_tree(committing: None, django_assert_num_queries: Asked) -> None:
    top = centre()
    province = unit("p", "province", top)

    def counted() -> dict[str, int]:
        return dict(below_by_kind([top.pk], FOUNDED).get(top.pk, {}))

    with django_assert_num_queries(3):
        assert counted() == {"province": 1}
    with django_assert_num_queries(1):
        assert counted() == {"province": 1}
    with transaction.atomic():
        unit("d", "district", province)
        assert counted() == {"province": 1, "district": 1}
        unit("e", "district", province)
        assert counted() == {"province": 1, "district": 2}
        transaction.set_rollback(True)
    assert counted() == {"province": 1}
    unit("f", "district", province)
    assert counted() == {"province": 1, "district": 1}
