"""Late interaction, against a slow reference."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.embedding import MiniLMEmbedder
from index.minilm import TOKEN_DIMENSIONS, FloatArray, MiniLM
from index.paper_vectors import PaperVectors, compute
from index.papers import Paper
from index.reranking import WINDOW, Match, best_matches, matches

ABSTRACT = (
    "Mud flats change with every tide. We hang cameras from kites and fly them at low water. "
    "The pictures show channels as narrow as a hand. Gulls did not mind. "
    "A kite costs less than an hour of a drone."
)


def made(segments: list[int], seed: int = 0) -> PaperVectors:
    """Make vectors with so many tokens in the title and in each sentence."""
    random, count = np.random.default_rng(seed), len(segments) - 1
    starts = 10 * np.arange(count)
    return PaperVectors(
        sentences=np.stack([starts, starts + 9], 1),
        passages=np.zeros((0, 3), np.int64),
        embeddings=np.zeros((0, 384), np.float32),
        segments=np.array(segments),
        offsets=np.zeros((sum(segments), 2), np.int64),
        codes=random.integers(-127, 128, (sum(segments), TOKEN_DIMENSIONS)).astype(np.int8),
    )


def asked(tokens: int, seed: int = 1) -> FloatArray:
    rows = np.random.default_rng(seed).normal(size=(tokens, TOKEN_DIMENSIONS)).astype(np.float32)
    unit: FloatArray = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return unit


def match(question: FloatArray, paper: PaperVectors) -> Match:
    return matches(question, [paper])[0]


def slow_best(question: FloatArray, rows: FloatArray) -> list[float]:
    """Give each question token's best match among `rows`, one dot product at a time."""
    return [max([-1.0, *(float(np.dot(word, row)) for row in rows)]) for word in question]


def slow_parts(paper: PaperVectors) -> list[FloatArray]:
    ends = np.cumsum([0, *paper.segments])
    return [paper.tokens[start:end] for start, end in pairwise(ends)]


def slow_windows(question: FloatArray, paper: PaperVectors) -> list[tuple[int, int, float]]:
    title, *sentences = slow_parts(paper)
    windows = []
    for first in range(len(sentences)):
        last = min(first + WINDOW, len(sentences))
        if first and last - first < WINDOW:
            break
        rows = np.concatenate([title, *sentences[first:last]])
        score = sum(slow_best(question, rows)) / len(question)
        start, end = int(paper.sentences[first, 0]), int(paper.sentences[last - 1, 1])
        windows.append((start, end, score))
    return sorted(windows, key=lambda window: -window[2])


def vectors_of(model: MiniLM, abstract: str) -> PaperVectors:
    paper = Paper(title="Kites over mud", abstract=abstract, source="api")
    return compute([paper], MiniLMEmbedder(model), model)[0]


SEGMENTS = st.lists(st.integers(0, 4), min_size=1, max_size=9)


@given(SEGMENTS, st.integers(1, 5), st.integers(0, 99))
@settings(deadline=None)
def test_matches_are_those_of_the_slow_reference(
    segments: list[int], words: int, seed: int
) -> None:
    question, paper = asked(words, seed + 1), made(segments, seed)
    parts = slow_parts(paper)
    expected = np.array([slow_best(question, rows) for rows in parts]).T
    assert best_matches(question, [paper])[0] == pytest.approx(expected, abs=1e-5)
    found = match(question, paper)
    whole = sum(slow_best(question, paper.tokens)) / words
    assert found.whole == pytest.approx(whole, abs=1e-5)
    windows = slow_windows(question, paper)
    assert [each[2] for each in found.windows] == pytest.approx(
        [each[2] for each in windows], abs=1e-5
    )
    assert sorted(each[:2] for each in found.windows) == sorted(each[:2] for each in windows)


@given(st.lists(SEGMENTS, max_size=5))
@settings(deadline=None)
def test_papers_matched_together_do_not_mix(papers: list[list[int]]) -> None:
    question = asked(3)
    all_made = [made(segments, seed) for seed, segments in enumerate(papers)]
    found = matches(question, all_made)
    alone = [match(question, paper) for paper in all_made]
    assert [each.whole for each in found] == pytest.approx([each.whole for each in alone], abs=1e-5)
    assert [each.best for each in found] == pytest.approx([each.best for each in alone], abs=1e-5)
    assert [len(each.windows) for each in found] == [len(each.windows) for each in alone]


@given(SEGMENTS, st.integers(0, 99))
@settings(deadline=None)
def test_no_window_beats_the_whole(segments: list[int], seed: int) -> None:
    found = match(asked(3, seed + 1), made(segments, seed))
    assert all(score <= found.whole + 1e-6 for _, _, score in found.windows)
    assert found.best == (found.windows[0][2] if found.windows else found.whole)


def test_sentences_without_tokens_match_nothing() -> None:
    (found,) = best_matches(asked(2), [made([2, 0, 3, 0, 0, 1, 0])])
    assert (found[:, [1, 3, 4, 6]] == -1).all()
    assert (found[:, [0, 2, 5]] > -1).all()


def test_an_empty_title_takes_nothing_from_the_sentences() -> None:
    question, paper = asked(2), made([0, 3])
    expected = sum(slow_best(question, paper.tokens)) / 2
    assert match(question, paper).best == pytest.approx(expected, abs=1e-5)


def test_a_paper_without_sentences_has_no_window_but_a_score() -> None:
    found = match(asked(2), made([3]))
    assert found.windows == ()
    assert found.best == found.whole > -1


def test_windows_of_equal_score_come_in_the_order_of_the_text() -> None:
    found = match(asked(2), made([4, 0, 0, 0, 0, 0]))
    assert [start for start, _, _ in found.windows] == [0, 10, 20]


def test_each_window_is_a_run_of_sentences() -> None:
    found = match(asked(2), made([1] * 6))
    assert sorted(each[:2] for each in found.windows) == [(0, 29), (10, 39), (20, 49)]
    assert match(asked(2), made([1, 1, 1])).windows[0][:2] == (0, 19)


@pytest.mark.parametrize(
    "question",
    ["Do kites bother gulls?", "Why do cats purr at night?", "What does a drone cost per hour?"],
)
def test_a_copy_of_the_question_in_the_abstract_raises_the_score(
    model: MiniLM, question: str
) -> None:
    words = model.encode([question])[0].tokens
    without = match(words, vectors_of(model, ABSTRACT))
    with_copy = match(words, vectors_of(model, f"{ABSTRACT} {question}"))
    assert with_copy.whole > without.whole
    assert with_copy.best > without.best


def test_the_best_window_holds_the_sentence_that_answers(model: MiniLM) -> None:
    abstract = " ".join([f"Filler about rope number {n} is here." for n in range(9)])
    answer = "Gulls were not disturbed by the kites."
    text = f"{abstract} {answer} {abstract}"
    words = model.encode(["Were the gulls disturbed by kites?"])[0].tokens
    start, end, _ = match(words, vectors_of(model, text)).windows[0]
    assert answer in text[start:end]
