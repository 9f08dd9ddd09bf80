"""What the settings say of passwords that nobody may choose."""

from pathlib import Path

import pytest

from plenum.site import identity
from plenum.site.home import HomeTrouble


def test_the_installation_and_the_setting_name_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLENUM_PASSWORD_WORDS", "Đồng Lòng, union ,")
    assert identity.known_words("plenum.dong-long.example.org") == [
        "plenum", "plenum", "dong", "long", "example", "org", "Đồng Lòng", "union"
    ]  # fmt: skip
    assert identity.known_words("") == ["Đồng Lòng", "union"]


def test_a_list_that_is_not_there_is_said_at_the_start(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert identity.password_list() is None
    monkeypatch.setenv("PLENUM_PASSWORD_LIST", str(tmp_path / "none"))
    with pytest.raises(HomeTrouble, match="PLENUM_PASSWORD_LIST"):
        identity.password_list()
