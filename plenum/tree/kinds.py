"""The kinds of the rule pack of this installation, as the rules of the tree ask for them."""

from datetime import date

from plenum.packs import pack


class PackKinds:
    """What the rules need to know of the rule pack of this installation."""

    def knows(self, kind: str) -> bool:
        return kind in pack().kinds

    def holds(self, kind: str, on: date) -> bool:
        return pack().kinds[kind].holds_on(on)

    def may_stand_under(self, kind: str, parent_kind: str | None, on: date) -> bool:
        return pack().may_stand_under(kind, parent_kind, on)


KINDS = PackKinds()
