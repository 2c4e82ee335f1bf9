"""A Daily Papers page saved as HTML."""

import json
from datetime import date
from html import escape

from hypothesis import given, settings
from hypothesis import strategies as st

from index.papers import Listing, Problem, Reading
from index.saved_html import read_saved_page

ROWS = [
    {
        "paper": {
            "id": f"2510.0000{number}",
            "title": title,
            "summary": f'We study {title}. It is <b>hard</b> & "new".',
            "upvotes": number,
        },
        "numComments": 0,
    }
    for number, title in enumerate(["Owls", "Bees", "Fish"])
]

ARTICLE = """
<article>
  <h3><a href="https://huggingface.co/papers/2510.01234">Owls
     That Count</a></h3>
  <p>We study owls. They count.</p>
  <ul><li>4 authors</li></ul> · <time datetime="2025-10-28T10:00:00.000Z">Oct 28</time>
</article>
"""


def with_rows(rows, **around):
    props = {"dateString": "2025-10-30", "periodType": "day", "dailyPapers": rows} | around
    attribute = escape(json.dumps(props), quote=True)
    return (
        "<!doctype html><html><body>"
        f'<div class="x" data-target="DailyPapers" data-props="{attribute}">'
        f"{ARTICLE}</div></body></html>"
    )


def visible(*articles, head=""):
    body = "".join(articles)
    return f"<!doctype html><html><head>{head}</head><body><main>{body}</main></body></html>"


def read(text):
    return list(read_saved_page(text, origin="page.html"))


def test_rows_hidden_in_the_page_are_read():
    found = read(with_rows(ROWS))
    assert [one.paper.title for one in found] == ["Owls", "Bees", "Fish"]
    assert [one.paper.upvotes for one in found] == [0, 1, 2]
    assert {one.paper.source for one in found} == {"html"}
    assert {one.listing for one in found} == {Listing(date(2025, 10, 30))}
    assert {one.line for one in found} == {None}
    assert found[0].paper.abstract == 'We study Owls. It is <b>hard</b> & "new".'


def test_day_of_a_row_goes_before_the_day_of_its_page():
    row = {"paper": ROWS[0]["paper"] | {"submittedOnDailyAt": "2025-10-29T00:00:00.000Z"}}
    assert read(with_rows([row]))[0].listing == Listing(date(2025, 10, 29))


def test_rows_of_a_week_that_name_no_day_have_none():
    assert read(with_rows(ROWS, dateString="2025-W44"))[0].listing == Listing(None)


def test_broken_row_is_a_problem_and_costs_no_other():
    found = read(with_rows([ROWS[0], {"paper": {"title": "Moths"}}, "moths", ROWS[2]]))
    assert [type(one) for one in found] == [Reading, Problem, Problem, Reading]
    assert found[1].why == "`Moths` has no abstract"
    assert found[2].why == "is not a JSON object but `moths`"


def test_day_without_papers_has_no_rows_and_no_problem():
    assert read(with_rows([])) == []


def test_rows_are_read_from_a_page_of_more_than_ten_megabytes():
    rows = [{"paper": ROWS[0]["paper"], "padding": "x" * 11_000_000}]
    assert [one.paper.title for one in read(with_rows(rows))] == ["Owls"]


def test_visible_page_is_read_where_the_hidden_rows_are_damaged():
    text = with_rows(ROWS).replace("dailyPapers", "other")
    (one,) = read(text)
    assert (one.paper.title, one.paper.arxiv_id) == ("Owls That Count", "2510.01234")
    assert one.paper.abstract == "We study owls. They count."
    assert (one.paper.author_count, one.paper.published) == (4, date(2025, 10, 28))
    assert one.listing == Listing(None)


def test_visible_page_names_its_day_in_its_address():
    address = "https://huggingface.co/papers/date/2025-10-30"
    day = Listing(date(2025, 10, 30))
    assert read(visible(ARTICLE, head=f'<link rel="canonical" href="{address}">'))[0].listing == day
    assert read(f"<!-- saved from url=(0045){address} -->\n{visible(ARTICLE)}")[0].listing == day
    saved = visible(ARTICLE).replace("<html>", f"<!-- saved from url=(0045){address} -->\n<html>")
    assert read(saved)[0].listing == day


def test_paper_on_a_page_without_abstracts_is_a_problem_that_says_so():
    article = '<article><h3><a href="/papers/2510.01234">Owls</a></h3></article>'
    (problem,) = read(visible(article))
    assert problem.why == "`Owls` has no abstract"


def test_visible_paper_with_an_odd_id_is_a_problem():
    article = '<article><h3><a href="/papers/xyz">Owls</a></h3><p>We study owls.</p></article>'
    assert [one.why for one in read(visible(article))] == ["`xyz` is not an arXiv id"]


def test_page_without_papers_is_a_problem():
    assert [one.why for one in read(visible())] == ["the page holds no papers"]
    assert [one.why for one in read("")] == ["the page is empty"]


@given(st.text(max_size=300), st.integers(0, 800))
@settings(max_examples=60, deadline=None)
def test_no_damaged_page_raises(noise, place):
    text = with_rows(ROWS)
    read(text[:place])
    read(text[:place] + noise + text[place:])
