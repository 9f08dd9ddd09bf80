"""Reforms: draft one, rehearse it, approve, decide, execute and undo it, and the work that follows."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, cast

from plenum.client.asking import Asking
from plenum.client.rows import Job, Reform, ReformDifference, Rehearsal, WholeReform, Work, WorkProgress


class Reforms(Asking):
    """`edition`, where an act takes it, is that of the reform that was read: if it has changed since, nothing is done.

    A step is written as in a plan that is a file, a table that says what to `do`.
    """

    def reforms(
        self, *, search: str | None = None, state: str | None = None, order: str | None = None
    ) -> Iterator[Reform]:
        """The reforms that one may see, the latest first; `order`: newest, oldest or title."""
        return self.every("reforms", search=search, state=state, order=order)

    def reform(self, number: int) -> WholeReform:
        """A reform with its plan."""
        return cast(WholeReform, self.get(f"reforms/{number}"))

    def rehearsal(self, number: int) -> Rehearsal:
        """What the last rehearsal of a reform has found."""
        return cast(Rehearsal, self.get(f"reforms/{number}/rehearsal"))

    def reform_difference(
        self,
        number: int,
        *,
        fate: str | None = None,
        superior: str | None = None,
        search: str | None = None,
        limit: int | None = None,
        offset: int | None = None,
    ) -> ReformDifference:
        """What would be otherwise after a reform by its last rehearsal; its units are those of one piece."""
        asked = {"fate": fate, "superior": superior, "search": search, "limit": limit, "offset": offset}
        return cast(ReformDifference, self.get(f"reforms/{number}/difference", **asked))

    def reform_paper(self, number: int, *, format: str, lang: str | None = None) -> bytes:
        """The same as a paper for the meeting that decides: `pdf`, `docx` or `md`."""
        return self.fetch(f"reforms/{number}/difference/file", format=format, lang=lang)

    def draft_reform(
        self,
        owner: str,
        code: str,
        title: str,
        on: str,
        steps: Sequence[Mapping[str, Any]],
        *,
        basis: str = "",
        payroll: Mapping[str, Any] | None = None,
        document: int | None = None,
    ) -> WholeReform:
        """Draft a reform of what stands below the unit that answers for it; `on` is its first day."""
        told = {
            "code": code,
            "title": title,
            "on": on,
            "steps": [*steps],
            "basis": basis,
            "payroll": payroll,
            "document": document,
        }
        return cast(WholeReform, self._do(f"units/{owner}/reforms", **told))

    def change_reform(
        self,
        reform: Reform,
        steps: Sequence[Mapping[str, Any]],
        *,
        title: str | None = None,
        on: str | None = None,
        basis: str | None = None,
        payroll: Mapping[str, Any] | None = None,
        document: int | None = None,
    ) -> WholeReform:
        """Put another plan in the place of the one that was read; title, day and basis stay when they are left out."""
        told: dict[str, Any] = {
            "code": reform["code"],
            "title": reform["title"] if title is None else title,
            "on": reform["on"] if on is None else on,
            "basis": reform["basis"] if basis is None else basis,
            "steps": [*steps],
            "payroll": None if payroll is None else dict(payroll),
            "edition": reform["edition"],
        }
        if document is not None:
            told["document"] = document
        return cast(WholeReform, self.put(f"reforms/{reform['number']}", told))

    def take_back_reform_change(self, number: int, *, edition: int | None = None) -> WholeReform:
        """Undo the last change of the plan: the one of before comes back as the next edition."""
        return cast(WholeReform, self._do(f"reforms/{number}/take-back-change", edition=edition))

    def rehearse(self, number: int, *, edition: int | None = None) -> Rehearsal | Job:
        """Work a reform out on the tree as it is; nothing is changed by that. A large one is left to a job."""
        return cast(Rehearsal | Job, self._do(f"reforms/{number}/rehearse", edition=edition))

    def submit_reform(self, number: int, *, edition: int | None = None) -> Reform:
        """Ask the units concerned to approve."""
        return cast(Reform, self._do(f"reforms/{number}/submit", edition=edition))

    def approve_reform(self, number: int, unit: str, *, edition: int | None = None) -> Reform:
        """Approve for a unit that is asked."""
        return cast(Reform, self._do(f"reforms/{number}/approve", unit=unit, edition=edition))

    def withdraw_approval(self, number: int, unit: str, reason: str) -> Reform:
        """Take the approval of a unit back."""
        return cast(Reform, self._do(f"reforms/{number}/withdraw-approval", unit=unit, reason=reason))

    def decide_in_reform(
        self, number: int, decisions: Mapping[str, str], *, edition: int | None = None
    ) -> Rehearsal:
        """Decide what becomes of objects of the last rehearsal: by `subject`, the `choice`."""
        told = {"decisions": dict(decisions), "edition": edition}
        return cast(Rehearsal, self._do(f"reforms/{number}/decide", **told))

    def accept_proposals(self, number: int, *, of: str = "", edition: int | None = None) -> Rehearsal:
        """Decide as proposed about everything that is not decided; `of`: of one sort, as `access.Grant`."""
        return cast(Rehearsal, self._do(f"reforms/{number}/accept-proposals", of=of, edition=edition))

    def execute_reform(self, number: int, *, edition: int | None = None) -> Reform | Job:
        """Execute a reform in one stroke if it is rehearsed, approved and decided. A large one is left to a job."""
        return cast(Reform | Job, self._do(f"reforms/{number}/execute", edition=edition))

    def undo_reform(self, number: int, reason: str) -> Reform | Job:
        """Undo a reform, possible only before the first day on which it holds. A large one is left to a job."""
        return cast(Reform | Job, self._do(f"reforms/{number}/undo", reason=reason))

    def work(
        self,
        *,
        open: bool = True,
        search: str | None = None,
        reform: str | None = None,
        what: str | None = None,
        unit: str | None = None,
        order: str | None = None,
    ) -> Iterator[Work]:
        """What units have to look at after reforms; `open`: only what is not done yet.

        `search`: words in the names of units; `reform`, `unit`: codes; `order`: unit, what or reform.
        """
        return self.every("work", open=open, search=search, reform=reform, what=what, unit=unit, order=order)

    def work_progress(
        self,
        *,
        state: str | None = None,
        search: str | None = None,
        reform: str | None = None,
        what: str | None = None,
        unit: str | None = None,
        order: str | None = None,
    ) -> Iterator[WorkProgress]:
        """How far each unit is with it; `state`: todo, current or done; `order`: least, most or unit."""
        return self.every(
            "work/units", state=state, search=search, reform=reform, what=what, unit=unit, order=order
        )

    def finish_work(self, number: int) -> Work:
        """Say that it is done."""
        return cast(Work, self.post(f"work/{number}/finish", {}))
