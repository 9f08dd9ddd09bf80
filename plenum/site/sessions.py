"""How long a session lives: it ends when it is not used for a while, and after some days in any case."""

import time
from collections.abc import Callable

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponseBase

BEGAN, SEEN = "plenum_began", "plenum_seen"
NOTED_EVERY = 300
"""Seconds between two notes that a session is in use: not every page needs to write."""


class Sessions:
    """End the session of a person when its time is up, and note now and then that it is in use.

    `SESSION_COOKIE_AGE` counts from the last note, `SESSION_LIFE` from the sign-in; both are seconds.
    """

    def __init__(self, answer: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.user.is_authenticated:
            now = int(time.time())
            began = request.session.setdefault(BEGAN, now)
            seen = request.session.get(SEEN, 0)
            if now - began >= settings.SESSION_LIFE:
                logout(request)
            elif now - seen >= NOTED_EVERY:
                request.session[SEEN] = now
                UserSession.objects.create_from_request(request)
        return self.answer(request)
