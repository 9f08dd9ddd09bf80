"""Addresses of targets."""

from django.urls import path

from plenum.targets.pages.acts import (
    amend_page,
    history_page,
    set_page,
    state_page,
    withdraw_page,
    withdraw_statement_page,
)
from plenum.targets.pages.targets import below_page, of_document_page, targets_page

app_name = "targets"

urlpatterns = [
    path("units/<slug:code>/targets/", targets_page, name="list"),
    path("units/<slug:code>/targets/set/", set_page, name="set"),
    path("units/<slug:code>/targets/below/<str:indicator>/", below_page, name="below"),
    path("units/<slug:code>/statements/record/", state_page, name="state"),
    path("statements/<int:pk>/withdraw/", withdraw_statement_page, name="withdraw_statement"),
    path("targets/<int:pk>/", history_page, name="target"),
    path("targets/<int:pk>/amend/", amend_page, name="amend"),
    path("targets/<int:pk>/withdraw/", withdraw_page, name="withdraw"),
    path("documents/<int:pk>/targets/", of_document_page, name="of_document"),
]
