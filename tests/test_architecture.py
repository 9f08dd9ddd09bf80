"""Contracts of the house that a linter cannot express."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "plenum"
LONGEST = 400
EMPTY_NAMES = {
    "utils",
    "util",
    "common",
    "helpers",
    "helper",
    "services",
    "service",
    "manager",
    "managers",
    "misc",
}
OPEN_ENDS = re.compile(r"\b(TODO|FIXME|XXX)\b|NotImplementedError|pragma: no cover|# type: ignore(?!\[)")
CLOCK = re.compile(
    r"\bdate\.today\(|\btimezone\.(now|localdate|localtime)\((?=\))|\bdatetime\.(now|utcnow|today)\(|time\.time\("
)


def files(*suffixes: str) -> Iterator[Path]:
    """The files of the repository with one of these endings."""
    for folder in (PACKAGE, ROOT / "tests", ROOT / "bench"):
        yield from (path for path in folder.rglob("*") if path.suffix in suffixes and path.is_file())
    yield ROOT / "conftest.py"


def shown(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def rooms() -> list[Path]:
    return sorted(path.parent for path in PACKAGE.glob("*/__init__.py"))


def test_no_name_says_nothing() -> None:
    everything = [path for folder in (PACKAGE, ROOT / "tests") for path in folder.rglob("*")]
    assert [shown(path) for path in everything if path.stem.lower() in EMPTY_NAMES] == []


def test_no_file_is_too_long_to_read() -> None:
    lengths = {
        shown(path): path.read_text(encoding="utf-8").count("\n")
        for path in files(".py")
        if not {"migrations", "tests"} & set(path.parts)
    }
    assert {path: lines for path, lines in lengths.items() if lines > LONGEST} == {}


def test_nothing_is_left_open() -> None:
    found = [
        f"{shown(path)}:{number}"
        for path in files(".py", ".html", ".css", ".toml")
        if path != Path(__file__)
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if OPEN_ENDS.search(line)
    ]
    assert found == []


def test_the_clock_is_read_in_the_site_and_on_the_command_line_only() -> None:
    found = [
        shown(path)
        for path in PACKAGE.rglob("*.py")
        if path.relative_to(PACKAGE).parts[0] != "site"
        and path.name != "cli.py"
        and "cli" not in path.relative_to(PACKAGE).parts
        and "tests" not in path.parts
        and CLOCK.search(path.read_text(encoding="utf-8"))
    ]
    assert found == []


@pytest.mark.parametrize("room", rooms(), ids=lambda room: room.name)
def test_every_room_says_what_it_is(room: Path) -> None:
    says = ast.get_docstring(ast.parse((room / "__init__.py").read_text(encoding="utf-8")))
    assert says


@pytest.mark.parametrize("room", rooms(), ids=lambda room: room.name)
def test_every_room_has_tests(room: Path) -> None:
    assert list(room.glob("tests/**/test_*.py"))


def test_acts_say_who_and_when_by_name() -> None:
    """Whatever opens a transaction takes `by` and `on` by name, and `by` is never optional."""
    wrong = []
    for path in (*PACKAGE.glob("*/actions.py"), *PACKAGE.glob("*/actions/*.py")):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if not isinstance(node, ast.FunctionDef) or node.name.startswith("_"):
                continue
            optional = {
                argument.arg
                for argument, default in zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True)
                if default is not None
            }
            positional = {argument.arg for argument in (*node.args.posonlyargs, *node.args.args)}
            if "transaction.atomic" not in ast.unparse(node):
                continue
            wrong += [
                f"{shown(path)}: {node.name}({name})"
                for name in ({"by"} & optional) | ({"by", "on"} & positional)
            ]
    assert wrong == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    "table",
    sorted(model._meta.db_table for model in apps.get_models() if getattr(model, "append_only", False)),
)
def test_what_is_append_only_is_so_in_the_database(table: str) -> None:
    """The web role may not change or remove a row, and a trigger refuses it even to the owner."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT bool_or(tgtype & 16 > 0), bool_or(tgtype & 8 > 0), bool_or(tgtype & 32 > 0) FROM pg_trigger"
            " WHERE tgrelid = %s::regclass AND NOT tgisinternal AND tgenabled = 'O' AND tgtype & 2 > 0",
            [table],
        )
        assert cursor.fetchone() == (True, True, True), "triggers before UPDATE, DELETE and TRUNCATE"
        cursor.execute(
            "SELECT has_table_privilege(%s, 'SELECT'), has_table_privilege(%s, 'INSERT'),"
            " has_table_privilege(%s, 'UPDATE, DELETE, TRUNCATE')",
            [table, table, table],
        )
        assert cursor.fetchone() == (True, True, False)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "table",
    sorted(model._meta.db_table for model in apps.get_models() if getattr(model, "kept_by_database", False)),
)
def test_what_the_database_keeps_itself_is_only_read(table: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT has_table_privilege(%s, 'SELECT'), has_table_privilege(%s, 'INSERT, UPDATE, DELETE, TRUNCATE')",
            [table, table],
        )
        assert cursor.fetchone() == (True, False)
