"""Footnote's own JSON lines."""

import json
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.papers import Listing, Paper
from index.records import record_row
from index.rows import ABSTRACT_LIMIT, TITLE_LIMIT, RowError

SMALLEST = {"title": "Owls That Count", "abstract": "We study owls."}

PAPER = Paper(
    title="Owls That Count",
    abstract="We study $\\ell_2$ owls.",
    source="api",
    arxiv_id="2510.01234",
    authors=("Ada Owl", "Bo Bee"),
    author_count=3,
    organization="Institute of Owls",
    categories=("cs.CL",),
    published=date(2025, 10, 27),
    url="https://arxiv.org/abs/2510.01234",
    upvotes=0,
    comments=2,
)


def test_title_and_abstract_are_enough():
    row = record_row(SMALLEST)
    assert row.paper == Paper(title="Owls That Count", abstract="We study owls.", source="text")
    assert row.listings == (None,)


def test_paper_written_as_json_is_read_back():
    assert record_row(json.loads(json.dumps(PAPER.as_json()))).paper == PAPER


def test_public_name_of_a_paper_without_arxiv_id_is_not_taken_for_one():
    paper = Paper(title="Owls", abstract="We study owls.", source="text")
    assert record_row(paper.as_json()).paper == paper


def test_nulls_and_unknown_fields_are_passed_over():
    row = SMALLEST | dict.fromkeys(["id", "authors", "published", "listed", "url", "upvotes"])
    assert record_row(row | {"colour": "blue"}) == record_row(SMALLEST)


def test_each_day_listed_is_a_listing_in_order_and_once():
    row = record_row(SMALLEST | {"listed": ["2025-10-30", "2025-10-28", "2025-10-30"]})
    assert row.listings == (Listing(date(2025, 10, 28)), Listing(date(2025, 10, 30)))


def test_source_is_honoured_if_it_is_one_and_text_otherwise():
    assert record_row(SMALLEST | {"source": "sample"}).paper.source == "sample"
    assert record_row(SMALLEST | {"source": "gossip"}).paper.source == "text"


def test_all_texts_are_tidied():
    row = {"title": " Owls\n That ", "abstract": "A\u202eb\x1b[0m", "authors": [" Ada\tOwl ", ""]}
    paper = record_row(row | {"organization": " "}).paper
    assert (paper.title, paper.abstract) == ("Owls That", "Ab [0m")
    assert (paper.authors, paper.organization) == (("Ada Owl",), None)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"title": None}, "the abstract `We study owls.` has no title"),
        ({"title": " \u200b"}, "has no title"),
        ({"abstract": ""}, "`Owls That Count` has no abstract"),
        ({"title": 7}, "`title` is not text but `7`"),
        ({"source": 7}, "`source` is not text but `7`"),
        ({"authors": "Ada"}, "`authors` is not a list but `Ada`"),
        ({"authors": [1]}, "`authors` holds `1`, which is not text"),
        ({"upvotes": "many"}, "`upvotes` is not a number of things but `many`"),
        ({"upvotes": 1.5}, "`upvotes` is not a number of things but `1.5`"),
        ({"published": "2025-02-30"}, "`published` is `2025-02-30`, which is no date"),
        ({"published": "20250203"}, "`published` is `20250203`, which is no date"),
        ({"listed": ["Feb 30"]}, "`listed` is `Feb 30`, which is no date"),
        ({"listed": [None]}, "`listed` holds `None`, which is not text"),
        ({"url": "javascript:alert(1)"}, "`url` is `javascript:alert(1)`"),
        ({"url": "https://a b"}, "which is no address of the web"),
        ({"title": "o" * (TITLE_LIMIT + 1)}, "is longer than 500 characters"),
        ({"abstract": "o" * (ABSTRACT_LIMIT + 1)}, "is longer than 20000 characters"),
        ({"authors": ["o" * 501]}, "is longer than 500 characters"),
    ],
)
def test_wrong_field_is_named_with_its_value(changes, why):
    with pytest.raises(RowError) as caught:
        record_row(SMALLEST | changes)
    assert why in str(caught.value)


def test_value_in_a_message_is_short_and_harmless_on_a_terminal():
    with pytest.raises(RowError) as caught:
        record_row(SMALLEST | {"published": "\x1b[31m" + "x" * 10_000})
    assert "\x1b" not in str(caught.value)
    assert len(str(caught.value)) < 120


def test_text_far_beyond_the_limit_is_refused_at_once():
    with pytest.raises(RowError, match="is longer than 500 characters"):
        record_row(SMALLEST | {"title": "o" * 50_000_000})


@pytest.mark.parametrize("raw", [None, [], "owls", 7, True])
def test_row_that_is_no_object_is_refused(raw):
    with pytest.raises(RowError, match="is not a JSON object"):
        record_row(raw)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)


@given(st.dictionaries(st.sampled_from(sorted(PAPER.as_json())), JSON))
@settings(max_examples=150, deadline=None)
def test_no_row_raises_anything_but_a_row_error(changes):
    try:
        paper = record_row(SMALLEST | changes).paper
    except RowError:
        return
    json.dumps(paper.as_json()).encode()
    repr(paper.as_json()).encode()
