"""Filters and tags for the paper: the report as the browser shows it."""

from typing import Any

from django import template

from plenum.reports.wording.written import Bar, Block, Cell, Chart, Column, Section

register = template.Library()

COLUMN_WIDTH = 52
BASE, TALLEST = 104, 86


@register.filter
def kind_of(block: Block) -> str:
    """The kind of a block: paragraph, subheading, items, table or chart."""
    return type(block).__name__.lower()


@register.filter
def table_name(block: Block, section: Section) -> str:
    """The name of a table of the report among the files of its page: by its section and its place there."""
    places = {id(each): place for place, each in enumerate(section.blocks, start=1)}
    return f"section-{section.number}-{places[id(block)]}".lower()


@register.filter
def beside(row: tuple[Cell, ...], columns: tuple[Column, ...]) -> list[tuple[Cell, Column]]:
    """Each cell with its column."""
    return list(zip(row, columns, strict=True))


@register.simple_tag
def paper_bar(bar: Bar) -> dict[str, str]:
    """The geometry of a bar in a viewBox 100 wide."""
    return {"width": f"{bar.value * 100:.1f}", "tick": f"{min(bar.tick * 100, 99):.1f}"}


@register.simple_tag
def paper_columns(chart: Chart) -> dict[str, Any]:
    """The geometry of the columns of a chart, as text that no language changes."""
    top = max((value for value in chart.values if value), default=1)
    columns = []
    for index, (value, shown, label) in enumerate(zip(chart.values, chart.shown, chart.labels, strict=True)):
        height = max(value or 0, 0) * TALLEST // top
        columns.append(
            {
                "x": str(index * COLUMN_WIDTH + 9),
                "y": str(BASE - height),
                "width": str(COLUMN_WIDTH - 18),
                "height": str(height),
                "centre": str(index * COLUMN_WIDTH + COLUMN_WIDTH // 2),
                "above": str(BASE - height - 4),
                "shown": shown,
                "label": label,
            }
        )
    return {"width": str(len(columns) * COLUMN_WIDTH), "columns": columns}
