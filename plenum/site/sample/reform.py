"""The reform of 1 July 2025 as a plan for the sample: provinces merged, the districts' level ended, communes regrouped.

Which commune went on in which is official (see `correspondence`). What is not said there follows rules of this sample,
which `RULES` states at the head of the plan.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction

from plenum.reorganisations.rules import (
    ChangeKind,
    EndLevel,
    Found,
    Merge,
    NewUnit,
    Part,
    Plan,
    Rename,
    Split,
    SplitBy,
    Step,
)
from plenum.site.sample.correspondence import Correspondence, Former, Later, LaterProvince
from plenum.site.sample.country import CENTRE, Made, small

DAY = date(2025, 7, 1)
YEAR = DAY.year
PROVINCE, COMMUNE, DISTRICT, CELL = "province", "commune_committee", "district", "cell"

RULES = """\
The reform of 1 July 2025 for the national sample. Which provinces and communes went on in which is the official
correspondence as the package vietnamadminunits has it. What that does not say follows these rules:
- A commune that alone becomes one new commune lives on, renamed where its name changed; so does a province.
  Others end and go on in a new unit. The code of a new unit ends in -2025.
- A district on islands that had no communes becomes a special zone: it lives on, of another kind.
- A commune that is divided goes to each of its successors in equal shares: the package gives no others.
  Its cells go to the successors one block after the other, as many to each as there are shares; the first get the rest.
- What stood directly below a district (schools, companies, agencies) goes under the province that follows, for
  nothing says in which of the new communes it works. Blocs and what stood directly below a province do so as well.
- Of a sample that is smaller than the country only what is there takes part.
"""


def reform_2025(known: Correspondence, units: Iterable[Made]) -> Plan:
    """The plan for the units of a sample; whatever the correspondence names that is not among them is left out."""
    there: dict[str, Made] = {}
    cells: dict[int, list[str]] = defaultdict(list)
    for unit in units:
        if unit.kind == CELL and unit.parent is not None:
            cells[unit.parent].append(unit.code)
        elif unit.kind in (PROVINCE, COMMUNE, DISTRICT):
            there[unit.code] = unit
    return Plan(
        code=f"reform-{YEAR}",
        title="Sắp xếp đơn vị hành chính từ ngày 1 tháng 7 năm 2025",
        on=DAY,
        owner=CENTRE,
        basis="Nghị quyết số 202/2025/QH15",
        steps=tuple(_Steps(known, there, cells)),
    )


class _Steps:
    def __init__(
        self, known: Correspondence, there: Mapping[str, Made], cells: Mapping[int, Sequence[str]]
    ) -> None:
        self.known, self.there, self.cells = known, there, cells
        self.former = [former for former in known.former if _code(former) in there]
        whole: dict[str, list[Former]] = defaultdict(list)
        parts: set[str] = set()
        for former in known.former:
            if len(former.successors) == 1:
                whole[former.successors[0]].append(former)
            else:
                parts.update(former.successors)
        self.living_on = {
            later: _code(formers[0])
            for later, formers in whole.items()
            if len(formers) == 1 and later not in parts
        }
        """The codes of communes that live on, by the official code of what they became."""
        self.provinces: dict[str, str] = {
            province.code: _province_code(province) for province in known.provinces
        }

    def __iter__(self) -> Iterator[Step]:
        for province in self.known.provinces:
            yield from self._province(province)
        yield from self._communes()
        for former in self.former:
            if len(former.successors) > 1:
                yield self._split(former)
        yield EndLevel(kind=DISTRICT)

    def _province(self, province: LaterProvince) -> Iterator[Step]:
        there = [f"tinh-{code}" for code, _name in province.former if f"tinh-{code}" in self.there]
        name = f"Đảng bộ {small(province.name)}"
        if len(province.former) == 1:
            for code in there:
                if self.there[code].name != name:
                    yield Rename(unit=code, name=name, short=province.short)
        elif there:
            new = NewUnit(self.provinces[province.code], name, PROVINCE, CENTRE, province.short)
            yield Merge(from_=tuple(there), into=new)

    def _communes(self) -> Iterator[Step]:
        """What becomes of whole communes, and every new one; each in the order of the new codes."""
        into: dict[str, list[Former]] = defaultdict(list)
        for former in self.former:
            for successor in former.successors:
                into[successor].append(former)
        for code in sorted(into):
            later = self.known.later[code]
            if code in self.living_on:
                yield from self._live_on(self.there[self.living_on[code]], later)
                continue
            new = self._new(later)
            whole = tuple(_code(former) for former in into[code] if len(former.successors) == 1)
            yield Merge(from_=whole, into=new) if whole else Found(unit=new)

    def _live_on(self, unit: Made, later: Later) -> Iterator[Step]:
        if unit.kind == DISTRICT:
            yield ChangeKind(unit=unit.code, kind=COMMUNE)
        name = _committee(later)
        if unit.name != name:
            yield Rename(unit=unit.code, name=name, short=later.short)

    def _new(self, later: Later) -> NewUnit:
        return NewUnit(
            _commune_code(later.code), _committee(later), COMMUNE, self.provinces[later.province], later.short
        )

    def _split(self, former: Former) -> Split:
        """In equal shares; the cells in blocks."""
        unit = self.there[_code(former)]
        blocks = _blocks(self.cells.get(unit.number, ()), len(former.successors))
        share = Fraction(1, len(former.successors))
        return Split(
            from_=unit.code,
            into=tuple(
                Part(unit=_commune_code(code), share=share, children=block)
                for code, block in zip(former.successors, blocks, strict=True)
            ),
            by=SplitBy.LIST,
        )


def _blocks(items: Sequence[str], count: int) -> Iterator[tuple[str, ...]]:
    """Some items as `count` blocks, one after the other; the first are one longer if it does not come out even."""
    size, rest = divmod(len(items), count)
    start = 0
    for number in range(count):
        end = start + size + (number < rest)
        yield tuple(items[start:end])
        start = end


def _code(former: Former) -> str:
    """The code that the sample gives a former commune or district."""
    return f"huyen-{former.code}" if former.is_district else f"xa-{former.code}"


def _commune_code(code: str) -> str:
    return f"xa-{code}-{YEAR}"


def _province_code(province: LaterProvince) -> str:
    """A province that is what it was keeps its code."""
    [*_others, (last, _name)] = province.former
    return f"tinh-{last}" if len(province.former) == 1 else f"tinh-{province.code}-{YEAR}"


def _committee(later: Later) -> str:
    return f"Đảng bộ {small(later.name)}"
