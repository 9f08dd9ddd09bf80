"""What the frame of Django answers before or instead of the API, told to programs as problems as well."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

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
