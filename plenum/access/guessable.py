"""What somebody who guesses tries first: words that everybody knows here, and passwords that are known from elsewhere.

A list of such passwords may be a file of the operator (`settings.PASSWORD_LIST`): one password a line, or the list of
Have I Been Pwned, one SHA-1 a line in order, in which one is found without reading the rest.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

from plenum.tree.queries import ancestors, unit_views
from plenum.tree.sorting import search_key

HASHED = re.compile(rb"[0-9A-Fa-f]{40}(?::\d+)?\s*")
LONGEST_LINE = 400


def folded(text: str) -> str:
    """A text without case, accents and signs: `Tam-Dương` and `tamduong` are one word."""
    return search_key(text).replace(" ", "")


def known_words(login: str, name: str, unit_ids: Iterable[int], on: date) -> set[str]:
    """What everybody knows of an account, folded: login, person, its units and those above, the installation."""
    return {folded(word) for word in _known(login, name, set(unit_ids), on)}


def _known(login: str, name: str, unit_ids: set[int], on: date) -> Iterator[str]:
    yield from (login, name, *settings.PASSWORD_WORDS)
    units = {view.id: view for unit_id in unit_ids for view in ancestors(unit_id, on)}
    for view in (units | unit_views(unit_ids, on)).values():
        yield from (view.name, view.short, view.code)


def is_on_the_list(password: str) -> bool:
    """Whether the password stands in the file of the operator, as it is or in small letters; False without one."""
    path = settings.PASSWORD_LIST
    if path is None:
        return False
    written = {password.strip(), password.strip().lower()}
    with Path(path).open("rb") as file:
        if HASHED.fullmatch(file.readline(LONGEST_LINE)):
            digests = (hashlib.sha1(each.encode(), usedforsecurity=False).hexdigest() for each in written)
            return any(_is_among(file, digest.upper().encode()) for digest in digests)
        file.seek(0)
        wanted = {each.encode() for each in written}
        return any(line.strip() in wanted for line in file)


def _is_among(file: BinaryIO, digest: bytes) -> bool:
    """Whether a line of the ordered file begins with the digest: by halves."""
    low, high = 0, file.seek(0, 2)
    while low < high:
        middle = (low + high) // 2
        file.seek(middle)
        if middle:
            file.readline(LONGEST_LINE)
        line = file.readline(LONGEST_LINE)
        if not line or line[:40].upper() >= digest:
            high = middle
        else:
            low = middle + 1
    file.seek(low)
    if low:
        file.readline(LONGEST_LINE)
    return file.readline(LONGEST_LINE)[:40].upper() == digest
