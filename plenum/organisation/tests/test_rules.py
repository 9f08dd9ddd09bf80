"""Codes made from names, without a database."""

import pytest

from plenum.organisation.rules import code_from


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Đảng bộ xã Sông Trăng", "dang-bo-xa-song-trang"),
        ("ĐẢNG ỦY", "dang-uy"),
        ("Ячейка «Юность» № 3", "yacheyka-yunost-3"),
        ("Партийный комитет области", "partiynyy-komitet-oblasti"),
        ("Щёлково", "shchyolkovo"),
        ("Об’єднання", "obyednannya"),
        ("Základní organizace Žďár", "zakladni-organizace-zdar"),
        ("Łódź Straße", "lodz-strasse"),
        ("共产党", ""),
        ("…", ""),
    ],
)
def test_a_name_gives_a_code_in_plain_letters(name: str, code: str) -> None:
    assert code_from(name) == code
