"""Addresses of units."""

from django.urls import path

from plenum.organisation.pages import acts, browse, journal, unit

app_name = "organisation"

urlpatterns = [
    path("units/", browse.tree, name="tree"),
    path("units/<slug:code>/", unit.unit, name="unit"),
    path("units/<slug:code>/branch/", browse.branch, name="branch"),
    path("units/<slug:code>/journal/", journal.journal, name="journal"),
    path("units/<slug:code>/found/", acts.found, name="found"),
    path("units/<slug:code>/rename/", acts.rename, name="rename"),
    path("units/<slug:code>/correct-name/", acts.correct_name, name="correct_name"),
    path("units/<slug:code>/change-kind/", acts.change_kind, name="change_kind"),
    path("units/<slug:code>/move/", acts.move, name="move"),
    path("units/<slug:code>/dissolve/", acts.dissolve, name="dissolve"),
    path("units/<slug:code>/take-back/", acts.take_back, name="take_back"),
]
