"""The facts of a unit: its life, and the strands of values that follow each other in it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Generic, TypeVar

from plenum.periods import Span

T = TypeVar("T")


class Strand(StrEnum):
    """The three things of a unit that change while it lives."""

    NAME = "name"
    KIND = "kind"
    PARENT = "parent"


@dataclass(frozen=True)
class Held(Generic[T]):
    """A value and the days on which it held."""

    value: T
    span: Span


@dataclass(frozen=True)
class Name:
    """A full and a short name; `illustrative` when the full one is not from a source."""

    full: str
    short: str = ""
    illustrative: bool = False


@dataclass(frozen=True)
class Life:
    """The facts of one unit; the strands are in order of time and cover the lifetime."""

    code: str
    span: Span
    names: tuple[Held[Name], ...]
    kinds: tuple[Held[str], ...]
    places: tuple[Held[int | None], ...]


@dataclass(frozen=True)
class Child:
    """A unit that stands under another for a span."""

    life: Life
    span: Span


def change_strand(strand: Sequence[Held[T]], value: T, on: date) -> tuple[Held[T], ...]:
    """`strand` with `value` from `on` until the next later change; equal neighbours become one.

    `on` lies inside the strand and is not the first day of one of its values.
    """
    changed: list[Held[T]] = []
    for held in strand:
        if on in held.span and on != held.span.start:
            changed += [Held(held.value, Span(held.span.start, on)), Held(value, Span(on, held.span.end))]
        else:
            changed.append(held)
    return _merged(changed)


def end_strand(strand: Sequence[Held[T]], on: date) -> tuple[Held[T], ...]:
    """`strand` cut so that it ends before `on`."""
    return tuple(
        Held(held.value, span)
        for held in strand
        if (span := held.span.intersection(Span(date.min, on))) is not None
    )


def reopen_strand(strand: Sequence[Held[T]], until: date | None) -> tuple[Held[T], ...]:
    """`strand` whose last value holds on until another day, or without end."""
    return (*strand[:-1], Held(strand[-1].value, Span(strand[-1].span.start, until)))


def without_last(strand: Sequence[Held[T]]) -> tuple[Held[T], ...]:
    """`strand` as if its last change had not been: the value before it holds to the end. It has at least two values."""
    before, last = strand[-2:]
    return (*strand[:-2], Held(before.value, Span(before.span.start, last.span.end)))


def held_from(strand: Sequence[Held[T]], on: date) -> Held[T] | None:
    """The value on `on`, with the span from `on` until the next change."""
    for held in strand:
        if on in held.span:
            return Held(held.value, Span(on, held.span.end))
    return None


def life_without(life: Life, what: Strand) -> Life | None:
    """`life` as if the last change of one strand had not been, or None when that strand never changed."""
    match what:
        case Strand.NAME if len(life.names) > 1:
            return replace(life, names=without_last(life.names))
        case Strand.KIND if len(life.kinds) > 1:
            return replace(life, kinds=without_last(life.kinds))
        case Strand.PARENT if len(life.places) > 1:
            return replace(life, places=without_last(life.places))
    return None


def _merged(strand: Iterable[Held[T]]) -> tuple[Held[T], ...]:
    merged: list[Held[T]] = []
    for held in strand:
        if merged and merged[-1].value == held.value:
            merged[-1] = Held(held.value, Span(merged[-1].span.start, held.span.end))
        else:
            merged.append(held)
    return tuple(merged)
