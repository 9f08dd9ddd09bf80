"""What docs/operations.md promises is there, and what is there is in it."""

import re
from pathlib import Path

import pytest

from plenum.site.installation import commands

ROOT = Path(__file__).parents[4]
SAYS = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
NAMED = re.compile(r"PLENUM_([A-Z][A-Z_]*[A-Z])\b")
READ = re.compile(r"\b(?:setting|wanted|hours|of_a_minute)\(\s*\"([A-Z_]+)\"")


def read_in_the_code() -> set[str]:
    found: set[str] = set()
    for path in (ROOT / "plenum").rglob("*.py"):
        if "tests" not in path.parts:
            text = path.read_text(encoding="utf-8")
            found |= {*NAMED.findall(text), *READ.findall(text)}
    return found


def test_every_setting_that_is_read_is_in_the_table_and_no_other() -> None:
    table = SAYS[SAYS.index("## Settings") :]
    described = {name for line in table.splitlines() if line.startswith("|") for name in NAMED.findall(line)}
    assert described == read_in_the_code()
    assert {"ADDRESS", "METRICS_TOKEN", "LOG", "HOME"} <= described


def test_every_command_it_names_is_there_and_every_command_of_operations_is_named() -> None:
    from plenum.site.cli import collected

    there = {command.name for command in collected()}
    named = set(re.findall(r"\./dev plenum ([a-z]+)", SAYS))
    assert named <= there
    assert {"setup", "serve", "backup", "restore", "upgrade", "doctor"} <= {
        *re.findall(r"plenum ([a-z]+)", SAYS)
    }
    for command in commands:
        if command.name not in ("migrations",):
            assert re.search(rf"\b{command.name}\b", SAYS), command.name


@pytest.mark.parametrize("name", re.findall(r"\]\(\.\./(deploy/[\w.-]+)\)", SAYS))
def test_every_file_it_points_to_is_there(name: str) -> None:
    assert (ROOT / name).is_file()


def test_files_for_the_machine_say_what_the_document_says() -> None:
    unit = (ROOT / "deploy" / "plenum.service").read_text()
    proxy = (ROOT / "deploy" / "nginx.conf").read_text()
    assert "KillMode=mixed" in unit
    port = re.search(r"--port (\d+)", unit)
    assert port
    assert f"127.0.0.1:{port[1]}" in proxy
    for header in ("Host", "X-Forwarded-For", "X-Forwarded-Proto", "X-Request-ID"):
        assert f"proxy_set_header {header} " in proxy
    assert "return 404" in proxy[proxy.index("/metrics") :].split("}")[0]
