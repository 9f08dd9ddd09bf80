"""Lists of any length, read piece by piece."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import TypeVar, overload

T = TypeVar("T")

AT_ONCE = 1000
"""How many are read at a time by whoever goes through all of them."""


class Pieces(Sequence[T], ABC):
    """A list that is read as far as it is asked: its length is one question, any piece of it another."""

    @abstractmethod
    def _counted(self) -> int:
        """How many there are."""

    @abstractmethod
    def _piece(self, start: int, stop: int) -> list[T]:
        """From one place up to another; the second is not before the first, and not after the end."""

    @cached_property
    def _length(self) -> int:
        return self._counted()

    def __len__(self) -> int:
        return self._length

    @overload
    def __getitem__(self, place: int) -> T: ...
    @overload
    def __getitem__(self, place: slice) -> list[T]: ...
    def __getitem__(self, place: int | slice) -> T | list[T]:
        if isinstance(place, int):
            at = range(len(self))[place]
            return self._piece(at, at + 1)[0]
        start, stop, step = place.indices(len(self))
        if step != 1:
            return list(self)[place]
        return self._piece(start, stop) if start < stop else []

    def __iter__(self) -> Iterator[T]:
        for start in range(0, len(self), AT_ONCE):
            yield from self._piece(start, min(start + AT_ONCE, len(self)))

    def __eq__(self, other: object) -> bool:
        return list(self) == list(other) if isinstance(other, Sequence) else NotImplemented

    __hash__ = None  # type: ignore[assignment]
