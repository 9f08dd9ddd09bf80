"""The addresses of the project as they are with a provider of identities."""

from allauth.socialaccount.providers.openid_connect.urls import urlpatterns as provider_urls
from django.urls import include, path

from plenum.site.urls import urlpatterns as usual

urlpatterns = [*usual, path("sign-in/", include(provider_urls))]
