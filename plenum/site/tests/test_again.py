"""What was typed is not lost when the session has ended, when a form is too old, or when somebody else saved."""

import re

import pytest
from allauth.mfa.totp.internal import auth as totp
from django.core import signing
from django.http import HttpRequest
from django.test import Client, RequestFactory

from plenum.access import kept
from plenum.access.actions import add_app
from plenum.access.answers import Changed, Side, TooMany
from plenum.directives.models import Document
from plenum.site import pages
from plenum.site.middleware import Frame
from tests.cast import Cast

pytestmark = pytest.mark.django_db

PASSWORD = "a long way to the river"
ADDRESS = "/units/north-hill/documents/register/"
OURS = {"origin": "http://testserver", "sec-fetch-site": "same-origin"}
FOREIGN = {"origin": "http://elsewhere.example", "sec-fetch-site": "cross-site"}
TYPED = {
    "kind": "resolution",
    "number": "12",
    "symbol": "12-NQ/HU",
    "date": "2024-10-01",
    "issuing_body": "Ban Chấp hành",
    "title": "Về công tác năm 2025",
}


def carried_by(text: str) -> str:
    found = re.search(r'name="kept" value="([^"]+)"', text)
    assert found, "the sign-in page carries nothing"
    return found[1]


def sign_in(client: Client, cast: Cast, held: str) -> str:
    cast.superior.account.set_password(PASSWORD)
    cast.superior.account.save()
    sent = {"login": "superior", "password": PASSWORD, "next": ADDRESS, "kept": held}
    answer = client.post("/sign-in/", sent)
    assert answer.status_code == 302
    return str(answer["Location"])


def test_what_was_typed_comes_back_after_signing_in_and_nothing_is_saved_before_it_is_sent(
    cast: Cast,
) -> None:
    client = Client()
    lost = client.post(ADDRESS, TYPED, headers=OURS)
    assert lost.status_code == 401
    address = sign_in(client, cast, carried_by(lost.content.decode()))
    shown = client.get(address)
    text = shown.content.decode()
    assert "Về công tác năm 2025" in text
    assert "You had been signed out." in text
    assert not Document.objects.exists()
    assert client.get(address).content.decode().count("Về công tác năm 2025") == text.count(
        "Về công tác năm 2025"
    )
    assert client.post(address, TYPED).status_code == 302
    assert Document.objects.get().title == "Về công tác năm 2025"
    assert "Về công tác năm 2025" not in client.get(address).content.decode()


def test_it_comes_back_after_a_second_step_too(cast: Cast) -> None:
    secret = "JBSWY3DPEHPK3PXP"
    add_app(cast.superior.account, secret, on=cast.day, by=cast.superior.actor)
    client = Client()
    lost = client.post(ADDRESS, TYPED, headers=OURS)
    assert sign_in(client, cast, carried_by(lost.content.decode())) == "/sign-in/second-step/"
    now = next(totp.yield_hotp_counters_from_time())
    code = totp.format_hotp_value(totp.hotp_value(secret, now))
    entered = client.post("/sign-in/second-step/", {"code": code})
    assert (entered.status_code, entered["Location"]) == (302, ADDRESS)
    assert "Về công tác năm 2025" in client.get(ADDRESS).content.decode()


def test_a_form_that_another_site_made_the_browser_send_is_not_offered_again(cast: Cast) -> None:
    lost = Client().post(ADDRESS, TYPED, headers=FOREIGN)
    assert lost.status_code == 401
    assert 'name="kept"' not in lost.content.decode()


def test_what_is_kept_cannot_be_forged_and_grows_old(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    assert kept.carried("not-ours") is None
    good = signing.dumps([ADDRESS, "title=a"], salt=kept.SALT, compress=True)
    assert kept.carried(good) == kept.KeptForm(ADDRESS, "title=a")
    monkeypatch.setattr(kept, "LIFE", -1)
    assert kept.carried(good) is None


def test_secrets_are_never_kept() -> None:
    sent = {
        "title": "a",
        "password": "b",
        "new_password": "c",
        "again": "c",
        "current": "c",
        "recovery_code": "d",
        "csrfmiddlewaretoken": "e",
    }
    request = RequestFactory().post("/account/", sent)
    assert kept.typed(request).dict() == {"title": "a"}


def test_the_code_of_a_unit_is_no_secret() -> None:
    request = RequestFactory().post("/units/north/found/", {"code": "north-hill"})
    assert kept.typed(request).dict() == {"code": "north-hill"}


def test_a_form_with_an_old_proof_can_be_sent_again_as_it_was(cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.superior.account)
    answer = client.post(ADDRESS, TYPED, headers=OURS)
    assert answer.status_code == 403
    text = answer.content.decode()
    assert "Về công tác năm 2025" in text
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', text)
    assert token
    assert client.post(ADDRESS, {**TYPED, "csrfmiddlewaretoken": token[1]}, headers=OURS).status_code == 302
    assert "Về công tác" not in client.post(ADDRESS, TYPED, headers=FOREIGN).content.decode()


def test_both_versions_are_shown_side_by_side_and_mine_can_be_saved_over_theirs() -> None:
    request = RequestFactory().post("/documents/1/", {"title": "<b>mine</b>", "edition": "1"})
    found = Changed(
        "Document 12",
        [Side("Title", "<b>mine</b>", "theirs")],
        back="/documents/1/",
        renewed={"edition": "2"},
    )
    answer = Frame(lambda _: pages.too_large(request)).process_exception(request, found)
    assert answer is not None
    assert answer.status_code == 409
    text = answer.content.decode()  # type: ignore[attr-defined]
    assert text.count("&lt;b&gt;mine&lt;/b&gt;") == 2
    assert "theirs" in text
    assert 'name="edition" value="2"' in text


def test_who_asks_too_often_learns_when_to_come_back() -> None:
    request: HttpRequest = RequestFactory().get("/")
    answer = Frame(lambda _: pages.too_large(request)).process_exception(request, TooMany("Slowly.", 300))
    assert answer is not None
    assert (answer.status_code, answer["Retry-After"]) == (429, "300")
    text = answer.content.decode()  # type: ignore[attr-defined]
    assert "Slowly." in text
    assert "Wait 5 minutes" in text


def test_what_is_too_large_is_said_to_be(cast: Cast) -> None:
    answer = cast.superior.client.post(ADDRESS, {**TYPED, "title": "x" * 3_000_000})
    assert answer.status_code == 413
    assert "2.5" in answer.content.decode()


IN_BACKGROUND = {**OURS, "hx-request": "true", "hx-target": "draft-state"}


def test_what_a_page_saves_by_itself_is_told_in_its_place(cast: Cast) -> None:
    lost = Client().post(ADDRESS, TYPED, headers={**IN_BACKGROUND, "accept-language": "en"})
    text = lost.content.decode()
    assert lost.status_code == 401
    assert text.startswith('<div id="draft-state"')
    assert "You have been signed out" in text
    assert "<html" not in text


@pytest.mark.parametrize("target", ['x" onclick="alert(1)', "<b>", "x" * 70, "é"])
def test_a_place_that_is_no_name_is_not_repeated(cast: Cast, target: str) -> None:
    sent = target.encode().decode("latin-1")
    lost = Client().post(ADDRESS, TYPED, headers={**IN_BACKGROUND, "hx-target": sent})
    assert lost.content.decode().startswith('<div class="stack"')


def test_a_part_of_a_page_leads_the_whole_page_to_the_sign_in_and_back(cast: Cast) -> None:
    here = "http://testserver/units/?as_of=2024-01-01"
    lost = Client().get("/units/hill-school/branch/", headers={**IN_BACKGROUND, "hx-current-url": here})
    assert lost.status_code == 401
    assert lost["HX-Redirect"] == "/sign-in/?next=%2Funits%2F%3Fas_of%3D2024-01-01"
    elsewhere = {**IN_BACKGROUND, "hx-current-url": "https://elsewhere.example/units/"}
    assert Client().get("/units/hill-school/branch/", headers=elsewhere)["HX-Redirect"] == (
        "/sign-in/?next=%2Funits%2F"
    )
