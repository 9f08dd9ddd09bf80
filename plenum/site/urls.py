"""The addresses of all rooms together."""

from django.conf import settings
from django.urls import include, path
from django.urls.resolvers import URLPattern, URLResolver

from plenum.site import pages
from plenum.site import powers as _powers  # noqa: F401 — declares what the journal tells
from plenum.site.api.door import api
from plenum.site.operations import health, metrics
from plenum.site.rooms import declare_jobs, rooms_with

declare_jobs()

identity_urls: list[URLPattern | URLResolver] = []
if settings.IDENTITY_PROVIDER is not None:
    identity_urls += [path("sign-in/", include("allauth.socialaccount.providers.openid_connect.urls"))]

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include(([path("", pages.home, name="home")], "site"))),
    path("api/", api.urls),
    path("health", health.page, name="health"),
    path("metrics", metrics.page, name="metrics"),
    *identity_urls,
    path("language/", pages.set_language, name="set_language"),
    *(path("", include(f"plenum.{room}.urls")) for room in rooms_with("urls")),
]

handler400 = "plenum.site.pages.bad_request"
handler403 = "plenum.site.pages.forbidden"
handler404 = "plenum.site.pages.not_found"
handler500 = "plenum.site.pages.server_error"
