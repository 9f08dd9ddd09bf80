"""Acts on accounts, their second factors, sessions and tokens, on grants and invitations."""

from plenum.access.actions.accounts import (
    change_language,
    change_password,
    create_account,
    deactivate_account,
    new_password,
)
from plenum.access.actions.grants import end_grant, grant_powers
from plenum.access.actions.invitations import Invited, accept_invitation, invite, withdraw_invitation
from plenum.access.actions.load_accounts import load_accounts
from plenum.access.actions.reseal import reseal_factors
from plenum.access.actions.second_factor import (
    add_app,
    add_key,
    remove_factor,
    renew_codes,
    reset_second_factor,
)
from plenum.access.actions.sessions import end_sessions
from plenum.access.actions.sign_in import TooManyFailures, check_sign_in
from plenum.access.actions.tokens import end_token, issue_token

__all__ = [
    "Invited",
    "TooManyFailures",
    "accept_invitation",
    "add_app",
    "add_key",
    "change_language",
    "change_password",
    "check_sign_in",
    "create_account",
    "deactivate_account",
    "end_grant",
    "end_sessions",
    "end_token",
    "grant_powers",
    "invite",
    "issue_token",
    "load_accounts",
    "new_password",
    "remove_factor",
    "renew_codes",
    "reseal_factors",
    "reset_second_factor",
    "withdraw_invitation",
]
