"""Papers on one subject, grouped under headings."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from assistant.headings import heading, phrases
from assistant.themes import ALONE, REST, Theme, themes
from index.embedding import MiniLMEmbedder
from index.minilm import MiniLM
from index.paper_vectors import compute
from index.papers import Paper
from index.search import Hit

SUBJECT = "the noise of rain on roofs"

GREEN = (
    Paper(
        title="Green roofs dampen the rain",
        abstract="We plant moss on metal. Green roofs hold the water and swallow its noise.",
        source="text",
    ),
    Paper(
        title="What grows above the attic",
        abstract="Gardeners tested green roofs in ten towns. The soil of green roofs muffles rain.",
        source="text",
    ),
)
FELT = (
    Paper(
        title="Hemp felt below metal sheets",
        abstract="We lay hemp felt under the sheets. Hemp felt costs two euros a metre.",
        source="text",
    ),
    Paper(
        title="Sound in barns",
        abstract="Old barns are loud. Lined with hemp felt they fall silent, and hemp felt lasts.",
        source="text",
    ),
)
ALONE_PAPER = Paper(
    title="A drum made of tiles",
    abstract="Musicians play on clay tiles while it pours. The concert was sold out.",
    source="text",
)


def grouped(papers: Sequence[Paper], *, model: MiniLM, subject: str = SUBJECT) -> list[Theme]:
    vectors = compute(papers, MiniLMEmbedder(model), model) if papers else []
    hits = [
        Hit(rank, 1.0, each, passages=(), similarity=None, vectors=known)
        for rank, (each, known) in enumerate(zip(papers, vectors, strict=True), 1)
    ]
    return themes(subject, hits)


def labels(groups: Sequence[Theme]) -> list[str]:
    return [theme.label for theme in groups]


def test_papers_stand_under_a_phrase_that_they_share(model: MiniLM) -> None:
    groups = grouped([*GREEN, *FELT], model=model)
    assert {theme.label: {hit.paper for hit in theme.hits} for theme in groups} == {
        "Green roofs": set(GREEN),
        "Hemp felt": set(FELT),
    }


def test_themes_come_in_the_order_of_their_best_papers(model: MiniLM) -> None:
    assert labels(grouped([FELT[1], *GREEN, FELT[0]], model=model)) == ["Hemp felt", "Green roofs"]


def test_a_paper_that_shares_no_phrase_stands_last(model: MiniLM) -> None:
    groups = grouped([ALONE_PAPER, *GREEN], model=model)
    assert labels(groups) == ["Green roofs", REST]
    assert [hit.paper for hit in groups[-1].hits] == [ALONE_PAPER]


def test_papers_that_share_nothing_stand_under_one_heading(model: MiniLM) -> None:
    groups = grouped([ALONE_PAPER, GREEN[0], FELT[0]], model=model)
    assert labels(groups) == [ALONE]


@pytest.mark.parametrize("count", [0, 1, 2, 3, 4, 5])
def test_every_paper_is_in_one_theme(count: int, model: MiniLM) -> None:
    papers = [*GREEN, *FELT, ALONE_PAPER][:count]
    found = [hit.paper for theme in grouped(papers, model=model) for hit in theme.hits]
    assert sorted(paper.title for paper in found) == sorted(paper.title for paper in papers)


def test_what_is_asked_for_is_no_heading(model: MiniLM) -> None:
    groups = grouped([*GREEN, *FELT], model=model, subject="green roofs")
    assert "Green roofs" not in labels(groups)


@pytest.mark.parametrize("text", ["Data pruning", "hypernetworks", "LoRA", "mixture of experts"])
def test_noun_phrases_may_be_headings(text: str) -> None:
    assert text in {phrase.text for phrase in phrases(text)}


@pytest.mark.parametrize(
    "text",
    ["models", "results", "We propose", "outperforms baselines", "highly", "of roofs", "2024"],
)
def test_verbs_and_words_that_say_nothing_alone_are_no_headings(text: str) -> None:
    assert text not in {phrase.text for phrase in phrases(text)}


def test_no_phrase_goes_over_a_comma_or_a_bracket() -> None:
    printed = {phrase.text for phrase in phrases("label noise, mixed data (rain barrels) and felt")}
    assert "noise mixed" not in {text.replace(",", "") for text in printed}
    assert all("(" not in text and "," not in text for text in printed)
    assert "rain barrels" in printed


@pytest.mark.parametrize(
    ("one", "other"),
    [("Scaling laws", "scaling law"), ("low-rank updates", "Low rank update")],
)
def test_forms_of_a_phrase_are_one(one: str, other: str) -> None:
    assert next(phrases(one)).key[:1] == next(phrases(other)).key[:1]
    assert (
        max(phrases(one), key=lambda p: len(p.key)).key
        == max(phrases(other), key=lambda p: len(p.key)).key
    )


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("Scaling Laws", "Scaling laws"),
        ("LoRA adapters", "LoRA adapters"),
        ("KV cache", "KV cache"),
        ("Low-Rank Updates", "Low-rank updates"),
    ],
)
def test_heading_keeps_the_capitals_of_names_only(printed: str, expected: str) -> None:
    longest = max(phrases(printed), key=lambda phrase: len(phrase.text))
    assert heading([longest]) == expected
