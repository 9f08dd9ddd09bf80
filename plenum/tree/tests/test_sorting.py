"""The Vietnamese order of names, and keys for finding them."""

import random

import pytest

from plenum.tree.sorting import search_key, sort_key


@pytest.mark.parametrize(
    "ordered",
    [
        ["Chi bộ 2", "Chi bộ 10", "Chi bộ 10a", "Chi bộ 100"],
        ["Chi bộ 1 thôn Hạ", "Chi bộ 2 thôn Hạ", "Chi bộ thôn Hạ"],
        ["An", "Ăn", "Ân", "Bình", "Chi", "Dung", "Đào", "Em", "Êm", "Hoa"],
        ["ma", "mà", "mả", "mã", "má", "mạ", "man"],
        ["Cơ", "Cư", "Dư", "Đa"],
        ["o", "ô", "ơ", "p", "u", "ư", "v"],
        ["Hòa", "Hoan", "Hòn"],
        ["Đạo Trù", "Đạo Tú", "Hoàng Hoa"],
        ["Thanh Vân", "Vân Hội"],
        ["Khối 7", f"Khối {10**98}", f"Khối {10**99}", f"Khối {10**120}"],
    ],
)
def test_names_stand_in_the_order_of_the_alphabet(ordered: list[str]) -> None:
    shuffled = ordered[:]
    random.Random(5).shuffle(shuffled)
    assert sorted(shuffled, key=sort_key) == ordered


def test_case_punctuation_and_composition_do_not_change_the_order() -> None:
    assert sort_key("ĐẢNG BỘ") == sort_key("Đảng bộ") == sort_key("Đảng  -  bộ")
    assert sort_key("Đảng bộ") == sort_key("Đa\u0309ng bô\u0323")
    assert sort_key("Chi bộ 007") == sort_key("Chi bộ 7")


def test_other_scripts_come_after_and_do_not_fail() -> None:
    assert sort_key("Zion") < sort_key("Ячейка")
    assert sort_key("Čáslav") > sort_key("Caslav")
    assert sort_key("")[:1] == " "
    assert sort_key("Khối ² ½ ٣ 三") > sort_key("Khối")


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Đảng bộ  huyện Tam Dương", "dang bo huyen tam duong"),
        ("Hợp Thịnh – Vân Hội", "hop thinh van hoi"),
        ("THỊ TRẤN HỢP HÒA", "thi tran hop hoa"),
        ("Příbram", "pribram"),
        ("đ Đ", "d d"),
        ("  ", ""),
    ],
)
def test_search_keys_forget_case_diacritics_and_punctuation(text: str, key: str) -> None:
    assert search_key(text) == key
