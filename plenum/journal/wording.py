"""Where a chain does not hold, in sentences."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from plenum.journal.queries import BrokenLink, Fault

SYSTEM = {
    "reference year": gettext_lazy("Loading of the reference year"),
    "national sample": gettext_lazy("Loading of the national sample"),
    "command line": gettext_lazy("Command line"),
    "invitation": gettext_lazy("Invitation"),
    "OpenID Connect": gettext_lazy("Provider of the sign-in"),
}
"""What acts when nobody does, by the label in the journal."""


def actor_name(label: str) -> str:
    """Who acted, as people read it: a person by name, the system by what it did."""
    return str(SYSTEM.get(label, label))


FAULTS: dict[Fault, object] = {
    "changed": gettext_lazy("the entry is not what was written"),
    "out of line": gettext_lazy("an entry before it is missing or another"),
    "removed": gettext_lazy("the end of the chain has been removed"),
    "added": gettext_lazy("there are entries after the recorded end of the chain"),
    "without head": gettext_lazy("the record of the end of the chain is missing"),
    "not as sealed": gettext_lazy("this entry was sealed, and is not there any more"),
}


def broken_link_sentence(link: BrokenLink) -> str:
    """Which entry of which chain is at fault, and how; the unit is named by its number in the database."""
    values = {
        "unit": link.unit_id,
        "position": link.position,
        "fault": FAULTS[link.fault],
        "field": link.field,
    }
    if link.unit_id is None:
        where = _("Chain of the installation, entry %(position)s: %(fault)s.") % values
    else:
        where = _("Chain of unit number %(unit)s, entry %(position)s: %(fault)s.") % values
    return where if not link.field else where + " " + _("Column: %(field)s.") % values
