"""BibTeX entries."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.bibtex import bibliography
from index.papers import Paper, tidy

ATTENTION = Paper(
    title="Attention Is All You Need",
    abstract="The dominant models …",
    source="arxiv",
    arxiv_id="1706.03762",
    authors=("Ashish Vaswani", "Noam Shazeer"),
    published=date(2017, 6, 12),
    url="https://arxiv.org/abs/1706.03762",
)

HOSTILE = st.text(alphabet=st.sampled_from('ab{}\\$%&#_^~"@, \u202e\x1b\n') | st.characters())


def entry(title: str = "Title", *, authors: tuple[str, ...] = (), url: str | None = None) -> str:
    paper = Paper(title=title, abstract="a", source="text", authors=authors, url=url)
    return bibliography([paper])


def keys(text: str) -> list[str]:
    return re.findall(r"^@misc\{([^,]+),$", text, flags=re.M)


def balanced(text: str) -> bool:
    depth = 0
    for letter in text:
        depth += {"{": 1, "}": -1}.get(letter, 0)
        if depth < 0:
            return False
    return depth == 0


def test_entry_holds_what_the_source_tells() -> None:
    assert bibliography([ATTENTION]) == (
        "@misc{vaswani2017attention,\n"
        "  title = {{Attention Is All You Need}},\n"
        "  author = {Ashish Vaswani and Noam Shazeer},\n"
        "  year = {2017},\n"
        "  eprint = {1706.03762},\n"
        "  archiveprefix = {arXiv},\n"
        "  url = {https://arxiv.org/abs/1706.03762},\n"
        "}\n"
    )


def test_what_no_source_tells_is_left_out_and_said_in_a_note() -> None:
    shown = entry("Hemp")
    assert "author =" not in shown
    assert "year =" not in shown
    assert "eprint" not in shown
    assert "note = {authors, year, arXiv id unknown to Footnote}" in shown
    assert "note" not in bibliography([ATTENTION])


def test_papers_that_would_share_a_key_get_keys_of_their_own() -> None:
    assert keys(bibliography([ATTENTION] * 3)) == [
        "vaswani2017attention",
        "vaswani2017attention-2",
        "vaswani2017attention-3",
    ]


def test_paper_without_latin_letters_is_cited_by_its_id() -> None:
    paper = Paper(title="注意力", abstract="a", source="text")
    assert keys(bibliography([paper])) == [paper.id]


def test_characters_that_latex_acts_on_are_escaped_once() -> None:
    assert r"{{50\% of R\&D, \#1 a\_b}}" in entry(r"50% of R\&D, \#1 a_b")


def test_formula_in_a_title_stays_as_it_is() -> None:
    assert r"{{On $\ell_1$ and $x_2$}}" in entry(r"On $\ell_1$ and $x_2$")


def test_price_is_not_taken_for_a_formula() -> None:
    assert r"{{From \$5}}" in entry("From $5")


def test_backslash_at_the_end_cannot_eat_the_closing_brace() -> None:
    assert "{{Title}}" in entry("Title\\")


def test_author_with_an_and_in_the_name_stays_one_author() -> None:
    assert "author = {{Barnes and Noble} and Ann Lee}" in entry(
        authors=("Barnes and Noble", "Ann Lee")
    )


def test_address_is_not_escaped_but_cannot_close_the_field() -> None:
    assert "url = {https://a.b/c_d%20e#f}" in entry(url="https://a.b/c_d%20e#f")
    assert "url = {https://a.b/%7D%7Bx%5C}" in entry(url="https://a.b/}{x\\")


@pytest.mark.parametrize("title", ["}", "{", "}{", "a} b", "}, evil = {x", "\\{", "{\\}", "{{}"])
def test_braces_of_a_title_cannot_end_the_entry(title: str) -> None:
    assert balanced(entry(f"x {title}"))


@given(st.lists(st.tuples(HOSTILE, st.lists(HOSTILE, max_size=3)), max_size=5))
def test_braces_always_pair_up_and_keys_are_always_different(
    told: list[tuple[str, list[str]]],
) -> None:
    papers = [
        Paper(
            title=tidy(title) or "x",
            abstract="a",
            source="text",
            authors=tuple(tidy(author) for author in authors),
        )
        for title, authors in told
    ]
    text = bibliography(papers)
    assert balanced(text)
    assert len(set(keys(text))) == len(papers)


@given(HOSTILE)
def test_nothing_in_a_title_begins_an_entry_or_a_field(title: str) -> None:
    lines = entry(tidy(title) or "x").splitlines()
    assert [line.split(" = ")[0].strip() for line in lines[1:-1]] == ["title", "note"]
