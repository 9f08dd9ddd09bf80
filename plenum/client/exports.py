"""Everything that one may see, as files for analysts."""

from pathlib import Path
from typing import Literal

from plenum.client.asking import Asking

Kind = Literal["parquet", "csv"]


class Exports(Asking):
    """Each writes a file named FILE.parquet or FILE.csv, or of the `kind` that is said, and gives its place."""

    def export_figures(
        self,
        file: str | Path,
        *,
        kind: Kind | None = None,
        unit: str | None = None,
        since: str | None = None,
        until: str | None = None,
        period: str | None = None,
        known_on: str | None = None,
        as_of: str | None = None,
    ) -> Path:
        """Every accepted figure, one row for each."""
        path = f"exports/figures.{_kind(file, kind)}"
        months = {"since": since, "until": until, "period": period}
        return self.save(path, file, unit=unit, **months, known_on=known_on, as_of=as_of)

    def export_returns(
        self,
        file: str | Path,
        *,
        kind: Kind | None = None,
        unit: str | None = None,
        since: str | None = None,
        until: str | None = None,
        period: str | None = None,
        as_of: str | None = None,
    ) -> Path:
        """Every return that has been begun, one row for each."""
        path = f"exports/returns.{_kind(file, kind)}"
        return self.save(path, file, unit=unit, since=since, until=until, period=period, as_of=as_of)

    def export_units(
        self,
        file: str | Path,
        *,
        kind: Kind | None = None,
        unit: str | None = None,
        as_of: str | None = None,
    ) -> Path:
        """Every unit of a day, one row for each."""
        return self.save(f"exports/units.{_kind(file, kind)}", file, unit=unit, as_of=as_of)

    def export_targets(
        self,
        file: str | Path,
        *,
        kind: Kind | None = None,
        unit: str | None = None,
        known_on: str | None = None,
        as_of: str | None = None,
    ) -> Path:
        """Every target that stands, one row for each."""
        path = f"exports/targets.{_kind(file, kind)}"
        return self.save(path, file, unit=unit, known_on=known_on, as_of=as_of)

    def export_journal(
        self,
        file: str | Path,
        *,
        kind: Kind | None = None,
        unit: str | None = None,
        since: str | None = None,
        until: str | None = None,
        period: str | None = None,
        as_of: str | None = None,
    ) -> Path:
        """Everything that was done, one row for each act, the newest first."""
        path = f"exports/journal.{_kind(file, kind)}"
        return self.save(path, file, unit=unit, since=since, until=until, period=period, as_of=as_of)


def _kind(file: str | Path, kind: Kind | None) -> str:
    """The kind that is said, else the ending of the file. Raises ValueError if that is no kind of file."""
    found = kind or Path(file).suffix.removeprefix(".").lower()
    if found not in ("parquet", "csv"):
        raise ValueError("name the file FILE.parquet or FILE.csv, or say which kind it is")
    return found
