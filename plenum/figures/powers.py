"""What may be done with returns and figures, with what reach, and the acts the journal names."""

from django.utils.translation import gettext_lazy as _

from plenum.access.powers import Power, Reach
from plenum.journal.acts import Act
from plenum.journal.words import Field, Subject
from plenum.packs import naming

READ = Power("figures.read", Reach.UNIT_AND_BELOW, _("Read figures and returns"))
ENTER = Power("figures.enter", Reach.UNIT, _("Enter figures of the own unit"))
SUBMIT = Power("figures.submit", Reach.UNIT, _("Submit and correct returns of the own unit"))
COLLECT = Power(
    "figures.collect",
    Reach.UNIT_AND_BELOW,
    _("Enter and submit returns for the unit and those below, from a workbook"),
)
ACCEPT = Power("figures.accept", Reach.BELOW, _("Accept returns of units below or send them back"))
OBLIGE = Power("figures.oblige", Reach.BELOW, _("Decide which returns units below owe"))

OBLIGE_UNIT = Act("figures.oblige_unit", _("Return made obligatory"))
TAKE_BACK_OBLIGATION = Act("figures.take_back_obligation", _("Obligation taken back"))
END_OBLIGATION = Act("figures.end_obligation", _("Obligation ended"))
SAVE_DRAFT = Act("figures.save_draft", _("Draft of a return saved"))
DISCARD_DRAFT = Act("figures.discard_draft", _("Draft of a return discarded"))
SUBMIT_RETURN = Act("figures.submit_return", _("Return submitted"))
WITHDRAW_RETURN = Act("figures.withdraw_return", _("Return taken back before acceptance"))
ACCEPT_RETURN = Act("figures.accept_return", _("Return accepted"))
SEND_BACK = Act("figures.send_back", _("Return sent back"))
COLLECT_RETURNS = Act("figures.collect_returns", _("Returns of the units below taken from a workbook"))
CORRECT_RETURN = Act("figures.correct_return", _("Correction of an accepted return begun"))


def return_name(codes: str, language: str) -> str:
    """What a return is called whose form and period are written as codes."""
    form, _space, period = codes.partition(" ")
    return f"{naming.form(form, language)}, {naming.period(period, language)}"


def obligation_name(codes: str, language: str) -> str:
    """What an obligation is called whose form and schedule are written as codes."""
    form, _space, schedule = codes.partition(" ")
    return f"{naming.form(form, language)}, {naming.schedule(schedule, language)}"


Subject("figures.Return", reads=return_name)
Subject("figures.Obligation", reads=obligation_name)
Subject("figures.collection", reads=return_name)

Field("figures.form", _("Form"), reads=naming.form)
Field("figures.schedule", _("How often"), reads=naming.schedule)
Field("figures.from", _("From"), reads=naming.day)
Field("figures.until", _("Last day"), reads=naming.day_before)
Field("figures.changed", _("Drafts saved"))
Field("figures.submitted", _("Returns submitted"))
Field("figures.version", _("Version"))
Field("figures.reason", _("Reason"))
Field("figures.figures", _("Figures"), reads=naming.number, parts=naming.slots)
