"""Two people with the same return open: nothing is overwritten unseen, nothing that was typed is lost."""

import re
from typing import Any

import pytest
from django.test import Client

from plenum.figures.actions import correct_return, save_draft, submit_return, withdraw_return
from plenum.figures.models import Return
from plenum.figures.tests.factories import MONTHLY, SYSTEM, oblige, submit
from plenum.figures.tests.test_pages import SCHOOL_AUGUST, typed
from plenum.periods import Period
from tests.cast import DAY, Cast

AUGUST = Period.parse("2024-08")
OURS: dict[str, Any] = {"HTTP_ORIGIN": "http://testserver", "HTTP_SEC_FETCH_SITE": "same-origin"}


def page_of(client: Client, address: str = SCHOOL_AUGUST) -> str:
    return client.get(address).content.decode()


def sent_again(page: str) -> dict[str, str]:
    """What the button sends that saves mine after looking at both versions."""
    return {
        name: value
        for name, value in re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page)
        if name != "csrfmiddlewaretoken"
    }


def somebody_saves(cast: Cast, admitted: int, remark: str = "") -> Return:
    """Somebody else keeps another figure in the return of August."""
    unit = cast.unit("hill-school")
    edition = Return.objects.get(unit=unit).edition if Return.objects.exists() else 0
    values = {"members_admitted": admitted}
    return save_draft(unit.pk, MONTHLY, AUGUST, values, remark=remark, edition=edition, on=DAY, by=SYSTEM)


def admitted() -> int | None:
    saved = Return.objects.get()
    return saved.draft.by_slot(saved.form_of_pack)["members_admitted"]


@pytest.fixture
def client(cast: Cast) -> Client:
    oblige(cast.unit("hill-school"))
    return cast.insider.client


def test_both_versions_are_shown_and_mine_can_be_saved_after_looking(cast: Cast, client: Client) -> None:
    somebody_saves(cast, 1)
    opened = page_of(client)
    somebody_saves(cast, 1203, remark="Counted again.")
    refused = client.post(SCHOOL_AUGUST, typed(opened, members_admitted="9", deed="save"))
    assert refused.status_code == 409
    shown = refused.content.decode()
    assert re.search(r'class="typed">9</td>.*class="typed">1,203</td>', shown)
    assert "Counted again." in shown
    assert "Chi bộ Trường Thông Reo" in shown
    assert admitted() == 1203, "nothing is overwritten unseen"
    assert client.post(SCHOOL_AUGUST, sent_again(shown)).status_code == 302
    assert admitted() == 9


def test_a_third_change_while_looking_is_shown_again(cast: Cast, client: Client) -> None:
    somebody_saves(cast, 1)
    opened = page_of(client)
    somebody_saves(cast, 2)
    shown = client.post(SCHOOL_AUGUST, typed(opened, members_admitted="9", deed="save")).content.decode()
    somebody_saves(cast, 3)
    assert client.post(SCHOOL_AUGUST, sent_again(shown)).status_code == 409
    assert admitted() == 3


def test_a_return_begun_by_somebody_else_meanwhile_is_not_begun_twice(cast: Cast, client: Client) -> None:
    opened = page_of(client)
    somebody_saves(cast, 2)
    assert client.post(SCHOOL_AUGUST, typed(opened, members_admitted="9", deed="save")).status_code == 409
    assert admitted() == 2


def test_one_page_may_save_as_often_as_it_likes(client: Client) -> None:
    opened = page_of(client)
    for number in ("1", "2", "3"):
        assert (
            client.post(SCHOOL_AUGUST, typed(opened, members_admitted=number, deed="save")).status_code == 302
        )
    assert admitted() == 3


@pytest.mark.parametrize("deed", ["save", "submit"])
def test_who_typed_the_same_overwrites_nothing(cast: Cast, client: Client, deed: str) -> None:
    somebody_saves(cast, 1)
    opened = page_of(client)
    somebody_saves(cast, 4)
    assert client.post(SCHOOL_AUGUST, typed(opened, members_admitted="4", deed=deed)).status_code == 302
    assert Return.objects.get().state == ("submitted" if deed == "submit" else "draft")


def test_what_was_typed_is_kept_when_the_return_has_been_submitted_meanwhile(
    cast: Cast, client: Client
) -> None:
    somebody_saves(cast, 1)
    opened = page_of(client)
    sent = submit_return(Return.objects.get().pk, on=DAY, by=SYSTEM)
    refused = client.post(SCHOOL_AUGUST, typed(opened, members_admitted="9", deed="submit"))
    assert refused.status_code == 409
    shown = refused.content.decode()
    assert 'class="typed">9</td>' in shown
    assert not re.search(r'name="members_admitted"', shown), (
        "it cannot be saved over what waits for acceptance"
    )
    assert admitted() == 1
    withdraw_return(sent.pk, on=DAY, by=SYSTEM)
    again = client.post(SCHOOL_AUGUST, typed(opened, members_admitted="9", deed="save"))
    assert client.post(SCHOOL_AUGUST, sent_again(again.content.decode())).status_code == 302
    assert admitted() == 9


def test_a_double_press_of_submit_submits_once(client: Client) -> None:
    opened = page_of(client)
    first, second = (
        client.post(SCHOOL_AUGUST, typed(opened, members_admitted="9", deed="submit")) for _press in range(2)
    )
    assert first["Location"] == second["Location"]
    assert Return.objects.get().version == 1


def test_saving_in_the_background_tells_what_stands_in_the_way(cast: Cast, client: Client) -> None:
    somebody_saves(cast, 1)
    opened = page_of(client)
    saved = client.post(SCHOOL_AUGUST, typed(opened, members_admitted="3"), headers={"HX-Request": "true"})
    assert "Draft saved" in saved.content.decode()
    somebody_saves(cast, 2)
    for value, said in (("9", "Somebody else has changed this return"), ("x", "cannot be read")):
        answer = client.post(
            SCHOOL_AUGUST, typed(opened, members_admitted=value), headers={"HX-Request": "true"}
        )
        text = answer.content.decode()
        assert answer.status_code == 200
        assert 'id="draft-state"' in text
        assert "Not saved:" in text
        assert said in text
    assert admitted() == 2


def test_a_refused_figure_does_not_hide_what_others_save(cast: Cast, client: Client) -> None:
    somebody_saves(cast, 1)
    opened = page_of(client)
    somebody_saves(cast, 2)
    refused = client.post(SCHOOL_AUGUST, typed(opened, members_admitted="x", deed="save"))
    assert refused.status_code == 422
    mended = typed(refused.content.decode(), members_admitted="9", deed="save")
    assert client.post(SCHOOL_AUGUST, mended).status_code == 409


def test_a_lost_session_brings_the_draft_back(cast: Cast, client: Client) -> None:
    somebody_saves(cast, 1)
    opened = page_of(client)
    client.logout()
    lost = client.post(SCHOOL_AUGUST, typed(opened, members_admitted="77", deed="submit"), **OURS)
    assert lost.status_code == 401
    held = re.search(r'name="kept" value="([^"]+)"', lost.content.decode())
    assert held
    cast.insider.account.set_password("a long way to the river")
    cast.insider.account.save()
    signed_in = client.post(
        "/sign-in/",
        {"login": "insider", "password": "a long way to the river", "next": SCHOOL_AUGUST, "kept": held[1]},
    )
    assert signed_in.status_code == 302
    shown = page_of(client, signed_in["Location"])
    assert 'value="77"' in shown
    assert (admitted(), Return.objects.get().state) == (1, "draft"), "nothing is saved before it is sent"
    assert client.post(SCHOOL_AUGUST, typed(shown, deed="save")).status_code == 302
    assert admitted() == 77


def open_return(cast: Cast) -> tuple[Return, str]:
    """A return that waits for acceptance, and its page as the superior sees it."""
    oblige(cast.unit("hill-school"))
    sent = submit(cast.unit("hill-school"), "2024-08", {"members_admitted": 5})
    return sent, page_of(cast.superior.client, f"/returns/{sent.pk}/")


def changed_and_sent_again(sent: Return, admitted_now: int) -> None:
    back = withdraw_return(sent.pk, on=DAY, by=SYSTEM)
    again = save_draft(
        sent.unit_id,
        MONTHLY,
        AUGUST,
        {"members_admitted": admitted_now},
        edition=back.edition,
        on=DAY,
        by=SYSTEM,
    )
    submit_return(again.pk, on=DAY, by=SYSTEM)


def test_what_is_accepted_is_what_was_seen(cast: Cast) -> None:
    sent, opened = open_return(cast)
    changed_and_sent_again(sent, 8)
    refused = cast.superior.client.post(f"/returns/{sent.pk}/", typed(opened, deed="accept"))
    assert refused.status_code == 409
    shown = refused.content.decode()
    assert re.search(r'class="typed">5</td>.*class="typed">8</td>', shown)
    assert 'name="deed"' not in shown, "it is accepted on the page that shows it as it is now"
    sent.refresh_from_db()
    assert sent.state == "submitted"


def test_a_reason_that_was_typed_is_kept_and_can_be_sent_after_looking(cast: Cast) -> None:
    sent, opened = open_return(cast)
    changed_and_sent_again(sent, 8)
    deed = typed(opened, deed="send_back", reason="Check the women.")
    refused = cast.superior.client.post(f"/returns/{sent.pk}/", deed)
    assert refused.status_code == 409
    again = sent_again(refused.content.decode())
    assert again["reason"] == "Check the women."
    assert cast.superior.client.post(f"/returns/{sent.pk}/", again).status_code == 302
    sent.refresh_from_db()
    assert (sent.state, sent.sent_back_reason) == ("sent_back", "Check the women.")


def test_two_who_accept_are_told_who_was_first(cast: Cast) -> None:
    sent, opened = open_return(cast)
    address = f"/returns/{sent.pk}/"
    assert cast.superior.client.post(address, typed(opened, deed="accept")).status_code == 302
    second = cast.superior.client.post(address, typed(opened, deed="accept"))
    assert second.status_code == 409
    assert re.search(r'class="typed">Submitted</td>.*class="typed">Accepted</td>', second.content.decode())


def test_a_draft_is_not_discarded_over_what_others_have_entered(cast: Cast) -> None:
    oblige(cast.unit("hill-school"))
    draft = somebody_saves(cast, 1)
    opened = page_of(cast.insider.client, f"/returns/{draft.pk}/")
    somebody_saves(cast, 2)
    refused = cast.insider.client.post(f"/returns/{draft.pk}/", typed(opened, deed="discard"))
    assert refused.status_code == 409
    assert "Changed by" in refused.content.decode()
    assert Return.objects.exists()


def test_what_others_have_discarded_is_not_found(cast: Cast) -> None:
    oblige(cast.unit("hill-school"))
    draft = somebody_saves(cast, 1)
    opened = page_of(cast.insider.client, f"/returns/{draft.pk}/")
    Return.objects.get().delete()
    assert cast.insider.client.post(f"/returns/{draft.pk}/", typed(opened, deed="discard")).status_code == 404


def test_a_correction_begun_twice_is_one(cast: Cast) -> None:
    sent, opened = open_return(cast)
    cast.superior.client.post(f"/returns/{sent.pk}/", typed(opened, deed="accept"))
    mine = page_of(cast.insider.client, f"/returns/{sent.pk}/")
    correct_return(sent.pk, "miscounted", on=DAY, by=SYSTEM)
    second = typed(mine, deed="correct", reason="Counted again.")
    assert cast.insider.client.post(f"/returns/{sent.pk}/", second).status_code == 409
    sent.refresh_from_db()
    assert sent.reason == "miscounted"
