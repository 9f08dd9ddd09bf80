"""How an installation keeps passwords. All other tests use a quick way, see `conftest.py`."""

from typing import Any

import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.test import Client

from plenum.access.actions import change_password
from plenum.site import settings as installed
from tests.cast import DAY, SYSTEM, Cast

GOOD = "một hai ba bốn năm"


@pytest.fixture(autouse=True)
def as_installed(settings: Any) -> None:
    settings.PASSWORD_HASHERS = installed.PASSWORD_HASHERS


def test_an_installation_hashes_passwords_slowly(cast: Cast) -> None:
    account = change_password(cast.insider.account, GOOD, on=DAY, by=SYSTEM)
    assert account.password.startswith("scrypt$16384$")
    assert account.check_password(GOOD)
    assert not account.check_password(GOOD + " ")


def test_a_password_that_was_hashed_otherwise_is_hashed_anew_when_it_is_used(cast: Cast) -> None:
    account = cast.insider.account
    account.password = PBKDF2PasswordHasher().encode(GOOD, "salt" * 6, iterations=10)
    account.save()
    answer = Client().post("/sign-in/", {"login": "insider", "password": GOOD})
    assert answer.status_code == 302
    account.refresh_from_db()
    assert account.password.startswith("scrypt$")
