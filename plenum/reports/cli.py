"""Review reports on the command line: write one to a file, load what officers wrote, issue, verify."""

import hashlib
import sys
from datetime import date
from pathlib import Path

import click
from django.utils.translation import gettext as _

from plenum.access.command_line import (
    FILE,
    KNOWN_ON,
    TREE,
    CommandLine,
    PeriodType,
    tree_on,
    unit_named,
)
from plenum.access.lists import Out, prints_list, prints_list_or, write_to
from plenum.figures.figure_rows import named_in
from plenum.figures.wording import compared_sentence, view_sentence, withheld_sentence
from plenum.organisation.queries import in_reach
from plenum.packs.wording import LANGUAGES
from plenum.periods import Period, PeriodError, Tree
from plenum.reorganisations.difference_rows import UnitDifferenceRow, difference_row
from plenum.reorganisations.difference_wording import difference_lines
from plenum.reorganisations.queries import decisions_of, reform_view, visible_reforms
from plenum.reorganisations.queries.seen import seen
from plenum.reports.actions import issue_review, load_reviews
from plenum.reports.actions.load_reviews import SHEET
from plenum.reports.models import FORMATS
from plenum.reports.powers import READ
from plenum.reports.queries.board import ATTRIBUTED, board
from plenum.reports.queries.issued import issue_view, issues, other_issue, readable, verified
from plenum.reports.queries.review import review as review_of
from plenum.reports.reform_paper import reform_paper
from plenum.reports.render import PAPER_FORMATS, RENDERERS, issued_file_name, render, render_paper
from plenum.reports.rows import DifferenceRow, IssueRow, board_row, differences_row, issue_row
from plenum.reports.rules import NotReviewed, read_code, reviewed
from plenum.reports.today import different_in, different_today
from plenum.targets.queries import Row
from plenum.targets.rows import StandingRow
from plenum.targets.wording import VERDICTS, change_text, flag_text, language

FOR_PEOPLE_TO_READ = ("md", "json")
"""Formats that may go to the screen."""


NUMBER = click.IntRange(1, 2**63 - 1)


class ReviewedPeriod(click.ParamType[Period]):
    """A quarter, half-year, nine months or year."""

    name = "period"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Period:
        try:
            return value if isinstance(value, Period) else reviewed(str(value))
        except (PeriodError, NotReviewed) as error:
            self.fail(str(error), param, ctx)


@click.command()
@click.argument("unit")
@click.argument("period", type=ReviewedPeriod())
@click.option(
    "--lang", "language", type=click.Choice(LANGUAGES), default="vi", show_default=True, help="Language."
)
@click.option(
    "--format", "format", type=click.Choice(list(RENDERERS)), default="md", show_default=True, help="Format."
)
@click.option(
    "-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="File to write; - is the screen."
)
@KNOWN_ON
@TREE
@click.pass_obj
def review(
    line: CommandLine,
    unit: str,
    period: Period,
    language: str,
    format: str,
    output: Path | None,
    known_on: date | None,
    tree: Tree,
) -> None:
    """Write the review report of UNIT for PERIOD."""
    found = unit_named(line, unit, READ)
    to_screen = output is None or str(output) == "-"
    if to_screen and format not in FOR_PEOPLE_TO_READ and sys.stdout.isatty():
        raise click.UsageError(_("A file of this format does not belong on the screen: name it with -o."))
    content = review_of(found.pk, period, known_on=known_on, tree=tree_on(line, tree), today=line.today)
    made = render(content, language, format)
    if output is None or to_screen:
        click.echo(made, nl=False)
        return
    write_to(output, made)


@click.command("board")
@click.argument("unit")
@click.argument("period", type=PeriodType())
@KNOWN_ON
@TREE
@prints_list
@click.pass_obj
def board_command(
    line: CommandLine, unit: str, period: Period, known_on: date | None, tree: Tree, out: Out
) -> None:
    """Show how UNIT stands in PERIOD: its targets, who is late, what waits for you."""
    found = unit_named(line, unit, READ)
    restated = tree_on(line, tree)
    shown = board(
        found.pk,
        period,
        known_on=known_on,
        tree=restated,
        as_of=line.today,
        today=line.today,
        actor=line.actor,
    )
    seen = in_reach(line.actor, line.today, named_in(row.figure for row in shown.rows))
    answer = board_row(found.code, shown, seen)
    if out.took(answer["rows"], StandingRow, whole=answer):
        return
    if view := view_sentence(known_on, restated):
        click.echo(view)
    if shown.withheld:
        click.echo(withheld_sentence())
    if compared := compared_sentence(shown.compared_on):
        click.echo(compared)
    told = {"total": shown.tally.total, "reached": shown.tally.reached, "late": len(shown.late)}
    click.echo(_("Targets: %(total)s; met or exceeded: %(reached)s. Late returns: %(late)s.") % told)
    for row in shown.rows:
        notes = [flag_text(flag) for flag in row.flags if flag.code in (*ATTRIBUTED, "withheld")]
        if row.target is not None or notes:
            click.echo(_on_the_board(row))
        for text in notes:
            click.echo(f"    ⚑ {text}")


def _on_the_board(row: Row) -> str:
    """A line of the board: the verdict, if there is one, the indicator, and how it has changed on last year."""
    change = row.change.same_period_last_year
    verdict = str(VERDICTS[row.verdict.code]) if row.verdict else "–"
    said = f"{verdict:>14}  {row.indicator.name.in_(language())}{' ≈' if row.figure.estimated else ''}"
    if change is None:
        return said
    on_last_year = _("on last year: %(change)s") % {"change": change_text(change)}
    return f"{said}  ({on_last_year}{' ≈' if change.estimated else ''})"


@click.group()
def reviews() -> None:
    """What officers wrote in review reports, and what was issued."""


@reviews.command()
@click.argument("unit")
@click.argument("period", type=ReviewedPeriod())
@click.option(
    "--lang", "language", type=click.Choice(LANGUAGES), default="vi", show_default=True, help="Language."
)
@click.option(
    "--format", "formats", type=click.Choice(FORMATS), multiple=True, help="Format; may be given again. All."
)
@click.option("--reason", default="", help="Why another edition replaces the last one.")
@click.option(
    "-o",
    "--output",
    type=click.Path(file_okay=False, exists=True, writable=True, path_type=Path),
    help="Folder into which the documents are written.",
)
@click.pass_obj
def issue(
    line: CommandLine,
    unit: str,
    period: Period,
    language: str,
    formats: tuple[str, ...],
    reason: str,
    output: Path | None,
) -> None:
    """Issue the review report of UNIT for PERIOD: it is kept for ever, byte for byte."""
    found = unit_named(line, unit, READ)
    issued = issue_review(
        found,
        period,
        language=language,
        formats=formats or FORMATS,
        reason=reason,
        on=line.today,
        by=line.actor,
    )
    said = {"edition": issued.edition, "code": issued.code}
    click.echo(_("Issued: edition %(edition)s, verification code %(code)s") % said)
    for file in issued.files.all():
        click.echo(f"{file.sha256}  {file.format}")
        if output is not None:
            name = output / issued_file_name(found.code, period, language, issued.edition, file.format)
            write_to(name, bytes(file.body))


@reviews.command("issues")
@click.argument("unit")
@click.argument("period", type=ReviewedPeriod())
@prints_list
@click.pass_obj
def list_issues(line: CommandLine, unit: str, period: Period, out: Out) -> None:
    """List the issues of the review report of UNIT for PERIOD, the newest first."""
    found = unit_named(line, unit, READ)
    rows = [issue_row(each) for each in issues(found.pk, period)]
    if out.took(rows, IssueRow):
        return
    for row in rows:
        click.echo(
            f"{row['id']:>6}  {row['language']}  {row['edition']:>3}  {row['issued_on']}  {row['code']}  "
            f"{row['issued_by']}  {row['reason']}".rstrip()
        )
    if not rows:
        click.echo(_("Nothing has been issued."))


@reviews.command()
@click.argument("number", metavar="ISSUE", type=NUMBER)
@click.argument("other", metavar="[OTHER]", type=NUMBER, required=False)
@KNOWN_ON
@prints_list
@click.pass_obj
def compare(line: CommandLine, number: int, other: int | None, known_on: date | None, out: Out) -> None:
    """Say what an ISSUE would say otherwise today, or what an OTHER issue of the same report says otherwise.

    Their numbers are those that reviews issues lists.
    """
    issue = readable(line.actor, line.today).select_related("unit").filter(pk=number).first()
    if issue is None:
        raise click.ClickException(_("There is no issue %(number)s.") % {"number": number})
    if other is None:
        found = different_today(issue, issue_view(issue), known_on=known_on, today=line.today)
    else:
        against = other_issue(issue, other)
        if against is None:
            text = _("Issue %(number)s is no other edition of the same report in the same language.")
            raise click.ClickException(text % {"number": other})
        found = different_in(issue, against)
    answer = differences_row(issue.pk, found, language(), other=other)
    if out.took(answer["differences"], DifferenceRow, whole=answer):
        return
    for each in answer["lines"]:
        click.echo(f"{each['about']} · {each['what']}: {each['before']} → {each['now']}")
    if not found:
        click.echo(_("Nothing is different."))


@reviews.command()
@click.argument("document")
def verify(document: str) -> None:
    """Say whether DOCUMENT was issued here: a file, or the verification code of one."""
    file, code = Path(document), read_code(document)
    is_file = file.is_file()
    if not is_file and code is None:
        raise click.ClickException(
            _("“%(document)s” is neither a file nor a verification code.") % {"document": document}
        )
    sha256 = hashlib.sha256(file.read_bytes()).hexdigest() if is_file else ""
    found = verified(sha256 or code or "")
    if found is None:
        raise click.ClickException(_("This was not issued here, or it has been changed."))
    lines = [
        (_("Unit"), found.unit_name),
        (_("Period"), found.period.code),
        (_("Language"), found.language),
        (_("Edition"), str(found.edition)),
        (_("Issued on"), found.issued_on.isoformat()),
        (_("Verification code"), found.code),
    ]
    if found.newer_edition is not None and found.newer_on is not None:
        lines.append((_("Superseded by edition"), f"{found.newer_edition} ({found.newer_on.isoformat()})"))
    lines += [(f"SHA-256 ({format})", known) for format, known in found.hashes.items()]
    for label, value in lines:
        click.echo(f"{label}: {value}")
    if same := found.format_of(sha256):
        click.echo(_("Identical to what was issued: %(format)s") % {"format": same})


@reviews.command()
@FILE
@click.pass_obj
def load(line: CommandLine, file: Path) -> None:
    """Load sections of review reports from a CSV file, all or none."""
    loaded = load_reviews(SHEET.read(file.read_bytes()), on=line.today, by=line.actor)
    click.echo(_("Sections written: %(count)s") % {"count": len(loaded)})


@click.group("reform")
def reform_group() -> None:
    """What reports add to the commands of reforms."""


@reform_group.command()
@click.argument("code")
@click.option(
    "--lang",
    "paper_language",
    type=click.Choice(LANGUAGES),
    default="vi",
    show_default=True,
    help="Language.",
)
@prints_list_or(
    {"pdf": "Write the paper as PDF.", "docx": "Write it for Word.", "md": "Write it as Markdown."}
)
@click.pass_obj
def difference(line: CommandLine, code: str, paper_language: str, out: Out) -> None:
    """Say what would be otherwise after the reform CODE, as it was last rehearsed; a paper for the meeting with -o."""
    found = visible_reforms(line.actor, line.today).filter(code=code).first()
    if found is None:
        raise click.ClickException(_("There is no reform “%(code)s”.") % {"code": code})
    view = reform_view(found, line.today)
    if view.rehearsal is None:
        raise click.ClickException(_("Rehearse the reform as it is now first."))
    if out.kind in PAPER_FORMATS:
        made = render_paper(reform_paper(view, line.actor, line.today, paper_language), line.today, out.kind)
        if out.file is not None:
            write_to(out.file, made)
            return
        if out.kind != "md" and sys.stdout.isatty():
            raise click.UsageError(_("A file of this format does not belong on the screen: name it with -o."))
        click.echo(made, nl=False)
        return
    seen_by = seen(view.rehearsal.difference, view.owner.code, line.actor, line.today)
    answer = difference_row(seen_by, decisions_of(found))
    if out.took(answer["units"], UnitDifferenceRow, whole=answer):
        return
    for text in difference_lines(answer):
        click.echo(text)


commands: list[click.Command] = [review, board_command, reviews, reform_group]
