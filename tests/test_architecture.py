"""Contracts of the house that a linter cannot express."""

import ast
import re
import tomllib
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection, connections

from plenum.site.rooms import ROOMS, declare_dispositions, rooms_with
from plenum.tree.dispositions import DECLARED
from plenum.tree.models import Unit
from tests import acts

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "plenum"
LONGEST = 400
NO_ROOMS = {"client"}
"""Packages that stand beside the house: the client is for other programs, and tried in tests/api."""
PURE = {"periods", "packs"}
"""Rooms without tables, words or doors, which Django need not know."""
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
OPEN_ENDS = re.compile(
    r"\b(TODO|FIXME|XXX)\b|raise NotImplementedError|pragma: no cover|# type: ignore(?!\[)"
)
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
    return sorted(path.parent for path in PACKAGE.glob("*/__init__.py") if path.parent.name not in NO_ROOMS)


def test_every_room_is_on_the_lists_that_cannot_be_made_from_the_folders() -> None:
    """The rooms that are installed, and those between whose layers and doors the import linter stands."""
    folders = {room.name for room in rooms()}
    assert set(ROOMS) == folders - PURE
    linter = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    contracts = {contract["name"].split(":")[0]: contract for contract in linter["contracts"]}
    inside = set(contracts["Inside a room"]["containers"])
    assert inside == {f"plenum.{room}" for room in ROOMS if room != "site"}
    doors = set(contracts["Nobody enters another room by its doors"]["ignore_imports"])
    assert {f"plenum.{room}.** -> plenum.{room}.**" for room in ROOMS} <= doors


@pytest.mark.parametrize("module", ["api", "cli", "urls"])
def test_what_the_site_collects_is_collected_from_every_room_that_has_it(module: str) -> None:
    having = {
        room.name
        for room in rooms()
        if ((room / f"{module}.py").exists() or (room / module).is_dir()) and room.name != "site"
    }
    assert set(rooms_with(module)) == having


GUIDE = ROOT / "docs" / "adding-a-feature.md"


def test_the_guide_to_a_feature_names_only_what_is_there() -> None:
    """Paths lead to files and commands to commands; every other name, and every line of code, is in the source."""
    guide = GUIDE.read_text(encoding="utf-8")
    door = (ROOT / "dev").read_text(encoding="utf-8")
    source = "\n".join(path.read_text(encoding="utf-8") for path in files(".py", ".html", ".toml"))
    source += (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    places = (ROOT, PACKAGE / "figures", GUIDE.parent)

    def is_there(name: str) -> bool:
        if name.startswith("./dev "):
            return bool(re.search(rf"^ +{name.split()[1]}\)$", door, re.MULTILINE))
        if "/" in name or name.endswith((".py", ".toml", ".md")):
            return any(any(place.glob(name.strip("/"))) for place in places)
        return all(re.search(rf"\b{word}\b", source) for word in re.findall(r"[^\W\d]\w+", name))

    names = re.findall(r"(?<!`)`([^`\n]+)`(?!`)", guide)
    links = re.findall(r"\]\((?!http)([^)#]+)", guide)
    assert [name for name in names if not is_there(name)] == []
    assert [link for link in links if not (GUIDE.parent / link).exists()] == []
    code = "".join(re.findall(r"```python\n(.*?)```", guide, re.DOTALL)).splitlines()
    assert [line for line in code if line not in source] == []
    assert len(names) > 40
    assert len(code) > 4


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


def test_no_sentence_is_translated_inside_an_f_string() -> None:
    """The search for messages does not look into f-strings: such a sentence would stay English."""
    found = [
        f"{shown(path)}:{node.lineno}"
        for path in PACKAGE.rglob("*.py")
        for string in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(string, ast.JoinedStr)
        for node in ast.walk(string)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in ("_", "gettext", "ngettext", "gettext_lazy", "pgettext")
        and any(isinstance(argument, ast.Constant) for argument in node.args)
    ]
    assert found == []


@pytest.mark.parametrize("room", rooms(), ids=lambda room: room.name)
def test_every_room_says_what_it_is(room: Path) -> None:
    says = ast.get_docstring(ast.parse((room / "__init__.py").read_text(encoding="utf-8")))
    assert says


@pytest.mark.parametrize("room", rooms(), ids=lambda room: room.name)
def test_every_room_has_tests(room: Path) -> None:
    assert list(room.glob("tests/**/test_*.py"))


HOUSE = acts.source(PACKAGE)
NOT_ACTS = {
    (
        "plenum.access.actions.sign_in",
        "check_sign_in",
    ): "nobody is signed in yet; failed attempts are soon forgotten",
    ("plenum.access.actions.tokens", "note_use"): "the last day of a token's use changes nothing for anybody",
}
"""What writes without being an act, and why."""
WRITERS = ("plenum.tree.ledger", "plenum.tree.reshaping", "plenum.journal.many", "plenum.site.")
"""Where the database is written outside of acts: the ledger, the reshaping of many units and the writing of many rows,
which acts call, and the installation itself."""


def test_every_act_takes_who_and_when_requires_a_power_journals_and_is_one_transaction() -> None:
    found = acts.acts(HOUSE)
    wrong = [
        f"{module}.{name} {fault}"
        for module, name in sorted(found - set(NOT_ACTS))
        for fault in HOUSE.faults((module, name))
    ]
    assert wrong == []
    assert set(NOT_ACTS) <= found, "an exception that is none any more"
    assert len(found) > 30, "the search has gone blind"


def test_only_acts_write() -> None:
    wrong = [
        f"{name}:{call.lineno}"
        for name, module in HOUSE.modules.items()
        if not acts.in_actions(name) and not name.startswith(WRITERS)
        for function in module.functions.values()
        for call in acts.calls(function)
        if acts.is_write(call)
    ]
    assert wrong == []


UNTOUCHED = {
    ("journal.Entry", "unit_id"): "the journal stands below the tree, and its past never changes",
}
"""What names a unit without a disposition, and why. The tree itself is what a reform changes."""


def test_every_reference_to_a_unit_says_what_becomes_of_it() -> None:
    """A foreign key to a unit, or a bare number called unit_id, is declared in the room's dispositions.py."""
    declare_dispositions()
    naming = {
        (model._meta.label, field.name)
        for model in apps.get_models()
        if model._meta.app_label != "tree"
        for field in model._meta.concrete_fields
        if getattr(field.related_model, "_meta", None) is Unit._meta or field.name == "unit_id"
    }
    assert naming == DECLARED.keys() | UNTOUCHED.keys()
    for (label, _field), disposition in DECLARED.items():
        home = apps.get_model(label)._meta.app_label
        assert disposition in import_module(f"plenum.{home}.dispositions").DISPOSITIONS, (
            f"{label} in its room"
        )
        if disposition.carry_out is not None:
            assert disposition.open_rows is not None
            assert disposition.take_back is not None, f"{label} cannot be taken back"


NAMING_UNITS = r"""
SELECT class.relname, attribute.attname
FROM pg_attribute attribute
JOIN pg_class class ON class.oid = attribute.attrelid
JOIN pg_namespace namespace ON namespace.oid = class.relnamespace
WHERE class.relkind IN ('r', 'p') AND NOT class.relispartition
  AND namespace.nspname NOT IN ('pg_catalog', 'information_schema') AND class.relname !~ '^tree_'
  AND attribute.attnum > 0 AND NOT attribute.attisdropped
  AND (attribute.attname ~ '^(.*_)?unit_id$' OR EXISTS (
      SELECT FROM pg_constraint pointing
      WHERE pointing.conrelid = class.oid AND pointing.contype = 'f'
        AND pointing.confrelid = 'tree_unit'::regclass AND attribute.attnum = ANY (pointing.conkey)))
"""
"""Columns outside the tree that are called after a unit or point at one, whoever made their table."""


def columns_naming_units() -> set[tuple[str, str]]:
    with connections["owner"].cursor() as cursor:
        cursor.execute(NAMING_UNITS)
        return set(cursor.fetchall())


@pytest.mark.django_db(databases=["default", "owner"])
def test_a_table_made_in_sql_says_what_becomes_of_its_units_too() -> None:
    """What the database itself knows of columns that name units is a field that is declared, or untouched."""
    declare_dispositions()
    said = {
        (apps.get_model(label)._meta.db_table, apps.get_model(label)._meta.get_field(field).column)
        for label, field in DECLARED.keys() | UNTOUCHED.keys()
    }
    assert columns_naming_units() <= said
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "CREATE TABLE stray (unit_id bigint);"
            "CREATE TABLE pointing (at bigint REFERENCES tree_unit);"
            "CREATE TABLE other (former_unit_id bigint, unit text)"
        )
    strays = {("stray", "unit_id"), ("pointing", "at"), ("other", "former_unit_id")}
    assert columns_naming_units() - said == strays, "the search has gone blind"


ACT = """
from django.db import transaction
from plenum.access.reach import require
from plenum.journal.actions import record
from plenum.room.actions.turn import writing
from plenum.room.models import Thing

def {signature}:
{body}

def _both(thing, on, by):
    require(by, POWER, thing, on)
    Thing.objects.filter(pk=thing).update(on=on)
    record(ACT, by=by)

@transaction.atomic
def whole(thing, *, on, by):
    _both(thing, on, by)
"""
TURN = """
from contextlib import contextmanager
from django.db import transaction

@contextmanager
def writing():
    with transaction.atomic():
        yield
"""
JOURNAL = "def record(act, *, by):\n    Entry.objects.create(act=act)\n"
BY_NAME = "do(thing, *, on, by)"


@pytest.mark.parametrize(
    ("signature", "body", "faults"),
    [
        (BY_NAME, "with writing():\n        _both(thing, on, by)", []),
        (BY_NAME, "with transaction.atomic():\n        _both(thing, on, by)", []),
        (BY_NAME, "return whole(thing, on=on, by=by)", []),
        (BY_NAME, "_both(thing, on, by)", ["writes outside of one transaction"]),
        (BY_NAME, "for each in thing: whole(each, on=on, by=by)", ["writes outside of one transaction"]),
        (
            BY_NAME,
            "whole(1, on=on, by=by)\n    whole(2, on=on, by=by)",
            ["writes outside of one transaction"],
        ),
        (
            BY_NAME,
            "with writing():\n        _both(thing, on, by)\n    thing.save()",
            ["writes outside of one transaction"],
        ),
        (
            "do(thing, on, *, by=None)",
            "whole(thing, on=on, by=by)",
            ["does not take on by name", "does not take by by name"],
        ),
        (
            BY_NAME,
            "with writing():\n        thing.delete()",
            ["requires no power", "does not write the journal"],
        ),
        (
            BY_NAME,
            "with writing():\n        require(by, POWER, thing, on)\n        cursor.execute('UPDATE x SET y = 1')",
            ["does not write the journal"],
        ),
    ],
)
def test_an_act_of_any_shape_is_seen_through(signature: str, body: str, faults: list[str]) -> None:
    house = acts.read(
        {
            "plenum.access.reach": "def require(*_): ...",
            "plenum.journal.actions": JOURNAL,
            "plenum.room.actions": "from plenum.room.actions.do import do",
            "plenum.room.actions.do": ACT.format(signature=signature, body="    " + body),
            "plenum.room.actions.turn": TURN,
        }
    )
    act = ("plenum.room.actions.do", "do")
    assert acts.acts(house) == {act}
    assert house.faults(act) == faults


def test_what_reads_or_is_a_part_of_an_act_is_none() -> None:
    house = acts.read(
        {
            "plenum.room.actions.do": "def part(x):\n    x.save()\n"
            "def asked(x):\n    x.update({})\n    return x.first()",
            "plenum.room.actions.more": "from plenum.room.actions.do import part\ndef two(x):\n    part(x)",
            "plenum.room.pages": "from plenum.room.actions import do\nfrom plenum.room.actions.more import two\n"
            "def page(x):\n    do.asked(x)\n    two(x)",
        }
    )
    assert acts.acts(house) == {("plenum.room.actions.more", "two")}


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
