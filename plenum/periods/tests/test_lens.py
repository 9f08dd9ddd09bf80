from datetime import date

from plenum.periods import Lens, Period

TODAY = date(2024, 10, 8)


def test_a_plain_lens_needs_no_query() -> None:
    assert Lens.plain(TODAY).query() == ""
    assert Lens.plain(TODAY).is_plain


def test_what_differs_from_the_default_is_kept() -> None:
    lens = Lens(TODAY, date(2023, 12, 31), date(2024, 1, 10), Period.of_year(2023))
    assert lens.query() == "period=2023&as_of=2023-12-31&known_on=2024-01-10"
    assert lens.query(as_of=TODAY, known_on=None) == "period=2023"


def test_a_page_keeps_its_own_words() -> None:
    assert Lens.plain(TODAY).query(q="Hợp Hòa") == "q=H%E1%BB%A3p+H%C3%B2a"


def test_figures_stay_on_the_tree_of_their_time_unless_another_is_asked_for() -> None:
    assert Lens.plain(TODAY).tree_on is None
    assert Lens(TODAY, date(2024, 7, 1), tree="now").tree_on == date(2024, 7, 1)
    assert Lens(TODAY, TODAY, tree=date(2023, 1, 1)).tree_on == date(2023, 1, 1)


def test_the_tree_is_kept_in_links_and_is_part_of_the_plain_view() -> None:
    lens = Lens(TODAY, TODAY, tree="now")
    assert not lens.is_plain
    assert lens.query() == "tree=now"
    assert lens.query(tree=date(2023, 1, 1)) == "tree=2023-01-01"
    assert lens.query(tree="then") == ""
