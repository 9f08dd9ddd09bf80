"""What is wrong with a pack, said so that its author can put it right."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """One fault: the file, the entry in it, the field of the entry, what is wrong and what to do."""

    file: str
    entry: str
    field: str
    problem: str
    remedy: str

    def __str__(self) -> str:
        place = ", ".join(part for part in (self.file, self.entry, self.field) if part)
        return f"{place}: {self.problem}; {self.remedy}"


class PackError(ValueError):
    """A pack that cannot be used; it carries every fault that was found."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in faults))
