"""Long lists on pages: one page of them, or large pieces when the list is written to a file."""

from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest

IN_A_FILE = 5_000
"""Rows taken at a time when a table is written to a file: so many fit into memory, and few questions are asked."""


def page_of(request: HttpRequest, rows: Any, on_a_page: int) -> "Page[Any]":
    """The page of a list that the address names (`?page=`), the nearest one if there is no such page."""
    size = IN_A_FILE if getattr(request, "to_file", False) else on_a_page
    return Paginator(rows, size).get_page(request.GET.get("page"))
