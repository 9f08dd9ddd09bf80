"""From a report to a file: PDF, DOCX, Markdown or JSON, in each of the four languages."""

from collections.abc import Callable
from datetime import date
from typing import Final

from plenum.periods import Period
from plenum.reports.content import ReviewContent
from plenum.reports.render.as_json import render_json
from plenum.reports.render.markdown import markdown, render_markdown
from plenum.reports.render.pdf import render_pdf, typeset
from plenum.reports.wording import Written, write

Renderer = Callable[[ReviewContent, Written], bytes]


def render_docx(content: ReviewContent, written: Written) -> bytes:
    """The report as a Word document."""
    from plenum.reports.render import word  # imported with the first document: most commands write none

    return word.render_docx(content, written)


RENDERERS: Final[dict[str, Renderer]] = {
    "pdf": render_pdf,
    "docx": render_docx,
    "md": render_markdown,
    "json": render_json,
}
MEDIA_TYPES: Final = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "md": "text/markdown; charset=utf-8",
    "json": "application/json",
}
_FILE_NAMES: Final = {"vi": "bao-cao", "en": "review", "ru": "otchet", "cs": "zprava"}


def render(content: ReviewContent, language: str, format: str) -> bytes:
    """The report as a file; KeyError for a format that is not one of `RENDERERS`."""
    return RENDERERS[format](content, write(content, language))


PAPER_FORMATS: Final = ("pdf", "docx", "md")
"""In which formats there are papers: whatever is written down but is no report."""


def render_paper(written: Written, drawn_on: date, format: str) -> bytes:
    """What is written down as a file; KeyError for a format that is not one of `PAPER_FORMATS`."""
    match format:
        case "pdf":
            return typeset(written, drawn_on)
        case "docx":
            from plenum.reports.render.word import word_document

            return word_document(written, drawn_on)
        case "md":
            return markdown(written)
    raise KeyError(format)


def file_name(unit_code: str, period: Period, language: str, format: str) -> str:
    """A name that says what the file is: bao-cao-quang-nam-2023.vi.pdf."""
    return f"{_FILE_NAMES[language]}-{unit_code}-{period.code.lower()}.{language}.{format}"


def paper_name(code: str, language: str, format: str) -> str:
    """The name of the file of a paper on a reform: reform-2025.vi.pdf."""
    return f"{code}.{language}.{format}"


def issued_file_name(unit_code: str, period: Period, language: str, edition: int, format: str) -> str:
    """The same of what was issued, with its edition: bao-cao-quang-nam-2023-2.vi.pdf."""
    return f"{_FILE_NAMES[language]}-{unit_code}-{period.code.lower()}-{edition}.{language}.{format}"


__all__ = [
    "MEDIA_TYPES",
    "PAPER_FORMATS",
    "RENDERERS",
    "file_name",
    "issued_file_name",
    "paper_name",
    "render",
    "render_paper",
]
