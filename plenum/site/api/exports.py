"""Everything that an analyst may see, streamed: figures, returns, units, targets, the journal; as Parquet or CSV."""

from typing import Any

from django.http import StreamingHttpResponse
from ninja import Query, Router, Schema

from plenum.access.programs import PeriodIn, WordIn, lens
from plenum.access.requests import AuthedRequest, unit_for
from plenum.access.streams import MEDIA_TYPES, streamed
from plenum.site.exports import POWERS, Asked, Kind, Name, stream_named

router = Router()

FILE: dict[str, Any] = {
    "description": "The rows as a file.",
    "content": {
        media_type.split(";")[0]: {"schema": {"type": "string", "format": "binary"}}
        for media_type in MEDIA_TYPES.values()
    },
}


class Part(Schema):
    """Which part of it all is wanted."""

    unit: WordIn | None = None


class Months(Part):
    """The same with months: from the first of one period to the last of another."""

    since: PeriodIn | None = None
    until: PeriodIn | None = None


def _described(*parts: str) -> dict[str, Any]:
    return lens(*parts) | {"responses": {200: FILE}}


@router.get(
    "/exports/figures.{kind}",
    response={200: None},
    operation_id="export_figures",
    summary="Every accepted figure, one row for each",
    openapi_extra=_described("period", "known_on", "as_of"),
)
def export_figures(request: AuthedRequest, kind: Kind, part: Query[Months]) -> Any:
    """Of all units in reach, or of one and those that stood below it then; of all months, of the period, or of those
    from the period `since` to the period `until`. With `known_on` as they were known when that day ended.
    """
    return _answer(request, "figures", kind, part, part.since, part.until)


@router.get(
    "/exports/returns.{kind}",
    response={200: None},
    operation_id="export_returns",
    summary="Every return that has been begun, one row for each",
    openapi_extra=_described("period", "as_of"),
)
def export_returns(request: AuthedRequest, kind: Kind, part: Query[Months]) -> Any:
    """With its state and its days; units and months as for figures."""
    return _answer(request, "returns", kind, part, part.since, part.until)


@router.get(
    "/exports/units.{kind}",
    response={200: None},
    operation_id="export_units",
    summary="Every unit of a day, one row for each",
    openapi_extra=_described("as_of"),
)
def export_units(request: AuthedRequest, kind: Kind, part: Query[Part]) -> Any:
    """All in reach, or one and those below it on that day; sorted by name."""
    return _answer(request, "units", kind, part)


@router.get(
    "/exports/targets.{kind}",
    response={200: None},
    operation_id="export_targets",
    summary="Every target that stands, one row for each",
    openapi_extra=_described("known_on", "as_of"),
)
def export_targets(request: AuthedRequest, kind: Kind, part: Query[Part]) -> Any:
    """Of all units in reach, or of one and those below it; with `known_on` those that stood when that day ended."""
    return _answer(request, "targets", kind, part)


@router.get(
    "/exports/journal.{kind}",
    response={200: None},
    operation_id="export_journal",
    summary="Everything that was done, one row for each act",
    openapi_extra=_described("period", "as_of"),
)
def export_journal(request: AuthedRequest, kind: Kind, part: Query[Months]) -> Any:
    """At all units whose journal you read, or at one and those that ever stood below it; on all days, or on those from
    the period `since` to the period `until`. The newest first.
    """
    return _answer(request, "journal", kind, part, part.since, part.until)


def _answer(
    request: AuthedRequest, name: Name, kind: Kind, part: Part, since: Any = None, until: Any = None
) -> StreamingHttpResponse:
    seen = request.lens
    unit = unit_for(request, part.unit, POWERS[name]) if part.unit is not None else None
    asked = Asked(
        as_of=seen.as_of,
        known_on=seen.known_on,
        since=since or seen.period,
        until=until or seen.period,
        unit_id=unit.pk if unit is not None else None,
    )
    stream = stream_named(name, asked, actor=request.actor, on=seen.today)
    pieces = streamed(stream, kind, actor=request.actor, on=seen.today)
    response = StreamingHttpResponse(pieces, content_type=MEDIA_TYPES[kind])
    named = "-".join(["plenum", name, *([part.unit] if part.unit else []), seen.as_of.isoformat()])
    response["Content-Disposition"] = f'attachment; filename="{named}.{kind}"'
    return response
