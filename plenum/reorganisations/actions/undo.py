"""Undoing an executed reform before the first day on which it holds."""

from datetime import date
from functools import partial

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from plenum.journal.actor import Actor
from plenum.organisation.actions.refusals import in_words
from plenum.packs import wording
from plenum.reorganisations.actions.turn import take, write_down
from plenum.reorganisations.models import Approval, Reform, State, Work
from plenum.reorganisations.powers import EXECUTE, UNDO_REFORM
from plenum.reorganisations.queries.named import rows_that_name
from plenum.reorganisations.rules import Stage, Tell, untold
from plenum.reorganisations.wording import counted_in_words
from plenum.tree.dispositions import declared
from plenum.tree.reshaping import undo_reshape
from plenum.tree.turn import take_turn


@transaction.atomic
def undo_reform(reform_id: int, *, reason: str, tell: Tell = untold, on: date, by: Actor) -> Reform:
    """Take back everything that an execution has written, as long as nothing of it holds; the plan can be changed then.

    ValidationError once it holds, or where others have built on it. The journal keeps both. `tell` is told how far it
    is; what it raises ends it, and the reform stays executed.
    """
    take_turn()
    reform = take(reform_id, EXECUTE, states=[State.EXECUTED], on=on, by=by)
    if not reason.strip():
        raise ValidationError({"reason": [_("Write the reason.")]})
    if on >= reform.on_date:
        text = _(
            "The reform holds since %(day)s. Draft another one that corrects it; this one is not undone."
        )
        raise ValidationError(text % {"day": wording.day(reform.on_date, wording.language(get_language()))})
    sorts = [
        each for each in reversed(declared()) if reform.undo.get(each.model) and each.take_back is not None
    ]
    for number, disposition in enumerate(sorts):
        tell(Stage.BACK, number, len(sorts))
        if disposition.take_back is not None:
            disposition.take_back(reform.undo[disposition.model], on, by)
    Work.objects.filter(reform=reform).delete()
    # Were they kept, a unit that an earlier reform has founded would still be named, and that one could not be undone.
    Approval.objects.filter(reform=reform).delete()
    for reshaping in reversed(reform.reshapings):
        _take_back(reshaping, tell, on)
    tell(Stage.JOURNAL, 0, 0)
    reform.state = State.UNDONE
    reform.save(update_fields=["state"])
    write_down(
        UNDO_REFORM,
        reform,
        EXECUTE,
        {"since": [reform.on_date, None], "reason": reason.strip(), "digest": reform.digest},
        on=on,
        by=by,
    )
    tell(Stage.KEPT, 0, 0)
    return reform


def _take_back(reshaping: int, tell: Tell, on: date) -> None:
    """Take back what was written of one day; ValidationError names what others have done with its new units."""
    try:
        with in_words():
            undo_reshape(reshaping, on=on, tell=partial(tell, Stage.TREE))
    except ValidationError as error:
        named = rows_that_name(reshaping, on)
        if not named:
            raise
        text = _(
            "The new unit %(unit)s is used already: %(what)s. Take that back first. What cannot be taken back stays;"
            " then another reform corrects this one after its first day."
        )
        raise ValidationError(
            [text % {"unit": each.code, "what": counted_in_words(each.rows)} for each in named]
        ) from error
