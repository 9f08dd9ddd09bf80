"""What lies sealed in the database, and what happens when its key is changed, lost or not the right one."""

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.utils import translation

from plenum.access import actions, sealed
from plenum.access.doctor import factors_sealed
from plenum.access.reach import NotInPerson
from plenum.journal.models import Entry
from tests.cast import DAY, SYSTEM, Cast

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
PASSWORD = "bốn phương trời mười phương Phật"
NEW = "another-key-of-the-installation-that-is-long-enough"


def kept() -> str:
    """What the database holds of all second factors, as whoever copies it reads it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(data::text, ' ') FROM mfa_authenticator")
        return str(cursor.fetchone()[0])


def code_now(secret: str) -> str:
    return str(totp.format_hotp_value(totp.hotp_value(secret, next(totp.yield_hotp_counters_from_time()))))


def passes(code: str) -> bool:
    """Whether the insider gets in with the password and this code."""
    cache.clear()
    client = Client()
    client.post("/sign-in/", {"login": "insider", "password": PASSWORD})
    return bool(client.post("/sign-in/second-step/", {"code": code}).status_code == 302)


@pytest.fixture
def codes(cast: Cast) -> list[str]:
    """The recovery codes of the insider, who has an app."""
    actions.change_password(cast.insider.account, PASSWORD, chosen=True, on=DAY, by=SYSTEM)
    found = actions.add_app(cast.insider.account, SECRET, on=DAY, by=cast.insider.actor)
    assert found is not None
    return found


def test_neither_secret_nor_seed_lies_readable(cast: Cast, codes: list[str]) -> None:
    assert SECRET not in kept()
    for factor in Authenticator.objects.all():
        text = factor.data.get("secret") or factor.data["seed"]
        assert sealed.is_sealed(text)
        assert sealed.opened(text) not in kept()
    assert passes(code_now(SECRET))
    assert passes(codes[0])
    assert not passes(codes[0])


def test_the_same_text_is_sealed_differently_each_time() -> None:
    first, second = sealed.seal("secret"), sealed.seal("secret")
    assert first != second
    assert sealed.opened(first) == sealed.opened(second) == "secret"


@pytest.mark.parametrize("place", [10, 20, -6])
def test_a_changed_letter_opens_nothing(place: int) -> None:
    text = sealed.seal("a secret of an app")
    changed = list(text)
    changed[place] = "A" if changed[place] != "A" else "B"
    with pytest.raises(sealed.CannotOpen):
        sealed.opened("".join(changed))


@pytest.mark.parametrize("text", ["sealed1:aabbccdd:", "sealed1::", "sealed1:x:y", "sealed1:ỷ:é"])
def test_what_is_no_sealed_text_opens_nothing(text: str) -> None:
    with pytest.raises(sealed.CannotOpen):
        sealed.opened(text)


def test_without_its_key_no_code_passes_and_the_doctor_says_so(
    cast: Cast, codes: list[str], settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    """Not the right codes, and not those that follow from an empty secret either."""
    settings.SECRET_KEY = NEW
    assert not passes(code_now(SECRET))
    assert not passes(codes[0])
    assert not passes(code_now(""))
    assert "cannot be opened" in caplog.text
    with translation.override("en"):
        (found,) = factors_sealed()
    assert found.what.startswith("2 second factors")
    assert actions.reseal_factors(on=DAY, by=SYSTEM) == (0, 2)


def test_a_key_is_changed_without_anybody_noticing(cast: Cast, codes: list[str], settings: Any) -> None:
    before, old = kept(), settings.SECRET_KEY
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = NEW, [old]
    assert passes(code_now(SECRET))
    assert list(factors_sealed()) == []
    assert actions.reseal_factors(on=DAY, by=SYSTEM) == (2, 0)
    assert actions.reseal_factors(on=DAY, by=SYSTEM) == (0, 0)
    settings.SECRET_KEY_FALLBACKS = []
    assert kept() != before
    assert passes(code_now(SECRET))
    assert passes(codes[1])
    assert Entry.objects.filter(act="access.reseal").count() == 1


def test_what_lies_open_from_before_is_found_and_sealed(cast: Cast, codes: list[str]) -> None:
    factor = Authenticator.objects.get(type="totp")
    factor.data["secret"] = SECRET
    factor.save()
    with translation.override("en"):
        (found,) = factors_sealed()
    assert found.what.startswith("1 second factor lies")
    assert passes(code_now(SECRET))
    assert actions.reseal_factors(on=DAY, by=SYSTEM) == (1, 0)
    assert SECRET not in kept()


def test_only_the_operator_seals_anew(cast: Cast) -> None:
    with pytest.raises(NotInPerson):
        actions.reseal_factors(on=DAY, by=cast.superior.actor)
