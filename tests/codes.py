"""Codes of authenticator apps, which change every half minute."""

import pytest


@pytest.fixture(autouse=True)
def codes_that_last(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a code hold for a whole test: one that ran out between being made and being sent would be refused."""
    from allauth.mfa.totp.internal import auth as totp

    counters = list(totp.yield_hotp_counters_from_time())
    monkeypatch.setattr(totp, "yield_hotp_counters_from_time", lambda: iter(counters))
