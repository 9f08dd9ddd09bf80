"""Pages and commands of documents, with the whole cast."""

import json
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from plenum.access.command_line import CommandLine
from plenum.directives.cli import documents
from plenum.directives.models import Document
from plenum.directives.tests.test_documents import HEAD, SYSTEM, register
from tests.cast import Cast

LIST = "/units/north-hill/documents/"


def test_the_list_shows_the_line_searches_sorts_and_filters(cast: Cast) -> None:
    register(cast, "north", title="Resolution of the province", number="14", symbol="14-NQ/TU")
    register(cast, "north-hill", title="Targets of the district", day=date(2023, 2, 1))
    register(cast, "south-coast", title="Secret of the neighbour")
    client = cast.superior.client
    page = client.get(LIST).content.decode()
    assert page.index("Resolution of the province") < page.index("Targets of the district")
    assert "Secret of the neighbour" not in page
    oldest = client.get(LIST, {"order": "oldest"}).content.decode()
    assert oldest.index("Targets of the district") < oldest.index("Resolution of the province")
    found = client.get(LIST, {"q": "resolution 14"}).content.decode()
    assert "Resolution of the province" in found
    assert "Targets of the district" not in found
    assert "No document answers" in client.get(LIST, {"kind": "plan"}).content.decode()


@pytest.mark.parametrize(
    ("login", "listed", "registered"),
    [
        ("superior", 200, 200),
        ("insider", 200, 403),
        ("sibling", 200, 403),
        ("auditor", 200, 403),
        ("neighbour", 404, 404),
        ("stranger", 404, 404),
    ],
)
def test_who_may_read_and_register(cast: Cast, login: str, listed: int, registered: int) -> None:
    document = register(cast, "north-hill")
    client = cast.members[login].client
    assert client.get(LIST).status_code == listed
    assert client.get(f"/documents/{document.pk}/").status_code == listed
    assert client.get(f"{LIST}register/").status_code == registered
    assert client.get(f"/documents/{document.pk}/correct/").status_code == registered
    assert client.post(f"{LIST}register/", {"kind": "decision"}).status_code in (registered, 422)
    assert Document.objects.count() == 1


def test_a_visitor_is_asked_to_sign_in(cast: Cast) -> None:
    assert Client().get(LIST).status_code == 302


def test_registering_keeps_what_was_typed_and_says_what_is_wrong(cast: Cast) -> None:
    client = cast.superior.client
    typed = {"kind": "decision", "symbol": "7-QĐ/HU", "date": "2024-11-01", "title": "Typed title"}
    refused = client.post(f"{LIST}register/", {**typed, "issuing_body": "HU"})
    assert refused.status_code == 422
    assert "Typed title" in refused.content.decode()
    assert "dated after today" in refused.content.decode()
    done = client.post(f"{LIST}register/", {**typed, "issuing_body": "HU", "date": "2024-10-01"})
    document = Document.objects.get()
    assert (done.status_code, done.headers["Location"]) == (302, f"/documents/{document.pk}/")
    assert document.number == "7"


def test_correcting(cast: Cast) -> None:
    document = register(cast, "north-hill")
    client = cast.superior.client
    address = f"/documents/{document.pk}/correct/"
    assert "Targets of 2024" in client.get(address).content.decode()
    said = {
        "kind": "decision", "number": "1412", "symbol": "1412-QĐ/HU", "date": "2024-01-12", "title": "Corrected",
        "issuer": str(document.issuer_id), "issuing_body": "HU", "edition": "1",
    }  # fmt: skip
    assert client.post(address, said).status_code == 422
    assert client.post(address, {**said, "reason": "a slip"}).status_code == 302
    document.refresh_from_db()
    assert document.title == "Corrected"


def test_what_somebody_else_corrected_meanwhile_is_shown_beside_what_was_typed(cast: Cast) -> None:
    document = register(cast, "north-hill")
    client = cast.superior.client
    address = f"/documents/{document.pk}/correct/"
    said = {
        "kind": document.kind, "number": document.number, "symbol": document.symbol, "date": "2024-01-12",
        "title": "Theirs", "issuer": str(document.issuer_id), "issuing_body": document.issuing_body, "edition": "1",
        "reason": "a slip",
    }  # fmt: skip
    assert client.post(address, said).status_code == 302
    mine = {**said, "title": "Mine"}
    answer = client.post(address, mine)
    assert answer.status_code == 409
    text = answer.content.decode()
    assert "Theirs" in text
    assert 'name="title" value="Mine"' in text
    assert 'name="edition" value="2"' in text
    document.refresh_from_db()
    assert document.title == "Theirs"
    assert client.post(address, {**mine, "edition": "2"}).status_code == 302
    document.refresh_from_db()
    assert document.title == "Mine"


def test_queries_do_not_grow_with_documents(cast: Cast) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert cast.superior.client.get(LIST).status_code == 200
        return len(queries)

    register(cast, "north-hill", number="1", symbol="")
    count()
    few = count()
    register(cast, "north", number="2", symbol="")
    register(cast, "hill-river", number="3", symbol="")
    assert count() == few


def test_commands(cast: Cast, tmp_path: Path) -> None:
    file = tmp_path / "documents.csv"
    line = "decision,880,,north,Tỉnh ủy,2023-01-01,year,Giao chỉ tiêu,0"
    file.write_text(",".join(HEAD) + "\n" + line + "\n", encoding="utf-8")
    run = CliRunner()
    operator = CommandLine(actor=SYSTEM, today=cast.day)
    with override("en"):
        loaded = run.invoke(documents, ["load", str(file)], obj=operator)
        assert loaded.output == "Documents registered: 1\n", loaded.exception
        listed = run.invoke(documents, ["--unit", "hill-school", "--json"], obj=operator)
        (found,) = json.loads(listed.output)
        assert (found["number"], found["date"], found["issuer_unit"]) == ("880", "2023", "north")
        stranger = CommandLine(actor=cast.stranger.actor, today=cast.day)
        assert json.loads(run.invoke(documents, ["--json"], obj=stranger).output) == []
        refused = run.invoke(documents, ["--unit", "north"], obj=stranger)
        assert (refused.exit_code, "no unit" in refused.output) == (1, True)


def test_a_sheet_with_wrong_columns_is_refused(cast: Cast, tmp_path: Path) -> None:
    file = tmp_path / "documents.csv"
    file.write_text("kind,number,colour\n", encoding="utf-8")
    outcome = CliRunner().invoke(documents, ["load", str(file)], obj=CommandLine(SYSTEM, cast.day))
    assert "column title" in str(outcome.exception)
    assert "colour" in str(outcome.exception)


def test_correcting_keeps_an_issuer_that_is_not_on_the_line(cast: Cast) -> None:
    """The register of the district holds a decision of a unit in another province."""
    document = Document.objects.create(
        unit=cast.unit("north-hill"), issuer=cast.unit("south"), kind="decision", number="9", date=date(2024, 1, 12),
        title="From afar",
    )  # fmt: skip
    client = cast.superior.client
    address = f"/documents/{document.pk}/correct/"
    shown = client.get(address).content.decode()
    assert f'<option value="{document.issuer_id}" selected>' in shown
    said = {
        "kind": "decision", "number": "9", "date": "2024-01-12", "title": "Corrected", "reason": "a slip",
        "issuer": str(document.issuer_id), "edition": "1",
    }  # fmt: skip
    assert client.post(address, said).status_code == 302
    document.refresh_from_db()
    assert (document.title, document.issuer) == ("Corrected", cast.unit("south"))
    other = str(cast.unit("south-coast").pk)
    assert client.post(address, {**said, "issuer": other}).status_code == 422


def test_the_lens_is_kept_after_acts_and_in_the_search(cast: Cast) -> None:
    client = cast.superior.client
    query = "?as_of=2024-01-01&known_on=2024-02-01"
    typed = {
        "kind": "decision",
        "symbol": "7-QĐ/HU",
        "date": "2024-01-01",
        "title": "T",
        "issuing_body": "HU",
    }
    done = client.post(f"{LIST}register/{query}", typed)
    assert done.headers["Location"] == f"/documents/{Document.objects.get().pk}/{query}"
    shown = client.get(LIST + query).content.decode()
    for name, value in (("as_of", "2024-01-01"), ("known_on", "2024-02-01")):
        assert f'name="{name}" value="{value}"' in shown[shown.index('class="actions" role="search"') :]
