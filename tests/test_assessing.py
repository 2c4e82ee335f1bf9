"""Assessing: what of an answer is a claim, what is a quote, and what a reader meets."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from assistant.answers import Answer, Citation, Quote, Seconds, Sentence, WrittenBy
from assistant.settings import Settings
from eval.asking import Asked, Asker
from eval.assessing import Assessor, sentences_said
from eval.cases import Case, Nugget
from eval.results import Place
from index.papers import Paper
from index.search import Searcher
from tests.shipped_support import shipped_support

ABSTRACT = "Bees tell each other where flowers are. This is done by dances. It runs on a phone."
PAPER = Paper(title="Bees: a study of dances", abstract=ABSTRACT, source="text")
OTHER = replace(PAPER, title="Tides", abstract="Tides are high.")


def quote(text: str, *, lead: str = "", number: int = 1, moved: int = 0) -> Sentence:
    start = ABSTRACT.index(text) + moved
    evidence = Quote(number, start, start + len(text), ABSTRACT[start : start + len(text)])
    return Sentence(lead + text, (number,), "verbatim", 1.0, (evidence,))


def written(text: str, *numbers: int) -> Sentence:
    return Sentence(text, numbers, "supported", 0.9, ())


def answer(*sentences: Sentence, **known: Any) -> Answer:
    parts: dict[str, Any] = {
        "question": "How do bees tell where flowers are?",
        "kind": "answer",
        "citations": (Citation(1, PAPER), Citation(2, OTHER)),
        "declined_because": None,
        "remark": "",
        "hits": (),
        "degraded": False,
        "undated_left_out": 0,
        "writer": WrittenBy("model", "m"),
        "seconds": Seconds(0, 0, 0),
    }
    return Answer(sentences=sentences, **{**parts, **known})


def case(**known: Any) -> Case:
    parts: dict[str, Any] = {
        **dict(id="1", question="How?", line=1, relevant=(), nuggets=(), answerable=True),
        **dict(history=(), kind=""),
    }
    return Case(**{**parts, **known})


@pytest.fixture
def assess(searcher: Searcher) -> Any:
    """Assess an answer that no search stands behind."""
    assessor = Assessor(shipped_support(), searcher)

    def assessed(given: Answer, of: Case | None = None) -> Any:
        return assessor.result(of or case(), Asked(given, None, False, 0.0, None))

    return assessed


def test_sentences_are_found_in_the_text_of_the_answer() -> None:
    given = answer(written("Bees dance.", 1), written("Tides rise, bees dance.", 1, 2))

    for said in sentences_said(given):
        assert given.text[said.start :].startswith(said.text)
    assert [said.cited for said in sentences_said(given)] == [
        *((PAPER.id,), (PAPER.id, OTHER.id)),
    ]


def test_a_number_that_stands_for_no_paper_is_an_unknown_citation(assess: Any) -> None:
    (claim,) = assess(answer(written("Bees dance.", 7))).claims

    assert (claim.cited, claim.reason) == (("[7]",), "unknown_citation")


def test_a_question_back_is_no_claim_unless_it_cites(assess: Any) -> None:
    asking = assess(answer(written("Do you mean honey bees?")))
    citing = assess(answer(written("Do bees dance?", 1)))

    assert (asking.outcome, asking.claims) == ("no_claims", ())
    assert len(citing.claims) == 1


def test_what_declines_and_what_only_talks_claims_nothing(assess: Any) -> None:
    declined = assess(answer(declined_because="nothing was found", remark="Sorry."))
    talk = assess(answer(kind="talk", remark="Hello!"))

    assert (declined.outcome, declined.text) == ("declined", "Sorry.")
    assert (talk.outcome, talk.claims, talk.relevance) == ("no_claims", (), None)


def test_a_quote_is_known_by_its_place_and_may_be_led_in_by_the_name_of_its_paper() -> None:
    said = list(
        sentences_said(
            answer(
                quote("It runs on a phone."),
                quote("It runs on a phone.", lead="“Bees”: "),
                quote("It runs on a phone.", lead="“Wasps”: "),
                quote("It runs on a phone.", lead="As if: "),
                quote("It runs on a phone.", moved=-1),
                quote("It runs on a phone.", number=9),
            )
        )
    )
    place = Place(PAPER.id, ABSTRACT.index("It runs"), len(ABSTRACT))

    assert [each.quote for each in said] == [place, place, None, None, None, None]


def test_a_sentence_dangles_unless_the_one_it_goes_on_from_is_shown(assess: Any) -> None:
    first, second, third = "Bees tell", "This is", "It runs"
    sentences = {each[:9].strip(): each + "." for each in ABSTRACT.rstrip(".").split(". ")}
    quotes = {
        name: quote(next(t for t in sentences.values() if t.startswith(name)))
        for name in (first, second, third)
    }

    def dangling(*names: str) -> list[str | None]:
        return [claim.dangling for claim in assess(answer(*(quotes[n] for n in names))).claims]

    assert dangling(first, second, third) == [None, None, None]
    assert dangling(second, third) == ["This", None]
    assert dangling(first, third) == [None, "It"]
    assert dangling(second, first) == ["This", None]
    assert [
        claim.dangling
        for claim in assess(
            answer(written("Bees dance.", 1), written("It is new.", 1), written("It is new.", 2))
        ).claims
    ] == [None, None, "It"]


def test_the_papers_cited_are_shown_and_those_that_should_have_been(
    assess: Any, searcher: Searcher
) -> None:
    missed = searcher.corpus.paper("Pointer Networks")
    nugget = Nugget(fact="Attention points at the input", evidence="", paper=missed.id)
    result = assess(
        answer(written("Bees dance.", 1)), case(relevant=(missed.id,), nuggets=(nugget,))
    )

    assert [(paper.title, paper.number) for paper in result.papers] == [
        *((PAPER.title, 1), (OTHER.title, 2), (missed.title, None)),
    ]
    assert result.papers[2].abstract == missed.abstract
    assert result.nuggets[0].held is False


def test_a_paper_that_a_message_names_is_ranked_and_not_searched_for(searcher: Searcher) -> None:
    settings = Settings(home=Path("nowhere"), now=datetime(2026, 11, 21))
    support = shipped_support()
    asker = Asker(searcher=searcher, model=None, support=support, settings=settings, limit=10)
    assessor = Assessor(support, searcher)

    def result(question: str) -> Any:
        asked = case(question=question)
        return assessor.result(asked, asker.ask(asked))

    named, searched = result("Pointer Networks"), result("How do model soups combine models?")

    assert len(named.hits) == 1
    assert named.answerability is None
    assert 0.5 <= searched.answerability <= 1
