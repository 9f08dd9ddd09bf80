"""What an examination of the installation asks of the journal."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from plenum.journal.queries import broken_links
from plenum.journal.wording import broken_link_sentence
from plenum.periods.findings import Check, Finding


def _chains() -> Iterator[Finding]:
    """A finding for every place where a chain is broken."""
    for link in broken_links():
        yield Finding(
            what=broken_link_sentence(link),
            remedy=_(
                "Somebody has written to the database past Plenum. Find out who has its owner's password, and compare"
                " the entry with a backup from before; nothing in the journal can be put right."
            ),
        )


checks: list[Check] = [
    Check("journal.chains", gettext_noop("The journal is as it was written"), _chains),
]
