"""The register of acts: every kind of deed that the journal can hold."""

from dataclasses import dataclass
from typing import Any

REGISTRY: dict[str, "Act"] = {}


@dataclass(frozen=True)
class Act:
    """One kind of deed. Creating it registers it; domains declare theirs in ``powers.py``.

    ``code`` is ``domain.verb_object`` and never changes, because old entries carry it; ``label`` is the
    lazily translated name people read. A code used twice raises ValueError.
    """

    code: str
    label: Any

    def __post_init__(self) -> None:
        if self.code in REGISTRY:
            raise ValueError(f"The act {self.code} is declared twice")
        REGISTRY[self.code] = self


def label_of(code: str) -> Any:
    """The name of an act as people read it; the code itself if no domain declares it any more."""
    act = REGISTRY.get(code)
    return act.label if act else code
