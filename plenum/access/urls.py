"""Addresses of sign-in, the own account, and grants."""

from django.urls import path

from plenum.access.pages import account, grants, sign_in

app_name = "access"

urlpatterns = [
    path("sign-in/", sign_in.sign_in, name="sign_in"),
    path("sign-out/", sign_in.sign_out, name="sign_out"),
    path("acting-for/", sign_in.acting_for, name="acting_for"),
    path("account/", account.account, name="account"),
    path("units/<slug:code>/grants/", grants.grants, name="grants"),
    path("units/<slug:code>/grants/new-account/", grants.create_account, name="create_account"),
    path("units/<slug:code>/grants/<int:pk>/end/", grants.end_grant, name="end_grant"),
]
