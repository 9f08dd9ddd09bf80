"""How rarely a process looks for garbage. Python's own rule suits small programs; here large tables are made."""

import gc

MADE_BETWEEN = 100_000
"""So many more things that can hold others are there before the newest are looked through."""


def keep_what_is_loaded() -> None:
    """Never look again through what is there now, and seldom through what comes. Call once everything is imported.

    To look through all that is loaded would cost each large table a tenth of a second; through what a table itself is
    made of, as it grows, a tenth of its time.
    """
    gc.freeze()
    gc.set_threshold(MADE_BETWEEN, 10, 10)
    gc.enable()
