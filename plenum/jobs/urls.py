"""Addresses of jobs."""

from django.urls import path

from plenum.jobs import pages

app_name = "jobs"

urlpatterns = [
    path("jobs/", pages.jobs_page, name="jobs"),
    path("jobs/<int:pk>/", pages.job_page, name="job"),
    path("jobs/<int:pk>/cancel/", pages.cancel, name="cancel"),
    path("jobs/<int:pk>/start-again/", pages.start_again, name="start_again"),
    path("jobs/<int:pk>/result/", pages.result, name="result"),
]
