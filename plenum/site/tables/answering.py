"""Answering `?table=NAME&as=xlsx` or `as=csv` at any page: its table of that name as a file.

The page itself is asked, by whoever asks and with whatever else the address says, so that a file can never show what
the page would not. A long list is taken in large pieces (`plenum.access.paging`), one after the other.
"""

import tempfile
from collections.abc import Callable, Iterator
from typing import IO, cast

from django.core.exceptions import BadRequest
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.text import slugify
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from plenum.access.csv_cells import MEDIA_TYPE
from plenum.access.requests import AuthedRequest
from plenum.access.tables.files import XLSX, About, write_csv, write_xlsx
from plenum.access.tables.table import ReadTable
from plenum.packs.marks import marking
from plenum.packs.wording import language
from plenum.site.context import LANGUAGE_NAMES
from plenum.site.tables.reading import ReadPage, read_page

TABLE, FORMAT = "table", "as"
FORMATS = {"xlsx": XLSX, "csv": MEDIA_TYPE}

Answer = Callable[[HttpRequest], HttpResponseBase]


class Tables:
    """Middleware beside the pages, so that a page is asked under the same lens and by the same speaker."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        name, kind = request.GET.get(TABLE, ""), request.GET.get(FORMAT, "")
        if request.method != "GET" or not name or not kind or request.path.startswith("/api/"):
            return self.answer(request)
        if kind not in FORMATS:
            raise BadRequest(_("A table can be had as xlsx or as csv."))
        return self._file(request, name, kind)

    def _file(self, request: HttpRequest, name: str, kind: str) -> HttpResponseBase:
        request.to_file = True  # type: ignore[attr-defined]
        with marking() as sign:
            first = self._asked(request, 1)
            if not _is_page(first):
                return first
            page = _read(first, name, sign)
            if page.table is None:
                raise Http404
            out = cast("IO[bytes]", tempfile.TemporaryFile())  # noqa: SIM115 - the response closes it
            try:
                self._write(request, page, page.table, name, sign, kind, out)
            except BaseException:
                out.close()
                raise
        out.seek(0)
        title = file_name(cast(AuthedRequest, request), name, page.table.period)
        return FileResponse(out, as_attachment=True, filename=f"{title}.{kind}", content_type=FORMATS[kind])

    def _write(
        self,
        request: HttpRequest,
        page: ReadPage,
        table: ReadTable,
        name: str,
        sign: str,
        kind: str,
        out: IO[bytes],
    ) -> None:
        pages = self._pages(request, table, name, sign)
        if kind == "csv":
            write_csv(pages, out)
            return
        lang = language(get_language())
        view = " · ".join(part for part in (page.view, LANGUAGE_NAMES[lang]) if part)
        write_xlsx(pages, About(table.caption, page.title.removesuffix(" · Plenum"), view, lang), out)

    def _pages(self, request: HttpRequest, first: ReadTable, name: str, sign: str) -> Iterator[ReadTable]:
        yield first
        for number in range(2, first.pages + 1):
            answer = self._asked(request, number)
            table = _read(answer, name, sign).table if _is_page(answer) else None
            if table is None:
                raise RuntimeError(f"page {number} of the table is gone")
            yield table

    def _asked(self, request: HttpRequest, number: int) -> HttpResponseBase:
        asked = request.GET.copy()
        for parameter in (TABLE, FORMAT, "page"):
            asked.pop(parameter, None)
        asked["page"] = str(number)
        request.GET = asked  # type: ignore[assignment]
        return self.answer(request)


def _is_page(answer: HttpResponseBase) -> bool:
    return (
        isinstance(answer, HttpResponse)
        and answer.status_code == 200
        and answer.headers.get("Content-Type", "").startswith("text/html")
    )


def _read(answer: HttpResponseBase, name: str, sign: str) -> ReadPage:
    return read_page(cast(HttpResponse, answer).content.decode(), name, sign)


def file_name(request: AuthedRequest, table: str, period: str) -> str:
    """What a file is called: the unit or the number of the page, the table, the period, the days of the view."""
    match, lens = request.resolver_match, request.lens
    named = match.kwargs if match is not None else {}
    parts = [
        *(named.get(part, "") for part in ("code", "pk", "indicator", "form")),
        table,
        named.get("period", period),
    ]
    days = [lens.as_of.isoformat(), f"known-{lens.known_on.isoformat()}" if lens.known_on else ""]
    return "-".join(slugify(str(part).replace(".", "-")) for part in (*parts, *days) if part)
