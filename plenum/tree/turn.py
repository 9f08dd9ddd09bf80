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
