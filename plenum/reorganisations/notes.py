"""What a unit is told with a piece of work after a reform: kept so that it is said in the language of its reader.

`Work.note` holds it as JSON: a name in every language (`label`), or `findings` of the rehearsal with the `names` of
their units. Of reforms executed before that, it holds the words themselves, in the language of whoever executed them.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import get_language

from plenum.packs.wording import LANGUAGES, language
from plenum.reorganisations.queries.report import finding_data, finding_from
from plenum.reorganisations.rules import Finding
from plenum.reorganisations.wording import finding_in_words
from plenum.tree.dispositions import Label


def note_of_label(label: Label) -> str:
    """A note that says what something is called."""
    return _kept({"label": {each: label(each) for each in LANGUAGES}})


def note_of_findings(findings: Sequence[Finding], names: Mapping[str, str]) -> str:
    """A note that says what a rehearsal has found; `names`: what units are called, by their codes."""
    return _kept({"findings": [finding_data(each) for each in findings], "names": dict(names)})


def note_in_words(note: str) -> str:
    """What a note says, in the language of the reader."""
    kept = _read(note)
    if kept is None:
        return note
    if "label" in kept:
        return str(kept["label"][language(get_language())])
    return " ".join(finding_in_words(finding_from(each), kept["names"]) for each in kept["findings"])


def _kept(values: dict[str, Any]) -> str:
    return json.dumps(values, ensure_ascii=False)


def _read(note: str) -> dict[str, Any] | None:
    try:
        kept = json.loads(note)
    except ValueError:
        return None
    return kept if isinstance(kept, dict) and ("label" in kept or "findings" in kept) else None
