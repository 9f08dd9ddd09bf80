"""What programs change: the acts of the pages, what they are told when it cannot be, and doing it only once."""

import threading
from typing import Any

import pytest
from django.db import connections
from django.test import Client

from plenum.access.guard import speaking
from plenum.access.models import Grant, IdempotencyKey
from plenum.journal.actor import Actor
from plenum.journal.models import Entry
from plenum.organisation.actions import rename_unit
from plenum.tree.models import Unit
from tests.api.conftest import Program, token_of
from tests.cast import DAY, Cast, make_cast
from tests.test_cast_pages import FORM, Samples

NEW = {"name": "Chi bộ Vườn Ươm", "kind": "grassroots_cell", "since": "2024-10-01", "until": "2025-07-01"}
KEY = "6f1c0e8a-once"


def test_a_unit_lives_through_the_api(superior: Program) -> None:
    made = superior.post("/units/north-hill/units", NEW)
    assert made.status_code == 201
    unit = made.json()
    code = unit["code"]
    assert unit["name"] == NEW["name"]
    assert unit["parent"] == "north-hill"
    assert unit["span"] == {"from": "2024-10-01", "until": "2025-07-01"}
    renamed = superior.post(f"/units/{code}/rename", {"name": "Chi bộ Vườn Mai", "since": "2024-10-05"})
    assert [each["name"] for each in renamed.json()["names"]] == [NEW["name"], "Chi bộ Vườn Mai"]
    assert superior.get(f"/units/{code}?as_of=2024-10-02").json()["name"] == NEW["name"]
    back = superior.post(f"/units/{code}/take-back", {"what": "name", "reason": "Not decided"})
    assert [each["name"] for each in back.json()["names"]] == [NEW["name"]]
    gone = superior.post(f"/units/{code}/dissolve", {"since": "2025-01-01"})
    assert gone.json()["span"]["until"] == "2025-01-01"
    acts = [row["act"] for row in superior.get(f"/units/{code}/journal").json()["items"]]
    assert acts == [
        "organisation.dissolve_unit",
        "organisation.take_back",
        "organisation.rename_unit",
        "organisation.found_unit",
    ]


def test_an_act_on_a_unit_is_not_done_over_what_somebody_else_has_done(superior: Program) -> None:
    read = superior.get("/units/hill-school").json()
    seen = {"edition": read["edition"]}
    assert superior.get("/units/hill-school?as_of=2022-01-01").json()["edition"] == read["edition"]
    first = superior.post("/units/hill-school/rename", {"name": "Chi bộ Một", **seen})
    assert first.status_code == 200
    late = superior.post("/units/hill-school/rename", {"name": "Chi bộ Hai", **seen})
    assert late.status_code == 409
    assert late.json()["type"] == "urn:plenum:problem:changed-meanwhile"
    assert {"label": "name", "mine": "Chi bộ Hai", "theirs": "Chi bộ Một"} in late.json()["differences"]
    acts = {
        "correct-name": {"name": "Chi bộ Ba", "reason": "A slip"},
        "change-kind": {"kind": "agency_committee"},
        "move": {"parent": "hill-river"},
        "dissolve": {"since": "2025-01-01"},
        "take-back": {"what": "name", "reason": "A slip"},
    }
    for deed, told in acts.items():
        assert superior.post(f"/units/hill-school/{deed}", {**told, **seen}).status_code == 409, deed
    now = {"edition": first.json()["edition"]}
    assert superior.post("/units/hill-school/take-back", {**acts["take-back"], **now}).status_code == 200


def test_the_system_is_named_in_the_words_of_the_reader(superior: Program, cast: Cast) -> None:
    rename_unit(cast.unit("hill-river"), name="Khác", on=DAY, by=Actor.system("command line"))
    [line, *_more] = superior.get("/units/hill-river/journal").json()["items"]
    assert line["by"] == "Command line"


def test_a_document_is_registered_and_corrected_and_what_was_read_counts(superior: Program) -> None:
    fields = {"kind": "decision", "title": "About plans", "date": "2024-02-01", "number": "77"}
    refused = superior.post("/units/north-hill/documents", fields)
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["field"] == "issuing_body"
    made = superior.post("/units/north-hill/documents", {**fields, "issuer": "north-hill"}).json()
    assert made["issuer_unit"] == "north-hill"
    correction = {**fields, "issuer": "north-hill", "reason": "A slip", "edition": made["edition"]}
    address = f"/documents/{made['id']}"
    assert superior.put(address, {**correction, "title": "About the plan"}).json()["edition"] == 2
    late = superior.put(address, {**correction, "title": "About a plan"})
    assert late.status_code == 409
    assert late.json()["type"] == "urn:plenum:problem:changed-meanwhile"
    unknown = superior.put(address, {**correction, "edition": 2, "issuer": "south-coast"})
    assert unknown.json()["errors"] == [{"field": "issuer", "message": "There is no such unit."}]


def test_a_return_goes_its_way(samples: Samples, superior: Program, insider: Program) -> None:
    number = samples.numbers["return"]
    waiting = superior.get("/units/north-hill/acceptance").json()
    assert [row["id"] for row in waiting["items"]] == [number]
    back = superior.post(f"/returns/{number}/send-back", {"reason": "Count again"}).json()
    assert (back["state"], back["sent_back_reason"]) == ("sent_back", "Count again")
    sheet = insider.get(f"/units/hill-school/returns/{FORM}/2024-08").json()
    told = {"figures": {"members_admitted": 2}, "edition": sheet["edition"], "remark": "Counted again"}
    saved = insider.put(f"/units/hill-school/returns/{FORM}/2024-08", told).json()
    assert saved["figures"]["members_admitted"] == 2
    stale = insider.put(f"/units/hill-school/returns/{FORM}/2024-08", told)
    assert stale.status_code == 409
    assert stale.json()["errors"][0]["field"] == "edition"


def test_problems_say_which_field_is_wrong_and_in_whose_language(superior: Program) -> None:
    answer = superior.post("/units/north-hill/units", {"name": 5, "kind": "cell", "more": 1})
    assert answer.status_code == 422
    assert answer["Content-Type"] == "application/problem+json"
    body = answer.json()
    assert {each["field"] for each in body["errors"]} == {"name", "more"}
    assert body["instance"] == "/api/units/north-hill/units"
    assert Program().get("/units/none").status_code == 401
    broken = Client().post(
        "/api/units/north-hill/units",
        "{",
        "application/json",
        headers={"Authorization": f"Bearer {superior.token}"},
    )
    assert broken.status_code == 400
    for path, status in (("/nowhere", 404), ("/units?as_of=monday", 400), ("/units?limit=0", 422)):
        answer = superior.get(path)
        assert answer.status_code == status
        assert answer.json()["status"] == status
    assert "monday" in superior.get("/units?as_of=monday").json()["detail"]
    wrong = superior.ask("DELETE", "/units")
    assert (wrong.status_code, wrong.json()["status"], wrong["Allow"]) == (405, 405, "GET")


def test_too_much_is_too_much(superior: Program) -> None:
    answer = superior.post("/units/north-hill/units", {**NEW, "short": "x" * 3_000_000})
    assert answer.status_code == 413
    assert answer.json()["status"] == 413


def test_a_session_writes_only_with_its_csrf_token(cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.superior.account)
    address, sent = "/api/units/hill-school/rename", {"name": "Chi bộ Khác"}
    assert client.get("/api/units/hill-school").status_code == 200
    refused = client.post(address, sent, "application/json")
    assert refused.status_code == 403
    assert refused["Content-Type"] == "application/problem+json"
    client.get("/api/docs")
    token = client.cookies["plenum_csrf"].value
    assert client.post(address, sent, "application/json", headers={"X-CSRFToken": token}).status_code == 200


def test_a_token_opens_no_session_and_no_page(superior: Program) -> None:
    answer = superior.get("/units")
    assert not answer.cookies
    assert answer["Cache-Control"] == "no-store, private"
    page = Client().get("/units/north-hill/", headers={"Authorization": f"Bearer {superior.token}"})
    assert page.status_code == 302


def test_a_wrong_token_is_not_saved_by_a_session(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.superior.account)
    assert client.get("/api/units", headers={"Authorization": "Bearer wrong"}).status_code == 401


def test_the_same_request_with_the_same_key_is_done_once(superior: Program) -> None:
    first = superior.post("/units/north-hill/units", NEW, Idempotency_Key=KEY)
    again = superior.post("/units/north-hill/units", NEW, Idempotency_Key=KEY)
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.content == first.content
    assert (first.get("Idempotent-Replayed"), again["Idempotent-Replayed"]) == (None, "true")
    assert Unit.objects.filter(code=first.json()["code"]).count() == 1
    other = superior.post("/units/north-hill/units", {**NEW, "short": "VU"}, Idempotency_Key=KEY)
    assert other.status_code == 422
    assert other.json()["errors"][0]["field"] == "Idempotency-Key"
    without = superior.post("/units/north-hill/units", NEW)
    assert without.json()["code"] != first.json()["code"]


def test_a_key_belongs_to_its_account(superior: Program, neighbour: Program) -> None:
    superior.post("/units/north-hill/units", NEW, Idempotency_Key=KEY)
    answer = neighbour.post("/units/north-hill/units", NEW, Idempotency_Key=KEY)
    assert answer.status_code == 404


def test_an_answer_is_not_shown_again_to_whom_the_power_was_taken(cast: Cast, superior: Program) -> None:
    first = superior.post("/units/north-hill/units", NEW, Idempotency_Key=KEY)
    before = Entry.objects.count()
    Grant.objects.filter(account=cast.superior.account).delete()
    again = superior.post("/units/north-hill/units", NEW, Idempotency_Key=KEY)
    assert (first.status_code, again.status_code) == (201, 403)
    assert "done before" in again.json()["detail"]
    assert NEW["name"] not in again.content.decode()
    assert Entry.objects.count() == before


def test_the_database_shows_kept_answers_to_their_account_only(
    cast: Cast, superior: Program, neighbour: Program
) -> None:
    superior.post("/units/north-hill/units", NEW, Idempotency_Key=KEY)
    with speaking(cast.superior.actor, DAY):
        assert IdempotencyKey.objects.count() == 1
    with speaking(cast.neighbour.actor, DAY):
        assert IdempotencyKey.objects.count() == 0
        assert IdempotencyKey.objects.update(fingerprint="") == 0
    with speaking(Actor.nobody(), DAY):
        assert IdempotencyKey.objects.count() == 0


def test_what_was_refused_is_not_kept_and_leaves_nothing(superior: Program) -> None:
    before = Entry.objects.count()
    refused = superior.post("/units/hill-school/rename", {"name": " "}, Idempotency_Key=KEY)
    assert refused.status_code == 422
    assert (Entry.objects.count(), IdempotencyKey.objects.count()) == (before, 0)
    done = superior.post("/units/hill-school/rename", {"name": "Chi bộ Khác"}, Idempotency_Key=KEY)
    assert done.status_code == 200


@pytest.mark.parametrize("key", ["", "a b", "é", "x" * 201])
def test_a_key_that_cannot_be_kept_is_refused(superior: Program, key: str) -> None:
    answer = superior.post("/units/hill-school/rename", {"name": "Chi bộ Khác"}, Idempotency_Key=key)
    assert answer.status_code == 422
    assert IdempotencyKey.objects.count() == 0


def test_keys_are_forgotten_after_a_day_whosever_they_are(superior: Program, neighbour: Program) -> None:
    superior.post("/units/hill-school/rename", {"name": "Chi bộ Khác"}, Idempotency_Key=KEY)
    kept = IdempotencyKey.objects.get()
    IdempotencyKey.objects.update(made=kept.made.replace(year=kept.made.year - 1))
    done = neighbour.post("/units/coast-port/rename", {"name": "Đảng bộ Nọ"}, Idempotency_Key="another")
    assert done.status_code == 200
    assert [each.key for each in IdempotencyKey.objects.all()] == ["another"]


def test_two_at_once_with_one_key_do_it_once(fresh_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLENUM_TODAY", DAY.isoformat())
    program = Program(token_of(make_cast().superior))
    answers: list[Any] = []
    gate = threading.Barrier(4)

    def run() -> None:
        gate.wait()
        try:
            answers.append(program.post("/units/north-hill/units", NEW, Idempotency_Key=KEY))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _each in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [answer.status_code for answer in answers] == [201] * 4
    assert len({answer.content for answer in answers}) == 1
    assert sum("Idempotent-Replayed" in answer.headers for answer in answers) == 3
    assert Unit.objects.filter(code=answers[0].json()["code"]).count() == 1
    assert Entry.objects.filter(act="organisation.found_unit").count() == 1
