"""What the API answers when it does not do something, as exceptions."""

from dataclasses import dataclass

import httpx


@dataclass(frozen=True)
class Fault:
    """What is wrong with one field; an empty field stands for the whole."""

    field: str
    message: str


class Problem(Exception):
    """The API has not done what was asked; `status`, `title`, `detail` and `faults` say why."""

    def __init__(self, status: int, title: str, detail: str, faults: tuple[Fault, ...] = ()) -> None:
        super().__init__(f"{status} {title} {detail}" if detail != title else f"{status} {title}")
        self.status = status
        self.title = title
        self.detail = detail
        self.faults = faults


class NotSignedIn(Problem):
    """The token opens nothing: it is wrong, ended or run out."""


class NotPermitted(Problem):
    """It may be seen, but the power to do this is lacking."""


class NotFound(Problem):
    """It is not there, or one may not know of it."""


class ChangedMeanwhile(Problem):
    """Somebody else has changed it since it was read: read it again."""


class NotAccepted(Problem):
    """What was sent is refused; `faults` name the fields."""


class TooManyRequests(Problem):
    """Asked too often; `wait` is in seconds."""

    wait: int = 0


KINDS: dict[int, type[Problem]] = {
    400: NotAccepted,
    401: NotSignedIn,
    403: NotPermitted,
    404: NotFound,
    409: ChangedMeanwhile,
    422: NotAccepted,
    429: TooManyRequests,
}


def problem_in(answer: httpx.Response) -> Problem:
    """The problem that an answer tells of, be it written by the API or by something before it."""
    told: dict[str, object] = {}
    if answer.headers.get("Content-Type", "").startswith("application/problem+json"):
        told = answer.json()
    errors = told.get("errors")
    faults = (
        tuple(Fault(each["field"], each["message"]) for each in errors) if isinstance(errors, list) else ()
    )
    title = str(told.get("title", answer.reason_phrase))
    found = KINDS.get(answer.status_code, Problem)(
        answer.status_code, title, str(told.get("detail", title)), faults
    )
    if isinstance(found, TooManyRequests):
        found.wait = int(answer.headers.get("Retry-After", "0"))
    return found
