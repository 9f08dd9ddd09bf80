"""Units: find and read them, their journal, and the acts on them."""

from collections.abc import Iterator
from typing import Literal, cast

from plenum.client.asking import Asking
from plenum.client.rows import Child, Descent, FoundUnit, JournalEntry, Node, WholeUnit

Strand = Literal["name", "kind", "parent", "dissolution"]


class Units(Asking):
    """`edition`, where an act takes it, is that of the unit that was read: if it has changed since, nothing is done."""

    def units(
        self,
        *,
        q: str | None = None,
        kind: str | None = None,
        under: str | None = None,
        as_of: str | None = None,
    ) -> Iterator[FoundUnit]:
        """The units that live on a day, by name, or what a search finds."""
        return self.every("units", q=q, kind=kind, under=under, as_of=as_of)

    def tree(self, *, open: str | None = None, as_of: str | None = None) -> list[Node]:
        """The highest units that one may see with those below them, opened down to a unit."""
        return cast(list[Node], self.get("tree", open=open, as_of=as_of))

    def unit(self, code: str, *, as_of: str | None = None) -> WholeUnit:
        """One unit with its names, lineage and history."""
        return cast(WholeUnit, self.get(f"units/{code}", as_of=as_of))

    def lineage(self, code: str, *, as_of: str | None = None) -> Descent:
        """All that a unit came from and went on in, over all reforms."""
        return cast(Descent, self.get(f"units/{code}/lineage", as_of=as_of))

    def children(self, code: str, *, q: str | None = None, as_of: str | None = None) -> Iterator[Child]:
        """The units directly below one."""
        return self.every(f"units/{code}/children", q=q, as_of=as_of)

    def journal(
        self,
        code: str,
        *,
        below: bool = False,
        act: str | None = None,
        q: str | None = None,
        as_of: str | None = None,
    ) -> Iterator[JournalEntry]:
        """What was done at a unit, newest first."""
        return self.every(f"units/{code}/journal", below=below, act=act, q=q, as_of=as_of)

    def found(
        self,
        parent: str,
        name: str,
        kind: str,
        *,
        short: str | None = None,
        code: str | None = None,
        since: str | None = None,
        until: str | None = None,
    ) -> WholeUnit:
        """Found a unit below another; its code is made from the name if it is left out."""
        told = {"name": name, "kind": kind, "short": short, "code": code, "since": since, "until": until}
        return cast(WholeUnit, self._do(f"units/{parent}/units", **told))

    def rename(
        self,
        code: str,
        name: str,
        *,
        short: str | None = None,
        since: str | None = None,
        reason: str | None = None,
        edition: str | None = None,
    ) -> WholeUnit:
        """Give a unit another name from a day."""
        told = {"name": name, "short": short, "since": since, "reason": reason, "edition": edition}
        return cast(WholeUnit, self._do(f"units/{code}/rename", **told))

    def correct_name(
        self,
        code: str,
        name: str,
        reason: str,
        *,
        short: str | None = None,
        of: str | None = None,
        edition: str | None = None,
    ) -> WholeUnit:
        """Write the name that a unit has on a day as it should be written."""
        told = {"name": name, "reason": reason, "short": short, "of": of, "edition": edition}
        return cast(WholeUnit, self._do(f"units/{code}/correct-name", **told))

    def change_kind(
        self,
        code: str,
        kind: str,
        *,
        since: str | None = None,
        reason: str | None = None,
        edition: str | None = None,
    ) -> WholeUnit:
        """Make a unit one of another kind from a day."""
        told = {"kind": kind, "since": since, "reason": reason, "edition": edition}
        return cast(WholeUnit, self._do(f"units/{code}/change-kind", **told))

    def move(
        self,
        code: str,
        parent: str,
        *,
        since: str | None = None,
        reason: str | None = None,
        edition: str | None = None,
    ) -> WholeUnit:
        """Place a unit, with all below it, under another from a day."""
        told = {"parent": parent, "since": since, "reason": reason, "edition": edition}
        return cast(WholeUnit, self._do(f"units/{code}/move", **told))

    def dissolve(
        self,
        code: str,
        *,
        since: str | None = None,
        reason: str | None = None,
        edition: str | None = None,
    ) -> WholeUnit:
        """End a unit; the day is the first without it."""
        told = {"since": since, "reason": reason, "edition": edition}
        return cast(WholeUnit, self._do(f"units/{code}/dissolve", **told))

    def take_back(self, code: str, what: Strand, reason: str, *, edition: str | None = None) -> WholeUnit:
        """Take back the last change of one sort."""
        told = {"what": what, "reason": reason, "edition": edition}
        return cast(WholeUnit, self._do(f"units/{code}/take-back", **told))
