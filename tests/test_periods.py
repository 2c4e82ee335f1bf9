"""The days of a digest as options name them."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from assistant.digest.interests import Interests
from assistant.digest.periods import Named, Period, period_named, wanted
from assistant.errors import InterestsError, PeriodError
from index.search import Searcher
from tests.listed_papers import AFTER, DAY

TODAY = date(2025, 11, 4)
"""A Tuesday."""


def period(searcher: Searcher, **named: Any) -> Period:
    return period_named(Named(**named), searcher.corpus, today=TODAY)


@pytest.mark.parametrize(
    ("named", "since", "until", "title"),
    [
        ({"day": "2025-10-30"}, "2025-10-30", "2025-10-30", "Thursday, 30 October 2025"),
        ({"day": "yesterday"}, "2025-11-03", "2025-11-03", "Monday, 3 November 2025"),
        ({"day": "last  Tuesday"}, "2025-10-28", "2025-10-28", "Tuesday, 28 October 2025"),
        (
            {"week": "2025-W44"},
            *("2025-10-27", "2025-11-02", "week 44 of 2025, 27 October to 2 November 2025"),
        ),
        (
            {"week": "2026-W01"},
            *("2025-12-29", "2026-01-04", "week 1 of 2026, 29 December 2025 to 4 January 2026"),
        ),
        ({"month": "2024-02"}, "2024-02-01", "2024-02-29", "February 2024"),
        ({"month": "last month"}, "2025-10-01", "2025-10-31", "October 2025"),
        (
            {"since": "2025-10-28", "until": "30 October"},
            *("2025-10-28", "2025-10-30", "28 to 30 October 2025"),
        ),
        ({"since": "2025-11-01"}, "2025-11-01", "2025-11-04", "1 to 4 November 2025"),
    ],
)
def test_options_name_days(
    named: dict[str, str], since: str, until: str, title: str, listed: Searcher
) -> None:
    found = period(listed, **named)
    assert (str(found.since), str(found.until)) == (since, until)
    assert found.title == title


def test_without_options_it_is_the_latest_list(listed: Searcher) -> None:
    found = period(listed)
    assert found.since == found.until == AFTER


def test_without_any_list_the_days_have_to_be_named(searcher: Searcher) -> None:
    with pytest.raises(PeriodError, match="No paper stands on a day's list"):
        period(searcher)


@pytest.mark.parametrize(
    ("named", "names"),
    [
        ({"day": "someday"}, "`someday` is no day"),
        ({"day": "2025-W44"}, "`2025-W44` is no day"),
        ({"day": "2025-02-29"}, "`2025-02-29` is no day"),
        ({"week": "2025-10"}, "`2025-10` is no week"),
        ({"week": "2025-W53"}, "`2025-W53` is no week"),
        ({"month": "2025-10-01"}, "`2025-10-01` is no month"),
        ({"day": "until yesterday"}, "`until yesterday` is no day"),
        ({"day": "today", "week": "last week"}, "`--date` and `--week`"),
        ({"until": "today"}, "`--to` needs a beginning"),
        ({"since": "today", "until": "yesterday"}, "`today` comes after `yesterday`"),
    ],
)
def test_what_is_no_period_is_an_error_with_a_cure(
    named: dict[str, str], names: str, listed: Searcher
) -> None:
    with pytest.raises(PeriodError) as caught:
        period(listed, **named)
    assert names in str(caught.value)
    assert caught.value.hint


def test_a_page_gives_its_papers_whatever_their_day(listed: Searcher, tmp_path: Path) -> None:
    papers = list(listed.corpus.papers(day=DAY))[:5]
    page = tmp_path / "page.jsonl"
    lines = [f'{{"title": "{paper.title}", "abstract": "It is short."}}' for paper in papers]
    page.write_text("\n".join([*lines, '{"title": "Unread", "abstract": "It is."}']))
    found = period(listed, page=page)
    assert found.papers is not None
    assert {paper.id for paper in found.papers} == {paper.id for paper in papers}
    assert (found.since, found.until) == (None, None)
    assert found.remark == "1 paper of the page is not in the corpus."


def test_a_page_of_which_the_corpus_holds_nothing_has_to_be_ingested(
    listed: Searcher, tmp_path: Path
) -> None:
    page = tmp_path / "page.jsonl"
    page.write_text('{"title": "Unread", "abstract": "It is."}')
    with pytest.raises(PeriodError) as caught:
        period(listed, page=page)
    assert caught.value.hint == f"run `footnote ingest {page}` first"


def test_other_interests_make_another_digest_of_the_same_days(listed: Searcher) -> None:
    found = period(listed, day="2025-10-30")
    followed = Interests(topics=("kites",))
    names = {
        wanted(found).made_for,
        wanted(found, interests=followed, interests_from=Path("a.toml")).made_for,
        wanted(found, interests=followed, interests_from=Path("b.toml")).made_for,
    }
    assert len(names) == 3
    assert wanted(found, interests=followed).rank == "interest"
    with pytest.raises(InterestsError, match="Without interests"):
        wanted(found, rank="interest")
