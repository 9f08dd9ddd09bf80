"""What pages need to know of a request: who asks, on which day, for which unit."""

import ipaddress
from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse

from plenum.access.models import Account
from plenum.access.powers import Power
from plenum.access.reach import reachable
from plenum.journal.actor import Actor
from plenum.periods.lens import Lens
from plenum.tree.models import Unit

Rest = ParamSpec("Rest")


class SignedOut(Exception):
    """A visitor has sent a form that needs an account; answered with the sign-in page, which carries what was typed."""


class AuthedRequest(HttpRequest):
    """A request as the middleware of the site prepares it.

    ``account`` is None for a visitor; ``lens.today`` is the day on which acts are done.
    """

    actor: Actor
    account: Account | None
    lens: Lens


def signed_in(
    page: Callable[Concatenate[AuthedRequest, Rest], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, Rest], HttpResponseBase]:
    """Send a visitor to the sign-in page, and back here afterwards; whether the page exists is not said.

    A form of a visitor raises :class:`SignedOut`, for the session may have ended while it was filled in.
    """

    @wraps(page)
    def guarded(request: HttpRequest, *args: Rest.args, **kwargs: Rest.kwargs) -> HttpResponseBase:
        authed = cast(AuthedRequest, request)
        if authed.actor.account_id is None:
            if request.method == "POST":
                raise SignedOut
            if request.headers.get("HX-Request"):
                return _leave_the_page(request)
            back = urlencode({"next": request.get_full_path()})
            return HttpResponseRedirect(f"{reverse('access:sign_in')}?{back}")
        return page(authed, *args, **kwargs)

    return cast("Callable[Concatenate[HttpRequest, Rest], HttpResponseBase]", guarded)


def _leave_the_page(request: HttpRequest) -> HttpResponse:
    """401 for a part of a page: the browser goes to the sign-in as a whole, and back to the page it stands on."""
    here = urlsplit(request.headers.get("HX-Current-URL", ""))
    page = f"{here.path}?{here.query}" if here.query else here.path
    response = HttpResponse(status=401)
    response.headers["HX-Redirect"] = f"{reverse('access:sign_in')}?{urlencode({'next': page or '/'})}"
    return response


def account_of(request: AuthedRequest) -> Account:
    """The signed-in account, inside pages guarded by :func:`signed_in`."""
    if request.account is None:
        raise Http404
    return request.account


def unit_for(request: AuthedRequest, code: str, power: Power) -> Unit:
    """The unit with this code, if the person reaches it with the power today; otherwise Http404.

    An unknown unit and an unreachable one give the same answer.
    """
    unit = reachable(request.actor, power, request.lens.today).filter(code=code).first()
    if unit is None:
        raise Http404
    return unit


def may(request: AuthedRequest, power: Power, unit: Unit | int) -> bool:
    """Whether the person has the power at the unit today, for showing or hiding a door."""
    unit_id: Any = unit if isinstance(unit, int) else unit.pk
    return reachable(request.actor, power, request.lens.today).filter(pk=unit_id).exists()


def client_address(request: HttpRequest) -> str:
    """The address of whoever asks; empty if it is not known, as behind a local socket.

    A proxy that we trust (`settings.TRUSTED_PROXIES`) is asked for whom it speaks, from the last one inwards; what
    anybody else claims in `X-Forwarded-For` counts for nothing.
    """
    found = request.META.get("REMOTE_ADDR", "")
    for said in reversed(request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")):
        if not is_trusted_proxy(found):
            break
        before = _address(said)
        if before is None:
            break
        found = str(before)
    return str(_address(found) or "")


def network_of(address: str) -> str:
    """The network from which somebody comes: who has one IPv6 address has a whole network of them."""
    found = _address(address)
    if found is None or found.version == 4:
        return address
    return str(ipaddress.ip_network((found, 64), strict=False))


def is_trusted_proxy(address: str) -> bool:
    """Whether what comes from this address may say for whom it comes."""
    found = _address(address)
    return found is not None and any(found in network for network in settings.TRUSTED_PROXIES)


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        found = ipaddress.ip_address(text.strip())
    except ValueError:
        return None
    mapped = found.ipv4_mapped if isinstance(found, ipaddress.IPv6Address) else None
    return mapped or found
