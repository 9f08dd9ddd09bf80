"""Addresses of boards and review reports."""

from django.urls import path

from plenum.reports.pages.board import board_page
from plenum.reports.pages.review import choose_review, download_review, review_page

app_name = "reports"

urlpatterns = [
    path("units/<slug:code>/board/", board_page, name="board"),
    path("units/<slug:code>/review/", choose_review, name="review"),
    path("units/<slug:code>/review/<str:period>/", review_page, name="review"),
    path("units/<slug:code>/review/<str:period>.<slug:format>", download_review, name="download"),
]
