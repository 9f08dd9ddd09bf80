"""Bad sheets, SQL, tokens, replays and backups: each gets a clear refusal, and nothing changes."""

import html
import zipfile
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from django.test import Client

from plenum.organisation.actions import rename_unit
from plenum.site.operations import archive
from plenum.site.operations.archive import DamagedBackup, Manifest
from plenum.tree.models import UnitName
from tests.cast import DAY, SYSTEM
from tests.faults.bad_sheets import SHEETS, SQL, TOKENS
from tests.faults.bad_world import World
from tests.faults.test_bad_inputs import world
from tests.test_cast_pages import FORM

__all__ = ["world"]


@pytest.mark.parametrize("case", SHEETS)
def test_sheets(world: World, case: str) -> None:
    bad = SHEETS[case]
    with world.unchanged(), pytest.raises(ValidationError) as refused:
        bad.loader.load(bad.loader.sheet.read(bad.content), on=DAY, by=world.cast.superior.actor)
    assert [text for text in refused.value.messages if bad.says in text], refused.value.messages


@pytest.mark.parametrize("case", SQL)
def test_sql_of_the_web_role(world: World, case: str) -> None:
    statement, says = SQL[case]
    with world.unchanged(), pytest.raises(DatabaseError) as refused:  # noqa: SIM117
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(world.fill(statement))
    assert says in str(refused.value)


@pytest.mark.parametrize("case", TOKENS)
def test_tokens(world: World, case: str) -> None:
    with world.unchanged():
        answer = world.ask("POST", "/units/hill-school/rename", {"name": "X"}, TOKENS[case])
    assert (answer.status_code, answer["Content-Type"]) == (401, "application/problem+json")
    assert answer.json()["detail"]


def test_the_token_of_another_finds_nothing(world: World) -> None:
    with world.unchanged():
        answer = world.ask("POST", "/units/hill-school/rename", {"name": "X"}, "neighbour")
        nowhere = world.ask("POST", "/units/no-such-unit/rename", {"name": "X"}, "neighbour")
    assert (answer.status_code, nowhere.status_code) == (404, 404)


REPLAYS = {
    "a return submitted again": ("/returns/{return}/submit", {}, "insider", 422),
    "a target set again": (
        "/units/hill-school/targets",
        {"indicator": "members.admitted", "period": "2024", "comparison": "value", "amount": 5},
        "superior",
        422,
    ),
    "a grant given again": (
        "/units/hill-school/grants",
        {"login": "insider", "role": "secretary", "start": "2024-10-08"},
        "superior",
        422,
    ),
    "an obligation given again": (
        "/units/hill-school/obligations",
        {"form": FORM, "schedule": "month", "start": "2024-10-08", "last_day": "2024-12-31"},
        "superior",
        422,
    ),
}


@pytest.mark.parametrize("case", REPLAYS)
def test_replays(world: World, case: str) -> None:
    path, body, who, status = REPLAYS[case]
    with world.unchanged():
        answer = world.ask("POST", path, body, who)
    assert answer.status_code == status
    assert [each for each in answer.json()["errors"] if each["message"]]


def test_a_page_sent_again_from_before(world: World) -> None:
    page = f"/units/hill-school/returns/{FORM}/2024-07/"
    old = {"edition": "0", "sitting": "another", "members_admitted": "7", "deed": "save"}
    with world.unchanged():
        answer = world.clients["insider"].post(page, old)
    assert answer.status_code == 409


def test_a_form_of_another_site(world: World) -> None:
    client = Client(enforce_csrf_checks=True)
    client.cookies = world.clients["superior"].cookies
    with world.unchanged():
        answer = client.post("/units/hill-school/rename/", {"name": "X", "since": "2024-10-08"})
    assert answer.status_code == 403


@pytest.mark.parametrize("key", ["none-such", "", "x" * 3000, "{wrong}", "-", "\0-\0"])
def test_invitations(world: World, key: str) -> None:
    text = world.invitation[:-1] + ("x" if world.invitation[-1] != "x" else "y") if key == "{wrong}" else key
    good = "một hai ba bốn năm"
    told = {"login": "moi-moi", "password": good, "again": good, "language": "en"}
    with world.unchanged():
        answer = Client().post("/invitations/", {**told, "code": text})
    assert answer.status_code == 422


HARMLESS = {
    "script": "<script>alert(1)</script>",
    "attribute": '" onmouseover="alert(1)',
    "formula": "=HYPERLINK(A1)",
    "template": "{{ 7*7 }}{% debug %}",
    "SQL": "x'; DROP TABLE tree_unit; --",
    "path": "../../etc/passwd",
    "format": "%s%n{0}",
    "link": "javascript:alert(1)",
    "entity": "&lt;b&gt;&amp;",
}


@pytest.mark.parametrize("case", HARMLESS)
def test_names_that_only_look_bad_are_kept_and_shown_as_they_are(world: World, case: str) -> None:
    name, unit = HARMLESS[case], world.cast.unit("river-mill")
    with transaction.atomic():
        rename_unit(unit, name=name, since=DAY, on=DAY, by=SYSTEM)
        page = world.clients["superior"].get("/units/river-mill/").content.decode()
        kept = UnitName.objects.filter(unit=unit).latest("span").name
        transaction.set_rollback(True)
    assert kept == name
    assert html.escape(name) in page
    assert html.escape(name) == name or name not in page


def sealed(path: Path) -> Path:
    with path.open("r+b") as file:
        archive._seal(file)
    return path


def backup(path: Path) -> Path:
    with archive.writing(path) as writer:
        part = writer.add("tree_unit", ("id", "code"), [b"1\tx\n"] * 100)
        writer.finish(Manifest(archive.FORMAT, "0.1.0", 0, "18", (), (part,), {}))
    return path


def changed(path: Path, way: str) -> None:
    """Do to a backup what must not pass."""
    whole = bytearray(path.read_bytes())
    if way == "cut off":
        path.write_bytes(whole[: len(whole) // 2])
    elif way == "added to":
        path.write_bytes(whole + b"more")
    elif way == "a byte changed":
        whole[20] ^= 1
        path.write_bytes(whole)
    elif way == "empty":
        path.write_bytes(b"")
    elif way == "a picture":
        path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(5000))
    elif way in ("a bomb", "another zip"):
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as other:
            other.writestr("manifest.json", "{}" if way == "another zip" else b" " * 2**25)
            other.comment = archive.SEAL + b"0" * 64
        sealed(path)


@pytest.mark.parametrize(
    "way", ["cut off", "added to", "a byte changed", "empty", "a picture", "a bomb", "another zip"]
)
def test_backups(world: World, tmp_path: Path, way: str) -> None:
    path = backup(tmp_path / "b.zip")
    with archive.reading(path) as reader:
        assert reader.manifest.parts
    changed(path, way)
    with world.unchanged(), pytest.raises(DamagedBackup) as refused, archive.reading(path):
        pass
    assert "nother" in str(refused.value) or "no backup of Plenum" in str(refused.value)
