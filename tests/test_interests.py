"""Interests: what a reader follows, read from TOML, and which papers suit it, and why."""

from __future__ import annotations

import re
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.digest.digester import Digester, Wanted
from assistant.digest.digests import Digest
from assistant.digest.interests import Interests
from assistant.errors import InterestsError
from index.search import Searcher
from tests.listed_papers import BEFORE, DAY


def parse(text: str) -> Interests:
    return Interests.parse(text.encode(), name="mine.toml")


@pytest.mark.parametrize(
    ("text", "names", "cure"),
    [
        ("topics = [", "`mine.toml` is no TOML", "topics = ["),
        ('topic = ["x"]', "the key `topic`", "`topics`"),
        ('topics = "pruning"', "`topics` in `mine.toml` is no list", 'topics = ["'),
        ("topics = [3]", "Entry 1 of `topics`", 'topics = ["'),
        ('topics = ["pruning", " "]', "Entry 2 of `topics`", 'topics = ["'),
        ('keywords = ["..."]', "Entry 1 of `keywords`", 'keywords = ["'),
        (f'authors = ["{"x" * 301}"]', "Entry 1 of `authors`", 'authors = ["'),
        (f"topics = {['x'] * 101}", "`topics` in `mine.toml` has 101 entries", "matter most"),
        ('without = ["survey"]', "names nothing to follow", "`topics`"),
        ("", "names nothing to follow", "`topics`"),
        ("[topics]", "`topics` in `mine.toml` is no list", 'topics = ["'),
    ],
)
def test_a_bad_file_names_the_key_and_the_cure(text: str, names: str, cure: str) -> None:
    with pytest.raises(InterestsError) as caught:
        parse(text)
    assert names in str(caught.value)
    assert cure in caught.value.hint
    assert "\n" not in str(caught.value) + caught.value.hint


def test_a_file_that_is_not_there_or_too_large_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InterestsError, match="cannot be read"):
        Interests.read(tmp_path / "none.toml")
    large = tmp_path / "large.toml"
    large.write_bytes(b"#" * 200_000)
    with pytest.raises(InterestsError, match="larger than"):
        Interests.read(large)


@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda text: text.encode()))
def test_any_bytes_are_interests_or_an_error(written: bytes) -> None:
    with suppress(InterestsError):
        assert isinstance(Interests.parse(written, name="x"), Interests)


def test_a_file_is_read(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(
        '\ufefftopics = ["mixture of  experts"]\nliked = ["Pointer Networks"]\n', encoding="utf-8"
    )
    assert Interests.read(file) == Interests(
        topics=("mixture of experts",), liked=("Pointer Networks",)
    )


def digest_for(searcher: Searcher, **followed: tuple[str, ...]) -> Digest:
    wanted = Wanted(
        title="Thursday", since=DAY, until=DAY, interests=Interests(**followed), rank="interest"
    )
    return Digester(searcher).digest(wanted)


def whys(digest: Digest) -> dict[str, str | None]:
    return {entry.paper.title: entry.why for entry in digest.entries}


def test_a_keyword_picks_the_papers_that_print_it_and_no_other(listed: Searcher) -> None:
    printing = [
        paper.title
        for paper in listed.corpus.papers(day=DAY)
        if re.search(r"\blanguage[ -]models?\b", f"{paper.title} {paper.abstract}", re.IGNORECASE)
    ]
    found = whys(digest_for(listed, keywords=("Language-Model",)))
    assert 0 < len(printing) < 40
    assert set(found) == set(printing)
    assert set(found.values()) == {"because it says “Language-Model”"}


def test_an_author_picks_their_papers(listed: Searcher) -> None:
    digest = digest_for(listed, authors=("A. Lovelace",))
    assert {entry.paper.authors for entry in digest.entries} == {("Ada Lovelace",)}
    assert {entry.why for entry in digest.entries} == {"because you follow A. Lovelace"}


def test_a_topic_picks_papers_in_whatever_words(listed: Searcher) -> None:
    found = whys(digest_for(listed, topics=("language models",)))
    assert 0 < len(found) < 40
    assert set(found.values()) == {"because you follow “language models”"}


def test_a_liked_paper_picks_those_like_it_but_not_itself(listed: Searcher) -> None:
    liked = next(paper for paper in listed.corpus.papers(day=DAY) if "SOAP" in paper.title)
    found = whys(digest_for(listed, liked=(liked.title,), keywords=("the",)))
    alike = [why for why in found.values() if why and "which you liked" in why]
    assert liked.title not in [title for title, why in found.items() if why in alike]


def test_what_is_disliked_or_shut_out_is_not_there(listed: Searcher) -> None:
    every = whys(digest_for(listed, keywords=("the",)))
    one = next(iter(every))
    assert one not in whys(digest_for(listed, keywords=("the",), disliked=(one,)))
    less = whys(digest_for(listed, keywords=("the",), without=("language",)))
    texts = {p.title: f"{p.title} {p.abstract}".lower() for p in listed.corpus.papers(day=DAY)}
    assert 0 < len(less) < len(every)
    assert not any(" language " in texts[title] for title in less)


def test_more_reasons_come_first(listed: Searcher) -> None:
    digest = digest_for(listed, authors=("Ada Lovelace",), keywords=("the",))
    first = digest.topics[0].entries[0]
    assert first.why is not None
    assert "; " in first.why or len(digest.topics) == 1


def test_a_day_with_nothing_of_interest_says_so(listed: Searcher) -> None:
    digest = digest_for(listed, keywords=("xylophone",))
    assert digest.topics == ()
    assert digest.remark == "40 papers are dated 30 October 2025; none suits your interests."
    assert digest.considered == 40


def test_the_days_are_still_those_that_were_asked_for(listed: Searcher) -> None:
    before = {paper.title for paper in listed.corpus.papers(day=BEFORE)}
    assert not before & set(whys(digest_for(listed, keywords=("the",))))
