"""A saved Daily Papers page as text."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.pages import looks_like_page, read_page
from index.papers import Problem, Reading, normalised_title

REAL_PAGES = Path(__file__).parents[2] / "shared" / "corpus"
AS_OF = date(2025, 10, 30)

HEADER = [
    "new",
    "",
    "Get trending papers in your email inbox!",
    "",
    "Subscribe",
    "",
    "Daily Papers",
    "",
    "byAK and the research community",
    "",
]


def abstract(topic):
    return f"We study {topic} and measure it with care." + f" Then {topic} is measured again." * 9


TITLES = ["Owls That Count", "Bees as Sorters: A Survey", "Do Fish Read?", "MothNet"]
ABSTRACTS = [abstract(topic) for topic in ("owls", "bees", "fish", "moths")]
ROWS = list(zip(TITLES, ABSTRACTS, strict=True))


def spaced(rows=ROWS, *, day=None):
    lines = HEADER + ([day, ""] if day else [])
    for title, text in rows:
        lines += [title, "", text, ""]
    return lines


def alternating(rows=ROWS):
    first, *others = [line for row in rows for line in row]
    return ["Get trending papers in your email inbox!", "Subscribe" + first, *others]


def detailed(details, *, day="Oct 30"):
    lines = spaced([], day=day)
    for (title, text), known in zip(ROWS, details, strict=False):
        lines += [title, "", text, "", *known, ""]
    return lines


def read(lines, *, as_of=AS_OF, ends="\n"):
    return list(read_page(ends.join(lines), origin="page.txt", as_of=as_of))


def papers(lines, **options):
    return [found.paper for found in read(lines, **options) if isinstance(found, Reading)]


def pairs(lines, **options):
    return [(paper.title, paper.abstract) for paper in papers(lines, **options)]


def problems(lines, **options):
    return [found for found in read(lines, **options) if isinstance(found, Problem)]


def listed(lines, **options):
    return {found.listing.day for found in read(lines, **options) if isinstance(found, Reading)}


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("lines", [spaced(), spaced(day="Apr 8"), alternating()])
def test_title_and_abstract_of_each_row_are_read_in_every_layout(lines, ends):
    assert pairs(lines, ends=ends) == ROWS
    assert problems(lines, ends=ends) == []


def test_line_of_a_reading_is_that_of_its_title():
    assert [found.line for found in read(alternating())] == [2, 4, 6, 8]


def test_paper_of_a_page_is_from_text_and_has_no_id():
    paper = papers(spaced())[0]
    assert (paper.source, paper.arxiv_id, paper.url, paper.authors) == ("text", None, None, ())


def test_page_day_is_the_latest_not_after_the_day_asked_for():
    assert listed(spaced(day="Oct 30")) == {date(2025, 10, 30)}
    assert listed(spaced(day="Oct 31")) == {date(2024, 10, 31)}
    assert listed(spaced(day="Feb 29")) == {date(2024, 2, 29)}
    assert listed(spaced(day="Feb 29"), as_of=date(1903, 5, 1)) == {date(1896, 2, 29)}
    assert listed(spaced(day="October 30, 2023")) == {date(2023, 10, 30)}


def test_page_without_a_day_gives_listings_without_a_day():
    assert listed(spaced()) == {None}
    assert listed(alternating()) == {None}


def test_page_day_that_does_not_exist_is_a_problem_and_the_rows_have_no_day():
    lines = spaced(day="Feb 30")
    assert listed(lines) == {None}
    assert [(p.line, p.why) for p in problems(lines)] == [
        (11, "the page's day `Feb 30` does not exist")
    ]


def test_authors_organisation_date_and_comments_belong_to_the_row_before_them():
    details = [
        ["  • 4 authors", "·", "Mar 2, 2023"],
        ["owlery Institute of Owls", "·", "Aug 13 6"],
        [],
        ["  • 1 author", "·", "Jul 7, 2024 4"],
    ]
    found = papers(detailed(details))
    assert [paper.title for paper in found] == TITLES
    assert [paper.author_count for paper in found] == [4, None, None, 1]
    assert [paper.organization for paper in found] == [None, "owlery Institute of Owls", None, None]
    assert [paper.comments for paper in found] == [None, 6, None, 4]
    assert [paper.published for paper in found] == [
        date(2023, 3, 2),
        date(2025, 8, 13),
        None,
        date(2024, 7, 7),
    ]


def test_date_of_publication_that_does_not_exist_rejects_its_row_and_names_it():
    lines = detailed([["  • 4 authors", "·", "Feb 30, 2023"], [], [], []])
    assert [paper.title for paper in papers(lines)] == TITLES[1:]
    (problem,) = problems(lines)
    assert problem.line == 13
    assert "`Feb 30, 2023` in line 19" in problem.why


def test_details_of_a_row_without_abstract_are_not_given_to_the_row_before():
    lines = detailed([[], ["  • 7 authors", "·", "Mar 2, 2023"], [], []])
    lines.remove(ABSTRACTS[1])
    assert [paper.author_count for paper in papers(lines)] == [None, None, None]
    assert "`Bees as Sorters: A Survey` has no abstract" in problems(lines)[0].why


def test_details_of_a_row_without_title_are_not_given_to_another():
    lines = detailed([[], ["nest Nest of Bees", "·", "Mar 2, 2023"], [], []])
    lines.remove(TITLES[1])
    assert [paper.organization for paper in papers(lines)] == [None, None, None]
    assert [problem.line for problem in problems(lines)] == [lines.index(ABSTRACTS[1]) + 1]


@pytest.mark.parametrize("lines", [spaced(day="Apr 8"), alternating()])
@pytest.mark.parametrize("row", range(4))
@pytest.mark.parametrize("column", [0, 1])
def test_missing_line_costs_its_own_row_and_is_a_problem_with_a_line(lines, row, column):
    missing = ROWS[row][column]
    kept = [line.replace(missing, "") for line in lines]
    assert pairs(kept) == ROWS[:row] + ROWS[row + 1 :]
    (problem,) = problems(kept)
    assert kept[problem.line - 1].endswith(ROWS[row][1 - column])


def test_duplicated_title_is_a_problem_and_the_row_is_read():
    lines = alternating()
    lines.insert(2, TITLES[0])
    assert pairs(lines)[1:] == ROWS[1:]


def test_short_abstract_that_is_a_sentence_is_an_abstract():
    short = ("A Short One", "We prove it in one line.")
    assert pairs(alternating([ROWS[0], short, ROWS[1]])) == [ROWS[0], short, ROWS[1]]


def test_title_that_begins_with_the_word_on_the_button_keeps_it():
    rows = [ROWS[0], ("Subscribers Leave Early", ABSTRACTS[1])]
    assert pairs(alternating(rows)) == rows
    assert pairs(spaced(rows[1:])) == rows[1:]


def test_title_that_begins_with_a_small_letter_is_freed_from_the_button():
    rows = [("uOwl: Small Owls", ABSTRACTS[0])]
    assert pairs(alternating(rows)) == rows


def test_lines_of_the_site_after_the_papers_are_no_papers():
    assert read([*spaced(), "Previous", "Next", "", "Company", "TOS", "Privacy"]) == read(spaced())


def test_page_that_ends_after_a_title_is_a_problem_there():
    lines = [*spaced()[:-4], "MothNet"]
    assert pairs(lines) == ROWS[:3]
    assert problems(lines) == [Problem(origin="page.txt", line=23, why="`MothNet` has no abstract")]


def test_page_that_ends_within_an_abstract_is_a_problem_there():
    lines = alternating()
    lines[-1] = lines[-1][:-20]
    assert pairs(lines) == ROWS[:3]
    (problem,) = problems(lines)
    assert problem.line == 8
    assert problem.why.startswith("the page ends in the middle of the abstract `We study moths")


def test_last_abstract_may_end_in_an_address():
    lines = alternating()
    lines[-1] += " Code is at github.com/moth/net"
    assert len(papers(lines)) == 4


def test_abstracts_saved_as_many_lines_are_joined():
    def broken(text):
        words, lines = text.split(), [""]
        for word in words:
            if len(lines[-1]) + len(word) > 70:
                lines.append("")
            lines[-1] = f"{lines[-1]} {word}".strip()
        return lines

    lines = [*HEADER]
    for title, text in ROWS:
        lines += [title, "", *broken(text), "", "  • 2 authors", "·", "May 1, 2024", ""]
    assert pairs(lines) == ROWS
    assert {paper.author_count for paper in papers(lines)} == {2}


def test_page_without_papers_is_a_problem():
    assert [problem.why for problem in problems(HEADER)] == ["the page holds no papers"]


def test_page_is_told_from_other_texts_by_its_header():
    assert looks_like_page("\n".join(spaced()))
    assert looks_like_page("\n".join(alternating()))
    assert not looks_like_page("The page says: Get trending papers in your email inbox!")
    assert not looks_like_page("# Notes\n\nI read the daily papers by and by.\n")


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_no_permutation_repetition_or_loss_of_lines_raises_or_invents_text(data):
    lines = detailed([["  • 4 authors", "·", "Aug 13 6"], ["an org", "·", "May 3"], [], []])
    changed = data.draw(st.lists(st.sampled_from(lines), max_size=40))
    for paper in papers(changed):
        assert paper.title in {line.strip() for line in lines}
        assert paper.abstract in lines


@given(st.sets(st.integers(0, 7), max_size=7))
@settings(max_examples=60, deadline=None)
def test_rows_that_are_whole_are_read_whatever_else_is_missing(missing):
    lines = spaced(day="Apr 8")
    content = [line for row in ROWS for line in row]
    kept = [line for line in lines if line not in {content[place] for place in missing}]
    whole = [row for place, row in enumerate(ROWS) if not {2 * place, 2 * place + 1} & missing]
    assert [pair for pair in pairs(kept) if pair in ROWS] == whole


@given(st.text(max_size=2000))
@settings(max_examples=100, deadline=None)
def test_no_text_whatever_raises(text):
    list(read_page("Daily Papers\n" + text, origin="x", as_of=AS_OF))


@pytest.mark.skipif(not REAL_PAGES.is_dir(), reason="the real pages are not beside this checkout")
class TestRealPages:
    EXPECTED = (
        ("000", 72, None),
        ("001", 55, date(2025, 10, 30)),
        ("002", 74, date(2025, 4, 8)),
        ("003", 72, date(2025, 3, 14)),
        ("004", 185, None),
    )

    def found(self, name):
        (path,) = REAL_PAGES.glob(f"{name}_*.txt")
        text = path.read_text(encoding="utf-8")
        return list(read_page(text, origin=path.name, as_of=AS_OF))

    @pytest.mark.parametrize(("name", "rows", "day"), EXPECTED)
    def test_every_row_is_read_with_its_day(self, name, rows, day):
        found = self.found(name)
        assert [type(one) for one in found] == [Reading] * rows
        assert {reading.listing.day for reading in found} == {day}

    def test_papers_on_several_pages_have_one_title(self):
        titles = [reading.paper.title for name, *_ in self.EXPECTED for reading in self.found(name)]
        assert len(titles) == 458
        assert len(set(map(normalised_title, titles))) == 428

    def test_no_title_is_long_and_no_abstract_short(self):
        for name, *_ in self.EXPECTED:
            for reading in self.found(name):
                assert len(reading.paper.title) < 150
                assert 500 < len(reading.paper.abstract) < 2000
                assert "authors" not in reading.paper.abstract[-15:]

    def test_details_of_the_page_that_has_them_are_read(self):
        found = [reading.paper for reading in self.found("001")]
        assert sum(paper.published is not None for paper in found) == 53
        assert sum(paper.author_count is not None for paper in found) == 52
        assert sum(paper.organization is not None for paper in found) == 1
        assert sum(paper.comments or 0 for paper in found) == 27
        assert max(paper.published for paper in found if paper.published) == date(2025, 10, 26)
