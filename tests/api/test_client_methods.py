"""The client has a method for each operation of the API, which can say all that the operation takes."""

import inspect
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from plenum.client import Plenum
from plenum.client.asking import Asking
from plenum.site.api.door import api
from tests.api.samples import SAMPLES

DAY = "2024-10-08"
PERSON = {"name": "A", "language": "vi", "start": DAY, "last_day": DAY}
VIEW = {"period": "2024", "known_on": DAY, "as_of": DAY, "tree": "now"}
READ: Any = {"id": 7, "edition": 3, "unit": "u", "form": "f", "period": "2024", "language": "vi"}
POSTS: Any = {"indicator": "i", "change": "-5", "year": 2026, "posts": []}
PLANNED: Any = {"number": 7, "code": "c", "title": "T", "on": DAY, "basis": "b", "edition": 3}
DETAILS: Any = {
    "year_only": False,
    "number": "1",
    "symbol": "s",
    "issuer": "u",
    "issuing_body": "b",
    "illustrative": True,
}
FILE = b"PK, not in JSON"
GIVEN: Any = {"basis": 1, "given_to": "A", "given_to_post": "B", "illustrative": True}

CALLS: dict[str, tuple[str, Callable[[Plenum, Path], Any]]] = {
    "read_account": ("account", lambda p, _f: p.account()),
    "list_tokens": ("tokens", lambda p, _f: p.tokens()),
    "list_grants": ("grants", lambda p, _f: p.grants("u")),
    "grant_powers": ("grant", lambda p, _f: p.grant("u", "a", "officer", start=DAY, last_day=DAY)),
    "end_grant": ("end_grant", lambda p, _f: p.end_grant("u", 7, last_day=DAY, even_if_last=True)),
    "list_invitations": ("invitations", lambda p, _f: p.invitations("u")),
    "invite_person": ("invite", lambda p, _f: p.invite("u", "a", "officer", **PERSON)),
    "withdraw_invitation": ("withdraw_invitation", lambda p, _f: p.withdraw_invitation("u", 7)),
    "create_account": ("create_account", lambda p, _f: p.create_account("u", "a", "officer", **PERSON)),
    "list_jobs": ("jobs", lambda p, _f: p.jobs(state="running", mine=True)),
    "read_job": ("job", lambda p, _f: p.job(7)),
    "cancel_job": ("cancel_job", lambda p, _f: p.cancel_job(7)),
    "start_job_again": ("start_job_again", lambda p, _f: p.start_job_again(7)),
    "download_result": ("job_result", lambda p, f: p.job_result(7, f / "result")),
    "list_units": ("units", lambda p, _f: p.units(q="a", kind="cell", under="u", as_of=DAY)),
    "read_tree": ("tree", lambda p, _f: p.tree(open="u", as_of=DAY)),
    "read_unit": ("unit", lambda p, _f: p.unit("u", as_of=DAY)),
    "read_lineage": ("lineage", lambda p, _f: p.lineage("u", as_of=DAY)),
    "list_children": ("children", lambda p, _f: p.children("u", q="a", as_of=DAY)),
    "read_journal": ("journal", lambda p, _f: p.journal("u", below=True, act="x.y", q="a", as_of=DAY)),
    "found_unit": (
        "found",
        lambda p, _f: p.found("u", "A", "cell", short="a", code="c", since=DAY, until=DAY),
    ),
    "rename_unit": (
        "rename",
        lambda p, _f: p.rename("u", "A", short="a", since=DAY, reason="r", edition="e"),
    ),
    "correct_name": (
        "correct_name",
        lambda p, _f: p.correct_name("u", "A", "r", short="a", of=DAY, edition="e"),
    ),
    "change_kind": (
        "change_kind",
        lambda p, _f: p.change_kind("u", "cell", since=DAY, reason="r", edition="e"),
    ),
    "move_unit": ("move", lambda p, _f: p.move("u", "v", since=DAY, reason="r", edition="e")),
    "dissolve_unit": ("dissolve", lambda p, _f: p.dissolve("u", since=DAY, reason="r", edition="e")),
    "take_back_change": ("take_back", lambda p, _f: p.take_back("u", "name", "r", edition="e")),
    "list_documents": (
        "documents",
        lambda p, _f: p.documents("u", q="a", kind="decision", order="title", as_of=DAY),
    ),
    "read_document": ("document", lambda p, _f: p.document(7)),
    "register_document": ("register", lambda p, _f: p.register("u", "decision", "T", DAY, **DETAILS)),
    "correct_document": (
        "correct_document",
        lambda p, _f: p.correct_document(READ, "r", kind="decision", title="T", date=DAY, **DETAILS),
    ),
    "list_targets_on_document": ("targets_on_document", lambda p, _f: p.targets_on_document(7, as_of=DAY)),
    "list_dues": ("dues", lambda p, _f: p.dues("u", period="2024", own=True, state="late", q="a", as_of=DAY)),
    "list_returns": ("returns", lambda p, _f: p.returns("u", period="2024")),
    "list_submissions": ("submissions", lambda p, _f: p.submissions("u")),
    "read_return": ("return_", lambda p, _f: p.return_(7)),
    "read_entry_sheet": ("sheet", lambda p, _f: p.sheet("u", "f", "2024-08")),
    "save_draft": ("save_draft", lambda p, _f: p.save_draft(READ, {"a": None}, remark="r")),
    "submit_return": ("submit", lambda p, _f: p.submit(READ)),
    "withdraw_return": ("withdraw", lambda p, _f: p.withdraw(READ)),
    "discard_draft": ("discard", lambda p, _f: p.discard(READ)),
    "accept_return": ("accept", lambda p, _f: p.accept(READ)),
    "send_back_return": ("send_back", lambda p, _f: p.send_back(READ, "r")),
    "correct_return": ("correct", lambda p, _f: p.correct(READ, "r")),
    "list_obligations": ("obligations", lambda p, _f: p.obligations("u")),
    "oblige_unit": ("oblige", lambda p, _f: p.oblige("u", "f", "month", start=DAY, last_day=DAY)),
    "end_obligation": ("end_obligation", lambda p, _f: p.end_obligation("u", 7, DAY)),
    "download_workbook": ("workbook", lambda p, _f: p.workbook("u", "2024-08")),
    "fill_workbook": ("fill_workbook", lambda p, _f: p.fill_workbook("u", "2024-08", b"PK", submit=True)),
    "mark_workbook": ("mark_workbook", lambda p, _f: p.mark_workbook("u", "2024-08", b"PK", submit=True)),
    "list_collections": ("collections", lambda p, _f: p.collections("u", period="2024")),
    "download_collection": ("collection", lambda p, _f: p.collection("u", "f", "2024-08")),
    "make_collection": ("make_collection", lambda p, _f: p.make_collection("u", "f", "2024-08")),
    "fill_collection": (
        "fill_collection",
        lambda p, _f: p.fill_collection("u", "f", "2024-08", FILE, submit=True),
    ),
    "mark_collection": (
        "mark_collection",
        lambda p, _f: p.mark_collection("u", "f", "2024-08", FILE, submit=True),
    ),
    "read_indicator": ("indicator", lambda p, _f: p.indicator("u", "i", **VIEW)),
    "read_league": ("league", lambda p, _f: p.league("u", "i", order="name", **VIEW)),
    "list_returns_behind": ("returns_behind", lambda p, _f: p.returns_behind("u", "i", **VIEW)),
    "read_standing": ("standing", lambda p, _f: p.standing("u", **VIEW)),
    "list_targets": ("targets", lambda p, _f: p.targets("u", period="2024", known_on=DAY, as_of=DAY)),
    "read_target": ("target", lambda p, _f: p.target(7)),
    "list_targets_below": ("targets_below", lambda p, _f: p.targets_below("u", "i", **VIEW)),
    "set_target": ("set_target", lambda p, _f: p.set_target("u", "i", "2024", "value", 5, **GIVEN)),
    "amend_target": ("amend_target", lambda p, _f: p.amend_target(7, "r", "value", "92.5", **GIVEN)),
    "withdraw_target": ("withdraw_target", lambda p, _f: p.withdraw_target(7, "r")),
    "list_statements": (
        "statements",
        lambda p, _f: p.statements("u", period="2024", known_on=DAY, as_of=DAY),
    ),
    "record_statement": (
        "record_statement",
        lambda p, _f: p.record_statement(
            "u", "i", "2024", "1.50", what="value", said_unit="count", source="s", document=1
        ),
    ),
    "withdraw_statement": ("withdraw_statement", lambda p, _f: p.withdraw_statement(7, "r")),
    "read_board": ("board", lambda p, _f: p.board("u", **VIEW)),
    "read_review": (
        "review_report",
        lambda p, _f: p.review_report("u", "2024", lang="vi", known_on=DAY, as_of=DAY, tree="now"),
    ),
    "download_review": (
        "review",
        lambda p, _f: p.review("u", "2024", format="md", lang="vi", known_on=DAY, as_of=DAY, tree="now"),
    ),
    "read_review_texts": ("review_texts", lambda p, _f: p.review_texts("u", "2024", lang="vi")),
    "save_review": (
        "save_review",
        lambda p, _f: p.save_review(READ, {"causes": "c"}, heading={"place": "x"}),
    ),
    "list_issues": ("issues", lambda p, _f: p.issues("u", "2024")),
    "issue_review": (
        "issue_review",
        lambda p, _f: p.issue_review("u", "2024", "vi", ["md"], reason="r", after=0),
    ),
    "read_issue": ("issue", lambda p, _f: p.issue(7)),
    "download_issue": ("issue_file", lambda p, _f: p.issue_file(7, format="pdf")),
    "compare_issue": ("differences", lambda p, _f: p.differences(7, other=8, known_on=DAY)),
    "verify_document": ("verify", lambda p, _f: p.verify("ABCD")),
    "list_reforms": (
        "reforms",
        lambda p, _f: p.reforms(search="x", state="draft", order="title"),
    ),
    "read_reform": ("reform", lambda p, _f: p.reform(7)),
    "read_rehearsal": ("rehearsal", lambda p, _f: p.rehearsal(7)),
    "read_difference": (
        "reform_difference",
        lambda p, _f: p.reform_difference(7, fate="moved", superior="u", search="a", limit=1, offset=0),
    ),
    "download_difference": ("reform_paper", lambda p, _f: p.reform_paper(7, format="pdf", lang="vi")),
    "draft_reform": (
        "draft_reform",
        lambda p, _f: p.draft_reform("u", "c", "T", DAY, [], basis="b", payroll=POSTS, document=7),
    ),
    "change_reform": (
        "change_reform",
        lambda p, _f: p.change_reform(PLANNED, [], title="T", on=DAY, basis="b", payroll=POSTS, document=7),
    ),
    "take_back_reform_change": (
        "take_back_reform_change",
        lambda p, _f: p.take_back_reform_change(7, edition=3),
    ),
    "rehearse_reform": ("rehearse", lambda p, _f: p.rehearse(7, edition=3)),
    "submit_reform": ("submit_reform", lambda p, _f: p.submit_reform(7, edition=3)),
    "approve_reform": ("approve_reform", lambda p, _f: p.approve_reform(7, "u", edition=3)),
    "withdraw_approval": ("withdraw_approval", lambda p, _f: p.withdraw_approval(7, "u", "r")),
    "decide_in_reform": (
        "decide_in_reform",
        lambda p, _f: p.decide_in_reform(7, {"access.Grant:12": "leave"}, edition=3),
    ),
    "accept_proposals": (
        "accept_proposals",
        lambda p, _f: p.accept_proposals(7, of="access.Grant", edition=3),
    ),
    "execute_reform": ("execute_reform", lambda p, _f: p.execute_reform(7, edition=3)),
    "undo_reform": ("undo_reform", lambda p, _f: p.undo_reform(7, "r")),
    "list_work": (
        "work",
        lambda p, _f: p.work(open=False, search="x", reform="r", what="targets", unit="u", order="what"),
    ),
    "list_work_progress": (
        "work_progress",
        lambda p, _f: p.work_progress(
            state="todo", search="x", reform="r", what="targets", unit="u", order="most"
        ),
    ),
    "finish_work": ("finish_work", lambda p, _f: p.finish_work(7)),
    "export_figures": (
        "export_figures",
        lambda p, f: p.export_figures(
            f / "f.parquet", unit="u", since="2023", until="2024", period="2024", known_on=DAY, as_of=DAY
        ),
    ),
    "export_returns": (
        "export_returns",
        lambda p, f: p.export_returns(
            f / "r", kind="csv", unit="u", since="2023", until="2024", period="2024", as_of=DAY
        ),
    ),
    "export_journal": (
        "export_journal",
        lambda p, f: p.export_journal(
            f / "j.csv", unit="u", since="2023", until="2024", period="2024", as_of=DAY
        ),
    ),
    "export_units": ("export_units", lambda p, f: p.export_units(f / "u.csv", unit="u", as_of=DAY)),
    "export_targets": (
        "export_targets",
        lambda p, f: p.export_targets(f / "t.csv", unit="u", known_on=DAY, as_of=DAY),
    ),
}
"""By the operation: its method, called with everything that it can be told."""

WITHOUT = {
    "issue_token": "a program has a token, and a token makes no other",
    "end_token": "a token ends no token, not even itself",
}


class Desk(httpx.BaseTransport):
    """Keeps the last request and answers it with next to nothing."""

    def __init__(self) -> None:
        self.seen: list[httpx.Request] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        request.read()
        self.seen.append(request)
        return httpx.Response(200, json={"items": [], "total": 0})


@pytest.fixture(scope="module")
def description() -> Any:
    return api.get_openapi_schema()


def described(description: Any, operation: str) -> tuple[str, str, Any]:
    """The method, the path and what else the description says of an operation."""
    for path, methods in description["paths"].items():
        for method, told in methods.items():
            if told["operationId"] == operation:
                return method.upper(), path, told
    raise KeyError(operation)


def test_every_operation_has_a_method_or_says_why_not() -> None:
    assert set(CALLS) | set(WITHOUT) == set(SAMPLES)
    assert set(CALLS) & set(WITHOUT) == set()


def test_every_method_is_of_an_operation() -> None:
    methods = {name for name, _ in inspect.getmembers(Plenum, inspect.isfunction) if name[0] != "_"}
    assert methods - {name for name, _ in inspect.getmembers(Asking)} == {name for name, _ in CALLS.values()}


@pytest.mark.parametrize("operation", sorted(CALLS))
def test_a_method_asks_its_operation_and_can_say_all_it_takes(
    operation: str, description: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name, call = CALLS[operation]
    called: list[str] = []
    own = getattr(Plenum, name)

    def noted(*words: Any, **more: Any) -> Any:
        called.append(name)
        return own(*words, **more)

    monkeypatch.setattr(Plenum, name, noted)
    desk = Desk()
    with Plenum("http://testserver", "plenum_x", transport=desk) as plenum:
        answer = call(plenum, tmp_path)
        if isinstance(answer, Iterator):
            list(answer)
    assert called == [name]
    (request,) = desk.seen
    method, path, told = described(description, operation)
    assert request.method == method
    assert re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", path), request.url.path)
    taken = {each["name"] for each in told.get("parameters", []) if each["in"] == "query"}
    assert set(request.url.params) == taken
    content = told.get("requestBody", {}).get("content", {})
    if "application/octet-stream" in content:
        assert request.content == FILE
        return
    body = content.get("application/json", {}).get("schema")
    if body is None:
        assert request.content in (b"", b"{}")
        return
    known = description["components"]["schemas"][body["$ref"].rsplit("/", 1)[1]].get("properties", {})
    assert set(json.loads(request.content)) == set(known)
