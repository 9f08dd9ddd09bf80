"""What the frame of Django answers before or instead of the API, told to programs as problems as well."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.translation import gettext as _

from plenum.site.api.problems import MEDIA_TYPE, is_for_program, problem

KEPT_HEADERS = ("Allow", "Retry-After", "WWW-Authenticate")


class Plain:
    """Turn every refusal under the address of the API that is no problem yet into one."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.answer(request)
        if not is_for_program(request) or response.status_code < 400:
            return response
        if response.headers.get("Content-Type", "") == MEDIA_TYPE:
            return response
        told: HttpResponse = problem(request, response.status_code)
        for name in KEPT_HEADERS:
            if name in response.headers:
                told.headers[name] = response.headers[name]
        return told


class Encrypted:
    """Refuse what a program sends unencrypted where people come by HTTPS.

    A redirect would let the program go on sending its token in the clear without anybody noticing.
    """

    def __init__(self, answer: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        open_to_read = settings.SECURE_SSL_REDIRECT and is_for_program(request) and not request.is_secure()
        if not open_to_read:
            return self.answer(request)
        with translation.override(translation.get_language_from_request(request)):
            said = _("Use HTTPS. A token that was sent without it may have been read on the way: end it.")
            return problem(request, 403, said)
