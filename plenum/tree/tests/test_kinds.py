"""How many units of each kind live below others is kept for as long as the tree stays as it is, and not longer."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from typing import Any

import pytest
from django.db import connections, transaction

from plenum.tree.queries import below_by_kind, kinds
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


def test_who_asks_the_same_meanwhile_waits_for_the_answer(
    committing: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    top = centre()
    unit("p", "province", top)
    counted, asked = kinds._counted, []

    def slowly(*question: Any) -> kinds.Counts:
        asked.append(question)
        time.sleep(0.2)
        return counted(*question)

    def ask(_number: int) -> kinds.Counts:
        try:
            return below_by_kind([top.pk], FOUNDED)
        finally:
            connections.close_all()

    monkeypatch.setattr(kinds, "_kept", {})
    monkeypatch.setattr(kinds, "_counted", slowly)
    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(ask, range(4)))
    assert found == [{top.pk: {"province": 1}}] * 4
    assert len(asked) == 1
