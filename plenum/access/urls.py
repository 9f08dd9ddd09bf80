"""Addresses of sign-in, the own account, grants and invitations."""

from django.urls import path

from plenum.access.pages import account, grants, invitations, second_factor, sessions, sign_in, tokens

app_name = "access"

urlpatterns = [
    path("sign-in/", sign_in.sign_in, name="sign_in"),
    path("sign-in/second-step/", sign_in.second_step, name="second_step"),
    path("sign-in/own-password/", sign_in.own_password, name="own_password"),
    path("sign-out/", sign_in.sign_out, name="sign_out"),
    path("acting-for/", sign_in.acting_for, name="acting_for"),
    path("account/", account.account, name="account"),
    path("account/confirm/", second_factor.confirm, name="confirm"),
    path("account/second-factor/", second_factor.overview, name="second_factor"),
    path("account/second-factor/app/", second_factor.add_app, name="add_app"),
    path("account/second-factor/key/", second_factor.add_key, name="add_key"),
    path("account/second-factor/codes/", second_factor.recovery_codes, name="recovery_codes"),
    path("account/second-factor/<int:pk>/remove/", second_factor.remove_factor, name="remove_factor"),
    path("account/sessions/", sessions.sessions, name="sessions"),
    path("account/tokens/", tokens.tokens, name="tokens"),
    path("account/tokens/<int:pk>/end/", tokens.end_token, name="end_token"),
    path("invitations/", invitations.accept, name="accept_invitation"),
    path("units/<slug:code>/grants/", grants.grants, name="grants"),
    path("units/<slug:code>/grants/new-account/", grants.create_account, name="create_account"),
    path("units/<slug:code>/grants/invite/", invitations.invite, name="invite"),
    path("units/<slug:code>/grants/invitations/<int:pk>/", invitations.withdraw, name="withdraw_invitation"),
    path("units/<slug:code>/grants/<int:pk>/end/", grants.end_grant, name="end_grant"),
    path("units/<slug:code>/grants/<int:pk>/lost-access/", grants.lost_access, name="lost_access"),
]
