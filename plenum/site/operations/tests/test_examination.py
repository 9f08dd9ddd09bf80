"""Every check of the installation finds the fault that it is there for, and says what to do."""

import json
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connections
from django.test import override_settings

from plenum.periods.findings import Check, Finding
from plenum.site import address
from plenum.site.database import opening
from plenum.site.home import home, make_secret_key
from plenum.site.operations import backup, examination, soundness
from plenum.site.tests.installations import Installation
from tests.cast import make_cast

BY_CODE = {check.code: check for check in soundness.CHECKS}


def found(code: str) -> list[Finding]:
    findings = list(BY_CODE[code].run())
    assert all(each.what and each.remedy for each in findings)
    return findings


def said(code: str) -> str:
    return " ".join(each.what for each in found(code))


@pytest.fixture
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home in order."""
    monkeypatch.setenv("PLENUM_HOME", str(tmp_path))
    make_secret_key()
    return tmp_path


@pytest.fixture
def owner(fresh_database: str) -> Iterator["psycopg.Connection[Any]"]:
    """The owner of a database that is thrown away."""
    with psycopg.connect(opening.owner_conninfo(), autocommit=True) as connection:
        yield connection


def test_all_is_well_in_a_new_installation(installation: Installation) -> None:
    done = installation.run("doctor", "--json")
    assert done.returncode == 0, done.stdout
    answers = json.loads(done.stdout)
    codes = [answer["check"] for answer in answers]
    assert {*BY_CODE, "journal.chains", "tree.ancestry", "figures.sums"} <= {*codes}
    assert len(codes) == len({*codes})
    assert [answer for answer in answers if answer["findings"]] == []


def test_a_finding_ends_in_failure_and_says_what_to_do(installation: Installation) -> None:
    key = installation.home / "secret_key"
    key.chmod(0o644)
    try:
        done = installation.run("doctor")
    finally:
        key.chmod(0o600)
    assert done.returncode == 1
    assert f"Others may read {key}." in done.stdout
    assert f"chmod 600 {key}" in done.stdout


def test_a_check_that_breaks_is_a_finding_and_stops_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks() -> list[Finding]:
        raise RuntimeError("secret")

    checks = [Check("one", "One", breaks), Check("two", "Two", list)]
    monkeypatch.setattr(examination, "all_checks", lambda: checks)
    first, second = examination.examine()
    assert "RuntimeError" in first.findings[0].what
    assert "secret" not in first.findings[0].what
    assert second.findings == ()


@pytest.mark.django_db
def test_a_server_that_does_not_wait_for_the_disk() -> None:
    """The server of the tests is such a one."""
    assert "power cut" in said("site.programs")


@pytest.mark.django_db
def test_an_old_python(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(soundness, "OLDEST_PYTHON", (9, 0))
    assert "Python is" in said("site.programs")


def test_tables_that_do_not_fit(owner: "psycopg.Connection[Any]") -> None:
    assert found("site.migrations") == []
    owner.execute("DELETE FROM django_migrations WHERE app = 'tree' AND name = '0003_ancestry'")
    owner.execute("INSERT INTO django_migrations (app, name, applied) VALUES ('tree', '0099_later', now())")
    text = said("site.migrations")
    assert "tree 0003_ancestry is not applied" in text
    assert "tree 0099_later, which this program does not know" in text


def test_a_web_role_that_may_too_much_or_too_little(owner: "psycopg.Connection[Any]") -> None:
    assert found("site.web_role") == []
    web = connections.settings["default"]["USER"]
    owner.execute(f"GRANT UPDATE (act) ON journal_entry TO {web}")
    owner.execute(f"GRANT TRUNCATE ON figures_version TO {web}")
    owner.execute(f"REVOKE INSERT ON figures_step FROM {web}")
    text = said("site.web_role")
    for fault in (
        "may UPDATE in journal_entry",
        "may TRUNCATE in figures_version",
        "may not INSERT in figures_step",
    ):
        assert fault in text


def test_guards_that_are_off(owner: "psycopg.Connection[Any]") -> None:
    assert found("site.guards") == []
    owner.execute("ALTER TABLE journal_entry DISABLE TRIGGER journal_refuse")
    owner.execute("ALTER TABLE tree_unit ADD CONSTRAINT late CHECK (code <> 'x') NOT VALID")
    text = said("site.guards")
    assert "journal_refuse of the table journal_entry is switched off" in text
    assert "late of the table tree_unit" in text


@pytest.mark.skipif(os.name != "posix", reason="other systems have no such modes")
def test_secrets_that_others_may_read(own_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert found("site.files") == []
    (own_home / "secret_key").chmod(0o640)
    (own_home / "web_password").write_text("word")
    (own_home / "web_password").chmod(0o604)
    (own_home / "plenum.toml").write_text('metrics_token = "word"\n')
    (own_home / "plenum.toml").chmod(0o644)
    text = said("site.files")
    for name in ("secret_key", "web_password", "plenum.toml"):
        assert f"Others may read {own_home / name}" in text
    (own_home / "secret_key").write_text("short")
    assert "too short" in said("site.files")
    (own_home / "secret_key").unlink()
    assert "signed out" in said("site.files")


def test_a_disk_that_is_nearly_full(own_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert found("site.room") == []
    monkeypatch.setattr(soundness, "ROOM_NEEDED_MB", 10**9)
    assert "MB left" in said("site.room")


@pytest.mark.django_db
def test_clocks_that_differ_or_stand_still(own_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PLENUM_TODAY", raising=False)
    assert found("site.clock") == []
    monkeypatch.setenv("PLENUM_TODAY", "2024-10-08")
    assert "stands still on 2024-10-08" in said("site.clock")
    (own_home / "plenum.toml").write_text('[demo]\nstate = "loaded"\n')
    assert found("site.clock") == []
    real = time.time()
    monkeypatch.setattr(time, "time", lambda: real + 3600)
    assert "seconds apart" in said("site.clock")


@pytest.mark.django_db
def test_settings_of_the_address_that_do_not_go_together(monkeypatch: pytest.MonkeyPatch) -> None:
    assert found("site.address") == []
    monkeypatch.setenv("PLENUM_HSTS_SECONDS", "60")
    assert "is not https" in said("site.address")
    monkeypatch.setenv("PLENUM_ADDRESS", "http://plenum.example.org")
    monkeypatch.setenv("PLENUM_HOSTS", "*")
    monkeypatch.setenv("PLENUM_PROXIES", "0.0.0.0/0")
    with override_settings(ADDRESS=address.address()):
        text = said("site.address")
    for fault in ("any host name", "anybody can claim", "unencrypted to http://plenum.example.org"):
        assert fault in text


def test_backups_that_were_not_made(
    owner: "psycopg.Connection[Any]", own_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert found("site.backups") == [], "nothing has been entered"
    make_cast()
    assert "never been a backup" in said("site.backups")
    backup.remember(home() / "b.zip", int(time.time()) - 6 * 24 * 3600)
    assert found("site.backups") == []
    monkeypatch.setenv("PLENUM_BACKUP_DAYS", "5")
    assert "The last backup is of 20" in said("site.backups")
    monkeypatch.setenv("PLENUM_BACKUP_DAYS", "0")
    assert found("site.backups") == []


def test_the_key_is_renewed_in_two_steps(installation: Installation) -> None:
    """Both keys are believed between them, and only the new one afterwards."""
    path = installation.home / "secret_key"
    before = path.read_text().strip()
    renewed = installation.run("key", "renew")
    assert renewed.returncode == 0, renewed.stderr
    new, old = path.read_text().split()
    assert old == before
    assert path.stat().st_mode & 0o777 == 0o600
    finished = installation.run("key", "finish")
    assert finished.returncode == 0, finished.stderr
    assert path.read_text().split() == [new]
    assert new not in renewed.stdout + finished.stdout
