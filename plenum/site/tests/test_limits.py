"""How much one person, program or address may ask for in a minute, and what they are told after that."""

from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from plenum.site import limits
from plenum.site.home import HomeTrouble
from plenum.site.identity import of_a_minute
from plenum.site.limits import Counts
from tests.api.conftest import Program, token_of
from tests.cast import Cast


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_the_minute_begins_anew() -> None:
    clock = Clock()
    counts = Counts(clock)
    assert [counts.wait_after("a", 2) for _each in range(3)] == [0, 0, 60]
    clock.now = 59.5
    assert counts.wait_after("a", 2) == 1
    assert counts.wait_after("b", 2) == 0
    clock.now = 60.0
    assert [counts.wait_after("a", 2) for _each in range(3)] == [0, 0, 60]


def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MOST_KEPT", 10)
    counts = Counts(Clock())
    for number in range(50):
        assert counts.wait_after(number, 1) == 0
    assert len(counts._seen) == 10
    assert counts.wait_after(3, 1) == 60


@pytest.fixture
def limited(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Three requests for an account, two for an address: the middleware of each client counts for itself.

    All in one minute: a test in which another began would find too few.
    """
    monkeypatch.setattr(limits, "Counts", lambda: Counts(Clock()))
    settings.REQUESTS_PER_MINUTE, settings.VISITS_PER_MINUTE = 3, 2


def test_an_account_that_asks_too_much_is_told_when_to_come_back(cast: Cast, limited: None) -> None:
    client = cast.insider.client
    answers = [client.get("/account/") for _each in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert 1 <= int(answers[-1]["Retry-After"]) <= 60
    assert "Wait a minute" in client.get("/account/", headers={"accept-language": "en"}).content.decode()


@pytest.mark.parametrize("language", ["vi", "en", "ru", "cs"])
def test_it_is_said_in_every_language(db: None, limited: None, language: str) -> None:
    client = Client(headers={"accept-language": language})
    page = [client.get("/sign-in/") for _each in range(3)][-1]
    assert page.status_code == 429
    with translation.override(language):
        title = translation.gettext("Too often")
    assert f"<h1>{title}</h1>" in page.content.decode()
    assert (title == "Too often") == (language == "en")


def test_whoever_asks_too_much_writes_nothing(cast: Cast, limited: None) -> None:
    client = cast.insider.client
    for _each in range(3):
        client.get("/account/")
    refused = client.post("/account/", {"form": "language", "language": "cs"})
    cast.insider.account.refresh_from_db()
    assert refused.status_code == 429
    assert cast.insider.account.language != "cs"


def test_networks_are_counted_apart_and_monitors_not_at_all(db: None, limited: None) -> None:
    client = Client()
    ways = (
        ["203.0.113.5"] * 3 + ["203.0.113.6"] + ["2001:db8::1", "2001:db8::2", "2001:db8::3", "2001:db8:1::1"]
    )
    answers = [client.get("/sign-in/", REMOTE_ADDR=way).status_code for way in ways]
    assert answers == [200, 200, 429, 200, 200, 200, 429, 200]
    assert {client.get("/health", REMOTE_ADDR="203.0.113.5").status_code for _each in range(5)} == {200}


def test_a_token_and_the_session_of_an_account_count_together(cast: Cast, limited: None) -> None:
    client = Client()
    client.force_login(cast.insider.account)
    bearer = {"authorization": f"Bearer {token_of(cast.insider)}"}
    answers = [client.get("/api/account", headers=bearer), client.get("/account/")] * 1
    answers += [client.get("/api/account", headers=bearer), client.get("/api/account", headers=bearer)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert answers[-1]["Content-Type"] == "application/problem+json"
    assert answers[-1].json()["type"] == "urn:plenum:problem:too-many"


def test_tokens_that_open_nothing_are_counted_by_address(db: None, limited: None) -> None:
    client = Client(headers={"authorization": "Bearer plenum_nothing"})
    assert [client.get("/api/account").status_code for _each in range(3)] == [401, 401, 429]


def test_nobody_is_counted_without_a_limit(cast: Cast) -> None:
    assert {Program().get("/account").status_code for _each in range(5)} == {401}
    assert {cast.insider.client.get("/sign-out/").status_code for _each in range(5)} == {405}


@pytest.mark.parametrize("said", ["-1", "many", "1e3", "1" * 10])
def test_a_limit_that_makes_no_sense_is_refused(monkeypatch: pytest.MonkeyPatch, said: str) -> None:
    monkeypatch.setenv("PLENUM_REQUESTS_PER_MINUTE", said)
    with pytest.raises(HomeTrouble, match="PLENUM_REQUESTS_PER_MINUTE"):
        of_a_minute("REQUESTS_PER_MINUTE", 600)
