"""Addresses of boards, review reports, what was issued, and its verification."""

from django.urls import path

from plenum.reports.pages.board import board_page
from plenum.reports.pages.issued import issue_page, issued_file, issued_page
from plenum.reports.pages.reform import reform_paper_file
from plenum.reports.pages.review import choose_review, download_review, review_page
from plenum.reports.pages.verify import verified_page, verify_page

app_name = "reports"

urlpatterns = [
    path("units/<slug:code>/board/", board_page, name="board"),
    path("units/<slug:code>/review/", choose_review, name="review"),
    path("units/<slug:code>/review/<str:period>/", review_page, name="review"),
    path("units/<slug:code>/review/<str:period>.<slug:format>", download_review, name="download"),
    path("units/<slug:code>/review/<str:period>/issue/", issue_page, name="issue"),
    path("issued/<int:pk>/", issued_page, name="issued"),
    path("issued/<int:pk>.<slug:format>", issued_file, name="issued_file"),
    path("reforms/<int:pk>/difference.<slug:format>", reform_paper_file, name="reform_paper"),
    path("verify/", verify_page, name="verify"),
    path("verify/<str:code>/", verified_page, name="verified"),
]
