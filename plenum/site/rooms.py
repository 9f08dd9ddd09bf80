"""The rooms of the house, low to high; what each has for the site to collect is seen by its files."""

from importlib import import_module
from importlib.util import find_spec

ROOMS = (
    "journal",
    "tree",
    "access",
    "jobs",
    "organisation",
    "directives",
    "figures",
    "targets",
    "reorganisations",
    "reports",
    "site",
)


def rooms_with(module: str) -> tuple[str, ...]:
    """The rooms below the site that have a module of this name: `cli`, `urls`, `doctor`…"""
    return tuple(room for room in ROOMS if room != "site" and find_spec(f"plenum.{room}.{module}"))


def declare_dispositions() -> None:
    """Let every room declare what becomes of its rows when a unit leaves, before a reform is rehearsed."""
    for room in rooms_with("dispositions"):
        if room == "tree":
            continue  # it has the type, and no rows of its own to declare
        import_module(f"plenum.{room}.dispositions")


def declare_causes() -> None:
    """Let every room that changes units say so in their histories."""
    for room in rooms_with("causes"):
        import_module(f"plenum.{room}.causes")


def declare_jobs() -> None:
    """Let every room declare its kinds of jobs, so that they can be named, started and done."""
    for room in rooms_with("jobs"):
        import_module(f"plenum.{room}.jobs")
