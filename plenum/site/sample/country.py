"""The tree of a country: real provinces, districts and communes, and what is generated below and beside them.

How many there are follows what is known of the real organisation: about 52,000 grassroots organisations, of which some
25,000 are committees with about 280,000 cells, and 5 to 6 million members.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import sqrt

from plenum.site.sample.administrative import Place, provinces
from plenum.site.sample.chance import Chance

CENTRE = "trung-uong"
SEED = 2024

COMMITTEES = 0.35
"""The share of grassroots organisations beside the communes that are committees with cells."""

IN_DISTRICT, IN_BLOC, IN_PROVINCE = (30, 66), (42, 82), (8, 16)
"""How many grassroots organisations stand directly below one, besides the communes."""

COMMUNE_CELLS, AGENCY_CELLS = (10, 23), (4, 12)
IN_COMMUNE_CELL, IN_AGENCY_CELL, IN_GRASSROOTS_CELL = (15, 29), (9, 19), (7, 23)
"""How many members a cell has."""

BLOCS = (("co-quan", "Khối các cơ quan"), ("doanh-nghiep", "Khối doanh nghiệp"))
OF_DISTRICT = (
    "Trường Mầm non",
    "Trường Tiểu học",
    "Trường Trung học cơ sở",
    "Trường Trung học phổ thông",
    "Hợp tác xã",
    "Công ty",
    "Trung tâm Y tế",
    "Công an",
    "Ban Chỉ huy Quân sự",
    "Cơ quan Huyện ủy",
    "Ủy ban nhân dân",
    "Tòa án nhân dân",
    "Viện kiểm sát nhân dân",
    "Ngân hàng",
    "Điện lực",
)
OF_BLOC = (
    "Sở, ngành",
    "Ban của Tỉnh ủy",
    "Đơn vị sự nghiệp",
    "Công ty cổ phần",
    "Tổng công ty",
    "Bệnh viện",
    "Ngân hàng",
    "Hội, đoàn thể",
)
OF_PROVINCE = ("Công an", "Bộ đội Biên phòng", "Quân sự", "Trường Đại học", "Trường Cao đẳng")


@dataclass(frozen=True, slots=True)
class Made:
    """One unit of the sample. ``number`` is its place in the whole, from 1; ``members`` at the start of the year."""

    number: int
    code: str
    kind: str
    name: str
    short: str
    parent: int | None
    illustrative: bool
    members: int = 0
    cells: int = 0

    @property
    def reports(self) -> bool:
        """Whether it is a grassroots organisation and owes returns."""
        return self.kind in ("commune_committee", "agency_committee", "grassroots_cell")


class Country:
    """A country at a scale from 0 to 1: of provinces, of the districts in each, and of what stands beside them the
    square root of it is kept, whole, so that every level remains. What a smaller scale keeps, a larger one keeps too.
    """

    def __init__(self, scale: float = 1.0, seed: int = SEED) -> None:
        if not 0 < scale <= 1:
            raise ValueError("A scale is more than 0 and at most 1.")
        self.scale, self.seed = scale, seed
        self._kept = sqrt(scale)
        self._count = 0

    def branches(self) -> Iterator[tuple[str, list[Made]]]:
        """The units of the centre, then of every province with all below it, each after the one it stands under."""
        self._count = 0
        centre = self._made(CENTRE, "centre", "Trung ương", "Trung ương", None, real=True)
        yield CENTRE, [centre]
        for place in self._some(provinces(), least=2):
            code = f"tinh-{place.code}"
            yield code, list(self._province(place, code, centre.number))

    def _province(self, place: Place, code: str, centre: int) -> Iterator[Made]:
        chance = Chance(self.seed, code)
        top = self._made(code, "province", f"Đảng bộ {small(place.name)}", place.short, centre, real=True)
        yield top
        yield from self._grassroots(top, IN_PROVINCE, OF_PROVINCE, place.short, chance)
        for ending, name in BLOCS:
            bloc = self._made(
                f"{code}-{ending}", "bloc", f"Đảng bộ {name} {small(place.name)}", name, top.number
            )
            yield bloc
            yield from self._grassroots(bloc, IN_BLOC, OF_BLOC, place.short, chance)
        for district in self._some(place.parts, least=1):
            yield from self._district(district, top)

    def _district(self, place: Place, top: Made) -> Iterator[Made]:
        code = f"huyen-{place.code}"
        chance = Chance(self.seed, code)
        district = self._made(
            code, "district", f"Đảng bộ {small(place.name)}", place.short, top.number, real=True
        )
        yield district
        for part in place.parts:
            yield from self._commune(part, district, chance)
        if place.parts:
            yield from self._grassroots(district, IN_DISTRICT, OF_DISTRICT, place.short, chance, whole=True)

    def _commune(self, place: Place, district: Made, chance: Chance) -> Iterator[Made]:
        cells = chance.between(*COMMUNE_CELLS)
        committee = self._made(
            f"xa-{place.code}",
            "commune_committee",
            f"Đảng bộ {small(place.name)}",
            place.short,
            district.number,
            real=True,
            members=sum(chance.between(*IN_COMMUNE_CELL) for _cell in range(cells)),
            cells=cells,
        )
        yield committee
        yield from self._cells(committee, "thôn" if place.name.startswith("Xã") else "tổ dân phố")

    def _grassroots(
        self,
        above: Made,
        how_many: tuple[int, int],
        names: Sequence[str],
        where: str,
        chance: Chance,
        *,
        whole: bool = False,
    ) -> Iterator[Made]:
        """What stands directly below a unit besides communes; of a kept district the whole."""
        there = chance.between(*how_many)
        kept = there if whole else max(2, round(there * self._kept))
        for number in range(1, there + 1):
            committee = chance.happens(COMMITTEES)
            name, cells = chance.of(names), chance.between(*AGENCY_CELLS)
            in_cell = IN_AGENCY_CELL if committee else IN_GRASSROOTS_CELL
            members = sum(chance.between(*in_cell) for _cell in range(cells if committee else 1))
            if number > kept:
                continue
            unit = self._made(
                f"{above.code}-cs-{number:03}",
                "agency_committee" if committee else "grassroots_cell",
                f"{'Đảng bộ' if committee else 'Chi bộ'} {name} số {number} {where}",
                f"{name} số {number}",
                above.number,
                members=members,
                cells=cells if committee else 0,
            )
            yield unit
            if committee:
                yield from self._cells(unit, "trực thuộc")

    def _cells(self, committee: Made, called: str) -> Iterator[Made]:
        for number in range(1, committee.cells + 1):
            name = f"Chi bộ {called} {number}"
            yield self._made(f"{committee.code}-cb-{number:02}", "cell", name, name, committee.number)

    def _made(
        self,
        code: str,
        kind: str,
        name: str,
        short: str,
        parent: int | None,
        *,
        real: bool = False,
        members: int = 0,
        cells: int = 0,
    ) -> Made:
        self._count += 1
        return Made(self._count, code, kind, name, short, parent, not real, members, cells)

    def _some(self, places: Sequence[Place], *, least: int) -> list[Place]:
        """The kept share of places, in their order; those without parts are the first to be left out."""
        drawn = sorted(
            places,
            key=lambda each: (not each.parts, Chance(self.seed, f"kept/{each.code}").draw(), each.code),
        )
        kept = set(drawn[: max(least, round(len(places) * self._kept))])
        return [place for place in places if place in kept]


def small(name: str) -> str:
    """A name as it stands within another: only the word that says what it is loses its capital."""
    return name[:1].lower() + name[1:]
