"""How a code is made from a name. Pure."""

import re
import unicodedata

_CYRILLIC = dict(zip("абвгґдезиіїйклмнопрстуўфыэѐѝ", "abvggdeziiiyklmnoprstuufyeei", strict=True))
_CYRILLIC |= {"ё": "yo", "є": "ye", "ж": "zh", "ї": "yi", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh"}
_CYRILLIC |= {"щ": "shch", "ю": "yu", "я": "ya", "ъ": "", "ь": ""}
_LATIN = {
    "đ": "d",
    "ð": "d",
    "þ": "th",
    "æ": "ae",
    "œ": "oe",
    "ø": "o",
    "ł": "l",
    "ı": "i",
    "ŋ": "ng",
    "№": "",
}
_IN_LATIN = _CYRILLIC | _LATIN
"""Letters that are no Latin letter with a mark, as they are usually written in Latin ones."""
_OTHER = re.compile(r"[^a-z0-9]+")


def code_from(name: str) -> str:
    """A name in small Latin letters, digits and hyphens; empty if none of its letters has a Latin form.

    >>> code_from("Đảng bộ xã Sông Trăng"), code_from("Ячейка «Юность» № 3")
    ('dang-bo-xa-song-trang', 'yacheyka-yunost-3')
    """
    text = unicodedata.normalize("NFC", name).casefold()
    written = "".join(_IN_LATIN.get(letter, letter) for letter in text)
    plain = "".join(
        sign for sign in unicodedata.normalize("NFKD", written) if not unicodedata.combining(sign)
    )
    plain = re.sub("[’ʼ'ʹʺ]", "", plain)
    return _OTHER.sub("-", plain.lower()).strip("-")
