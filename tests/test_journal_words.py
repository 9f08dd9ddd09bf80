"""Every entry of the reference year reads in words, in each language: no codes, no names of columns."""

import re

import pytest
from django.conf import settings
from django.utils.translation import override

from plenum.journal.acts import REGISTRY
from plenum.journal.models import Entry
from plenum.journal.words import FIELDS, changes_in_words, subject_in_words, undeclared
from plenum.packs import Pack, pack
from plenum.targets.models import Statement, Target
from plenum.targets.powers import COMPARISONS, SAID_IN, STATED

CODES = re.compile(
    r"\b[a-z]+_[a-z_]+\b|\b[a-z]+\.[a-z]+_?[a-z]*\b|\b\d{4}-(?:\d\d|Q\d|H\d|9M)\b|\b(?:True|False)\b"
)
"""Names of columns and slots, codes of indicators and powers, ISO days, codes of periods, values of Python."""

WRITTEN_BY_PEOPLE = {
    "name",
    "short",
    "title",
    "reason",
    "source",
    "login",
    "achievements",
    "shortcomings",
    "causes",
    "tasks",
}


def plain_codes(found: Pack) -> set[str]:
    """The codes of the pack that look like words, such as kinds of documents and schedules."""
    named = (found.kinds, found.forms, found.schedules, found.document_kinds, found.power_sets)
    return {code for each in named for code in each}


def test_every_entry_of_the_reference_year_reads_in_words(reference_database: str) -> None:
    entries = list(Entry.objects.all())
    assert {entry.act for entry in entries} <= set(REGISTRY)
    assert not {name for entry in entries for name in undeclared(entry.act, entry.change)}
    for language, _name in settings.LANGUAGES:
        with override(language):
            raw = {text for entry in entries for text in _texts(entry, language) if _is_raw(text)}
        assert not raw


def _texts(entry: Entry, language: str) -> list[str]:
    read = {name: value for name, value in entry.change.items() if name not in WRITTEN_BY_PEOPLE}
    lines = changes_in_words(entry.act, read, language)
    texts = [text for line in lines for text in (line.field, line.before, line.after)]
    coded = entry.subject.startswith(("targets.", "figures.", "reports."))
    return texts + ([subject_in_words(entry.subject, entry.subject_label, language)] if coded else [])


def _is_raw(text: str) -> bool:
    return CODES.search(text) is not None or text in plain_codes(pack())


def test_every_field_is_named_or_hidden() -> None:
    rooms = {code.partition(".")[0] for code in REGISTRY}
    for code, field in FIELDS.items():
        assert code.partition(".")[0] in rooms
        assert bool(str(field.label)) is not field.hidden, code


@pytest.mark.parametrize(
    ("choices", "labels"),
    [(Target.Comparisons, COMPARISONS), (Statement.What, STATED), (Statement.SaidUnit, SAID_IN)],
)
def test_the_journal_says_choices_as_the_forms_do(choices: type, labels: dict[str, str]) -> None:
    assert dict(choices.choices) == labels  # type: ignore[attr-defined]
