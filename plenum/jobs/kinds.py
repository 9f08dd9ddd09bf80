"""What a room declares of a kind of job, and what its work is given when it is done."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from plenum.access.powers import Power
from plenum.journal.actor import Actor

KINDS: dict[str, "JobKind"] = {}


@dataclass(frozen=True)
class ResultFile:
    """A file that a job leaves behind; ``pieces`` are taken one after the other, so it may be larger than memory."""

    name: str
    media_type: str
    pieces: Iterable[bytes]


@dataclass(frozen=True)
class Result:
    """What came of a job: one sentence, and a file if there is one.

    ``failed``: what was asked for was not done, and the sentence says why; the file is kept all the same.
    """

    said: str
    file: ResultFile | None = None
    failed: bool = False


class Running(Protocol):
    """A job while it is being done. ``on`` is the day of its acts: that on which it was started."""

    @property
    def unit_id(self) -> int: ...
    @property
    def arguments(self) -> Mapping[str, Any]: ...
    @property
    def actor(self) -> Actor: ...
    @property
    def on(self) -> date: ...

    def given(self) -> bytes:
        """The file with which the job was started; empty without one."""

    def tell(self, done: int, of: int, said: str = "") -> None:
        """Say how far it is, as often as one likes; ends the job here if somebody has cancelled it.

        ``of`` is 0 where nothing is counted. ``said`` stays the same while the same is being done: other words are
        written down at once, the numbers beside them now and then.
        """


@dataclass(frozen=True)
class JobKind:
    """One kind of job. Creating it registers it; a code used twice raises ValueError.

    Whoever starts one needs ``power`` at its unit, and must still have it when the job is done. ``run`` does it, inside
    one transaction, in the language and with the reach of its starter; what it raises takes everything back.
    """

    code: str
    label: Any
    power: Power
    run: Callable[[Running], Result]

    def __post_init__(self) -> None:
        if self.code in KINDS:
            raise ValueError(f"The kind of job {self.code} is declared twice")
        KINDS[self.code] = self


def kind_name(code: str, _language: str = "") -> str:
    """What a kind of job is called; its code if no room declares it any more."""
    kind = KINDS.get(code)
    return str(kind.label) if kind else code
