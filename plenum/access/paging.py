"""Long lists on pages: one page of them, or large pieces when the list is written to a file."""

from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest

IN_A_FILE = 5_000
"""Rows taken at a time when a table is written to a file: so many fit into memory, and few questions are asked."""


def page_of(request: HttpRequest, rows: Any, on_a_page: int, *, total: int | None = None) -> "Page[Any]":
    """The page of a list that the address names (`?page=`), the nearest one if there is no such page.

    ``total``: how many rows there are, when that is known and to count them would take long.
    """
    size = IN_A_FILE if getattr(request, "to_file", False) else on_a_page
    pages = Paginator(rows, size)
    if total is not None:
        pages.count = total
    return pages.get_page(request.GET.get("page"))
