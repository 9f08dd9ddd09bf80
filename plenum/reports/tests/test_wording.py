"""The sentences: plural forms, percent against percentage points, nothing left in English."""

import json
from dataclasses import replace
from datetime import date

import pytest
from django.utils.translation import override

from plenum.packs import pack
from plenum.packs.wording import LANGUAGES
from plenum.periods import Period
from plenum.reports.content import LateReturn, ReviewContent, Silent
from plenum.reports.tests.factories import in_course, nothing_reported, province
from plenum.reports.wording import Written, sentences, write
from plenum.reports.wording.frozen import as_data, from_data
from plenum.reports.wording.written import Items, Paragraph, Table


def text_of(written: Written) -> str:
    """All words of a report in one text, without no-break spaces."""
    found = [
        written.name,
        written.head.subtitle,
        written.head.symbol,
        *written.basis,
        *written.notes,
        written.legend,
    ]
    for section in written.sections:
        found.append(section.title)
        for block in section.blocks:
            match block:
                case Paragraph():
                    found.append(block.text)
                case Items():
                    found += [text for item in block.items for text in (item.text, *item.below)]
                case Table():
                    found += [column.title for column in block.columns]
                    found += [cell.text for row in block.rows for cell in row]
                    found.append(block.caption)
    found.append(written.foot.closing)
    return "\n".join(found).replace("\u00a0", " ")


def late(days: int) -> LateReturn:
    form = pack().forms["province-summary"].name
    return LateReturn(
        "tay-giang", "Đảng bộ huyện Tây Giang", form, Period.parse("2023-Q4"), date(2024, 1, 10), days
    )


@pytest.mark.parametrize(
    ("lang", "days", "sentence"),
    [
        ("en", 1, "Đảng bộ huyện Tây Giang: return for the fourth quarter of 2023, 1 day late"),
        ("en", 5, "Đảng bộ huyện Tây Giang: return for the fourth quarter of 2023, 5 days late"),
        ("vi", 5, "Đảng bộ huyện Tây Giang: báo cáo quý IV năm 2023, chậm 5 ngày"),
        ("ru", 1, "Đảng bộ huyện Tây Giang: отчёт за IV квартал 2023 года, опоздание на 1 день"),
        ("ru", 3, "Đảng bộ huyện Tây Giang: отчёт за IV квартал 2023 года, опоздание на 3 дня"),
        ("ru", 11, "Đảng bộ huyện Tây Giang: отчёт за IV квартал 2023 года, опоздание на 11 дней"),
        ("ru", 21, "Đảng bộ huyện Tây Giang: отчёт за IV квартал 2023 года, опоздание на 21 день"),
        ("cs", 1, "Đảng bộ huyện Tây Giang: hlášení za 4. čtvrtletí roku 2023, zpoždění 1 den"),
        ("cs", 3, "Đảng bộ huyện Tây Giang: hlášení za 4. čtvrtletí roku 2023, zpoždění 3 dny"),
        ("cs", 5, "Đảng bộ huyện Tây Giang: hlášení za 4. čtvrtletí roku 2023, zpoždění 5 dní"),
    ],
)
def test_days_follow_their_number(lang: str, days: int, sentence: str) -> None:
    with override(lang):
        said = sentences.late_returns_of("Đảng bộ huyện Tây Giang", [late(days)], lang)
    assert said.replace("\u00a0", " ") == sentence


@pytest.mark.parametrize(
    ("lang", "count", "opening"),
    [
        ("ru", 1, "1 организация не представила данных"),
        ("ru", 2, "2 организации не представили данных"),
        ("ru", 5, "5 организаций не представили данных"),
        ("cs", 1, "1 organizace za období nic nevykázala"),
        ("cs", 4, "4 organizace za období nic nevykázaly"),
        ("cs", 5, "5 organizací za období nic nevykázalo"),
        ("vi", 5, "Có 5 đơn vị không báo cáo số liệu"),
        ("en", 1, "1 unit reported nothing"),
    ],
)
def test_units_that_reported_nothing_follow_their_number(lang: str, count: int, opening: str) -> None:
    silent = [Silent(str(n), f"Chi bộ {n}") for n in range(count)]
    with override(lang):
        assert sentences.silent_units(silent, lang).startswith(opening)


def test_a_long_list_of_units_is_counted_after_a_dozen() -> None:
    with override("ru"):
        said = sentences.silent_units([Silent(str(n), f"Chi bộ {n}") for n in range(33)], "ru")
    assert "и ещё 21 организация." in said
    assert "Chi bộ 11;" in said
    assert "Chi bộ 12" not in said


@pytest.mark.parametrize(
    ("lang", "points", "percent"),
    [
        ("vi", "+8,46 điểm phần trăm", "113,39%"),
        ("en", "+8.46 percentage points", "113.39%"),
        ("ru", "+8,46 процентного пункта", "113,39 %"),
        ("cs", "+8,46 procentního bodu", "113,39 %"),
    ],
)
def test_percent_and_percentage_points_are_different_words(lang: str, points: str, percent: str) -> None:
    said = text_of(write(province(), lang))
    assert points in said
    assert percent in said


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_contradicted_figure_stands_beside_the_exact_one(lang: str) -> None:
    written = write(province(), lang)
    stated, exact = ("113.34", "113.39") if lang == "en" else ("113,34", "113,39")
    assert len(written.notes) == 1
    assert stated in written.notes[0]
    assert exact in written.notes[0]
    assert sum(stated in line for line in text_of(written).splitlines()) == 2, (
        "as a note and as a shortcoming"
    )


@pytest.mark.parametrize("content", [province(), in_course(), nothing_reported()], ids=lambda c: c.unit_code)
def test_a_report_that_was_kept_as_data_is_the_same_report(content: ReviewContent) -> None:
    for lang in LANGUAGES:
        written = write(content, lang)
        assert from_data(json.loads(json.dumps(as_data(written)))) == written


@pytest.mark.parametrize("content", [province(), in_course(), nothing_reported()], ids=lambda c: c.unit_code)
@pytest.mark.parametrize("lang", ["vi", "ru", "cs"])
def test_nothing_is_left_in_english(content: ReviewContent, lang: str) -> None:
    bare = replace(content, texts={})
    english = {line for line in text_of(write(bare, "en")).splitlines() if any(c.isalpha() for c in line)}
    names = {unit.name for unit in bare.sub_units}
    left = english.intersection(text_of(write(bare, lang)).splitlines()) - names
    assert not left


def test_the_language_of_the_report_is_not_that_of_the_screen() -> None:
    with override("cs"):
        assert write(province(), "ru").head.title == "ОТЧЁТ"


def test_every_language_names_its_periods_as_its_grammar_wants() -> None:
    subtitles = {lang: write(in_course(), lang).head.subtitle for lang in LANGUAGES}
    assert subtitles["vi"] == (
        "Kết quả công tác tổ chức xây dựng Đảng 9 tháng đầu năm 2024, nhiệm vụ trọng tâm quý IV năm 2024"
    )
    assert subtitles["ru"].endswith("результаты за 9 месяцев 2024 года и задачи на IV квартал 2024 года")
    assert subtitles["cs"].endswith(
        "výsledky za prvních devět měsíců roku 2024 a úkoly na 4. čtvrtletí roku 2024"
    )
    assert subtitles["en"].endswith(
        "results for the first nine months of 2024 and tasks for the fourth quarter of 2024"
    )


def test_a_text_in_another_language_is_shown_as_written_and_says_its_language() -> None:
    achievements = next(s for s in write(province(), "cs").sections if s.title == "Dosažené výsledky")
    last = achievements.blocks[-1]
    assert isinstance(last, Paragraph)
    assert (last.language, last.text) == ("vi", "Mô hình chi bộ bốn tốt được nhân rộng ở nhiều nơi.")
    russian = text_of(write(province(), "ru"))
    assert "Модель ячеек «четыре хорошо» внедрена во многих местах." in russian


def test_an_illustrative_figure_is_marked_wherever_it_stands() -> None:
    said = text_of(write(province(), "en"))
    assert "9†, or 75.00% of the target (≥ 12†); the target was missed" in said
    assert "† Illustrative: not stated in any source." in said
    assert "†" not in text_of(write(nothing_reported(), "en"))


def test_a_unit_that_reported_nothing_still_has_a_report() -> None:
    written = write(nothing_reported(), "en")
    said = text_of(written)
    assert "No figures have been reported for this period." in said
    assert "No targets are set for this period." in said
    assert [section.number for section in written.sections] == ["I", "II", "III", "IV"]


def test_what_is_at_risk_is_a_shortcoming_with_its_projection_and_a_task() -> None:
    said = text_of(write(in_course(), "en"))
    assert "642†, or 52.28% of the target (1,228†); the target is at risk." in said
    assert "Projected result at the present pace: 856 (range: 800 to 910)." in said
    assert "secure the target of 1,228†; still lacking: 586." in said
    assert "Targets set for 2024 are compared with what was reached so far." in said
