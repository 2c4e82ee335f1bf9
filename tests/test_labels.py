"""What the topics of a digest are called."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from assistant.digest.labels import Label, labelled
from index.embedding import MiniLMEmbedder
from index.minilm import MiniLM
from index.paper_vectors import compute
from index.papers import Paper
from index.search import Hit

MOSS = (
    ("Green roofs dampen the rain", "We plant moss. Green roofs swallow the noise of rain."),
    ("Soil above the attic", "Gardeners tested green roofs. The soil of green roofs is light."),
    ("Bees in the city", "Bees visit green roofs. We count bees on green roofs in ten towns."),
)
FELT = (
    ("Hemp felt below metal sheets", "We lay hemp felt under sheets. Hemp felt is cheap."),
    ("Sound in barns", "Old barns are loud. Lined with hemp felt they fall silent."),
    ("What felt costs", "Farmers grow hemp felt. We follow the price of hemp felt for years."),
)
STRAY = (
    ("A drum of tiles", "Musicians play on clay. The concert was sold out."),
    ("Reading stones", "Geologists date granite by its crystals."),
)


Named = Callable[..., list[Label | None]]


@pytest.fixture
def named(model: MiniLM) -> Named:
    """Name groups of papers."""

    def naming(*groups: Sequence[tuple[str, str]]) -> list[Label | None]:
        papers = [
            Paper(title=title, abstract=abstract, source="text")
            for group in groups
            for title, abstract in group
        ]
        vectors = compute(papers, MiniLMEmbedder(model), model)
        hits = [
            Hit(rank, 1.0, paper, passages=(), similarity=None, vectors=known)
            for rank, (paper, known) in enumerate(zip(papers, vectors, strict=True), 1)
        ]
        ends = [sum(map(len, groups[: n + 1])) for n in range(len(groups))]
        places = [range(end - len(group), end) for group, end in zip(groups, ends, strict=True)]
        return labelled(hits, places)

    return naming


def text(label: Label | None) -> str | None:
    return label.text if label else None


def test_a_topic_is_called_by_the_phrase_that_its_papers_share(named: Named) -> None:
    assert [text(label) for label in named(MOSS, FELT)] == ["Green roofs", "Hemp felt"]


def test_papers_that_share_nothing_are_no_topic(named: Named) -> None:
    assert [text(label) for label in named(MOSS, STRAY)] == ["Green roofs", None]


def test_two_topics_never_have_one_name(named: Named) -> None:
    labels = [text(label) for label in named(MOSS[:2], (*MOSS[2:], *FELT[:1]), FELT[1:])]
    given = [label for label in labels if label]
    assert len(set(given)) == len(given)


def test_keywords_begin_with_those_of_the_label(named: Named) -> None:
    label, _ = named(MOSS, FELT)
    assert label is not None
    assert label.keywords[0] == label.text
