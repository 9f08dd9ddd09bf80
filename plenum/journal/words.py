"""What the entries of the journal say in words: the names of the fields that acts change, and how values read."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

FIELDS: dict[str, "Field"] = {}
SUBJECTS: dict[str, "Subject"] = {}

MOST_PARTS = 6
"""So many parts of one field are shown; of the others only how many they are."""

Reading = Mapping[str, Any] | Callable[[Any, str], str]
"""How a value reads: a label for each code, or a text made from the value and the language of the reader."""


@dataclass(frozen=True)
class Field:
    """One thing that the acts of a room change. Creating it registers it; rooms declare theirs in ``powers.py``.

    ``code`` is ``room.field``, with the field as acts record it; a line of the journal has its fields in the order
    of their declaration. Without ``reads`` a value is shown as it was recorded. ``parts`` are the names, in order, of
    what a field is made of, such as the figures of a return. ``hidden`` fields are kept and not shown: the numbers of
    rows whose names stand beside them. A code used twice raises ValueError.
    """

    code: str
    label: Any = ""
    reads: Reading | None = None
    parts: Callable[[str], Mapping[str, str]] | None = None
    hidden: bool = False

    def __post_init__(self) -> None:
        if self.code in FIELDS:
            raise ValueError(f"The field {self.code} is declared twice")
        FIELDS[self.code] = self


@dataclass(frozen=True)
class Subject:
    """A sort of things done to whose label in the journal is made of codes; ``reads`` makes words of it.

    ``code`` is what the subject of an entry begins with, such as ``"targets.Target"``.
    """

    code: str
    reads: Callable[[str, str], str]

    def __post_init__(self) -> None:
        if self.code in SUBJECTS:
            raise ValueError(f"The subject {self.code} is declared twice")
        SUBJECTS[self.code] = self


@dataclass(frozen=True)
class Change:
    """One thing that an act changed; `before` is empty when there was nothing, `field` when `after` says it all."""

    field: str
    before: str
    after: str


def undeclared(act: str, change: Mapping[str, Any]) -> list[str]:
    """The fields of a change that have no words."""
    return [name for name in change if _code(act, name) not in FIELDS]


def changes_in_words(act: str, change: Mapping[str, Any], language: str) -> tuple[Change, ...]:
    """What an act changed, in the language of the reader and the order in which its room declares the fields.

    What stayed as it was, and what a new thing does not have, is left out.
    """
    order = _places(len(FIELDS))
    names = sorted(change, key=lambda name: order.get(_code(act, name), len(order)))
    return tuple(line for name in names for line in _lines(act, name, change[name], language))


@cache
def _places(_known: int) -> Mapping[str, int]:
    """The place of each field in the order of declaration; made anew when more are known."""
    return {code: place for place, code in enumerate(FIELDS)}


def subject_in_words(subject: str, label: str, language: str) -> str:
    """What the thing done to is called."""
    declared = SUBJECTS.get(subject.partition(":")[0])
    return declared.reads(label, language) if declared else label


def _code(act: str, name: str) -> str:
    return f"{act.partition('.')[0]}.{name}"


def _lines(act: str, name: str, value: Any, language: str) -> Iterator[Change]:
    field = FIELDS.get(_code(act, name))
    if field is not None and field.hidden:
        return
    if field is not None and field.parts is not None:
        yield from _part_lines(field, field.parts(language), value, language)
        return
    label = str(field.label) if field is not None else name.replace("_", " ")
    if (line := _line(label, field, value, language)) is not None:
        yield line


def _part_lines(
    field: Field, names: Mapping[str, str], values: Mapping[str, Any], language: str
) -> Iterator[Change]:
    order = {code: place for place, code in enumerate(names)}
    said = sorted(
        (code for code in values if _sides(values[code]) is not None),
        key=lambda code: order.get(code, len(order)),
    )
    for code in said[:MOST_PARTS]:
        if (line := _line(names.get(code, code), field, values[code], language)) is not None:
            yield line
    rest = len(said) - MOST_PARTS
    if rest > 0:
        text = ngettext("and %(count)s more", "and %(count)s more", rest)
        yield Change("", "", text % {"count": rest})


def _line(label: str, field: Field | None, value: Any, language: str) -> Change | None:
    sides = _sides(value)
    if sides is None:
        return None
    before, after = sides
    return Change(label, _text(field, before, language), _text(field, after, language))


def _sides(value: Any) -> tuple[Any, Any] | None:
    """What was before and what is after; None where nothing has changed or nothing is there."""
    is_pair = isinstance(value, list) and len(value) == 2
    before, after = value if is_pair else (None, value)
    if before == after or (not is_pair and (after is False or after == "")):
        return None
    return before, after


def _text(field: Field | None, value: Any, language: str) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    reads = field.reads if field is not None else None
    if reads is None:
        return str(value)
    return str(reads.get(value, value) if isinstance(reads, Mapping) else reads(value, language))
