"""What papers contradict, confirm and leave open, told by their words."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from assistant.stances import Said, Stances, stances
from index.embedding import MiniLMEmbedder
from index.minilm import MiniLM
from index.paper_vectors import compute
from index.papers import Paper
from index.search import Hit

OWN = "We measure the noise of rain on forty roofs."
BEFORE = "Rain is loud."


def told(*abstracts: str, model: MiniLM) -> Stances:
    papers = [
        Paper(title=f"Roofs, part {n}", abstract=abstract, source="text")
        for n, abstract in enumerate(abstracts, 1)
    ]
    vectors = compute(papers, MiniLMEmbedder(model), model)
    hits = [
        Hit(rank, 1.0, each, passages=(), similarity=None, vectors=known)
        for rank, (each, known) in enumerate(zip(papers, vectors, strict=True), 1)
    ]
    return stances("rain", hits)


def quotes(said: Sequence[Said]) -> list[str]:
    return [
        each.hit.paper.abstract[slice(*each.hit.vectors.sentences[each.place])] for each in said
    ]


@pytest.mark.parametrize(
    "sentence",
    [
        "Contrary to common belief, thick tiles are louder.",
        "This contradicts earlier findings on slate.",
        "Our results call into question whether felt is needed.",
        "We challenge the assumption that slate is quiet.",
        "Surprisingly, we find that moss makes no difference.",
        "While it is widely believed that slate is quiet, we measure the opposite.",
        "Unlike previous studies of tiles, we find no echo.",
    ],
)
def test_what_contradicts_is_found(sentence: str, model: MiniLM) -> None:
    assert quotes(told(f"{BEFORE} {OWN} {sentence}", model=model).disagreeing) == [sentence]


@pytest.mark.parametrize(
    "sentence",
    [
        "Unlike earlier felts, ours does not rot.",
        "In contrast to slate, felt is soft.",
        "Surprisingly, moss is green.",
        "We solve three challenging problems of roofing.",
        "Felt works surprisingly well.",
    ],
)
def test_what_only_differs_or_surprises_is_no_contradiction(sentence: str, model: MiniLM) -> None:
    assert not told(f"{BEFORE} {OWN} {sentence}", model=model).disagreeing


@pytest.mark.parametrize(
    "sentence",
    [
        "Why moss dampens hail remains unclear.",
        "How felt ages is an open question.",
        "We leave the study of snow to others.",
        "This calls for further measurements in storms.",
        "However, none of these roofs can be walked on safely.",
        "Still, existing felts fail in frost.",
        "We are still far from a silent roof.",
    ],
)
def test_what_a_paper_leaves_open_is_found(sentence: str, model: MiniLM) -> None:
    abstract = f"{BEFORE} {OWN} Felt is the quietest. {sentence}"
    assert quotes(told(abstract, model=model).open) == [sentence]


@pytest.mark.parametrize(
    "abstract",
    [
        f"Why rain is loud remains unclear. {OWN} Felt is the quietest.",
        f"{BEFORE} Existing roofs fail in frost. {OWN} Ours do not.",
        f"{BEFORE} {OWN} To address what remains unclear, we build a roof. It is quiet.",
        f"{BEFORE} {OWN} Felt is quiet. This opens promising lines for future work.",
        f"{BEFORE} {OWN} Felt is quiet. The method is not limited to rain.",
    ],
)
def test_a_gap_that_the_paper_closes_is_not_open(abstract: str, model: MiniLM) -> None:
    assert not told(abstract, model=model).open


FELT_HELPS = "We find that felt below the metal sheets reduces the noise of heavy hail."
FELT_HELPS_TOO = "We show that felt below metal sheets reduces noise of hail, too."
FELT_HARMS = "We find that felt below the metal sheets increases the noise of heavy hail."


def test_two_papers_with_one_finding_agree(model: MiniLM) -> None:
    found = told(f"{BEFORE} {FELT_HELPS}", f"{BEFORE} {FELT_HELPS_TOO}", model=model)
    assert quotes(found.agreeing) == [FELT_HELPS, FELT_HELPS_TOO]
    assert not found.disagreeing


def test_two_papers_with_opposite_findings_disagree(model: MiniLM) -> None:
    found = told(f"{BEFORE} {FELT_HELPS}", f"{BEFORE} {FELT_HARMS}", model=model)
    assert quotes(found.disagreeing) == [FELT_HELPS, FELT_HARMS]
    assert not found.agreeing


def test_a_finding_that_is_denied_points_the_other_way(model: MiniLM) -> None:
    denied = "We find that felt below the metal sheets does not reduce the noise of heavy hail."
    found = told(f"{BEFORE} {FELT_HELPS}", f"{BEFORE} {denied}", model=model)
    assert quotes(found.disagreeing) == [FELT_HELPS, denied]


def test_papers_do_not_agree_by_praising_themselves(model: MiniLM) -> None:
    praise = "We show that our method outperforms the state of the art and reduces noise of hail."
    assert not told(f"{BEFORE} {praise}", f"{BEFORE} {praise}", model=model).agreeing


def test_a_paper_does_not_agree_with_itself(model: MiniLM) -> None:
    assert not told(f"{BEFORE} {FELT_HELPS} {FELT_HELPS_TOO}", model=model).agreeing


def test_a_paper_that_confirms_earlier_work_agrees(model: MiniLM) -> None:
    sentence = "Consistent with previous findings, moss dampens hail."
    assert quotes(told(f"{BEFORE} {OWN} {sentence}", model=model).agreeing) == [sentence]


def test_a_paper_without_a_word_is_no_error(model: MiniLM) -> None:
    assert told("…", "We.", model=model) == Stances((), (), ())
