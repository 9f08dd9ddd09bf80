"""Asking the API: one method for what programs ask most, and `get`, `post`, `put`, `every` for all the rest."""

import secrets
import time
from collections.abc import Iterator, Mapping
from types import TracebackType
from typing import Any, Self, cast

import httpx

from plenum.client.problems import problem_in
from plenum.client.rows import Document, Due, FoundUnit, JournalEntry, Return, Sheet, Standing, WholeUnit

MOST_AT_ONCE = 200
LONGEST_WAIT = 60
"""Seconds for which a program waits by itself when it has asked too often."""
Asked = Mapping[str, str | int | bool | None]


class Plenum:
    """A program's way into one installation.

    What the API refuses is raised as a :class:`~plenum.client.problems.Problem`. A request whose answer is lost on the
    way is sent again, `tries` times in all; a write goes with a key of its own, so that it is done only once.
    Whoever has asked too often waits as long as the API says, up to a minute, and that counts as a try.
    """

    def __init__(
        self,
        address: str,
        token: str,
        *,
        transport: httpx.BaseTransport | None = None,
        timeout: float = 30.0,
        tries: int = 3,
        pause: float = 0.5,
    ) -> None:
        self._tries, self._pause = tries, pause
        self._http = httpx.Client(
            base_url=address.rstrip("/") + "/api/",
            headers={"Authorization": f"Bearer {token}", "Accept": "application/json"},
            transport=transport,
            timeout=timeout,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    # whatever the API offers

    def get(self, path: str, **asked: str | int | bool | None) -> Any:
        """What a read answers, such as `get("units/quang-nam/board", period="2024")`."""
        return self._ask("GET", path, asked).json()

    def post(self, path: str, told: Mapping[str, Any], *, key: str | None = None) -> Any:
        """Do an act; None if nothing is left to answer. `key`: of an earlier try of the very same act."""
        return self._write("POST", path, told, key)

    def put(self, path: str, told: Mapping[str, Any], *, key: str | None = None) -> Any:
        """Put something in the place of what stands; otherwise as `post`."""
        return self._write("PUT", path, told, key)

    def every(self, path: str, **asked: str | int | bool | None) -> Iterator[Any]:
        """Every item of a list, however long; fetched in pieces as they are needed."""
        offset = 0
        while True:
            piece = self.get(path, **{**asked, "limit": MOST_AT_ONCE, "offset": offset})
            yield from piece["items"]
            offset += len(piece["items"])
            if not piece["items"] or offset >= piece["total"]:
                return

    # units

    def units(
        self,
        *,
        q: str | None = None,
        kind: str | None = None,
        under: str | None = None,
        as_of: str | None = None,
    ) -> Iterator[FoundUnit]:
        """The units that live on a day, by name, or what a search finds."""
        return self.every("units", q=q, kind=kind, under=under, as_of=as_of)

    def unit(self, code: str, *, as_of: str | None = None) -> WholeUnit:
        """One unit with its names, lineage and history."""
        return cast(WholeUnit, self.get(f"units/{code}", as_of=as_of))

    def journal(self, code: str, *, below: bool = False, q: str | None = None) -> Iterator[JournalEntry]:
        """What was done at a unit, newest first."""
        return self.every(f"units/{code}/journal", below=below, q=q)

    def documents(self, code: str, *, q: str | None = None) -> Iterator[Document]:
        """The documents in the registers of a unit's line."""
        return self.every(f"units/{code}/documents", q=q)

    # figures and targets

    def standing(
        self, code: str, *, period: str | None = None, known_on: str | None = None, tree: str | None = None
    ) -> Standing:
        """Figures of a unit with targets, verdicts and their reasons."""
        return cast(Standing, self.get(f"units/{code}/standing", period=period, known_on=known_on, tree=tree))

    def review(
        self,
        code: str,
        period: str,
        *,
        format: str,
        lang: str | None = None,
        known_on: str | None = None,
        tree: str | None = None,
    ) -> bytes:
        """The review report of a unit as a file: pdf, docx, md or json."""
        asked = {"format": format, "lang": lang, "known_on": known_on, "tree": tree}
        return self._ask("GET", f"units/{code}/reviews/{period}/file", asked).content

    # returns

    def dues(
        self, code: str, *, period: str | None = None, own: bool = False, state: str | None = None
    ) -> Iterator[Due]:
        """Returns that a unit, or those below it, owe for a period."""
        return self.every(f"units/{code}/dues", period=period, own=own, state=state)

    def return_(self, number: int) -> Return:
        """One return with its versions and its course."""
        return cast(Return, self.get(f"returns/{number}"))

    def sheet(self, code: str, form: str, period: str) -> Sheet:
        """A return of a unit as it is filled in, begun or not."""
        return cast(Sheet, self.get(f"units/{code}/returns/{form}/{period}"))

    def save_draft(
        self, sheet: Sheet, figures: Mapping[str, int | None], *, remark: str | None = None
    ) -> Sheet:
        """Keep figures of the return that was read; the others stay as they are."""
        told = {"figures": dict(figures), "edition": sheet["edition"], "remark": remark}
        path = f"units/{sheet['unit']}/returns/{sheet['form']}/{sheet['period']}"
        return cast(Sheet, self.put(path, told))

    def submit(self, sheet: Sheet) -> Return:
        """Submit the draft that was read."""
        return self._deed("submit", sheet)

    def accept(self, found: Return) -> Return:
        """Accept the return that was read."""
        return self._deed("accept", found)

    def send_back(self, found: Return, reason: str) -> Return:
        """Send the return that was read back to its unit."""
        return self._deed("send-back", found, reason=reason)

    def correct(self, found: Return, reason: str) -> Return:
        """Begin a correction of the accepted return that was read."""
        return self._deed("correct", found, reason=reason)

    def _deed(self, deed: str, found: Sheet, **told: str) -> Return:
        path = f"returns/{found['id']}/{deed}"
        return cast(Return, self.post(path, {**told, "edition": found["edition"]}))

    def _write(self, method: str, path: str, told: Mapping[str, Any], key: str | None) -> Any:
        headers = {"Idempotency-Key": key or secrets.token_urlsafe(24)}
        answer = self._ask(method, path, {}, told=dict(told), headers=headers)
        return answer.json() if answer.content else None

    def _ask(
        self,
        method: str,
        path: str,
        asked: Asked,
        *,
        told: dict[str, Any] | None = None,
        headers: dict[str, str] | None = None,
    ) -> httpx.Response:
        """The answer; Problem if it is none, httpx.TransportError if there is none after all tries."""
        parameters = {
            name: str(value).lower() if isinstance(value, bool) else value
            for name, value in asked.items()
            if value is not None
        }
        for attempt in range(1, self._tries + 1):
            try:
                answer = self._http.request(method, path, params=parameters, json=told, headers=headers)
                wait = int(answer.headers.get("Retry-After", "0")) if answer.status_code == 429 else 0
                if not 0 < wait <= LONGEST_WAIT or attempt == self._tries:
                    break
                time.sleep(wait)
            except httpx.TransportError:
                if attempt == self._tries:
                    raise
                time.sleep(self._pause * 2 ** (attempt - 1))
        if answer.is_error:
            raise problem_in(answer)
        return answer
