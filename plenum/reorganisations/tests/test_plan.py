"""A plan is written and read without loss, and what is wrong with it is said by step and field."""

import io
from datetime import date
from fractions import Fraction

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from plenum.reorganisations.rules import (
    ChangeKind,
    Dissolve,
    EndLevel,
    Flaw,
    Found,
    Merge,
    Move,
    NewUnit,
    Part,
    Plan,
    Rename,
    Split,
    SplitBy,
    Step,
    Successor,
    Unreadable,
    as_data,
    from_data,
    read_sheets,
    read_toml,
    write_sheets,
    write_toml,
)

CODES = st.from_regex(r"[a-z0-9]{1,8}(-[a-z0-9]{1,4})?", fullmatch=True)
TEXTS = (
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=20)
    .map(str.strip)
    .filter(bool)
)
DAYS = st.none() | st.dates(date(1930, 2, 3), date(2100, 1, 1))
NEW = st.builds(
    NewUnit, code=CODES, name=TEXTS, kind=CODES, parent=CODES | st.just(""), short=TEXTS | st.just("")
)
SUCCESSORS: st.SearchStrategy[Successor] = CODES | NEW


@st.composite
def splits(draw: st.DrawFn) -> Split:
    weights = draw(st.lists(st.integers(1, 1000), min_size=1, max_size=4))
    parts = tuple(
        Part(
            unit=draw(SUCCESSORS),
            share=Fraction(weight, sum(weights)),
            children=tuple(draw(st.lists(CODES, max_size=3))),
        )
        for weight in weights
    )
    return Split(from_=draw(CODES), into=parts, by=draw(st.sampled_from(SplitBy)), on=draw(DAYS))


STEPS: st.SearchStrategy[Step] = st.one_of(
    st.builds(Found, unit=NEW, on=DAYS),
    st.builds(Merge, from_=st.lists(CODES, min_size=1, max_size=4).map(tuple), into=SUCCESSORS, on=DAYS),
    splits(),
    st.builds(Move, unit=CODES, to=CODES, on=DAYS),
    st.builds(Rename, unit=CODES, name=TEXTS, short=TEXTS | st.just(""), on=DAYS),
    st.builds(ChangeKind, unit=CODES, kind=CODES, on=DAYS),
    st.builds(Dissolve, unit=CODES, children_to=st.none() | CODES, on=DAYS),
    st.builds(EndLevel, kind=CODES, under=st.none() | CODES, on=DAYS),
)
PLANS = st.builds(
    Plan,
    code=CODES,
    title=TEXTS,
    on=st.dates(date(1930, 2, 3)),
    owner=CODES,
    basis=TEXTS | st.just(""),
    steps=st.lists(STEPS, max_size=6).map(tuple),
)


@given(PLANS)
def test_a_plan_is_the_same_after_writing_and_reading(plan: Plan) -> None:
    assert read_toml(write_toml(plan)) == plan
    assert from_data(as_data(plan)) == plan


@settings(max_examples=40, deadline=None)
@given(PLANS)
def test_the_workbook_says_the_same(plan: Plan) -> None:
    assert read_sheets(write_sheets(plan)) == plan


def test_what_is_wrong_in_a_workbook_is_named_by_its_line() -> None:
    parts = (Part(unit="b", share=Fraction(1, 2)), Part(unit="c", share=Fraction(1, 3)))
    wrong = Plan("r", "R", date(2025, 7, 1), "x", steps=(Split(from_="a", into=parts), Move(unit="a", to="")))
    with pytest.raises(Unreadable) as refused:
        read_sheets(write_sheets(wrong))
    assert named(refused.value) == [(Flaw.SHARES_NOT_WHOLE, 2, "share"), (Flaw.MISSING, 4, "to")]
    with pytest.raises(Unreadable):
        read_sheets(b"no workbook")
    with pytest.raises(Unreadable) as refused:
        read_sheets(workbook(reform=[]))
    assert named(refused.value) == [(Flaw.NO_SHEET, None, "file")]


def test_a_part_is_named_by_its_own_line_and_what_it_says_besides_is_not_passed_over() -> None:
    columns = ["step", "do", "from", "into", "name", "kind", "share", "on", "unit", "to"]
    lines: list[list[object]] = [
        [*columns],
        [1, "split", "a", "b", "", "", "2/3", "", "", ""],
        [1, "split", "a", "c", "C", "", "1e-99999999", "", "", ""],
        [1, "", "", "d", "", "", "1/3", "2025-08-01", "", ""],
        [1, "move", "", "", "", "", "", "", "q", ""],
    ]
    with pytest.raises(Unreadable) as refused:
        read_sheets(
            workbook(reform=[["code", "r"], ["title", "R"], ["on", "soon"], ["owner", "x"]], steps=lines)
        )
    assert set(named(refused.value)) == {
        (Flaw.NO_DAY, None, "on"),
        (Flaw.MISSING, 3, "kind"),
        (Flaw.NO_SHARE, 3, "share"),
        (Flaw.UNKNOWN_FIELD, 4, "on"),
        (Flaw.MISSING, 5, "to"),
    }


def named(error: Unreadable) -> list[tuple[Flaw, int | None, str]]:
    return [(fault.flaw, fault.line, fault.field) for fault in error.faults]


def workbook(**sheets: list[list[object]]) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for line, row in enumerate(rows):
            sheet.write_row(line, 0, row)
    book.close()
    return out.getvalue()


HEAD = 'code = "r"\ntitle = "R"\non = 2025-07-01\nowner = "x"\n'


@pytest.mark.parametrize(
    ("text", "flaw", "step", "field"),
    [
        ("code = ", Flaw.NO_FILE_OF_THIS_SORT, None, "file"),
        (HEAD.replace("2025-07-01", '"July"'), Flaw.NO_DAY, None, "on"),
        (HEAD.replace('owner = "x"\n', ""), Flaw.MISSING, None, "owner"),
        (HEAD + 'colour = "red"', Flaw.UNKNOWN_FIELD, None, "colour"),
        (HEAD + "steps = 3", Flaw.NO_LIST, None, "steps"),
        (HEAD + "steps = [3]", Flaw.NO_TABLE, 1, "steps"),
        (HEAD + '[[steps]]\ndo = "fly"', Flaw.NOT_ONE_OF, 1, "do"),
        (
            HEAD + '[[steps]]\ndo = "dissolve"\nunit = "a"\n[[steps]]\ndo = "move"\nunit = "a"',
            Flaw.MISSING,
            2,
            "to",
        ),
        (HEAD + '[[steps]]\ndo = "rename"\nunit = "a"\nname = 3', Flaw.NO_TEXT, 1, "name"),
        (HEAD + f'[[steps]]\ndo = "rename"\nunit = "a"\nname = "{"x" * 301}"', Flaw.TOO_LONG, 1, "name"),
        (
            HEAD + '[[steps]]\ndo = "split"\nfrom = "a"\ninto = [{unit = "b", share = "half"}]',
            Flaw.NO_SHARE,
            1,
            "into[1].share",
        ),
        (
            HEAD + '[[steps]]\ndo = "split"\nfrom = "a"\ninto = [{unit = "b", share = "1/2"}]',
            Flaw.SHARES_NOT_WHOLE,
            1,
            "into",
        ),
        (HEAD + '[[steps]]\ndo = "found"\nunit = "a"', Flaw.NO_TABLE, 1, "unit"),
        (HEAD + '[[steps]]\ndo = "merge"\nfrom = ["a"]\ninto = {code = "b"}', Flaw.MISSING, 1, "into.name"),
    ],
)
def test_what_is_wrong_is_named_by_step_and_field(
    text: str, flaw: Flaw, step: int | None, field: str
) -> None:
    with pytest.raises(Unreadable) as refused:
        read_toml(text)
    assert (flaw, step, field) in {(fault.flaw, fault.step, fault.field) for fault in refused.value.faults}
