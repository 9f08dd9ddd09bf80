"""Behind a proxy: what its word is worth, and that nobody else can speak for it."""

import os
import subprocess
import sys
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory, override_settings

from plenum.access.requests import client_address
from plenum.site import address
from plenum.site.home import HomeTrouble
from plenum.site.proxy import Proxied, came_directly


def behind(*proxies: str) -> Any:
    networks = address._networks(",".join(proxies))
    return override_settings(TRUSTED_PROXIES=networks)


def seen(remote: str, forwarded: str = "", **more: str) -> HttpRequest:
    """The request as pages get it."""
    said = {"HTTP_X_FORWARDED_FOR": forwarded} if forwarded else {}
    found: list[HttpRequest] = []

    def answer(request: HttpRequest) -> HttpResponse:
        found.append(request)
        return HttpResponse()

    Proxied(answer)(RequestFactory().get("/", REMOTE_ADDR=remote, **said, **more))  # type: ignore[arg-type]
    return found[0]


@pytest.mark.parametrize(
    ("remote", "forwarded", "expected"),
    [
        ("203.0.113.9", "", "203.0.113.9"),
        ("127.0.0.1", "203.0.113.9", "203.0.113.9"),
        ("127.0.0.1", "198.51.100.1, 203.0.113.9", "203.0.113.9"),
        ("127.0.0.1", "198.51.100.1, 203.0.113.9, 10.0.0.5", "203.0.113.9"),
        ("203.0.113.9", "198.51.100.1", "203.0.113.9"),
        ("127.0.0.1", "198.51.100.1, nonsense", "127.0.0.1"),
        ("127.0.0.1", "nonsense, 203.0.113.9", "203.0.113.9"),
        ("127.0.0.1", "10.0.0.5", "10.0.0.5"),
        ("::ffff:127.0.0.1", "2001:db8::7", "2001:db8::7"),
        ("::ffff:203.0.113.9", "2001:db8::7", "203.0.113.9"),
        ("", "198.51.100.1", ""),
    ],
)
def test_only_a_trusted_proxy_says_for_whom_it_comes(remote: str, forwarded: str, expected: str) -> None:
    with behind("127.0.0.0/8", "10.0.0.5"):
        assert client_address(seen(remote, forwarded)) == expected
        assert client_address(
            RequestFactory().get("/", REMOTE_ADDR=remote, HTTP_X_FORWARDED_FOR=forwarded)
        ) == (expected)


def test_without_a_trusted_proxy_nothing_is_believed() -> None:
    with behind():
        request = seen("127.0.0.1", "198.51.100.1", HTTP_X_FORWARDED_PROTO="https")
        assert client_address(request) == "127.0.0.1"
        assert not came_directly(request)
        assert "HTTP_X_FORWARDED_PROTO" not in request.META
        assert came_directly(seen("127.0.0.1"))


@override_settings(
    SECURE_PROXY_SSL_HEADER=("HTTP_X_FORWARDED_PROTO", "https"),
    SECURE_SSL_REDIRECT=True,
    SECURE_HSTS_SECONDS=60,
)
@pytest.mark.django_db
def test_https_is_believed_of_the_proxy_only() -> None:
    with behind("10.0.0.5"):
        proxy = Client(REMOTE_ADDR="10.0.0.5", HTTP_X_FORWARDED_PROTO="https")
        answer = proxy.get("/sign-in/")
        assert answer.status_code == 200
        assert answer.headers["Strict-Transport-Security"] == "max-age=60"
        forger = Client(REMOTE_ADDR="203.0.113.9", HTTP_X_FORWARDED_PROTO="https")
        refused = forger.get("/sign-in/")
        assert refused.status_code == 301
        assert refused.headers["Location"] == "https://testserver/sign-in/"
        assert "Strict-Transport-Security" not in refused.headers


@pytest.mark.parametrize(
    ("said", "origin", "hosts", "secure"),
    [
        ("", "", address.LOCAL_HOSTS, False),
        (
            "https://plenum.example.org",
            "https://plenum.example.org",
            ("plenum.example.org", *address.LOCAL_HOSTS),
            True,
        ),
        (
            "https://plenum.example.org/",
            "https://plenum.example.org",
            ("plenum.example.org", *address.LOCAL_HOSTS),
            True,
        ),
        (
            "https://plenum.example.org:443",
            "https://plenum.example.org",
            ("plenum.example.org", *address.LOCAL_HOSTS),
            True,
        ),
        ("http://intranet:8080", "http://intranet:8080", ("intranet", *address.LOCAL_HOSTS), False),
        (
            "https://[2001:db8::1]:8443",
            "https://[2001:db8::1]:8443",
            ("[2001:db8::1]", *address.LOCAL_HOSTS),
            True,
        ),
    ],
)
def test_one_setting_says_where_people_reach_the_pages(
    said: str, origin: str, hosts: tuple[str, ...], secure: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLENUM_ADDRESS", said)
    found = address.address()
    assert (found.origin, found.hosts, found.secure) == (origin, hosts, secure)
    assert bool(found.proxies) == bool(origin)


@pytest.mark.parametrize(
    "said",
    [
        "plenum.example.org",
        "ftp://plenum.example.org",
        "https://",
        "https://a/b",
        "https://u@a",
        "https://a:port",
    ],
)
def test_what_is_no_address_of_a_site_is_refused(said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLENUM_ADDRESS", said)
    with pytest.raises(HomeTrouble, match=r"https://plenum\.example\.org"):
        address.address()


def test_programs_are_refused_without_https_and_not_redirected(db: None) -> None:
    with override_settings(SECURE_SSL_REDIRECT=True):
        refused = Client().get("/api/units", headers={"accept-language": "en", "authorization": "Bearer x"})
        assert (refused.status_code, refused.headers["Content-Type"]) == (403, "application/problem+json")
        assert "Use HTTPS" in refused.json()["detail"]
        assert "Location" not in refused.headers
        assert Client().get("/api/docs").status_code == 301
        assert Client().get("/api/units", secure=True).status_code == 401


def test_every_cookie_has_the_prefix_behind_https() -> None:
    """The settings are read anew, in a process of their own, as the service reads them."""
    names = "s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, s.LANGUAGE_COOKIE_NAME"
    told = f"from plenum.site import settings as s; print({names})"
    for origin, prefix in (("https://plenum.example.org", "__Host-"), ("", "")):
        found = subprocess.run(
            [sys.executable, "-c", told],
            env={**os.environ, "PLENUM_ADDRESS": origin},
            capture_output=True,
            text=True,
            check=True,
        )
        assert [name.startswith("__Host-") for name in found.stdout.split()] == [bool(prefix)] * 3


def test_browsers_insist_on_https_only_by_setting_and_only_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLENUM_ADDRESS", "https://plenum.example.org")
    assert address.address().hsts_seconds == 0
    monkeypatch.setenv("PLENUM_HSTS_SECONDS", "3600")
    assert address.address().hsts_seconds == 3600
    monkeypatch.setenv("PLENUM_ADDRESS", "http://plenum.example.org")
    assert address.address().hsts_seconds == 0
    monkeypatch.setenv("PLENUM_ADDRESS", "https://plenum.example.org")
    monkeypatch.setenv("PLENUM_HSTS_SECONDS", "a year")
    with pytest.raises(HomeTrouble, match="PLENUM_HSTS_SECONDS"):
        address.address()


def test_other_proxies_can_be_named_in_the_file_of_the_home(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    monkeypatch.setenv("PLENUM_HOME", str(tmp_path))
    (tmp_path / "plenum.toml").write_text('address = "https://p.example.org"\nproxies = ["10.1.0.0/16"]\n')
    assert [str(each) for each in address.address().proxies] == ["10.1.0.0/16"]
    (tmp_path / "plenum.toml").write_text('address = "https://p.example.org"\nproxies = "ten"\n')
    with pytest.raises(HomeTrouble, match="PLENUM_PROXIES"):
        address.address()
