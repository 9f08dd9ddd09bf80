"""What is believed of a proxy: only what the ones we trust say of the browser behind them."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

from plenum.access.requests import is_trusted_proxy

SAID_BY_PROXIES = (
    "HTTP_X_FORWARDED_FOR",
    "HTTP_X_FORWARDED_PROTO",
    "HTTP_X_FORWARDED_HOST",
    "HTTP_X_FORWARDED_PORT",
    "HTTP_X_REAL_IP",
    "HTTP_FORWARDED",
)
CAME_DIRECTLY = "plenum.came_directly"


def came_directly(request: HttpRequest) -> bool:
    """Whether no proxy, trusted or not, has brought this request."""
    return bool(request.META.get(CAME_DIRECTLY, False))


class Proxied:
    """Forget what a request says of its way here, unless a proxy that we trust has brought it."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.META[CAME_DIRECTLY] = not any(name in request.META for name in SAID_BY_PROXIES)
        if not is_trusted_proxy(request.META.get("REMOTE_ADDR", "")):
            for name in SAID_BY_PROXIES:
                request.META.pop(name, None)
        return self.answer(request)
