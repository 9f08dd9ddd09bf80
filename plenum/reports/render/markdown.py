"""The report as Markdown (CommonMark with tables and footnotes)."""

import re

from plenum.reports.content import ReviewContent
from plenum.reports.wording.written import (
    Block,
    Cell,
    Chart,
    Head,
    Items,
    Paragraph,
    Subheading,
    Table,
    Written,
)

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>|#~^$&])")
_STARTS_A_BLOCK = re.compile(r"^(\s*)([-+=]|\d+[.)])(?=\s|$|[-=+])")
_ALIGN = {"left": ":---", "right": "---:", "center": ":---:"}


def render_markdown(content: ReviewContent, written: Written) -> bytes:
    """The review report as Markdown."""
    return markdown(written)


def markdown(written: Written) -> bytes:
    """UTF-8 text; whatever people have typed is escaped, so that it stays text."""
    parts = [_head(written.head), _basis(written)]
    for section in written.sections:
        parts.append(f"## {section.number}. {escape(section.title)}")
        parts += [_block(block) for block in section.blocks]
    parts += [_foot(written), *(f"[^{n}]: {escape(note)}" for n, note in enumerate(written.notes, start=1))]
    return ("\n\n".join(part for part in parts if part) + "\n").encode()


def escape(text: str) -> str:
    """`text` as Markdown that shows exactly it, on one line."""
    line = _SPECIAL.sub(r"\\\1", " ".join(text.split("\n")))
    return _STARTS_A_BLOCK.sub(lambda m: f"{m[1]}{m[2][:-1]}\\{m[2][-1]}", line)


def _head(head: Head) -> str:
    left = [head.superior, head.unit, f"**{escape(head.issuer)}**" if head.issuer else "", head.symbol]
    lines = [line if line.startswith("**") else escape(line) for line in left if line]
    right = [f"**{escape(head.party)}**", f"*{escape(head.place_and_day)}*"]
    return "\n\n".join(
        ["  \n".join(lines), "  \n".join(right), f"# {escape(head.title)}: {escape(head.subtitle)}"]
    )


def _basis(written: Written) -> str:
    if not written.basis:
        return ""
    return "\n".join(
        [f"*{escape(written.basis_label)}*", "", *(f"- {escape(line)}" for line in written.basis)]
    )


def _block(block: Block) -> str:
    match block:
        case Paragraph():
            return escape(block.text)
        case Subheading():
            return f"### {escape(block.text)}"
        case Items():
            return _items(block)
        case Table():
            return _table(block)
        case Chart():
            return _chart(block)


def _items(block: Items) -> str:
    lines = []
    for number, item in enumerate(block.items, start=1):
        lines.append(f"{number}. {escape(item.text)}")
        lines += [f"   - {escape(line)}" for line in item.below]
    return "\n".join(lines)


def _table(table: Table) -> str:
    rows = [" | ".join(escape(column.title) for column in table.columns)]
    rows.append(" | ".join(_ALIGN[column.align] for column in table.columns))
    for index, row in enumerate(table.rows):
        is_total = table.has_total and index == len(table.rows) - 1
        rows.append(" | ".join(_cell(cell, is_total) for cell in row))
    return "\n".join([f"**{escape(table.caption)}**", "", *(f"| {row} |" for row in rows)])


def _cell(cell: Cell, is_total: bool) -> str:
    text = escape(cell.text)
    if cell.under:
        text += f" ({escape(cell.under)})"
    if cell.level:
        text = f"– {text}"
    if is_total and text:
        text = f"**{text}**"
    return text + "".join(f"[^{note}]" for note in cell.notes)


def _chart(chart: Chart) -> str:
    header = " | ".join(escape(label) for label in chart.labels)
    rule = " | ".join("---:" for _label in chart.labels)
    values = " | ".join(escape(value) for value in chart.shown)
    return f"**{escape(chart.caption)}**\n\n| {header} |\n| {rule} |\n| {values} |"


def _foot(written: Written) -> str:
    foot = written.foot
    parts = []
    if foot.signer_post or foot.signer_name:
        lines = [f"**{escape(line)}**" for line in (foot.signer_post, foot.signer_name) if line]
        parts.append("  \n".join(lines))
    if foot.recipients:
        parts.append(
            "\n".join([escape(foot.recipients_label), "", *(f"- {escape(r)}" for r in foot.recipients)])
        )
    parts += ["---", escape(written.legend), f"*{escape(foot.closing)}*"]
    parts.append("  \n".join(escape(line) for line in foot.issue))
    return "\n\n".join(part for part in parts if part)
