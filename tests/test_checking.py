"""Each sentence of a model against its papers: kept, moved, written again, or unsupported."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from assistant import assembling
from assistant.checking import Check
from assistant.citations import Cited
from assistant.settings import Settings
from assistant.support import Judgement, Source
from eval.gold import Silence
from index.search import Hit


class WordSupport:
    """Support as the share of a claim's words that the sources hold: easy to work out by hand."""

    low = 0.5
    high = 0.9

    def judge(self, claim: str, sources: Sequence[Source]) -> Judgement:
        words = claim.lower().split()
        held = " ".join(source.text for source in sources).lower().split()
        share = sum(word in held for word in words) / max(len(words), 1)
        if not sources:
            return Judgement(0.0, None, 0, 0)
        return Judgement(min(share, 0.99), 0, *sources[0].sentences[0])


@pytest.fixture(scope="module")
def papers(sample_home: Path) -> Iterator[dict[int, Hit]]:
    """1: model soups; 2: pointer networks; 3: a paper on neither."""
    with assembling.searcher(Settings.read({}, home=sample_home), Silence()) as searcher:
        questions = ("averaging weights of fine-tuned models", "Pointer Networks", "Deep Sets")
        found = [searcher.search(question, limit=1).hits[0] for question in questions]
        yield dict(enumerate(found, start=1))


def cited(text: str, *numbers: int) -> Cited:
    return Cited(text, numbers, (), 0, len(text))


def sentence_of(hit: Hit, place: int = 0) -> str:
    start, end = hit.vectors.sentences[place]
    return hit.paper.abstract[start:end]


def never(text: str, hit: Hit) -> str | None:
    raise AssertionError(f"{text!r} was written again from {hit.paper.title!r}")


def test_supported_sentence_keeps_its_citation(papers: dict[int, Hit]) -> None:
    check = Check(WordSupport(), papers, rewrite=never)
    statement = check.statement(cited(sentence_of(papers[1]), 1))
    assert (statement.verdict, statement.papers) == ("supported", (papers[1].paper,))
    paper, start, end = statement.evidence[0]
    assert paper.abstract[start:end] == sentence_of(papers[1])


def test_sentence_of_another_paper_gets_that_papers_citation(papers: dict[int, Hit]) -> None:
    check = Check(WordSupport(), papers, rewrite=never)
    statement = check.statement(cited(sentence_of(papers[2]), 3))
    assert (statement.verdict, statement.papers) == ("supported", (papers[2].paper,))


def test_sentence_without_citation_gets_that_of_the_paper_that_supports_it(
    papers: dict[int, Hit],
) -> None:
    check = Check(WordSupport(), papers, rewrite=never)
    assert check.statement(cited(sentence_of(papers[2]))).papers == (papers[2].paper,)


def test_citations_that_carry_nothing_are_taken_away(papers: dict[int, Hit]) -> None:
    check = Check(WordSupport(), papers, rewrite=never)
    statement = check.statement(cited(sentence_of(papers[1]), 3, 1, 2))
    assert statement.papers == (papers[1].paper,)


def test_papers_that_carry_a_half_each_stay_both(papers: dict[int, Hit]) -> None:
    check = Check(WordSupport(), papers, rewrite=never)
    halves = sentence_of(papers[1]) + " " + sentence_of(papers[2])
    statement = check.statement(cited(halves, 1, 2))
    assert statement.papers == (papers[1].paper, papers[2].paper)
    assert [paper for paper, _, _ in statement.evidence] == [papers[1].paper, papers[2].paper]


def test_unsupported_sentence_is_written_again_from_its_paper(papers: dict[int, Hit]) -> None:
    asked: list[tuple[str, str]] = []

    def rewrite(text: str, hit: Hit) -> str:
        asked.append((text, hit.paper.title))
        return sentence_of(hit)

    statement = Check(WordSupport(), papers, rewrite=rewrite).statement(
        cited("Cats purr loudest before breakfast.", 2)
    )
    assert asked == [("Cats purr loudest before breakfast.", papers[2].paper.title)]
    assert (statement.text, statement.papers) == (sentence_of(papers[2]), (papers[2].paper,))


@pytest.mark.parametrize("again", ["Dogs bark loudest after lunch.", None])
def test_what_is_no_better_written_again_is_unsupported(
    again: str | None, papers: dict[int, Hit]
) -> None:
    check = Check(WordSupport(), papers, rewrite=lambda text, hit: again)
    statement = check.statement(cited("Cats purr loudest before breakfast.", 2))
    assert (statement.text, statement.verdict) == (
        "Cats purr loudest before breakfast.",
        "unsupported",
    )


def test_without_rewriting_an_unsupported_sentence_stays_as_it_is(papers: dict[int, Hit]) -> None:
    statement = Check(WordSupport(), papers).statement(cited("Cats purr before breakfast.", 1))
    assert (statement.verdict, statement.papers) == ("unsupported", (papers[1].paper,))


def test_time_spent_on_checking_is_counted(papers: dict[int, Hit]) -> None:
    check = Check(WordSupport(), papers)
    assert check.seconds == 0
    check.statement(cited(sentence_of(papers[1]), 1))
    assert check.seconds > 0
