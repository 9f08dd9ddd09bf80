"""Every form of every page, found automatically: sent without scripts, or after the session or its proof had ended."""

from collections.abc import Iterator
from contextlib import contextmanager
from html import escape

import pytest
from allauth.mfa.models import Authenticator
from django.db import transaction
from django.test import Client

from plenum.access.models import Account
from plenum.journal.models import Entry
from tests.test_cast_pages import PAGES, Samples, shared_samples
from tests.walk import PASSWORD, SentForm, Stop, every_form, forms_of, to_walk

__all__ = ["shared_samples"]

Forms = list[tuple[Stop, SentForm]]
"""Each form with who is offered it where."""
OURS = {"origin": "http://testserver", "sec-fetch-site": "same-origin"}
ANSWERED = (200, 302, 409, 422)


@pytest.fixture(scope="module")
def walked(shared_samples: Samples) -> Forms:
    """Every form of every page, looked for once."""
    return every_form(to_walk(shared_samples))


@pytest.fixture
def forms(walked: Forms, db: None) -> Forms:
    """The forms for one test: what it sends is undone after it."""
    return walked


@contextmanager
def thrown_away() -> Iterator[None]:
    """Do something without consequences for what is tried next."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def strict(client: Client) -> Client:
    """The same person at the same browser, whose forms must prove that they come from our pages."""
    found = Client(enforce_csrf_checks=True)
    found.cookies.load({name: morsel.value for name, morsel in client.cookies.items()})
    return found


def typed_into(form: SentForm) -> dict[str, str]:
    """Something of its own in each field for text."""
    return {name: f"Gõ <{number}> & “{name}”" for number, name in enumerate(form.written)}


def with_text(forms: Forms) -> Forms:
    """The forms in which somebody signed in writes something."""
    return [
        (stop, form)
        for stop, form in forms
        if form.method == "post" and form.written and PAGES[stop.route].needs_account
    ]


def test_every_form_can_be_sent_without_scripts(forms: Forms) -> None:
    faults: list[tuple[object, ...]] = []
    for stop, form in forms:
        if form.needs_script:
            assert "<noscript>" in stop.client.get(stop.address).content.decode()
            continue
        if not form.buttons:
            faults.append((stop.route, form.action, "no button"))
            continue
        browser = strict(stop.client)
        browser.get(stop.address)
        send = browser.post if form.method == "post" else browser.get
        with thrown_away():
            status = send(form.action, form.data(), headers=OURS).status_code
        if status not in ANSWERED:
            faults.append((stop.route, form.action, status))
    assert faults == []
    assert len(forms) > 40


def test_what_was_typed_into_any_form_comes_back_after_a_lost_session(forms: Forms) -> None:
    Authenticator.objects.all().delete()
    lost: list[tuple[object, ...]] = []
    seen = set()
    for stop, form in with_text(forms):
        typed = {name: text for name, text in typed_into(form).items() if not is_secret(stop, name)}
        if not typed:
            continue
        with thrown_away():
            browser = Client()
            refused = browser.post(form.action, form.data(**typed), headers=OURS)
            assert refused.status_code == 401, stop.route
            account = person_at(stop)
            account.set_password(PASSWORD)
            account.save()
            sign_in = next((each for each in forms_of(refused, "/sign-in/") if "kept" in each.names), None)
            if sign_in is None:
                lost.append((stop.route, form.action, "nothing kept"))
                continue
            sent = sign_in.data(login=account.login, password=PASSWORD)
            back = browser.post(sign_in.action, sent)
            assert back.status_code == 302, stop.route
            before = Entry.objects.count()
            shown = browser.get(back["Location"])
            again = [each for each in forms_of(shown, form.action) if set(form.written) <= each.names]
            if not any(all(each.value(name) == text for name, text in typed.items()) for each in again):
                lost.append((stop.route, shown.status_code, typed, [each.values for each in again]))
            assert Entry.objects.count() == before, "something was done before it was sent again"
        seen.add(stop.route)
    assert lost == []
    assert seen >= {
        "units/<slug:code>/returns/<slug:form>/<str:period>/",
        "units/<slug:code>/documents/register/",
        "units/<slug:code>/review/<str:period>/",
        "units/<slug:code>/targets/set/",
    }


def test_what_was_typed_into_any_form_can_be_sent_again_when_its_proof_is_too_old(forms: Forms) -> None:
    for stop, form in with_text(forms):
        typed = {name: text for name, text in typed_into(form).items() if not is_secret(stop, name)}
        before = Entry.objects.count()
        with thrown_away():
            answer = strict(stop.client).post(
                form.action, form.data(csrfmiddlewaretoken="", **typed), headers=OURS
            )
            assert Entry.objects.count() == before
        assert answer.status_code == 403, stop.route
        text = answer.content.decode()
        assert [value for value in typed.values() if f'value="{escape(value)}"' not in text] == [], stop.route


def is_secret(stop: Stop, name: str) -> bool:
    """Whether a field is for something that must not be kept: the code of an app."""
    return stop.route.startswith("account/") and name == "code"


def person_at(stop: Stop) -> Account:
    return Account.objects.get(pk=stop.client.session["_auth_user_id"])
