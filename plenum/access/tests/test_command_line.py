"""What commands have in common: the line that says how far something is."""

import sys

import pytest

from plenum.access import command_line
from plenum.access.command_line import progress_line


def test_a_line_on_a_terminal_says_how_far_it_is_and_goes(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(command_line, "SECONDS_UNTIL_SHOWN", -1)
    with progress_line() as tell:
        tell(1, 4, "Working")
    assert capsys.readouterr().err == "", "a file is told nothing"
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    with progress_line() as tell:
        tell(1000, 4000, "Working")
        tell(1001, 4000, "Working")
        tell(0, 0, "Checking")
    assert capsys.readouterr().err == "\r\x1b[KWorking: 1,000/4,000\r\x1b[KChecking\r\x1b[K"
