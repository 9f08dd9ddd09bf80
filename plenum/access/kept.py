"""What was typed into a form whose session had ended: carried through the sign-in page and shown again in its form.

The sign-in page carries it signed, so that a visitor leaves nothing in the database; after signing in it waits in the
session until the form is opened (`plenum.site.again`) or an hour has passed.
"""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.core import signing
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render

from plenum.access.forms import SignInForm

LIFE = 3600
"""Seconds for which something is kept."""

LARGEST = 200_000
"""Characters of a form; what is longer is not kept."""

FIELD = "kept"
"""The field of the sign-in page, and the name in the session."""

NEVER_KEPT = frozenset({"csrfmiddlewaretoken", "password", "again", "current", "secret", "token", FIELD})
NEVER_KEPT_OF_ACCOUNTS = NEVER_KEPT | {"code", "credential", "key"}
ABOUT_ACCOUNTS = ("/account/", "/sign-in/", "/invitations/")
"""Where these begin an address, a code is a secret; elsewhere it names a unit or an indicator."""

SALT = "plenum.access.kept"
NAME = re.compile(r"[A-Za-z][\w-]{0,60}", re.ASCII)
"""What may be the name of a place in a page."""


@dataclass(frozen=True)
class KeptForm:
    """A form that did not arrive: its address with query string, and its fields as a query string."""

    address: str
    fields: str

    @property
    def path(self) -> str:
        return urlsplit(self.address).path

    def values(self) -> QueryDict:
        """The fields as they were sent."""
        return QueryDict(self.fields)


def typed(request: HttpRequest) -> QueryDict:
    """The fields of a form as sent, without secrets and without what belongs to its page alone."""
    fields = request.POST.copy()
    never = NEVER_KEPT_OF_ACCOUNTS if request.path.startswith(ABOUT_ACCOUNTS) else NEVER_KEPT
    for name in request.POST:
        if name in never or never.intersection(name.split("_")) or "password" in name:
            del fields[name]
    return fields


def is_own_form(request: HttpRequest) -> bool:
    """Whether a page of ours sent this form: what another site makes a browser send is never offered again."""
    origin = request.headers.get("Origin", "")
    own = f"{request.scheme}://{request.get_host()}"
    return origin == own and request.headers.get("Sec-Fetch-Site", "same-origin") == "same-origin"


def keep(request: HttpRequest) -> str:
    """What the form of a visitor said, signed, for the sign-in page to carry; empty if there is nothing to keep."""
    if request.method != "POST" or not is_own_form(request):
        return ""
    fields = typed(request).urlencode()
    if not fields or len(fields) > LARGEST:
        return ""
    return signing.dumps([request.get_full_path(), fields], salt=SALT, compress=True)


def carried(text: str) -> KeptForm | None:
    """What the sign-in page carried; None if it is not ours or too old."""
    if not text:
        return None
    try:
        address, fields = signing.loads(text, salt=SALT, max_age=LIFE)
    except signing.BadSignature:
        return None
    return KeptForm(address, fields)


def put_into_session(request: HttpRequest, text: str) -> None:
    """Let what the sign-in page carried wait for its form to be opened; nothing if it is not ours or too old."""
    if carried(text) is not None:
        request.session[FIELD] = text


def waiting(request: HttpRequest) -> KeptForm | None:
    """What waits in the session for the page at this address."""
    kept = carried(request.session.get(FIELD, ""))
    return kept if kept is not None and kept.path == request.path else None


def forget(request: HttpRequest) -> None:
    """Keep it no longer: it has been sent."""
    request.session.pop(FIELD, None)


def ask_to_sign_in(request: HttpRequest) -> HttpResponse:
    """401: a form has arrived without a session. Asks to sign in, carries what was typed, and leads back to it.

    What a page sends by itself in the background is told so in the place of its answer: the form stands there as it
    is, and its own button leads to the sign-in and back.
    """
    if request.headers.get("HX-Request"):
        target = request.headers.get("HX-Target", "")
        here = {"target": target if NAME.fullmatch(target) else ""}
        return render(request, "access/signed_out_here.html", here, status=401)
    context = {
        "form": SignInForm(),
        "next": request.get_full_path(),
        "kept": keep(request),
        "signed_out": True,
    }
    return render(request, "access/sign_in.html", context, status=401)
