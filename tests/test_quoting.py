"""What is quoted, and how a quoted sentence is made to stand alone."""

from __future__ import annotations

import pytest

from assistant.quoting import Excerpt, QuotingWriter
from index.embedding import MiniLMEmbedder
from index.minilm import MiniLM
from index.paper_vectors import compute
from index.papers import Paper
from index.search import Hit

ONE_SENTENCE = QuotingWriter(threshold=1e6)
ALL_SENTENCES = QuotingWriter(threshold=0)

BESIDE = "Many towns were built beside rivers, where the wind blows from the hills in autumn."
ALSO_BESIDE = "Cats and dogs were seen on most of the streets before and after the market closed."
"""Sentences that answer no question of these tests, longer than those that do."""

SURVEY = "What do papers say about the noise of rain on roofs?"


def paper(*sentences: str, title: str = "Quiet roofs") -> Paper:
    return Paper(title=title, abstract=" ".join(sentences), source="text")


def quoted(
    question: str, *papers: Paper, model: MiniLM, writer: QuotingWriter = ONE_SENTENCE
) -> list[Excerpt]:
    vectors = compute(papers, MiniLMEmbedder(model), model)
    hits = [
        Hit(rank, 1.0, each, passages=(), similarity=None, vectors=known)
        for rank, (each, known) in enumerate(zip(papers, vectors, strict=True), 1)
    ]
    return writer.write(question, model.encode([question])[0], hits)


def test_quote_is_the_abstracts_own_words(model: MiniLM) -> None:
    roofs = paper(BESIDE, "The felt of hemp costs two euros.", ALSO_BESIDE)
    (excerpt,) = quoted("How many euros does the felt cost?", roofs, model=model)
    assert excerpt.text == "The felt of hemp costs two euros."
    assert roofs.abstract[excerpt.start : excerpt.end] == excerpt.quote == excerpt.text


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Quiet roofs", "“Quiet roofs”: "),
        ("HEMP: felt for quiet roofs", "“HEMP”: "),
        (f"{'Very ' * 20}long: roofs", f"“{'Very ' * 20}long: roofs”: "),
    ],
)
def test_sentence_that_speaks_of_it_gets_the_papers_name(
    title: str, name: str, model: MiniLM
) -> None:
    dangling = "Its fibres absorb the sound since they lie across each other."
    roofs = paper(BESIDE, ALSO_BESIDE, dangling, title=title)
    (excerpt,) = quoted("Why do the fibres absorb the sound?", roofs, model=model)
    assert excerpt.text == name + dangling
    assert excerpt.quote == dangling


def test_sentence_that_points_back_brings_the_sentence_before(model: MiniLM) -> None:
    before, dangling = "We lay felt under the metal.", "This lowers the noise by 14.5 decibels."
    roofs = paper(BESIDE, before, dangling, ALSO_BESIDE)
    excerpts = quoted("By how many decibels is the noise lowered?", roofs, model=model)
    assert [excerpt.text for excerpt in excerpts] == [before, dangling]


def test_first_sentence_that_points_back_gets_the_papers_name(model: MiniLM) -> None:
    dangling = "This lowers the noise by 14.5 decibels."
    roofs = paper(dangling, BESIDE)
    (excerpt,) = quoted("By how many decibels is the noise lowered?", roofs, model=model)
    assert excerpt.text == f"“Quiet roofs”: {dangling}"


def test_sentence_after_its_own_context_gets_no_name(model: MiniLM) -> None:
    sentences = ["Felt of hemp is quiet.", "It absorbs sound.", "It costs two euros."]
    excerpts = quoted("What of felt?", paper(*sentences), model=model, writer=ALL_SENTENCES)
    assert [excerpt.text for excerpt in excerpts] == sentences


def test_sentences_come_in_the_order_of_the_abstract(model: MiniLM) -> None:
    roofs = paper("Cats purr.", "Rain on roofs is loud.", "Felt of hemp quietens roofs in rain.")
    excerpts = quoted("How does felt quieten roofs?", roofs, model=model, writer=ALL_SENTENCES)
    assert [excerpt.start for excerpt in excerpts] == sorted(e.start for e in excerpts)
    assert len(excerpts) == 3


def test_sentence_that_the_abstract_repeats_is_quoted_once(model: MiniLM) -> None:
    said = "Felt of hemp lowers the noise of rain on metal roofs."
    roofs = paper(said, "Birds nest in it often.", said.upper())
    excerpts = quoted("What lowers the noise?", roofs, model=model, writer=ALL_SENTENCES)
    assert [excerpt.quote for excerpt in excerpts] == [said, "Birds nest in it often."]


def test_question_about_one_thing_quotes_the_best_paper_only(model: MiniLM) -> None:
    first = paper("Felt of hemp lowers the noise of rain on roofs.")
    second = paper("Cork lowers the noise of rain on roofs, too.", title="Cork roofs")
    excerpts = quoted("What lowers the noise of rain?", first, second, model=model)
    assert {excerpt.paper for excerpt in excerpts} == {first}


def test_survey_quotes_several_papers_in_the_order_of_the_hits(model: MiniLM) -> None:
    first = paper("Felt of hemp lowers the noise of rain on roofs.", title="Rain noise and hemp")
    second = paper("Cork damps what rain on roofs makes of noise.", title="Rain noise and cork")
    excerpts = quoted(SURVEY, first, second, model=model)
    assert [excerpt.paper for excerpt in excerpts] == [first, second]


def test_survey_says_what_two_papers_say_alike_once(model: MiniLM) -> None:
    said = "Felt of hemp lowers the noise of rain on roofs."
    papers = [paper(said, title=f"Rain noise on roofs {number}") for number in range(3)]
    excerpts = quoted(SURVEY, *papers, model=model)
    assert [excerpt.paper for excerpt in excerpts] == papers[:1]


@pytest.mark.parametrize("abstract", ["…", "-", "?!", "1.", "()", "$", "。"])
def test_abstract_without_words_is_no_error(abstract: str, model: MiniLM) -> None:
    for question in ("What is said of roofs?", SURVEY):
        for excerpt in quoted(question, paper(abstract), model=model, writer=ALL_SENTENCES):
            assert excerpt.quote in abstract
