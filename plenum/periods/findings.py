"""What an examination of the installation finds: every room writes its checks in these words."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """Something that is not as it must be, and what to do about it; both are sentences for an operator."""

    what: str
    remedy: str


@dataclass(frozen=True)
class Check:
    """One examination. `run` yields a finding for everything that is wrong, nothing when all is well.

    `code` is written `room.what`, for instance `tree.ancestry`; `title` says in a few words what is examined.
    `as_owner`: it reads so many rows that it is better asked by the owner of the database, whom no row is hidden from.
    """

    code: str
    title: str
    run: Callable[[], Iterable[Finding]]
    as_owner: bool = False
