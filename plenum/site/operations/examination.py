"""Examining the installation: every room looks after its own, and the site after the machine."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec

from django.conf import settings

from plenum.periods.findings import Check, Finding
from plenum.site.operations.logs import kind


@dataclass(frozen=True)
class Examined:
    """What one check has found."""

    check: Check
    findings: tuple[Finding, ...]


def all_checks() -> list[Check]:
    """Return the checks of the installation, then those of every room that has some."""
    from plenum.site.operations import soundness

    found = list(soundness.CHECKS)
    for room in settings.ROOMS:
        name = f"plenum.{room}.doctor"
        if find_spec(name):
            found += import_module(name).checks
    return found


def examine(as_owner: Callable[[], AbstractContextManager[None]] = nullcontext) -> Iterator[Examined]:
    """Run all checks, one after the other. A check that breaks is a finding, and does not stop the others.

    ``as_owner``: within it the database is asked as its owner, for the checks that want it.
    """
    for check in all_checks():
        try:
            with as_owner() if check.as_owner else nullcontext():
                findings = tuple(check.run())
        except Exception as error:
            findings = (
                Finding(
                    f"This could not be examined: {kind(error)}",
                    "If the database is running and its tables are up to date, this is a fault in Plenum: report it.",
                ),
            )
        yield Examined(check, findings)
