"""The reform of 2025 executed on a small sample: every sum of a successor is that of its predecessors, by a recount."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from plenum.access.command_line import CommandLine
from plenum.figures.models import Entry
from plenum.figures.queries import figures_of, returns_behind
from plenum.journal.actor import Actor
from plenum.packs import pack
from plenum.periods import Period
from plenum.site.cli import collected
from plenum.site.sample.commands import sample
from plenum.site.sample.load import Wanted, load
from plenum.tree.models import Lineage, Unit

SMALL = Wanted(scale=0.003)
NOW = date(2025, 8, 1)
SLOTS = {"members.admitted": "members_admitted", "members.total": "members_total"}


def quiet(_step: str) -> None:
    """Says nothing."""


@pytest.fixture
def reformed(fresh_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A small sample after the reform, executed from the file that the command writes."""
    monkeypatch.setenv("PLENUM_HOME", str(tmp_path))
    load(SMALL, resume=False, say=quiet)
    plan = tmp_path / "plan.toml"
    written = CliRunner().invoke(sample, ["reform-2025", "--scale", str(SMALL.scale), "-o", str(plan)])
    assert written.exit_code == 0, written.output
    line = CommandLine(Actor.system("test"), SMALL.today)
    reform = next(command for command in collected() if command.name == "reform")
    done = CliRunner().invoke(reform, ["execute", str(plan), "--accept-proposals"], obj=line)
    assert done.exit_code == 0, (done.output, done.exception)


def said() -> Mapping[tuple[int, str, str], int]:
    """What the accepted versions say, by unit, month and slot."""
    found: dict[tuple[int, str, str], int] = {}
    for entry in Entry.objects.select_related("of_return", "version").order_by("version__number"):
        form = pack().forms[entry.of_return.form]
        for slot in SLOTS.values():
            value = entry.version.values[form.slot(slot).number - 1] if form.has(slot) else None
            if value is not None:
                found[entry.of_return.unit_id, entry.of_return.period_code, slot] = value
    return found


def known(of_unit: Mapping[str, int], month: str, slot: str) -> int | None:
    """What a unit says for a month; a stock stays what it was earlier in the year until it is told again."""
    if slot == "members_admitted":
        return of_unit.get(month)
    told = [when for when in sorted(of_unit) if when[:4] == month[:4] and when <= month]
    return of_unit[told[-1]] if told else None


def test_every_sum_of_a_successor_is_that_of_its_predecessors(reformed: None) -> None:
    links = list(Lineage.objects.filter(on_date=date(2025, 7, 1)))
    whole: dict[int, set[int]] = defaultdict(set)
    parts: dict[int, set[int]] = defaultdict(set)
    for link in links:
        (parts if link.by else whole)[link.successor_id].add(link.predecessor_id)
    reporting = said()
    committees = {key[0] for key in reporting}
    by_unit: dict[tuple[int, str], dict[str, int]] = defaultdict(dict)
    for (who, month, slot), value in reporting.items():
        by_unit[who, slot][month] = value
    heirs = {unit for unit in {*whole, *parts} if (whole[unit] | parts[unit]) <= committees}
    assert len(heirs) > 3
    assert any(parts[unit] for unit in heirs) or not any(link.by for link in links)
    root = Unit.objects.get(placements__parent=None)
    months = sorted({month for _unit, month, _slot in reporting})
    for code in months:
        period = Period.parse(code)
        found = figures_of([root.pk, *heirs], period, tree=NOW)
        then = figures_of([root.pk], period)[root.pk]
        for indicator, slot in SLOTS.items():
            of_month = {unit: known(by_unit[unit, slot], code, slot) for unit in committees}
            everything = sum(value or 0 for value in of_month.values())
            assert found[root.pk][indicator].value == then[indicator].value == everything
            assert not found[root.pk][indicator].estimated
            for heir in heirs:
                figure = found[heir][indicator]
                own = sum(of_month.get(unit) or 0 for unit in {heir, *whole[heir]})
                if parts[heir]:
                    assert figure.estimated
                    assert (figure.value or 0) >= own
                else:
                    assert (figure.value or 0, figure.estimated) == (own, ())
    divided = {link.predecessor_id for link in links if link.by} & committees
    for unit in divided:
        given = [
            each.values["members_admitted"]
            for link in links
            if link.predecessor_id == unit
            for each in returns_behind(
                link.successor_id, "members.admitted", Period.parse(months[0]).year_period(), tree=NOW
            )
            if each.unit.id == unit
        ]
        whole_year = by_unit[unit, "members_admitted"].values()
        assert sum(given) == sum(whole_year), "the shares sum to the whole"
