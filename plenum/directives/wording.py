"""Documents in the words of the reader."""

from collections.abc import Iterable

from django.utils.translation import get_language

from plenum.directives.queries import DocumentView
from plenum.packs import wording


def document_choices(documents: Iterable[DocumentView]) -> list[tuple[str, str]]:
    """Documents to choose from, by name, date and title; the first choice is none."""
    language = wording.language(get_language())
    named = []
    for each in documents:
        kind = each.kind_name.in_(language) if each.kind_name else each.kind
        year = str(each.date.year) if each.year_only else wording.day(each.date, language)
        named.append((str(each.id), f"{kind} {each.name} ({year}): {each.title}"[:120]))
    return [("", "–"), *named]
