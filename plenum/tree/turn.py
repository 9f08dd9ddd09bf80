"""Whose turn it is: the tree has one writer at a time, and keeps still for whoever must not race a move.

Two functions of the database (see migrations) hold the same lock for triggers, so that its number is written once.
"""

from django.db import connection

from plenum.tree.models import Change


def take_turn() -> None:
    """Wait until nobody else writes or reads the tree in a turn; alone until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tree_turn()")


def share_turn() -> None:
    """Wait until nobody writes the tree; it keeps still until the transaction ends, for others, too."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tree_turn_shared()")


def changes() -> int:
    """How many transactions have changed the tree. Asked before the tree is read, and again later: the same number says
    that it is still the same. One query for one row."""
    return Change.objects.values_list("number", flat=True).first() or 0


Edition = tuple[int, str]
"""How many transactions have changed the tree, and the last of them."""


def edition_of_tree() -> Edition | None:
    """Which tree it is, by what has changed it last: what was read of the same edition is still true. One query.

    None in a transaction that has changed the tree itself: it is counted once, however often it changes it.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT number, by_transaction FROM tree_change"
            " WHERE by_transaction <> coalesce(pg_current_xact_id_if_assigned()::text, '')"
        )
        edition: Edition | None = cursor.fetchone()
    return edition
