"""Acts on accounts and grants."""

from plenum.access.actions.accounts import (
    change_language,
    change_password,
    create_account,
    deactivate_account,
    new_password,
)
from plenum.access.actions.grants import end_grant, grant_powers
from plenum.access.actions.load_accounts import load_accounts
from plenum.access.actions.sign_in import TooManyFailures, check_sign_in
from plenum.access.actions.tokens import end_token, issue_token

__all__ = [
    "TooManyFailures",
    "change_language",
    "change_password",
    "check_sign_in",
    "create_account",
    "deactivate_account",
    "end_grant",
    "end_token",
    "grant_powers",
    "issue_token",
    "load_accounts",
    "new_password",
]
