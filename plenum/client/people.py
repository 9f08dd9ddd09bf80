"""Accounts, grants and invitations."""

from collections.abc import Iterator
from typing import cast

from plenum.client.asking import Asking
from plenum.client.rows import Account, AccountGiven, GrantOfUnit, Invitation, InvitationGiven, Token


class People(Asking):
    """Who one is, and who holds what at a unit."""

    def account(self) -> Account:
        """The account of the token, with its grants."""
        return cast(Account, self.get("account"))

    def tokens(self) -> Iterator[Token]:
        """The tokens of one's account, without their text."""
        return self.every("account/tokens")

    def grants(self, code: str) -> Iterator[GrantOfUnit]:
        """Who holds, held or will hold what at a unit."""
        return self.every(f"units/{code}/grants")

    def grant(
        self, code: str, login: str, role: str, *, start: str, last_day: str | None = None
    ) -> GrantOfUnit:
        """Give an account the powers of a role at a unit."""
        path = f"units/{code}/grants"
        return cast(GrantOfUnit, self._do(path, login=login, role=role, start=start, last_day=last_day))

    def end_grant(
        self, code: str, number: int, *, last_day: str | None = None, even_if_last: bool = False
    ) -> GrantOfUnit | None:
        """End a grant at once or after a last day; None if it had not begun, so that nothing is left of it."""
        told = {"last_day": last_day, "even_if_last": even_if_last}
        return cast(GrantOfUnit | None, self._do(f"units/{code}/grants/{number}/end", **told))

    def invitations(self, code: str) -> Iterator[Invitation]:
        """The open invitations to a unit."""
        return self.every(f"units/{code}/invitations")

    def invite(
        self,
        code: str,
        login: str,
        role: str,
        *,
        name: str,
        language: str,
        start: str,
        last_day: str | None = None,
    ) -> InvitationGiven:
        """Invite a person to make an account with a grant at a unit; the link is told this once."""
        told = {"login": login, "role": role, "name": name, "language": language}
        path = f"units/{code}/invitations"
        return cast(InvitationGiven, self._do(path, **told, start=start, last_day=last_day))

    def withdraw_invitation(self, code: str, number: int) -> None:
        """Withdraw an open invitation."""
        self._do(f"units/{code}/invitations/{number}/withdraw")

    def create_account(
        self,
        code: str,
        login: str,
        role: str,
        *,
        name: str,
        language: str,
        start: str,
        last_day: str | None = None,
    ) -> AccountGiven:
        """Create an account with a grant at a unit; its password is told this once."""
        told = {"login": login, "role": role, "name": name, "language": language}
        path = f"units/{code}/accounts"
        return cast(AccountGiven, self._do(path, **told, start=start, last_day=last_day))
