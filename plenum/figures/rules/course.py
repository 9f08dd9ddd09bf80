"""The course of a return: draft, submitted, accepted or sent back, corrected later."""

from enum import StrEnum


class State(StrEnum):
    """Where a return stands now."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    SENT_BACK = "sent_back"
    ACCEPTED = "accepted"


class Deed(StrEnum):
    """What can be done with a return."""

    SAVE = "save"
    SUBMIT = "submit"
    WITHDRAW = "withdraw"
    ACCEPT = "accept"
    SEND_BACK = "send_back"
    CORRECT = "correct"
    DISCARD = "discard"


class NotNow(ValueError):
    """The deed is not possible in the state the return is in (None: nothing has been entered yet)."""

    def __init__(self, deed: Deed, state: State | None) -> None:
        self.deed = deed
        self.state = state
        super().__init__(f"{deed} is not possible when the return is {state or 'not begun'}")


_NEXT: dict[tuple[Deed, State | None], State] = {
    (Deed.SAVE, None): State.DRAFT,
    (Deed.SAVE, State.DRAFT): State.DRAFT,
    (Deed.SAVE, State.SENT_BACK): State.SENT_BACK,
    (Deed.SUBMIT, State.DRAFT): State.SUBMITTED,
    (Deed.SUBMIT, State.SENT_BACK): State.SUBMITTED,
    (Deed.WITHDRAW, State.SUBMITTED): State.DRAFT,
    (Deed.ACCEPT, State.SUBMITTED): State.ACCEPTED,
    (Deed.SEND_BACK, State.SUBMITTED): State.SENT_BACK,
    (Deed.CORRECT, State.ACCEPTED): State.DRAFT,
}


def state_after(deed: Deed, state: State | None, *, submitted: bool, accepted: bool) -> State | None:
    """The state a deed leads to; None when the return is gone afterwards. NotNow when the deed is not possible.

    ``submitted`` and ``accepted`` say whether the return has ever been so. A draft that was never submitted can be
    discarded for good; a correction can be discarded back to what is accepted; what was once submitted and never
    accepted stays on record and can only be put right.
    """
    if deed is Deed.DISCARD and state in (State.DRAFT, State.SENT_BACK):
        if accepted:
            return State.ACCEPTED
        if not submitted:
            return None
    try:
        return _NEXT[deed, state]
    except KeyError:
        raise NotNow(deed, state) from None


def deeds_possible(state: State | None, *, submitted: bool, accepted: bool) -> frozenset[Deed]:
    """Every deed that the state allows, whoever may do it."""

    def possible(deed: Deed) -> bool:
        try:
            state_after(deed, state, submitted=submitted, accepted=accepted)
        except NotNow:
            return False
        return True

    return frozenset(deed for deed in Deed if possible(deed))
