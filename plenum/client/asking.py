"""Asking the API: `get`, `post`, `put`, `every`, `fetch` and `save`, on which the method of each operation stands."""

import secrets
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx

from plenum.client.problems import problem_in

MOST_AT_ONCE = 200
LONGEST_WAIT = 60
"""Seconds for which a program waits by itself when it has asked too often."""
Asked = Mapping[str, str | int | bool | None]


class Asking:
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

    def get(self, path: str, **asked: str | int | bool | None) -> Any:
        """What a read answers, such as `get("units/quang-nam/board", period="2024")`."""
        return self._ask("GET", path, asked).json()

    def fetch(self, path: str, **asked: str | int | bool | None) -> bytes:
        """A file that a read answers with."""
        return self._ask("GET", path, asked).content

    def save(self, path: str, file: str | Path, **asked: str | int | bool | None) -> Path:
        """Write what a read answers with into a file, as it comes: in little memory, and whole or not at all."""
        place = Path(file)
        draft = place.with_name(f".{place.name}.part")

        def taken(answer: httpx.Response) -> httpx.Response:
            with draft.open("wb") as out:
                out.writelines(answer.iter_bytes())
            return answer

        try:
            self._ask("GET", path, asked, take=taken)
            draft.replace(place)
        finally:
            draft.unlink(missing_ok=True)
        return place

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

    def _do(self, path: str, **told: Any) -> Any:
        """Do an act; what is None is left out."""
        return self.post(path, {name: value for name, value in told.items() if value is not None})

    def _file_of(self, path: str, told: Mapping[str, Any]) -> bytes:
        """The file that is answered to what is told; empty if there is none."""
        headers = {"Idempotency-Key": secrets.token_urlsafe(24)}
        return self._ask("POST", path, {}, told=dict(told), headers=headers).content

    def _send(self, path: str, body: bytes, **asked: str | int | bool | None) -> httpx.Response:
        """The answer to a file that is sent as it is: without a key, because the same file twice changes nothing."""
        headers = {"Content-Type": "application/octet-stream"}
        return self._ask("POST", path, asked, content=body, headers=headers)

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
        content: bytes | None = None,
        headers: dict[str, str] | None = None,
        take: Callable[[httpx.Response], httpx.Response] | None = None,
    ) -> httpx.Response:
        """The answer, read whole or as `take` does; Problem if it is none, httpx.TransportError if there is none after
        all tries.
        """
        parameters = {
            name: str(value).lower() if isinstance(value, bool) else value
            for name, value in asked.items()
            if value is not None
        }
        for attempt in range(1, self._tries + 1):
            last = attempt == self._tries
            try:
                with self._http.stream(
                    method, path, params=parameters, json=told, content=content, headers=headers
                ) as answer:
                    wait = int(answer.headers.get("Retry-After", "0")) if answer.status_code == 429 else 0
                    if last or not 0 < wait <= LONGEST_WAIT:
                        return _answered(answer, take or _read)
                time.sleep(wait)
            except httpx.TransportError:
                if last:
                    raise
                time.sleep(self._pause * 2 ** (attempt - 1))
        raise ValueError("tries must be at least 1")


def _answered(answer: httpx.Response, take: Callable[[httpx.Response], httpx.Response]) -> httpx.Response:
    if answer.is_error:
        raise problem_in(_read(answer))
    return take(answer)


def _read(answer: httpx.Response) -> httpx.Response:
    answer.read()
    return answer
