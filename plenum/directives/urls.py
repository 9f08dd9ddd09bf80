"""Addresses of documents."""

from django.urls import path

from plenum.directives.pages import correct_page, document_list, document_page, register_page

app_name = "directives"

urlpatterns = [
    path("units/<slug:code>/documents/", document_list, name="list"),
    path("units/<slug:code>/documents/register/", register_page, name="register"),
    path("documents/<int:pk>/", document_page, name="document"),
    path("documents/<int:pk>/correct/", correct_page, name="correct"),
]
