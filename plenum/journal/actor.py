"""Who does an act: a person with an account, the system itself, or nobody."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Actor:
    """The author of an act, as acts receive it in ``by``.

    ``account_id`` is None for the system and for a visitor; ``label`` is what the journal shows;
    ``acting_for`` is the id of the unit the person acts for: when set, only grants at that unit count.
    A program that comes with a token of the account has its id in ``token_id`` and in ``powers`` the codes of the
    powers that the token is limited to; None is no limit.
    """

    account_id: int | None
    label: str
    acting_for: int | None = None
    is_system: bool = False
    token_id: int | None = None
    powers: frozenset[str] | None = None

    @classmethod
    def system(cls, reason: str) -> "Actor":
        """The system itself; ``reason`` says why it acts, such as "command line"."""
        return cls(account_id=None, label=reason, is_system=True)

    @classmethod
    def nobody(cls) -> "Actor":
        """A visitor who has not signed in: reaches nothing."""
        return cls(account_id=None, label="")
