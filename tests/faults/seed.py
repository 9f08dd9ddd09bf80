"""Fill an installation with the cast and a little of everything: `python -P -m tests.faults.seed`.

Prints as JSON, for each unit that owes returns, the cookie of a session of somebody who may submit there.
"""

import json
import os
import sys
from datetime import date
from decimal import Decimal

import django

FORM = "grassroots-monthly"
PASSWORD = "seven stones in a row"


def main() -> None:
    """Open the database of the installation that the environment names, and fill it."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "plenum.site.settings")
    django.setup()
    from plenum.access.guard import speaking
    from plenum.site.database import opening
    from tests.cast import DAY, SYSTEM

    opening.open_database()
    with speaking(SYSTEM, DAY):
        sys.stdout.write(json.dumps(filled()))


def filled() -> dict[str, str]:
    """Make the cast, obligations, returns in every state, a target, a statement, a document; then the sessions."""
    from plenum.access.actions import create_account, grant_powers
    from plenum.directives.actions import DocumentFields, register_document
    from plenum.figures.actions import accept_return, oblige_unit, save_draft, send_back, submit_return
    from plenum.packs import pack
    from plenum.periods import Period, Span
    from plenum.targets.actions import StatementFields, TargetFields, record_statement, set_target
    from tests.cast import DAY, FOUNDED, SYSTEM, make_cast

    cast = make_cast()
    people = {"hill-school": cast.insider.account, "hill-river": cast.sibling.account}
    port = cast.unit("coast-port")
    people["coast-port"] = create_account(
        "porter", name="Porter", language="en", unit=port, on=FOUNDED, by=SYSTEM
    )
    grant_powers(people["coast-port"], port, "secretary", start=FOUNDED, on=FOUNDED, by=SYSTEM)
    for code in people:
        oblige_unit(cast.unit(code).pk, FORM, "month", Span(FOUNDED), on=FOUNDED, by=SYSTEM)

    unit = cast.unit("hill-school")
    values: dict[str, int | None] = {slot.code: 0 for slot in pack().forms[FORM].slots}
    for month in range(1, 5):
        period = Period.parse(f"2020-{month:02}")
        draft = save_draft(unit.pk, FORM, period, values, edition=0, on=DAY, by=cast.insider.actor)
        if month > 1:
            submit_return(draft.pk, on=DAY, by=cast.insider.actor)
        if month == 3:
            accept_return(draft.pk, on=DAY, by=cast.superior.actor)
        if month == 4:
            send_back(draft.pk, "Tổng số\tsai\\n\n“xem lại”", on=DAY, by=cast.superior.actor)
    document = DocumentFields("decision", "About targets", date(2024, 1, 5), "1188", issuer_id=unit.pk)
    register_document(unit, document, on=DAY, by=SYSTEM)
    target = TargetFields("members.admitted", Period.parse("2024"), "value", Decimal("5"))
    set_target(unit, target, on=date(2024, 1, 10), by=SYSTEM)
    said = StatementFields(
        "members.admitted", Period.parse("2024-9M"), "value", Decimal(3), "count", "Annual report"
    )
    record_statement(unit, said, on=DAY, by=SYSTEM)
    return {code: session_of(account) for code, account in people.items()}


def session_of(account: object) -> str:
    """Sign somebody in and return the cookie."""
    from django.conf import settings
    from django.test import Client

    client = Client()
    client.force_login(account)  # type: ignore[arg-type]
    return client.cookies[settings.SESSION_COOKIE_NAME].value


if __name__ == "__main__":
    main()
