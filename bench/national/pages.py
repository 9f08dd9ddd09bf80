"""The pages of the day after the reform of a country, as those read them who work with what came of it."""

import os
from collections.abc import Iterator, Mapping
from datetime import timedelta
from unittest.mock import patch

from django.test import Client
from django.test.utils import override_settings

from bench.national.mapping import DAY
from bench.national.measuring import Times, timed
from plenum.access.actions.accounts import create_account
from plenum.access.actions.grants import grant_powers
from plenum.access.guard import speaking
from plenum.access.models import Account
from plenum.access.queries import account_by_login
from plenum.journal.actor import Actor
from plenum.reorganisations.models import Reform
from plenum.tree.models import Ancestry, Unit, UnitKind

BY, NEXT_DAY = Actor.system("bench"), DAY + timedelta(days=1)
LAST_YEAR = DAY.year - 1
TIMES = 3


def pages_after(reform: str) -> Iterator[tuple[str, str, Times, bool]]:
    """Whose page and which, how long it took, and whether it came: of the centre, and of a province of the reform."""
    with patch.dict(os.environ, {"PLENUM_TODAY": NEXT_DAY.isoformat()}):
        with speaking(BY, NEXT_DAY):
            number = Reform.objects.get(code=reform).pk
            centre = account_by_login("trung-uong")
            province = _officer(_largest_province())
        for account in (centre, province):
            assert account.unit is not None
            with override_settings(ALLOWED_HOSTS=["testserver"], SECURE_SSL_REDIRECT=False):
                client = Client()
                with speaking(BY, NEXT_DAY):
                    client.force_login(account)
                for name, path in _paths(account.unit.code, number).items():
                    times, answer = timed(lambda client=client, path=path: client.get(path), times=TIMES)
                    whose = "centre" if account is centre else "province"
                    yield whose, name, times, answer.status_code == 200


def _paths(unit: str, reform: int) -> Mapping[str, str]:
    last_year = f"period={LAST_YEAR}&tree=now"
    return {
        "unit": f"/units/{unit}/",
        "board": f"/units/{unit}/board/?period={DAY.year}",
        "board of last year on this tree": f"/units/{unit}/board/?{last_year}",
        "indicator of last year on this tree": f"/units/{unit}/indicators/members.admitted/?{last_year}",
        "reform": f"/reforms/{reform}/",
        "what is left to do": "/reforms/work/",
        "how far each unit is": "/reforms/work/units/",
        "what came of a name": "/units/?q=tam",
    }


def _largest_province() -> Unit:
    """The province that has most below it: one that was merged, if there is any such."""
    provinces = UnitKind.objects.filter(kind="province", span__contains=NEXT_DAY).values_list(
        "unit", flat=True
    )

    def below(unit_id: int) -> int:
        return Ancestry.objects.filter(ancestor=unit_id, span__contains=NEXT_DAY).count()

    founded = provinces.filter(unit__lifetime__startswith=DAY)
    return Unit.objects.get(pk=max(founded or provinces, key=below))


def _officer(unit: Unit) -> Account:
    account = Account.objects.filter(login="bench-province").first()
    if account is None:
        account = create_account("bench-province", name="bench", language="vi", unit=unit, on=NEXT_DAY, by=BY)
        grant_powers(account, unit, "officer", start=NEXT_DAY, on=NEXT_DAY, by=BY)
    return account
