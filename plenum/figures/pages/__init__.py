"""Pages of returns and figures."""

from typing import Any

from django.http import HttpResponseRedirect
from django.urls import reverse

from plenum.access.requests import AuthedRequest

REFUSED = 422
"""The status of a form that was not accepted; what was typed is kept."""


def go_to(request: AuthedRequest, name: str, *args: Any) -> HttpResponseRedirect:
    """Send the reader to another page of this room through the same lens."""
    query = request.lens.query()
    address = reverse(f"figures:{name}", args=args)
    return HttpResponseRedirect(f"{address}?{query}" if query else address)
