"""A world in which bad input is tried: the cast with something of everything, and what all its tables hold."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import connections
from django.test import Client

from plenum.access.actions import Invited, end_token, invite, issue_token
from plenum.access.tokens import program_of_token
from plenum.figures.actions import oblige_unit, save_draft
from plenum.packs import pack
from plenum.periods import Period, Span
from tests.cast import DAY, FOUNDED, SYSTEM, Cast, make_cast
from tests.test_cast_pages import FORM, Samples, make_samples

NOT_COUNTED = ("django_session", "usersessions_usersession", "access_failedsignin", "access_noted")
"""What is written about an attempt, and not because of it: sessions, failed sign-ins, what limits guessing."""


@dataclass
class World:
    """The cast, the numbers of the samples, who is signed in, tokens by what is the matter with them."""

    cast: Cast
    samples: Samples
    clients: dict[str, Client]
    tokens: dict[str, str]
    invitation: str
    held: dict[str, str]

    def fill(self, text: str) -> str:
        """A text of the tables with the numbers of the samples in it."""
        units = {code.replace("-", "_"): unit.pk for code, unit in self.cast.units.items()}
        return text.format(**self.samples.numbers, **units)

    @contextmanager
    def unchanged(self) -> Iterator[None]:
        """Fail if anything that is done inside changes a row of any table."""
        yield
        before, self.held = self.held, digest()
        assert {name for name in self.held if self.held[name] != before.get(name)} == set()

    def ask(self, method: str, path: str, body: Any, by: str = "superior", **headers: str) -> Any:
        """The answer of the API; a body of bytes is sent as it is."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        kind = sent.pop("Content-Type", "application/json")
        if by:
            sent["Authorization"] = f"Bearer {self.tokens.get(by, by)}"
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        content: dict[str, Any] = {} if body is None else {"data": data, "content_type": kind}
        client = Client(raise_request_exception=False)
        return client.generic(method, f"/api{self.fill(path)}", headers=sent, **content)


def digest() -> dict[str, str]:
    """Rows of every table and the hash of all of them in order, as the owner sees them."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
        names = [name for (name,) in cursor.fetchall() if name not in NOT_COUNTED]
        each = " UNION ALL ".join(
            f"SELECT '{name}', count(*) || ' ' || coalesce(md5(string_agg(t::text, '|' ORDER BY t::text)), '')"
            f' FROM "{name}" t'
            for name in names
        )
        cursor.execute(each)
        return dict(cursor.fetchall())


def make_world() -> World:
    """Make it in the database that is open, and use every token once: the day of its last use is kept."""
    cast = make_cast()
    samples = make_samples(cast)
    tokens = {}
    for login in ("superior", "insider", "neighbour"):
        tokens[login] = token_of(cast, login, DAY + timedelta(days=30), DAY)
        program_of_token(tokens[login], DAY)
    tokens["expired"] = token_of(cast, "superior", DAY - timedelta(days=1), DAY - timedelta(days=90))
    tokens["ended"] = token_of(cast, "superior", DAY + timedelta(days=30), DAY)
    end_token(cast.superior.account.tokens.latest("pk"), on=DAY, by=cast.superior.actor)
    _invitation, key = invite(
        Invited("Second", "second-guest", "en"),
        cast.unit("hill-school"),
        "auditor",
        start=DAY,
        on=DAY,
        by=cast.superior.actor,
    )
    clients = {login: member.client for login, member in cast.members.items()}
    for client in clients.values():
        client.raise_request_exception = False
        client.get("/account/")
    oblige_unit(cast.unit("coast-port").pk, FORM, "month", Span(FOUNDED), on=FOUNDED, by=SYSTEM)
    values: dict[str, int | None] = {slot.code: 0 for slot in pack().forms[FORM].slots}
    kept = save_draft(
        cast.unit("hill-school").pk,
        FORM,
        Period.parse("2024-07"),
        values,
        edition=0,
        on=DAY,
        by=cast.insider.actor,
    )
    samples.numbers["draft"] = kept.pk
    return World(cast, samples, clients, tokens, key, digest())


def token_of(cast: Cast, login: str, until: date, on: date) -> str:
    """A token with all powers of a member."""
    member = cast.members[login]
    held = {code for grant in member.account.grants.all() for code in grant.powers}
    _token, text = issue_token(
        member.account, name=f"{login} {until}", chosen=held, until=until, on=on, by=member.actor
    )
    return text
