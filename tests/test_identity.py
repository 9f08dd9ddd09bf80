"""Signing in through the provider of the organisation: with a provider that this test plays."""

import base64
import json
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.test import Client

from plenum.access import actions
from plenum.access.adapters import Identities
from plenum.access.models import Account
from plenum.journal.models import Entry
from plenum.site.home import HomeTrouble
from plenum.site.identity import Provider, for_allauth, provider
from tests.cast import DAY, SYSTEM, Cast

HERE = Provider("https://id.example.org", "plenum", "secret", "House", "preferred_username")
START = f"/sign-in/oidc/{HERE.id}/login/"


@dataclass
class Answer:
    """What `requests` gives for an answer of the provider."""

    data: dict[str, Any]
    status_code: int = 200
    headers: dict[str, str] = field(default_factory=lambda: {"content-type": "application/json"})

    @property
    def text(self) -> str:
        return json.dumps(self.data)

    def json(self) -> dict[str, Any]:
        return self.data

    def raise_for_status(self) -> None:
        assert self.status_code == 200


@dataclass
class PlayedProvider:
    """A provider that says who somebody is; also its own session of `requests`."""

    subject: str = "subject-1"
    login: str = "insider"
    nonce: str | None = None

    def __enter__(self) -> "PlayedProvider":
        return self

    def __exit__(self, *_problem: object) -> None:
        return None

    def get(self, address: str, **_more: Any) -> Answer:
        if address.endswith("/userinfo"):
            return Answer({"sub": self.subject, "preferred_username": self.login})
        base = HERE.issuer
        return Answer(
            {
                "issuer": base,
                "authorization_endpoint": f"{base}/authorize",
                "token_endpoint": f"{base}/token",
                "userinfo_endpoint": f"{base}/userinfo",
                "jwks_uri": f"{base}/keys",
            }
        )

    def request(self, _method: str, _address: str, **_more: Any) -> Answer:
        claims = {
            "iss": HERE.issuer,
            "aud": HERE.client_id,
            "sub": self.subject,
            "preferred_username": self.login,
            "iat": int(time.time()),
            "exp": int(time.time()) + 60,
        } | ({} if self.nonce is None else {"nonce": self.nonce})
        parts = [{"alg": "RS256", "typ": "JWT"}, claims]
        coded = [base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts]
        return Answer({"access_token": "a", "token_type": "Bearer", "id_token": ".".join([*coded, "c2ln"])})

    post = get


@pytest.fixture
def played(settings: Any, monkeypatch: pytest.MonkeyPatch) -> PlayedProvider:
    settings.ROOT_URLCONF = "tests.identity_urls"
    settings.IDENTITY_PROVIDER = HERE
    settings.SOCIALACCOUNT_PROVIDERS = for_allauth(HERE)
    found = PlayedProvider()
    monkeypatch.setattr(Identities, "get_requests_session", lambda _self: found)
    return found


def come_back(client: Client, played: PlayedProvider, nonce: str | None = "repeated", **more: str) -> Any:
    """Go to the provider and come back from it as it sends people back."""
    sent = client.get(START, {"next": "/units/"})
    assert sent.status_code == 302, sent.content
    asked = parse_qs(urlsplit(sent["Location"]).query)
    assert sent["Location"].startswith(HERE.issuer + "/authorize?")
    assert asked["code_challenge_method"] == ["S256"]
    played.nonce = asked["nonce"][0] if nonce == "repeated" else nonce
    return client.get(START + "callback/", {"code": "c", "state": asked["state"][0], **more})


def test_the_sign_in_page_offers_it(cast: Cast, played: PlayedProvider) -> None:
    page = Client(headers={"accept-language": "en"}).get("/sign-in/").content.decode()
    assert "Sign in through House" in page
    assert START in page


def test_without_a_provider_there_is_no_such_address(cast: Cast) -> None:
    assert Client().get(START).status_code == 404
    assert "oidc" not in Client().get("/sign-in/").content.decode()


def test_an_account_is_linked_once_and_then_found_by_its_subject(cast: Cast, played: PlayedProvider) -> None:
    client = Client()
    assert come_back(client, played)["Location"] == "/units/"
    assert client.get("/account/").context["account"] == cast.insider.account
    played.login = "superior"
    again = Client()
    come_back(again, played)
    assert again.get("/account/").context["account"] == cast.insider.account
    linked = Entry.objects.get(act="access.link_identity")
    assert linked.change == {"provider": HERE.id}
    assert SocialAccount.objects.get().user == cast.insider.account


def test_nobody_else_takes_an_account_that_is_linked(cast: Cast, played: PlayedProvider) -> None:
    come_back(Client(), played)
    played.subject = "subject-2"
    other = Client()
    come_back(other, played)
    assert other.get("/account/").status_code == 302
    assert SocialAccount.objects.count() == 1


@pytest.mark.parametrize("login", ["unknown", "", "insider' OR 1=1"])
def test_nobody_signs_up(cast: Cast, played: PlayedProvider, login: str) -> None:
    played.login, before = login, Account.objects.count()
    client = Client()
    assert come_back(client, played)["Location"] == "/sign-in/"
    assert client.get("/account/").status_code == 302
    assert Account.objects.count() == before


def test_leavers_and_closed_accounts_stay_out(cast: Cast, played: PlayedProvider) -> None:
    actions.end_grant(cast.insider.account.grants.get(), until=DAY, even_if_last=True, on=DAY, by=SYSTEM)
    client = Client()
    assert come_back(client, played)["Location"] == "/sign-in/"
    played.login, played.subject = "sibling", "subject-3"
    actions.deactivate_account(cast.sibling.account, on=DAY, by=SYSTEM)
    assert come_back(client, played)["Location"] == "/sign-in/"
    assert client.get("/account/").status_code == 302


def test_a_second_factor_here_is_asked_for_too(cast: Cast, played: PlayedProvider) -> None:
    actions.add_app(cast.insider.account, "JBSWY3DPEHPK3PXP", on=DAY, by=cast.insider.actor)
    client = Client()
    assert come_back(client, played)["Location"] == "/sign-in/second-step/"
    assert client.get("/account/").status_code == 302
    assert Authenticator.objects.count() == 2


@pytest.mark.parametrize("nonce", [None, "", "of-another-request", "é"])
def test_a_token_of_another_request_signs_nobody_in(
    cast: Cast, played: PlayedProvider, nonce: str | None
) -> None:
    client = Client()
    assert come_back(client, played, nonce=nonce)["Location"] == "/sign-in/"
    assert client.get("/account/").status_code == 302
    assert not SocialAccount.objects.exists()


def test_each_request_has_a_number_of_its_own_and_nothing_from_our_address(
    cast: Cast, played: PlayedProvider
) -> None:
    added = {"auth_params": "nonce=known&prompt=none", "scope": "everything"}
    sent = [parse_qs(urlsplit(Client().get(START, added)["Location"]).query) for _each in range(2)]
    numbers = [asked["nonce"][0] for asked in sent]
    assert len({*numbers, "known"}) == 3
    assert [set(asked["scope"][0].split()) for asked in sent] == [{"openid", "profile"}] * 2
    assert not any("prompt" in asked for asked in sent)


def test_a_forged_or_failed_return_signs_nobody_in(cast: Cast, played: PlayedProvider) -> None:
    for query in ({"code": "c", "state": "forged"}, {"error": "access_denied"}, {}):
        client = Client()
        assert client.get(START + "callback/", query)["Location"] == "/sign-in/"
        assert client.get("/account/").status_code == 302


def test_the_settings_name_a_provider_or_say_what_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    assert provider() is None
    monkeypatch.setenv("PLENUM_OIDC_ISSUER", "https://id.example.org/realms/house/")
    with pytest.raises(HomeTrouble):
        provider()
    monkeypatch.setenv("PLENUM_OIDC_CLIENT_ID", "plenum")
    monkeypatch.setenv("PLENUM_OIDC_CLIENT_SECRET", "secret")
    found = provider()
    assert found is not None
    assert (found.id, found.name) == ("id.example.org-realms-house", "id.example.org")
    monkeypatch.setenv("PLENUM_OIDC_ISSUER", "http://id.example.org")
    with pytest.raises(HomeTrouble):
        provider()
