"""A password that somebody else has set: it lets its person in for a few days, to choose another."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from plenum.access import actions
from plenum.access.models import Account
from tests.cast import DAY, SYSTEM, Cast

GIVEN, OWN = "chim bay về núi tối rồi", "mưa rơi trên mái ngói cũ"


def entered(login: str, password: str) -> tuple[Client, Any]:
    client = Client(headers={"accept-language": "en"})
    return client, client.post("/sign-in/", {"login": login, "password": password, "next": "/units/"})


def chosen(client: Client, current: str, password: str) -> Any:
    return client.post(
        "/sign-in/own-password/", {"current": current, "password": password, "again": password}
    )


def test_who_comes_with_a_given_password_chooses_another_before_anything_else(cast: Cast) -> None:
    actions.change_password(cast.insider.account, GIVEN, on=DAY, by=cast.superior.actor)
    client, answer = entered("insider", GIVEN)
    assert answer["Location"] == "/sign-in/own-password/"
    assert client.get("/account/").status_code == 302
    assert client.get("/api/account").status_code == 401
    assert client.get("/sign-in/own-password/").status_code == 200
    assert chosen(client, GIVEN, GIVEN).status_code == 422
    assert chosen(client, "wrong", OWN).status_code == 422
    assert chosen(client, GIVEN, "short").status_code == 422
    assert client.get("/account/").status_code == 302
    assert chosen(client, GIVEN, OWN)["Location"] == "/units/"
    assert client.get("/account/").status_code == 200
    assert entered("insider", GIVEN)[1].status_code == 422
    assert entered("insider", OWN)[1]["Location"] == "/units/"


def test_the_second_factor_is_asked_for_first(cast: Cast) -> None:
    actions.add_app(cast.insider.account, "JBSWY3DPEHPK3PXP", on=DAY, by=cast.insider.actor)
    actions.change_password(cast.insider.account, GIVEN, on=DAY, by=cast.superior.actor)
    client, answer = entered("insider", GIVEN)
    assert answer["Location"] == "/sign-in/second-step/"
    assert client.get("/sign-in/own-password/")["Location"] == "/sign-in/"
    assert chosen(client, GIVEN, OWN)["Location"] == "/sign-in/"
    cast.insider.account.refresh_from_db()
    assert cast.insider.account.check_password(GIVEN)


@pytest.mark.parametrize(("age", "status"), [(0, 302), (6, 302), (7, 422), (400, 422)])
def test_a_given_password_is_good_for_seven_days(cast: Cast, age: int, status: int) -> None:
    Account.objects.filter(pk=cast.insider.account.pk).update(password_given=DAY - timedelta(days=age))
    cast.insider.account.set_password(GIVEN)
    cast.insider.account.save(update_fields=["password"])
    _client, answer = entered("insider", GIVEN)
    assert answer.status_code == status
    if status == 422:
        assert "good for seven days" in answer.content.decode()
        assert entered("insider", "wrong")[1].content.decode().count("good for seven days") == 0


def test_an_officer_never_gives_one_for_good_and_the_operator_says_so(cast: Cast) -> None:
    account = cast.insider.account
    for by, sure, given in ((cast.superior.actor, True, DAY), (SYSTEM, False, DAY), (SYSTEM, True, None)):
        changed = actions.change_password(account, GIVEN, chosen=sure, on=DAY, by=by)
        assert changed.password_given == given


def test_nobody_gets_to_the_page_without_a_sign_in_that_waits_for_it(cast: Cast) -> None:
    assert Client().get("/sign-in/own-password/")["Location"] == "/sign-in/"
    assert cast.insider.client.get("/sign-in/own-password/")["Location"] == "/sign-in/"
