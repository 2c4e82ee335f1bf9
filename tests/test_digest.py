"""The digest of some days: every paper once, every sentence cited, its words where it says."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from assistant.answers import Sentence
from assistant.digest.digester import Digester, Wanted, once
from assistant.digest.digests import Digest, Rank
from assistant.digest.groups import OTHERS
from assistant.digest.quotes import SUMMARY
from assistant.digest.telling import statements
from assistant.support import Source
from index.papers import Paper
from index.search import Searcher
from tests.listed_papers import AFTER, BEFORE, DAY, FEW
from tests.shipped_support import shipped_support

REAL_PAGES = Path(__file__).parents[2] / "shared" / "corpus"


def digest_of(searcher: Searcher, since: date, until: date | None = None, **more: Any) -> Digest:
    wanted = Wanted(title="some days", since=since, until=until or since, **more)
    return Digester(searcher).digest(wanted)


@pytest.fixture(scope="module")
def digest(listed: Searcher) -> Digest:
    """Thursday's."""
    return digest_of(listed, DAY)


def ids(digest: Digest) -> list[str]:
    return [entry.paper.id for entry in digest.entries]


def check_offsets(digest: Digest, sentences: Sequence[Sentence]) -> None:
    papers = {citation.number: citation.paper for citation in digest.citations}
    for sentence in sentences:
        assert sentence.citations
        for quote in sentence.evidence:
            assert quote.citation in sentence.citations
            assert papers[quote.citation].abstract[quote.start : quote.end] == quote.text
            assert quote.text


def test_every_paper_of_the_day_stands_in_one_place(digest: Digest, listed: Searcher) -> None:
    of_day = {paper.id for paper in listed.corpus.papers(day=DAY)}
    assert len(of_day) == 40
    assert sorted(ids(digest)) == sorted(of_day)
    assert [entry.number for entry in digest.entries] == list(range(1, 41))
    assert digest.considered == 40


def test_every_sentence_is_the_words_of_the_paper_it_cites(digest: Digest) -> None:
    sentences = list(digest.sentences)
    assert {sentence.verdict for sentence in sentences} == {"verbatim"}
    check_offsets(digest, sentences)
    for sentence in sentences:
        (quote,) = sentence.evidence
        assert sentence.text.endswith(quote.text)


def test_the_check_of_sentences_supports_every_one(digest: Digest) -> None:
    support = shipped_support()
    papers = {citation.number: citation.paper for citation in digest.citations}
    for sentence in digest.sentences:
        (quote,) = sentence.evidence
        source = Source.of(papers[quote.citation])
        assert support.judge(quote.text, [source]).support >= support.high


def test_no_sentence_stands_twice(digest: Digest) -> None:
    places = [(q.citation, q.start) for sentence in digest.sentences for q in sentence.evidence]
    assert len(places) == len(set(places))


def test_topics_are_named_apart_and_none_holds_more_than_a_third(digest: Digest) -> None:
    labels = [topic.label for topic in digest.topics]
    assert len(set(labels)) == len(labels)
    assert 4 <= len(labels) <= 12
    assert all(len(topic.entries) <= 40 / 3 for topic in digest.topics)
    assert OTHERS not in labels[:-1]


def test_a_topic_has_sentences_across_its_papers_and_a_line_for_each(digest: Digest) -> None:
    least, most = SUMMARY
    for topic in digest.topics:
        if topic.label != OTHERS:
            assert least <= len(topic.summary) <= most
            cited = [sentence.citations for sentence in topic.summary]
            assert len(set(cited)) == len(cited)
        assert all(
            entry.line and entry.line.citations == (entry.number,) for entry in topic.entries
        )


def test_the_overview_names_one_paper_of_each_of_the_first_topics(digest: Digest) -> None:
    firsts = [topic.entries[0].number for topic in digest.topics if topic.label != OTHERS]
    assert [sentence.citations for sentence in digest.overview] == [(n,) for n in firsts[:5]]
    assert all(sentence.text.startswith("“") for sentence in digest.overview)


def test_papers_and_topics_come_by_their_votes(digest: Digest) -> None:
    votes = [[entry.paper.upvotes or 0 for entry in topic.entries] for topic in digest.topics]
    assert all(each == sorted(each, reverse=True) for each in votes)
    named = [each[0] for topic, each in zip(digest.topics, votes, strict=True) if topic.keywords]
    assert named == sorted(named, reverse=True)


def test_a_paper_of_two_days_is_named_once(listed: Searcher) -> None:
    digest = digest_of(listed, DAY, AFTER)
    assert len(ids(digest)) == len(set(ids(digest))) == 44
    assert digest_of(listed, AFTER).considered == 2 * FEW


def test_one_title_under_two_ids_is_one_paper() -> None:
    few, many = (
        Paper(title=title, abstract="It is.", source="api", arxiv_id=name, upvotes=votes)
        for title, name, votes in (("Kites!", "2510.00001", 3), ("kites", "2510.00002", 9))
    )
    assert once([few, many]) == [many]


def test_by_novelty_a_paper_says_what_came_nearest_to_it(listed: Searcher) -> None:
    digest = digest_of(listed, DAY, rank="novelty")
    before = {paper.title for paper in listed.corpus.papers(day=BEFORE)}
    whys = [entry.why or "" for entry in digest.entries]
    assert all(why.startswith("nearest before it: “") for why in whys)
    assert {why[len("nearest before it: “") : -1] for why in whys} <= before
    assert ids(digest) != ids(digest_of(listed, DAY))


def test_where_nothing_came_before_everything_is_new(listed: Searcher) -> None:
    digest = digest_of(listed, BEFORE, rank="novelty")
    assert {entry.why for entry in digest.entries} == {"nothing before it is like it"}


@pytest.mark.parametrize("rank", ["votes", "novelty"])
def test_a_day_without_papers_says_so(rank: Rank, listed: Searcher) -> None:
    digest = digest_of(listed, date(2025, 11, 1), rank=rank)
    assert (digest.topics, digest.overview, digest.citations) == ((), (), ())
    assert digest.remark == "No paper is dated 1 November 2025."


def test_few_papers_are_one_topic_without_overview(listed: Searcher) -> None:
    papers = tuple(listed.corpus.papers(day=AFTER))[:3]
    digest = digest_of(listed, AFTER, papers=papers)
    assert len(digest.topics) == 1
    assert digest.overview == ()
    assert sorted(ids(digest)) == sorted(paper.id for paper in papers)


def test_its_json_has_the_public_shape(digest: Digest) -> None:
    data = digest.as_json()
    assert {"from", "to", "papers", "overview", "topics", "citations"} <= data.keys()
    assert (data["from"], data["to"], data["papers"]) == ("2025-10-30", "2025-10-30", 40)
    topic = data["topics"][0]
    assert {"label", "keywords", "summary", "papers"} <= topic.keys()
    assert {"number", "id", "title", "why"} <= topic["papers"][0].keys()
    assert data["citations"][0].keys() == {"number", "paper"}


def test_told_in_a_conversation_each_line_begins_with_its_paper(digest: Digest) -> None:
    told = list(statements(digest))
    assert len(told) == len(list(digest.sentences))
    lines = [each for each in told if each.item and each.section != "At a glance"]
    assert len(lines) == 40
    assert all(line.text.startswith("“") and line.section for line in lines)


@pytest.mark.skipif(not REAL_PAGES.is_dir(), reason="the real pages are not beside this checkout")
def test_the_pages_of_the_real_site_reach_their_figures() -> None:
    from eval.digest_figures import page_figures

    (page,) = REAL_PAGES.glob("001_*.txt")
    figures = page_figures(page, as_of=date(2025, 10, 30))
    assert figures.papers == figures.placed == 55
    assert 5 <= len(figures.sizes) <= 12
    assert max(figures.sizes) <= 55 / 3
    assert figures.supported == figures.exact == figures.sentences
