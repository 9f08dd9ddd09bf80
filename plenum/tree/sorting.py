"""How names are put in order and found again: keys computed once and stored beside the name. Pure.

The database's own order knows no Vietnamese, and the embedded server has no ICU; so the key of a name is a plain
text whose code points are already in the right order. Primary: letters in the order of the Vietnamese alphabet and
numbers by their value; secondary: tones (level, grave, hook, tilde, acute, dot below).
"""

import re
import unicodedata

ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
TONES = ("\u0300", "\u0309", "\u0303", "\u0301", "\u0323")
"""Combining marks of the five written tones, in dictionary order; the level tone has no mark and comes first."""

_SHAPES = {"\u0306": {"a": "ă"}, "\u0302": {"a": "â", "e": "ê", "o": "ô"}, "\u031b": {"o": "ơ", "u": "ư"}}
_PRIMARY = {letter: chr(ord("A") + place) for place, letter in enumerate(ALPHABET)}
_BREAK = "!"
_FOREIGN = "~"
_DIGITS = re.compile(r"\d+")
_SPACE = re.compile(r"\s+")


def sort_key(name: str) -> str:
    """A text that sorts by code points as `name` does by the Vietnamese alphabet, numbers by value.

    >>> sorted(["Chi bộ 10", "Chi bộ 2"], key=sort_key)
    ['Chi bộ 2', 'Chi bộ 10']
    """
    primary: list[str] = []
    secondary: list[str] = []
    for token in _tokens(name):
        if token.isdecimal():
            number = str(int(token))
            primary.append(f"{len(number):03}{number}")
            continue
        for letter, rest in _letters(token):
            primary.append(_weight(letter))
            if letter.isalpha():
                secondary.append(rest)
    joined = re.sub(f"{_BREAK}+", _BREAK, "".join(primary)).strip(_BREAK)
    return f"{joined} {''.join(secondary).rstrip('0')}"


def search_key(text: str) -> str:
    """`text` without case, diacritics, punctuation and double spaces: what people type in a hurry matches it.

    >>> search_key("Đảng bộ  huyện Tam Dương")
    'dang bo huyen tam duong'
    """
    plain = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    kept = "".join(c if c.isalnum() else " " for c in plain if not unicodedata.combining(c))
    return _SPACE.sub(" ", kept).strip()


def _tokens(name: str) -> list[str]:
    text = unicodedata.normalize("NFC", name).casefold()
    tokens: list[str] = []
    position = 0
    for match in _DIGITS.finditer(text):
        tokens += [text[position : match.start()], match.group()]
        position = match.end()
    return [token for token in [*tokens, text[position:]] if token]


def _letters(text: str) -> list[tuple[str, str]]:
    """Each letter of the alphabet (or other sign) with the weight of what it carries: a tone 0-5, a foreign mark 6."""
    letters: list[tuple[str, str]] = []
    for sign in unicodedata.normalize("NFD", text):
        if not unicodedata.combining(sign):
            letters.append((sign, "0"))
        elif letters:
            letter, weight = letters[-1]
            shaped = _SHAPES.get(sign, {}).get(letter)
            if shaped:
                letters[-1] = (shaped, weight)
            else:
                letters[-1] = (letter, str(TONES.index(sign) + 1) if sign in TONES else "6")
    return letters


def _weight(letter: str) -> str:
    if letter in _PRIMARY:
        return _PRIMARY[letter]
    return _FOREIGN + letter if letter.isalpha() else _BREAK
