"""The addresses of all rooms together."""

from importlib.util import find_spec

from django.urls import include, path
from django.urls.resolvers import URLPattern, URLResolver

ROOMS_WITH_PAGES = ["access", "organisation", "directives", "figures", "targets", "reports"]

urlpatterns: list[URLPattern | URLResolver] = [
    *(
        path("", include(f"plenum.{room}.urls"))
        for room in ROOMS_WITH_PAGES
        if find_spec(f"plenum.{room}.urls")
    ),
]
