"""Which sentences are quoted."""

from __future__ import annotations

import zlib
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.selection import Candidate, Weights, select, sentence_probabilities
from assistant.sentence_features import NAMES, features

TITLE = "Quiet roofs for noisy towns"
SENTENCES = (
    "Rain on metal roofs keeps many people awake.",
    "Existing mats are heavy and expensive.",
    "We present a felt made of hemp that is laid under the metal.",
    "The felt absorbs the sound because its fibres lie across each other.",
    "In twelve houses it lowered the noise by 14.5 decibels.",
    "A square metre costs less than a loaf of bread.",
    "Birds were seen to nest in the rest of the hemp.",
)
DIMENSIONS = 128


def words(text: str, start: int = 0) -> list[tuple[str, int, int]]:
    """Give the words of `text` with their places."""
    found = []
    for word in text.split():
        start = text.index(word, start)
        found.append((word.strip(".,?").lower(), start, start + len(word)))
        start += len(word)
    return found


def vectors(spelled: list[str]) -> Any:
    """Give each word a direction of its own: equal words match, others hardly do."""
    rows = [
        np.random.default_rng(zlib.crc32(word.encode())).normal(size=DIMENSIONS) for word in spelled
    ]
    made = np.array(rows, np.float32).reshape(-1, DIMENSIONS)
    return made / np.linalg.norm(made, axis=1, keepdims=True)


def candidate(*sentences: str, title: str = TITLE) -> Candidate:
    abstract = " ".join(sentences)
    spans, start = [], 0
    for sentence in sentences:
        spans.append((start, start + len(sentence)))
        start += len(sentence) + 1
    of_title, of_abstract = words(title), words(abstract)
    return Candidate(
        title=title,
        abstract=abstract,
        sentences=tuple(spans),
        vectors=vectors([word for word, _, _ in of_title + of_abstract]),
        offsets=np.array(
            [(-1, -1)] * len(of_title) + [span for _, *span in of_abstract], np.int64
        ).reshape(-1, 2),
    )


def probabilities(question: str, paper: Candidate) -> Any:
    spelled = [word for word, _, _ in words(question)]
    return sentence_probabilities(question, vectors(spelled), paper)


@pytest.mark.parametrize(
    ("question", "answer", "beside"),
    [
        ("By how many decibels was the noise lowered in the houses?", 4, 6),
        ("What does a square metre of it cost, compared with a loaf of bread?", 5, 6),
        ("Where were birds seen to nest?", 6, 1),
    ],
)
def test_sentence_that_answers_beats_one_beside_the_point(
    question: str, answer: int, beside: int
) -> None:
    found = probabilities(question, candidate(*SENTENCES))

    assert found[answer] > found[beside]


def test_another_question_raises_another_sentence() -> None:
    paper = candidate(*SENTENCES)
    cost = probabilities("What does a square metre cost, less than a loaf of bread?", paper)
    birds = probabilities("Which birds nest in the rest of the hemp?", paper)

    assert cost[5] > birds[5]
    assert birds[6] > cost[6]


def test_figure_counts_where_a_number_is_asked_for() -> None:
    paper = candidate(*SENTENCES)
    question = vectors(["zebra"])
    column = NAMES.index("number_not_asked_figure")

    asked = features("How much did it save?", question, paper)[:, column]
    not_asked = features("Why did it work?", question, paper)[:, column]

    assert not asked.any()
    assert np.flatnonzero(not_asked).tolist() == [4]


def test_sentences_are_counted_from_the_one_in_which_the_authors_begin() -> None:
    described = features("Why?", vectors(["why"]), candidate(*SENTENCES))

    background = described[:, NAMES.index("background")]
    second = described[:, NAMES.index("second_of_own")]

    assert np.flatnonzero(background).tolist() == [0, 1]
    assert np.flatnonzero(second).tolist() == [3]


def test_excess_is_what_a_sentence_matches_better_than_the_title() -> None:
    question = np.array([[1, 0, 0], [0, 1, 0]], np.float32)
    paper = Candidate(
        title="A",
        abstract="b c",
        sentences=((0, 1), (2, 3)),
        vectors=np.array([[1, 0, 0], [1, 0, 0], [0, 0.6, 0.8]], np.float32),
        offsets=np.array([[-1, -1], [0, 1], [2, 3]], np.int64),
    )

    excess = features("?", question, paper)[:, NAMES.index("excess")]

    # Over the title, whose matches are 1 and 0, the first sentence gains 0 and 0, the second 0
    # and 0.6; means 0 and 0.3, standardised -1 and 1.
    assert excess == pytest.approx([-1, 1], abs=1e-4)


def test_word_of_one_sentence_counts_more_than_a_word_of_all() -> None:
    paper = candidate("Hemp grows.", "Hemp burns.", "Hemp grows and burns cobalt.", title="Plants")

    rare = features("hemp cobalt", vectors(["hemp"]), paper)[:, NAMES.index("rare_words")]

    # 1/3, 1/3 and 1/3 + 1, less their mean 2/3, over their deviation sqrt(2)/3
    assert rare == pytest.approx([-(2**-0.5), -(2**-0.5), 2**0.5], abs=1e-4)


def test_papers_beside_it_change_nothing_and_answers_repeat() -> None:
    paper = candidate(*SENTENCES)
    first = probabilities("How is it laid?", paper)
    probabilities("How is it laid?", candidate("Another paper.", "It says little."))

    assert np.array_equal(first, probabilities("How is it laid?", paper))


def test_paper_without_sentences_has_no_probabilities() -> None:
    assert probabilities("Why?", candidate()).shape == (0,)


def test_only_sentence_is_quoted() -> None:
    found = probabilities("Why?", candidate("The felt absorbs the sound."))

    assert found.shape == (1,)
    assert select(found, [5]) == [0]


def test_sentence_without_tokens_is_no_error() -> None:
    paper = candidate(*SENTENCES)
    cut = Candidate(
        paper.title, paper.abstract, paper.sentences, paper.vectors[:20], paper.offsets[:20]
    )

    assert np.isfinite(probabilities("By how many decibels?", cut)).all()


def test_paper_without_title_tokens_is_no_error() -> None:
    assert np.isfinite(probabilities("By how many?", candidate(*SENTENCES, title=""))).all()


def test_longer_sentence_needs_a_higher_probability() -> None:
    chosen = select(np.array([0.9, 0.5, 0.5], np.float32), [25, 20, 60], threshold=0.45)

    assert chosen == [0, 1]


def test_higher_threshold_never_quotes_more() -> None:
    found = probabilities("By how many decibels?", candidate(*SENTENCES))
    counts = [len(sentence.split()) for sentence in SENTENCES]
    sets = [set(select(found, counts, threshold=step / 10)) for step in range(30)]

    assert all(higher <= lower for lower, higher in pairwise(sets))


def test_nothing_to_choose_from_is_refused() -> None:
    with pytest.raises(ValueError, match="no sentence"):
        select(np.zeros(0, np.float32), [])


def test_weights_for_other_features_are_refused() -> None:
    with pytest.raises(ValueError, match="has the features"):
        Weights.read('{"names": ["position"], "intercept": 0}')


@st.composite
def candidates(draw: st.DrawFn) -> Candidate:
    """Any abstract, any spans, any tokens."""
    abstract = draw(st.text(max_size=80))
    place = st.integers(0, len(abstract))
    spans = draw(st.lists(st.tuples(place, place).map(sorted), max_size=6))
    offsets = draw(st.lists(st.one_of(st.just([-1, -1]), st.tuples(place, place)), max_size=12))
    seed = draw(st.integers(0, 2**32 - 1))
    rows = np.random.default_rng(seed).normal(size=(len(offsets), DIMENSIONS)).astype(np.float32)
    return Candidate(
        title=draw(st.text(max_size=20)),
        abstract=abstract,
        sentences=tuple((start, end) for start, end in spans),
        vectors=rows / np.linalg.norm(rows, axis=1, keepdims=True),
        offsets=np.array(offsets, np.int64).reshape(-1, 2),
    )


@settings(max_examples=150, deadline=None)
@given(candidates(), st.text(max_size=60), st.floats(-1, 5))
def test_any_paper_and_question_give_probabilities_and_at_least_one_sentence(
    paper: Candidate, question: str, threshold: float
) -> None:
    found = sentence_probabilities(question, vectors([question, "x"]), paper)

    assert found.shape == (len(paper.sentences),)
    assert ((found >= 0) & (found <= 1)).all()
    if len(found):
        counts = [len(text.split()) for text in paper.texts]
        chosen = select(found, counts, threshold=threshold)
        assert chosen
        assert chosen == sorted(set(chosen))
        assert set(chosen) <= set(range(len(found)))
