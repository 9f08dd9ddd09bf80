"""From a marked message to what gettext reads: extracted, kept, checked, compiled."""

import gettext
from pathlib import Path

import polib
import pytest

from plenum.site import translations

CODE = """
from django.utils.translation import gettext as _, ngettext, pgettext

def say(n):
    return _("Accept %(unit)s") + ngettext("%(n)d return", "%(n)d returns", n) + pgettext("verdict", "Met")
"""
TEMPLATE = """{% load i18n %}
    <c-table title="{% translate 'Late' %}">
  {% blocktranslate count n=n %}{{ n }} day{% plural %}{{ n }} days{% endblocktranslate %}
        {% translate "Met" context "verdict" %} {{ _("Board")|upper }}
</c-table>{# Translators: nobody #}
"""


@pytest.fixture
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A house with one room that has some messages."""
    house = tmp_path / "house"
    room = house / "room"
    (room / "templates" / "room").mkdir(parents=True)
    (room / "tests").mkdir()
    (room / "__init__.py").write_text("")
    (room / "pages.py").write_text(CODE)
    (room / "tests" / "test_pages.py").write_text('_("not for people")')
    (room / "templates" / "room" / "page.html").write_text(TEMPLATE)
    monkeypatch.setattr(translations, "PACKAGE", house)
    return room


def fill(room: Path, language: str, texts: dict[str, str | list[str]]) -> None:
    """Translate as a translator would: in the file."""
    path = translations.catalogue(room, language)
    catalogue = polib.pofile(str(path))
    for entry in catalogue:
        text = texts.get(entry.msgid, "")
        if isinstance(text, list):
            entry.msgstr_plural = dict(enumerate(text))
        else:
            entry.msgstr = text
    catalogue.save(str(path))


RUSSIAN: dict[str, str | list[str]] = {
    "Accept %(unit)s": "Принять: %(unit)s",
    "%(n)d return": ["%(n)d отчёт", "%(n)d отчёта", "%(n)d отчётов"],
    "Met": "Выполнено",
    "Late": "Опоздания",
    "%(n)s day": ["%(n)s день", "%(n)s дня", "%(n)s дней"],
    "Board": "Доска",
}


def faults(language: str) -> list[str]:
    return [fault for fault in translations.faults() if f"/{language}/" in fault]


def test_messages_of_code_and_templates_are_found_and_tests_left_out(room: Path) -> None:
    found = translations.messages_in(room)
    assert {(message.context, message.text, message.plural) for message in found.values()} == {
        ("", "Accept %(unit)s", ""),
        ("", "%(n)d return", "%(n)d returns"),
        ("verdict", "Met", ""),
        ("", "Late", ""),
        ("", "%(n)s day", "%(n)s days"),
        ("", "Board", ""),
    }
    assert found["verdict", "Met"].places == {"house/room/pages.py", "house/room/templates/room/page.html"}


def test_a_new_list_is_wholly_untranslated(room: Path) -> None:
    assert ("house/room/locale/ru/LC_MESSAGES/django.po", 6, 6) in translations.extract_all()
    assert len(faults("ru")) == 6


def test_a_complete_translation_has_no_faults_and_real_plurals(room: Path) -> None:
    translations.extract_all()
    fill(room, "ru", RUSSIAN)
    assert faults("ru") == []
    assert translations.compile_all() == 3
    with translations.catalogue(room, "ru").with_suffix(".mo").open("rb") as file:
        russian = gettext.GNUTranslations(file)
    said = [russian.ngettext("%(n)s day", "%(n)s days", n) % {"n": n} for n in (1, 3, 11, 21)]
    assert said == ["1 день", "3 дня", "11 дней", "21 день"]
    assert russian.pgettext("verdict", "Met") == "Выполнено"


def test_what_is_compiled_is_not_compiled_again(room: Path) -> None:
    translations.extract_all()
    translations.compile_all()
    assert translations.compile_all() == 0


def test_extracting_again_keeps_translations_and_drops_what_is_gone(room: Path) -> None:
    translations.extract_all()
    fill(room, "ru", RUSSIAN)
    before = translations.catalogue(room, "ru").read_text()
    translations.extract_all()
    assert translations.catalogue(room, "ru").read_text() == before
    (room / "templates" / "room" / "page.html").write_text("")
    assert [fault for fault in faults("ru") if "no longer in the code" in fault]
    translations.extract_all()
    assert faults("ru") == []
    assert "Board" not in translations.catalogue(room, "ru").read_text()


def test_a_message_that_moves_to_another_room_brings_its_translation(room: Path) -> None:
    translations.extract_all()
    fill(room, "ru", RUSSIAN)
    other = room.parent / "other"
    other.mkdir()
    (other / "__init__.py").write_text("")
    (room / "pages.py").rename(other / "pages.py")
    translations.extract_all()
    assert faults("ru") == []


@pytest.mark.parametrize(
    ("message", "wrong", "fault"),
    [
        ("Accept %(unit)s", "Принять: %(units)s", "placeholders differ"),
        ("Late", "", "not translated"),
        ("Board", " Доска", "space at the edge differs"),
        ("Board", "<b>Доска</b>", "tags differ"),
        ("%(n)s day", ["день", "%(n)s дня", "%(n)s дней"], "placeholders differ"),
        ("%(n)s day", ["%(n)s день", "%(n)s дня", ""], "not translated"),
    ],
)
def test_each_fault_is_named(room: Path, message: str, wrong: str | list[str], fault: str) -> None:
    translations.extract_all()
    fill(room, "ru", RUSSIAN | {message: wrong})
    assert faults("ru") == [f"house/room/locale/ru/LC_MESSAGES/django.po: {fault}: {message!r}"]


def test_czech_may_say_one_in_words_but_not_few(room: Path) -> None:
    translations.extract_all()
    czech: dict[str, str | list[str]] = {
        "Accept %(unit)s": "Přijmout: %(unit)s",
        "%(n)d return": ["%(n)d výkaz", "%(n)d výkazy", "%(n)d výkazů"],
        "Met": "Splněno",
        "Late": "Opoždění",
        "%(n)s day": ["%(n)s den", "%(n)s dny", "%(n)s dní"],
        "Board": "Přehled",
    }
    fill(room, "cs", czech)
    assert faults("cs") == []
    fill(room, "cs", czech | {"%(n)s day": ["%(n)s den", "dny", "%(n)s dní"]})
    assert [fault.split(": ")[1] for fault in faults("cs")] == ["placeholders differ"]


def test_one_message_has_one_translation_in_the_house(room: Path) -> None:
    other = room.parent / "other"
    other.mkdir()
    (other / "__init__.py").write_text('_("Board")')
    translations.extract_all()
    fill(room, "ru", RUSSIAN)
    fill(other, "ru", {"Board": "Совет"})
    assert [fault for fault in faults("ru") if "translated otherwise" in fault]


def test_a_doubtful_translation_is_not_used(room: Path) -> None:
    translations.extract_all()
    fill(room, "ru", RUSSIAN)
    path = translations.catalogue(room, "ru")
    catalogue = polib.pofile(str(path))
    found = catalogue.find("Late")
    assert found is not None
    found.flags.append("fuzzy")
    catalogue.save(str(path))
    assert faults("ru") == ["house/room/locale/ru/LC_MESSAGES/django.po: doubtful (fuzzy): 'Late'"]
