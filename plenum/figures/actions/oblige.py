"""Deciding which returns a unit owes."""

from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import connection
from django.utils.translation import gettext as _

from plenum.access.reach import require
from plenum.figures import powers
from plenum.figures.actions.turn import writing
from plenum.figures.models import Obligation, Return
from plenum.figures.queries.holding import MAY_OWE, held, may_owe
from plenum.figures.rules import first_boundary, reportable, shared_slots
from plenum.figures.wording import day, said, slot_names
from plenum.journal import actions as journal
from plenum.journal.actor import Actor
from plenum.packs import Form, Schedule, pack
from plenum.periods import Period, Span
from plenum.tree.fields import as_range
from plenum.tree.models import Unit, UnitKind

OBLIGATIONS_LOCK = 72002
"""The advisory lock under which obligations are compared with each other and written."""


def known_form(code: str) -> Form:
    """A form of the pack; ValidationError on ``form`` if there is none."""
    form = pack().forms.get(code)
    if form is None:
        known = ", ".join(pack().forms)
        raise ValidationError(
            {"form": _("There is no form “%(code)s”. Forms: %(known)s.") % {"code": code, "known": known}}
        )
    return form


def _known_schedule(code: str) -> Schedule:
    schedule = pack().schedules.get(code)
    if schedule is None:
        known = ", ".join(pack().schedules)
        raise ValidationError(
            {
                "schedule": _("There is no schedule “%(code)s”. Schedules: %(known)s.")
                % {"code": code, "known": known}
            }
        )
    return schedule


def oblige_unit(unit_id: int, form: str, schedule: str, span: Span, *, on: date, by: Actor) -> Obligation:
    """Make a unit owe a form by a schedule for a span of days.

    ValidationError with the fields ``unit``, ``form``, ``schedule`` or ``from``: the pack knows no such form or
    schedule, the form is not for this kind of unit, the unit already owes it, or a unit on the same line owes a
    form with the same slots at the same time (figures would be counted twice).
    """
    with writing():
        require(by, powers.OBLIGE, unit_id, on)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [OBLIGATIONS_LOCK])
        the_form, the_schedule = known_form(form), _known_schedule(schedule)
        unit = Unit.objects.get(pk=unit_id)
        _refuse_wrong_kind(unit, the_form, span)
        _refuse_second(unit, form, the_schedule, span)
        _refuse_counting_twice(unit, the_form, span)
        obligation = Obligation.objects.create(unit=unit, form=form, schedule=schedule, span=span)
        journal.record(
            powers.OBLIGE_UNIT,
            by=by,
            power=powers.OBLIGE,
            unit_id=unit_id,
            on=on,
            subject=f"figures.Obligation:{obligation.pk}",
            subject_label=f"{form} {schedule}",
            change={"form": form, "schedule": schedule, "from": span.start, "until": span.end},
        )
    return obligation


def _refuse_wrong_kind(unit: Unit, form: Form, span: Span) -> None:
    if span.start not in unit.lifetime:
        raise ValidationError({"from": _("The unit does not exist on this day. Choose a day of its life.")})
    kind = UnitKind.objects.get(unit=unit, span__contains=span.start).kind
    if kind not in form.kinds:
        kinds = "; ".join(said(pack().kinds[code].name) for code in form.kinds if code in pack().kinds)
        raise ValidationError(
            {"form": _("This form is not for this kind of unit. It is for: %(kinds)s.") % {"kinds": kinds}}
        )


def _refuse_second(unit: Unit, form: str, schedule: Schedule, span: Span) -> None:
    others = list(Obligation.objects.filter(unit=unit, form=form).order_by("span"))
    for other in others:
        if other.span.overlaps(span):
            raise ValidationError(
                {
                    "from": _("The unit already owes this form from %(day)s. End that obligation first.")
                    % {"day": day(other.span.start)}
                }
            )
    earlier = [other for other in others if other.span.start < span.start]
    if earlier and earlier[-1].schedule != schedule.code:
        before = pack().schedules[earlier[-1].schedule]
        boundary = first_boundary(before, schedule, span.start)
        if boundary != span.start:
            raise ValidationError(
                {
                    "from": _(
                        "With another schedule than before, months would be reported twice or not at all. "
                        "Begin on %(day)s."
                    )
                    % {"day": day(boundary)}
                }
            )


def _refuse_counting_twice(unit: Unit, form: Form, span: Span) -> None:
    rivals = {code: shared_slots(form, other) for code, other in pack().forms.items()}
    forms = [code for code, shared in rivals.items() if shared]
    with connection.cursor() as cursor:
        cursor.execute(
            f"""WITH may AS MATERIALIZED (SELECT form, kind FROM {MAY_OWE})
               SELECT other.code, obligation.form
               FROM tree_ancestry line
               JOIN figures_obligation obligation
                 ON obligation.unit_id = CASE line.descendant_id WHEN %(unit)s THEN line.ancestor_id
                                                                 ELSE line.descendant_id END
               JOIN tree_unit other ON other.id = obligation.unit_id
               JOIN tree_unitkind its_kind ON its_kind.unit_id = obligation.unit_id
                AND (obligation.form, its_kind.kind) IN (SELECT form, kind FROM may)
               JOIN tree_unitkind own_kind ON own_kind.unit_id = %(unit)s
                AND (%(form)s, own_kind.kind) IN (SELECT form, kind FROM may)
               WHERE (line.descendant_id = %(unit)s OR line.ancestor_id = %(unit)s)
                 AND obligation.form = ANY(%(forms)s)
                 AND (line.depth > 0 OR obligation.form <> %(form)s)
                 AND NOT isempty(line.span * obligation.span * its_kind.span * own_kind.span * %(span)s)
               ORDER BY line.depth, other.code LIMIT 1""",  # noqa: S608
            {**may_owe(), "unit": unit.pk, "forms": forms, "form": form.code, "span": as_range(span)},
        )
        found = cursor.fetchone()
    if found is not None:
        raise ValidationError(
            {
                "form": _(
                    "These figures would be counted twice: %(slots)s. They are already owed on this line of the tree "
                    "by unit %(unit)s with the form %(form)s. End that obligation first or choose another form."
                )
                % {"slots": slot_names(form, rivals[found[1]]), "unit": found[0], "form": found[1]}
            }
        )


def end_obligation(obligation_id: int, last_day: date, *, on: date, by: Actor) -> Obligation:
    """Let an obligation end with ``last_day``; refused when returns exist for later periods."""
    with writing():
        obligation = Obligation.objects.select_for_update().get(pk=obligation_id)
        require(by, powers.OBLIGE, obligation.unit_id, on)
        before = obligation.span
        if last_day < before.start or last_day not in before:
            raise ValidationError({"last_day": _("Choose a day on which the obligation holds.")})
        later = Return.objects.filter(
            unit_id=obligation.unit_id, form=obligation.form, first_month__gt=last_day
        )
        if before.end is not None:
            later = later.filter(first_month__lt=before.end)
        if found := later.order_by("first_month").first():
            raise ValidationError(
                {
                    "last_day": _("There is a return for a later period: %(period)s. Choose a later day.")
                    % {"period": found.period_code}
                }
            )
        obligation.span = Span(before.start, last_day + timedelta(days=1))
        obligation.save(update_fields=["span"])
        journal.record(
            powers.END_OBLIGATION,
            by=by,
            power=powers.OBLIGE,
            unit_id=obligation.unit_id,
            on=on,
            subject=f"figures.Obligation:{obligation.pk}",
            subject_label=f"{obligation.form} {obligation.schedule}",
            change={"until": [before.end, obligation.span.end]},
        )
    return obligation


def take_back_obligation(obligation_id: int, *, on: date, by: Actor) -> None:
    """Take back an obligation that does not hold yet: its row goes, the journal keeps it.

    ValidationError once it holds, or when something has been reported under it.
    """
    with writing():
        obligation = Obligation.objects.select_for_update().get(pk=obligation_id)
        require(by, powers.OBLIGE, obligation.unit_id, on)
        filed = Return.objects.filter(unit_id=obligation.unit_id, form=obligation.form)
        if obligation.span.start <= on or filed.filter(month__gte=obligation.span.start).exists():
            raise ValidationError(_("The obligation holds already. End it instead."))
        journal.record(
            powers.TAKE_BACK_OBLIGATION,
            by=by,
            power=powers.OBLIGE,
            unit_id=obligation.unit_id,
            on=on,
            subject=f"figures.Obligation:{obligation.pk}",
            subject_label=f"{obligation.form} {obligation.schedule}",
            change={"from": [obligation.span.start, None]},
        )
        obligation.delete()


def check_reportable(unit_id: int, form: str, period: Period) -> Obligation:
    """The obligation under which the unit can report for a period; ValidationError (``period``) if none."""
    obligations = Obligation.objects.filter(unit_id=unit_id, form=form, span__overlap=as_range(period.span))
    for each in held(obligations.order_by("span")):
        schedule = _known_schedule(each.obligation.schedule)
        if any(reportable(schedule, span, period) for span in each.spans):
            return each.obligation
    raise ValidationError(
        {"period": _("The unit does not owe this form for the period %(period)s.") % {"period": period.code}}
    )
