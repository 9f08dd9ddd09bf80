"""Returns, who owes them, their workbooks, and the figures that they add up to."""

from base64 import b64encode
from collections.abc import Iterator, Mapping
from typing import cast

from plenum.client.asking import Asking
from plenum.client.rows import (
    Behind,
    Collected,
    Collection,
    Due,
    IndicatorOfUnit,
    Job,
    League,
    Obligation,
    Return,
    SavedFigures,
    Sheet,
    Submission,
    Taken,
)


class Figures(Asking):
    """Acts on a return take the return that was read: if somebody has changed it since, nothing is done."""

    def dues(
        self,
        code: str,
        *,
        period: str | None = None,
        own: bool = False,
        state: str | None = None,
        q: str | None = None,
        as_of: str | None = None,
    ) -> Iterator[Due]:
        """Returns that a unit, or those below it, owe for a period."""
        return self.every(f"units/{code}/dues", period=period, own=own, state=state, q=q, as_of=as_of)

    def returns(self, code: str, *, period: str | None = None) -> Iterator[SavedFigures]:
        """The returns of a unit for a period, with their figures."""
        return self.every(f"units/{code}/returns", period=period)

    def submissions(self, code: str) -> Iterator[Submission]:
        """Returns of the units below one that wait to be accepted."""
        return self.every(f"units/{code}/acceptance")

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
        return cast(Return, self._deed("submit", sheet))

    def withdraw(self, found: Return) -> Return:
        """Take back the submission that was read, to go on with it as a draft."""
        return cast(Return, self._deed("withdraw", found))

    def discard(self, found: Sheet) -> Return | None:
        """Throw the draft that was read away; None if nothing had been submitted before it."""
        return self._deed("discard", found)

    def accept(self, found: Return) -> Return:
        """Accept the return that was read."""
        return cast(Return, self._deed("accept", found))

    def send_back(self, found: Return, reason: str) -> Return:
        """Send the return that was read back to its unit."""
        return cast(Return, self._deed("send-back", found, reason=reason))

    def correct(self, found: Return, reason: str) -> Return:
        """Begin a correction of the accepted return that was read."""
        return cast(Return, self._deed("correct", found, reason=reason))

    def obligations(self, code: str) -> Iterator[Obligation]:
        """Which forms a unit owes."""
        return self.every(f"units/{code}/obligations")

    def oblige(
        self, code: str, form: str, schedule: str, *, start: str, last_day: str | None = None
    ) -> Obligation:
        """Have a unit owe a form by a schedule."""
        told = {"form": form, "schedule": schedule, "start": start, "last_day": last_day}
        return cast(Obligation, self._do(f"units/{code}/obligations", **told))

    def end_obligation(self, code: str, number: int, last_day: str) -> Obligation:
        """End an obligation after its last day."""
        return cast(Obligation, self._do(f"units/{code}/obligations/{number}/end", last_day=last_day))

    def workbook(self, code: str, period: str) -> bytes:
        """The XLSX form of a unit for a period."""
        return self.fetch(f"units/{code}/workbooks/{period}")

    def fill_workbook(self, code: str, period: str, file: bytes, *, submit: bool = False) -> list[Taken]:
        """Take a filled-in workbook over: all of it, or nothing; the faults of NotAccepted name sheet and cell."""
        told = {"file": b64encode(file).decode(), "submit": submit}
        return cast(list[Taken], self._do(f"units/{code}/workbooks/{period}", **told))

    def mark_workbook(self, code: str, period: str, file: bytes, *, submit: bool = False) -> bytes | None:
        """The same workbook with what is wrong marked in its cells; None if nothing is."""
        told = {"file": b64encode(file).decode(), "submit": submit}
        return self._file_of(f"units/{code}/workbooks/{period}/marks", told) or None

    def collections(self, code: str, *, period: str | None = None) -> list[Collection]:
        """Which forms the units below one owe, for the periods of a year."""
        return cast(list[Collection], self.get(f"units/{code}/collections", period=period))

    def collection(self, code: str, form: str, period: str) -> bytes:
        """One XLSX form for all units below one that owe it; for more than 500, let a job make it."""
        return self.fetch(f"units/{code}/collections/{form}/{period}")

    def make_collection(self, code: str, form: str, period: str) -> Job:
        """Let a job make the same; it is the result of the job."""
        return cast(Job, self._do(f"units/{code}/collections/{form}/{period}/make"))

    def fill_collection(
        self, code: str, form: str, period: str, file: bytes, *, submit: bool = False
    ) -> Collected | Job:
        """Take it over filled in: all of it, or nothing; with more than 500 rows, a job does it and is answered."""
        answer = self._send(f"units/{code}/collections/{form}/{period}", file, submit=submit)
        return cast(Collected | Job, answer.json())

    def mark_collection(
        self, code: str, form: str, period: str, file: bytes, *, submit: bool = False
    ) -> bytes | None:
        """The same workbook with what is wrong marked in its cells; None if nothing is."""
        path = f"units/{code}/collections/{form}/{period}/marks"
        return self._send(path, file, submit=submit).content or None

    def indicator(
        self,
        code: str,
        indicator: str,
        *,
        period: str | None = None,
        known_on: str | None = None,
        as_of: str | None = None,
        tree: str | None = None,
    ) -> IndicatorOfUnit:
        """One indicator of a unit, with its course through two years."""
        view = {"period": period, "known_on": known_on, "as_of": as_of, "tree": tree}
        return cast(IndicatorOfUnit, self.get(f"units/{code}/indicators/{indicator}", **view))

    def league(
        self,
        code: str,
        indicator: str,
        *,
        order: str | None = None,
        period: str | None = None,
        known_on: str | None = None,
        as_of: str | None = None,
        tree: str | None = None,
    ) -> League:
        """The units directly below one beside each other."""
        view = {"order": order, "period": period, "known_on": known_on, "as_of": as_of, "tree": tree}
        return cast(League, self.get(f"units/{code}/indicators/{indicator}/league", **view))

    def returns_behind(
        self,
        code: str,
        indicator: str,
        *,
        period: str | None = None,
        known_on: str | None = None,
        as_of: str | None = None,
        tree: str | None = None,
    ) -> Iterator[Behind]:
        """The returns that a figure is made of."""
        view = {"period": period, "known_on": known_on, "as_of": as_of, "tree": tree}
        return self.every(f"units/{code}/indicators/{indicator}/returns", **view)

    def _deed(self, deed: str, found: Sheet, **told: str) -> Return | None:
        path = f"returns/{found['id']}/{deed}"
        return cast(Return | None, self.post(path, {**told, "edition": found["edition"]}))
