"""What programs do with accounts beyond grants: invite, create, list and end tokens; and what is told only once."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client

from plenum.access.models import Account, ApiToken, IdempotencyKey, Invitation
from tests.api.conftest import Program, token_of
from tests.cast import DAY, Cast

PERSON = {
    "login": "moi@hill",
    "name": "Bà Mới",
    "language": "vi",
    "role": "secretary",
    "start": DAY.isoformat(),
}
PASSWORD = "a long way to the river"
ISSUE = {"name": "program", "powers": ["figures.read"], "unit": "hill-school", "last_day": "2024-12-31"}


@pytest.fixture
def officer(cast: Cast) -> Program:
    return Program(token_of(cast.superior))


def in_session(cast: Cast) -> Client:
    """The insider in a browser, who has just typed the password."""
    cast.insider.account.set_password(PASSWORD)
    cast.insider.account.save()
    client = Client()
    assert client.post("/sign-in/", {"login": "insider", "password": PASSWORD}).status_code == 302
    return client


def post(client: Client, path: str, body: Any) -> Any:
    return client.post(f"/api{path}", body, content_type="application/json")


def test_an_invitation_is_given_listed_and_withdrawn(officer: Program) -> None:
    made = officer.post("/units/hill-school/invitations", PERSON)
    assert made.status_code == 201
    link = made.json()["link"]
    assert link.startswith("http://testserver/invitations/#")
    (listed,) = officer.get("/units/hill-school/invitations").json()["items"]
    assert listed == {name: said for name, said in made.json().items() if name != "link"}
    assert (listed["login"], listed["role"], listed["inviter"]) == ("moi@hill", "secretary", "Superior")
    withdrawn = f"/units/hill-school/invitations/{listed['number']}/withdraw"
    assert officer.post(withdrawn, {}).status_code == 204
    assert officer.post(withdrawn, {}).status_code == 422
    assert officer.get("/units/hill-school/invitations").json()["total"] == 0
    assert Client().post("/invitations/", {"code": link.partition("#")[2]}).status_code == 410


def test_an_invitation_of_another_unit_is_not_there(officer: Program) -> None:
    officer.post("/units/hill-school/invitations", PERSON)
    number = Invitation.objects.get().pk
    assert officer.post(f"/units/hill-river/invitations/{number}/withdraw", {}).status_code == 404
    assert Invitation.objects.get().withdrawn is None


def test_an_account_is_created_with_its_grant_or_not_at_all(officer: Program) -> None:
    refused = officer.post("/units/hill-school/accounts", {**PERSON, "role": "king"})
    assert (refused.status_code, [each["field"] for each in refused.json()["errors"]]) == (422, ["role"])
    assert not Account.objects.filter(login="moi@hill").exists()
    made = officer.post("/units/hill-school/accounts", PERSON)
    assert made.status_code == 201
    assert [grant["unit"] for grant in made.json()["grants"]] == ["hill-school"]
    entered = Client().post("/sign-in/", {"login": "moi@hill", "password": made.json()["password"]})
    assert entered["Location"] == "/sign-in/own-password/"
    granted = {"login": "moi@hill", "role": "secretary", "start": DAY.isoformat()}
    assert officer.post("/units/hill-river/grants", granted).status_code == 201


def test_an_answer_that_tells_a_secret_can_be_had_again_and_lies_sealed(officer: Program) -> None:
    first = officer.post("/units/hill-school/accounts", PERSON, Idempotency_Key="one")
    again = officer.post("/units/hill-school/accounts", PERSON, Idempotency_Key="one")
    assert again.headers["Idempotent-Replayed"] == "true"
    assert again.json() == first.json()
    with connection.cursor() as cursor:
        cursor.execute("SELECT convert_from(body, 'UTF8') FROM access_idempotencykey")
        (kept,) = cursor.fetchone()
    assert kept.startswith("sealed1:")
    assert first.json()["password"] not in kept


def test_what_no_key_opens_is_not_repeated(officer: Program, settings: Any) -> None:
    officer.post("/units/hill-school/accounts", PERSON, Idempotency_Key="one")
    settings.SECRET_KEY = "another-key-of-the-installation-that-is-long-enough"
    again = officer.post("/units/hill-school/accounts", PERSON, Idempotency_Key="one")
    assert (again.status_code, IdempotencyKey.objects.count()) == (403, 1)
    assert "done before" in again.json()["detail"]


def test_tokens_are_issued_listed_and_ended_in_a_session(cast: Cast) -> None:
    client = in_session(cast)
    made = post(client, "/account/tokens", ISSUE)
    assert made.status_code == 201, made.content
    text = made.json()["token"]
    assert Program(text).get("/account").json()["login"] == "insider"
    (listed,) = client.get("/api/account/tokens").json()["items"]
    assert {**listed, "last_used": None} == {
        name: said for name, said in made.json().items() if name != "token"
    }
    assert (listed["unit"], listed["last_day"], listed["runs"]) == ("hill-school", "2024-12-31", True)
    assert post(client, f"/account/tokens/{listed['number']}/end", {}).status_code == 204
    assert Program(text).get("/account").status_code == 401


def test_a_token_neither_makes_nor_ends_tokens(cast: Cast) -> None:
    program = Program(token_of(cast.insider))
    own = ApiToken.objects.get().pk
    assert program.post("/account/tokens", ISSUE).status_code == 403
    assert program.post(f"/account/tokens/{own}/end", {}).status_code == 403
    assert program.get("/account/tokens").json()["total"] == 1
    assert program.get("/account").status_code == 200


def test_a_session_in_which_nobody_has_confirmed_issues_none(cast: Cast) -> None:
    cast.insider.account.set_password(PASSWORD)
    cast.insider.account.save()
    answer = post(cast.insider.client, "/account/tokens", ISSUE)
    assert answer.status_code == 403
    assert "Confirm first" in answer.json()["detail"]
    assert not ApiToken.objects.exists()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"unit": "south-coast"}, "unit"),
        ({"unit": "no-such-unit"}, "unit"),
        ({"powers": ["access.grant"]}, "powers"),
        ({"powers": []}, "powers"),
        ({"last_day": "2026-01-01"}, "until"),
        ({"name": " "}, "name"),
    ],
)
def test_a_token_is_refused_as_on_the_page(cast: Cast, change: dict[str, Any], field: str) -> None:
    answer = post(in_session(cast), "/account/tokens", {**ISSUE, **change})
    assert answer.status_code == 422
    assert [each["field"] for each in answer.json()["errors"]] == [field]
    assert not ApiToken.objects.exists()


def test_nobody_ends_the_token_of_somebody_else(cast: Cast) -> None:
    token_of(cast.sibling)
    number = ApiToken.objects.get().pk
    assert post(in_session(cast), f"/account/tokens/{number}/end", {}).status_code == 404
    assert ApiToken.objects.get().ended is None
