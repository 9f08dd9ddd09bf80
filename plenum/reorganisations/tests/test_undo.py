"""Taking a reform back before its first day: to the very rows, or with what stands in the way."""

from dataclasses import replace

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client

from plenum.access.actions import end_grant, grant_powers
from plenum.access.guard import speaking
from plenum.reorganisations.actions import draft_reform, take_back_change, undo_reform
from plenum.reorganisations.models import Reform, State
from plenum.reorganisations.rules import write_toml
from plenum.reorganisations.tests.factories import EFFECT, SYSTEM, Bloc, bloc_plan, executed, make_bloc
from plenum.tree.models import Unit
from tests.cast import DAY, Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def bloc(cast: Cast) -> Bloc:
    return make_bloc(cast)


class TestRefused:
    def test_after_its_day_only_another_reform_corrects_it(self, bloc: Bloc) -> None:
        reform = executed(bloc_plan(), by=bloc.by)
        with pytest.raises(ValidationError, match="corrects it"):
            undo_reform(reform.pk, reason="Late", on=EFFECT, by=bloc.by)

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


class TestAfterwards:
    def test_a_corrected_plan_takes_up_the_same_code(self, bloc: Bloc) -> None:
        reform = executed(bloc_plan(), by=bloc.by)
        with pytest.raises(ValidationError, match=r"belongs to the reform “Dissolve the bloc.*executed"):
            draft_reform(bloc_plan(), on=DAY, by=bloc.by)
        undo_reform(reform.pk, reason="Not yet", on=DAY, by=bloc.by)
        with pytest.raises(ValidationError, match="belongs to the reform"):
            draft_reform(replace(bloc_plan(), owner="north-bloc"), on=DAY, by=SYSTEM)
        client = Client()
        client.force_login(bloc.officer)
        corrected = write_toml(replace(bloc_plan(), title="Corrected"))
        sent = {"file": SimpleUploadedFile("plan.toml", corrected.encode())}
        assert client.post("/units/north/reforms/draft/", sent).status_code == 302
        again = Reform.objects.get(code=reform.code)
        assert (again.pk, again.state, again.edition, again.title) == (reform.pk, State.DRAFT, 2, "Corrected")
        assert take_back_change(again.pk, on=DAY, by=bloc.by).title == reform.title
