"""Translations: each room keeps its messages in `locale/<language>/LC_MESSAGES/django.po`; English is the source.

`extract_all` brings the lists up to date, `compile_all` makes what gettext reads, `faults` lists what is not right.
"""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

import polib
from babel.messages.extract import extract_python
from django.utils.translation.reloader import translation_file_changed
from django.utils.translation.template import templatize

PACKAGE = Path(__file__).resolve().parent.parent

PLURAL_FORMS = {
    "vi": "nplurals=1; plural=0;",
    "ru": (
        "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : "
        "n%10>=2 && n%10<=4 && (n%100<12 || n%100>14) ? 1 : 2);"
    ),
    "cs": "nplurals=3; plural=(n==1) ? 0 : (n>=2 && n<=4) ? 1 : 2;",
}
FORMS = {"vi": 1, "ru": 3, "cs": 3}
FORM_FOR_ONE_ONLY = {"cs": 0}
"""The plural form that serves the number one and no other, and so may leave the number out."""

KEYWORDS: dict[str, tuple[int | str, ...]] = {
    "_": (1,),
    "gettext": (1,),
    "gettext_lazy": (1,),
    "gettext_noop": (1,),
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ("c", 1),
    "pgettext_lazy": ("c", 1),
    "npgettext": ("c", 1, 2),
    "npgettext_lazy": ("c", 1, 2),
}

PLACEHOLDER = re.compile(r"%\(\w+\)[sdif]|%[sdif]|\{\w*\}")
TAG = re.compile(r"</?\w+[^>]*>")

Key = tuple[str, str]
"""Context ("" if none) and message."""


@dataclass
class Message:
    """One message as the code and templates have it."""

    context: str
    text: str
    plural: str
    places: set[str] = field(default_factory=set)

    @property
    def key(self) -> Key:
        return self.context, self.text


def rooms() -> list[Path]:
    """Return the folders of the rooms."""
    return sorted(path.parent for path in PACKAGE.glob("*/__init__.py"))


def catalogue(room: Path, language: str) -> Path:
    """Return where the messages of `room` in `language` are kept."""
    return room / "locale" / language / "LC_MESSAGES" / "django.po"


def messages_in(room: Path) -> dict[Key, Message]:
    """Return the messages in the code and templates of `room`, in order of place."""
    found: dict[Key, Message] = {}
    for path in sorted(room.rglob("*")):
        inside = path.relative_to(room).parts
        if "tests" in inside or "migrations" in inside or "locale" in inside:
            continue
        if path.suffix == ".py":
            source = path.read_text(encoding="utf-8")
        elif path.is_file() and "templates" in inside:
            source = _as_code(path)
        else:
            continue
        for message in _messages(source):
            kept = found.setdefault(message.key, message)
            kept.plural = kept.plural or message.plural
            kept.places.add(path.relative_to(PACKAGE.parent).as_posix())
    return found


def _as_code(path: Path) -> str:
    """Return the calls of gettext that a template stands for; line by line, so indentation means nothing."""
    code = templatize(path.read_text(encoding="utf-8"), origin=str(path))
    return "\n".join(line.strip() for line in code.split("\n"))


def _messages(source: str) -> Iterator[Message]:
    calls = extract_python(BytesIO(source.encode()), dict.fromkeys(KEYWORDS), [], {"encoding": "utf-8"})
    for _line, function, arguments, _comments in calls:
        values = list(arguments) if isinstance(arguments, (tuple, list)) else [arguments]
        texts: dict[int | str, str | None] = dict(zip(KEYWORDS[str(function)], values, strict=False))
        text = texts.get(1)
        if isinstance(text, str) and text:
            yield Message(context=texts.get("c") or "", text=text, plural=texts.get(2) or "")


def extract_all() -> list[tuple[str, int, int]]:
    """Bring every catalogue up to date; return its path, how many messages it has and how many lack a translation.

    What is translated stays; what the code has no more goes; what moved from another room brings its translation.
    """
    found = {room: messages_in(room) for room in rooms()}
    report = []
    for language in PLURAL_FORMS:
        known = _known(language)
        for room, messages in found.items():
            path = catalogue(room, language)
            if not messages:
                path.unlink(missing_ok=True)
                continue
            merged = _merged(messages, known, path, language)
            path.parent.mkdir(parents=True, exist_ok=True)
            merged.save(str(path))
            missing = sum(not _is_translated(entry) for entry in merged)
            report.append((path.relative_to(PACKAGE.parent).as_posix(), len(merged), missing))
    return report


def _known(language: str) -> dict[Key, polib.POEntry]:
    entries: dict[Key, polib.POEntry] = {}
    for room in rooms():
        for key, entry in _entries(catalogue(room, language)).items():
            if key not in entries or not _is_translated(entries[key]):
                entries[key] = entry
    return entries


def _entries(path: Path) -> dict[Key, polib.POEntry]:
    if not path.exists():
        return {}
    return {
        (entry.msgctxt or "", entry.msgid): entry for entry in polib.pofile(str(path)) if not entry.obsolete
    }


def _merged(
    messages: dict[Key, Message], known: dict[Key, polib.POEntry], path: Path, language: str
) -> polib.POFile:
    merged = polib.POFile(wrapwidth=110)
    merged.metadata = {
        "Project-Id-Version": "Plenum",
        "Language": language,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": PLURAL_FORMS[language],
    }
    own = _entries(path)
    for message in messages.values():
        old = own.get(message.key)
        if old is None or not _is_translated(old):
            old = known.get(message.key, old)
        merged.append(_entry(message, old, language))
    return merged


def _entry(message: Message, old: polib.POEntry | None, language: str) -> polib.POEntry:
    entry = polib.POEntry(
        msgid=message.text,
        msgctxt=message.context or None,
        occurrences=[(place, "") for place in sorted(message.places)],
    )
    if PLACEHOLDER.search(message.text + message.plural):
        entry.flags = ["python-brace-format" if "{" in message.text else "python-format"]
    if message.plural:
        entry.msgid_plural = message.plural
        entry.msgstr_plural = dict.fromkeys(range(FORMS[language]), "")
    if old is None:
        return entry
    if message.plural and old.msgstr_plural:
        entry.msgstr_plural = {form: old.msgstr_plural.get(form, "") for form in range(FORMS[language])}
    elif not message.plural and not old.msgstr_plural:
        entry.msgstr = old.msgstr
    entry.flags += [flag for flag in old.flags if flag == "fuzzy"]
    entry.tcomment = old.tcomment
    return entry


def _is_translated(entry: polib.POEntry) -> bool:
    if entry.msgid_plural:
        return bool(entry.msgstr_plural) and all(entry.msgstr_plural.values())
    return bool(entry.msgstr)


def compile_all() -> int:
    """Compile every catalogue that is newer than what was compiled of it; return how many were."""
    compiled = 0
    for path in sorted(PACKAGE.glob("*/locale/*/LC_MESSAGES/django.po")):
        target = path.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= path.stat().st_mtime:
            continue
        draft = path.with_suffix(f".mo.{os.getpid()}")
        polib.pofile(str(path)).save_as_mofile(str(draft))
        draft.replace(target)
        translation_file_changed(None, target)  # this process may have read that there were none
        compiled += 1
    return compiled


def faults() -> list[str]:
    """Return everything that is not right with the translations, one line each."""
    found: list[str] = []
    messages_of = {room: messages_in(room) for room in rooms()}
    for language in PLURAL_FORMS:
        seen: dict[Key, tuple[Path, polib.POEntry]] = {}
        for room, messages in messages_of.items():
            path = catalogue(room, language)
            shown = path.relative_to(PACKAGE.parent).as_posix()
            entries = _entries(path)
            for key, message in messages.items():
                entry = entries.get(key)
                found += [
                    f"{shown}: {fault}: {message.text!r}" for fault in _faults_of(message, entry, language)
                ]
                if entry is not None:
                    first = seen.setdefault(key, (path, entry))[1]
                    if (first.msgstr, first.msgstr_plural) != (entry.msgstr, entry.msgstr_plural):
                        found.append(f"{shown}: translated otherwise in another room: {message.text!r}")
            found += [
                f"{shown}: no longer in the code: {key[1]!r}" for key in entries.keys() - messages.keys()
            ]
    return found


def _faults_of(message: Message, entry: polib.POEntry | None, language: str) -> list[str]:
    if entry is None:
        return ["missing"]
    if entry.fuzzy:
        return ["doubtful (fuzzy)"]
    if (entry.msgid_plural or "") != message.plural:
        return ["the plural has changed"]
    if not _is_translated(entry):
        return ["not translated"]
    if not message.plural:
        return _differences(message.text, entry.msgstr)
    if set(entry.msgstr_plural) != set(range(FORMS[language])):
        return ["plural forms are missing"]
    found = []
    for form, text in entry.msgstr_plural.items():
        source = message.plural
        if FORM_FOR_ONE_ONLY.get(language) == form and not _differences(message.text, text):
            source = message.text
        found += _differences(source, text)
    return found


def _differences(source: str, translation: str) -> list[str]:
    found = []
    if set(PLACEHOLDER.findall(source)) != set(PLACEHOLDER.findall(translation)):
        found.append("placeholders differ")
    if sorted(TAG.findall(source)) != sorted(TAG.findall(translation)):
        found.append("tags differ")
    if (source[:1].isspace(), source[-1:].isspace()) != (
        translation[:1].isspace(),
        translation[-1:].isspace(),
    ):
        found.append("space at the edge differs")
    return found
