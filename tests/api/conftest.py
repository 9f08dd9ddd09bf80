"""Programs of the cast: each asks the API with a token of its account."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import Client

from plenum.access.actions import issue_token
from plenum.access.models import Account
from plenum.access.queries import actor_of
from tests.cast import DAY, Cast, Member
from tests.test_cast_pages import cast, samples, shared_samples

__all__ = ["cast", "samples", "shared_samples"]


@dataclass(frozen=True)
class Program:
    """A program with a token, or with the session of somebody who is signed in; with neither, nobody."""

    token: str = ""
    account: Account | None = None

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """The answer to a request; `headers` by their HTTP names with underscores."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.token:
            sent["Authorization"] = f"Bearer {self.token}"
        content: Any = {} if body is None else {"data": json.dumps(body), "content_type": "application/json"}
        client = Client()
        if self.account is not None:
            client.force_login(self.account)
        return client.generic(method, f"/api{path}", headers=sent, **content)

    def get(self, path: str, **headers: str) -> Any:
        return self.ask("GET", path, **headers)

    def post(self, path: str, body: Any, **headers: str) -> Any:
        return self.ask("POST", path, body, **headers)

    def put(self, path: str, body: Any, **headers: str) -> Any:
        return self.ask("PUT", path, body, **headers)


def token_of(member: Member) -> str:
    """A token with all the powers of a member."""
    held = {code for grant in member.account.grants.all() for code in grant.powers}
    _token, text = issue_token(
        member.account,
        name="program",
        chosen=held,
        until=DAY + timedelta(days=30),
        on=DAY,
        by=actor_of(member.account),
    )
    return text


def program_of(member: Member) -> Program:
    """A program of a member: with a token, or with the session of who holds no power to give to a token."""
    return Program(account=member.account) if member.unit is None else Program(token_of(member))


@contextmanager
def staying_open() -> Iterator[None]:
    """Let requests over WSGI leave the connection open, in whose transaction a test stands."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    try:
        yield
    finally:
        for signal in (request_started, request_finished):
            signal.connect(close_old_connections)


@pytest.fixture
def connection_stays_open() -> Iterator[None]:
    with staying_open():
        yield


@pytest.fixture
def superior(cast: Cast) -> Program:
    return Program(token_of(cast.superior))


@pytest.fixture
def insider(cast: Cast) -> Program:
    return Program(token_of(cast.insider))


@pytest.fixture
def neighbour(cast: Cast) -> Program:
    return Program(token_of(cast.neighbour))
