"""Taking a reform back before its first day: to the very rows, or with what stands in the way."""

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction

from plenum.access.actions import end_grant, grant_powers
from plenum.access.guard import speaking
from plenum.reorganisations.actions import undo_reform
from plenum.reorganisations.models import Reform, State
from plenum.reorganisations.tests.factories import EFFECT, SYSTEM, Bloc, bloc_plan, executed, make_bloc
from plenum.tree.models import Unit
from tests.cast import DAY, Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def bloc(cast: Cast) -> Bloc:
    return make_bloc(cast)


class TestRefused:
    def test_what_names_a_new_unit_is_said_as_people_call_it(self, bloc: Bloc) -> None:
        reform = executed(bloc_plan(), by=bloc.by)
        party = Unit.objects.get(code="north-party")
        grant = grant_powers(bloc.officer, party, "officer", start=EFFECT, on=DAY, by=SYSTEM)
        with transaction.atomic(), speaking(bloc.by, DAY):
            values = {"on_date": EFFECT, "plan": {}, "changed_by": "x", "changed_on": DAY}
            Reform.objects.create(code="own", title="Own", unit=party, **values)
            with pytest.raises(ValidationError) as refused:
                undo_reform(reform.pk, reason="Not yet", on=DAY, by=bloc.by)
            transaction.set_rollback(True)
        (text,) = refused.value.messages
        assert text.startswith("The new unit north-party is used already: Grants (1); Reforms (1). Take that")
        end_grant(grant, until=DAY, even_if_last=True, on=DAY, by=SYSTEM)
        assert undo_reform(reform.pk, reason="Not yet", on=DAY, by=bloc.by).state == State.UNDONE
