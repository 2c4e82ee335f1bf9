"""The Daily Papers API's JSON."""

import json
from datetime import date

import pytest

from index.hub import hub_row, is_hub_row, list_day
from index.papers import Listing
from index.rows import RowError

INNER = {
    "id": "2510.01234",
    "authors": [
        {"_id": "a1", "name": "Ada Owl", "hidden": False},
        {"_id": "a2", "name": "Bo Bee", "hidden": True},
        {"_id": "a3", "name": "Cy Fish", "hidden": False},
    ],
    "publishedAt": "2025-10-27T23:30:00.000Z",
    "submittedOnDailyAt": "2025-10-30T00:00:00.000Z",
    "title": "Owls That\nCount",
    "summary": "We study owls.\nThey count.",
    "upvotes": 0,
    "ai_summary": "Owls count.",
    "organization": {"_id": "o1", "name": "owlery", "fullname": "Institute of Owls"},
}
OUTER = {
    "paper": INNER,
    "publishedAt": "2025-10-27T19:30:00.000Z",
    "title": "An older title",
    "summary": "An older abstract.",
    "numComments": 2,
}


def outer(**changes):
    return OUTER | {"paper": {k: v for k, v in (INNER | changes).items() if v is not None}}


def test_row_of_a_list_is_read_with_all_it_tells():
    row = hub_row(OUTER)
    paper = row.paper
    assert (paper.arxiv_id, paper.title) == ("2510.01234", "Owls That Count")
    assert paper.abstract == "We study owls. They count."
    assert paper.published == date(2025, 10, 27)
    assert paper.organization == "Institute of Owls"
    assert (paper.upvotes, paper.comments) == (0, 2)
    assert paper.source == "api"
    assert paper.url == "https://huggingface.co/papers/2510.01234"


def test_list_day_is_the_one_written_whatever_the_time_zone():
    assert hub_row(OUTER).listings == (Listing(date(2025, 10, 30)),)
    late = outer(submittedOnDailyAt="2025-10-30T23:59:59.000-11:00")
    assert hub_row(late).listings == (Listing(date(2025, 10, 30)),)


def test_row_without_a_list_day_takes_that_of_its_page_and_no_other():
    row = outer(submittedOnDailyAt=None)
    assert hub_row(row).listings == (Listing(None),)
    assert hub_row(row, page_day=date(2025, 10, 29)).listings == (Listing(date(2025, 10, 29)),)


def test_row_found_by_search_was_on_no_list_unless_it_says_so():
    row = outer(submittedOnDailyAt=None) | {"highlightedTitle": []}
    assert hub_row(row).listings == (None,)
    assert hub_row(OUTER | {"highlightedTitle": []}).listings == (Listing(date(2025, 10, 30)),)


def test_answer_about_one_paper_is_read_like_a_row():
    row = hub_row(INNER)
    assert row.paper.title == "Owls That Count"
    assert row.paper.comments is None
    assert row.listings == (Listing(date(2025, 10, 30)),)
    never_listed = {k: v for k, v in INNER.items() if k != "submittedOnDailyAt"}
    assert hub_row(never_listed).listings == (None,)


def test_hidden_author_is_counted_and_not_named():
    paper = hub_row(OUTER).paper
    assert paper.authors == ("Ada Owl", "Cy Fish")
    assert paper.author_count == 3


def test_organisation_and_votes_of_the_row_stand_in_for_those_of_the_paper():
    row = outer(organization=None, upvotes=None) | {"organization": {"name": "o"}, "upvotes": 7}
    assert hub_row(row).paper.organization == "o"
    assert hub_row(row).paper.upvotes == 7


def test_title_and_abstract_of_the_row_stand_in_for_those_of_the_paper():
    paper = hub_row(outer(title=None, summary=None)).paper
    assert (paper.title, paper.abstract) == ("An older title", "An older abstract.")


def test_paper_without_id_is_known_by_its_title():
    paper = hub_row(outer(id=None)).paper
    assert (paper.arxiv_id, paper.url) == (None, None)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"id": "25/x"}, "`25/x` is not an arXiv id"),
        ({"id": 251001234}, "`id` is not text but `251001234`"),
        ({"title": ["a"]}, "`title` is not text but a list"),
        ({"authors": {}}, "`authors` is not a list but an object"),
        ({"authors": ["Ada"]}, "`authors` holds `Ada`, which is not an object"),
        ({"upvotes": -1}, "`upvotes` is not a number of things but `-1`"),
        ({"upvotes": True}, "`upvotes` is not a number of things but `True`"),
        ({"upvotes": 10**30}, "`upvotes` is not a number of things but more than 1000000000"),
        ({"publishedAt": "2025-02-30T00:00:00Z"}, "`publishedAt` is `2025-02-30T00:00:00Z`"),
        ({"submittedOnDailyAt": "yesterday"}, "`submittedOnDailyAt` is `yesterday`"),
        ({"organization": "owlery"}, "is not a JSON object but `owlery`"),
        ({"withdrawnAt": "2025-10-31T00:00:00Z"}, "is withdrawn"),
    ],
)
def test_wrong_field_is_named_with_its_value(changes, why):
    with pytest.raises(RowError) as caught:
        hub_row(outer(**changes))
    assert why in str(caught.value)


def test_row_without_abstract_is_refused():
    row = {"paper": {"id": "2510.01234", "title": "Owls"}}
    with pytest.raises(RowError, match="`Owls` has no abstract"):
        hub_row(row)


def test_day_of_a_week_or_a_month_is_none():
    assert list_day({"dateString": "2025-10-30"}) == date(2025, 10, 30)
    assert list_day({"dateString": "2025-W44"}) is None
    assert list_day({"dateString": "2025-10"}) is None
    assert list_day({}) is None


def test_rows_are_told_from_other_json():
    assert is_hub_row(json.loads(json.dumps(OUTER)))
    assert is_hub_row(INNER)
    assert not is_hub_row({"title": "Owls", "abstract": "We study owls."})
    assert not is_hub_row([])
