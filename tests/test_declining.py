"""Which questions are declined."""

from __future__ import annotations

import json
import math
import time
import zlib
from dataclasses import replace
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.coverage import AskedQuestion, asked, background, coverage
from assistant.declining import EVIDENCE, THRESHOLD, answerability
from assistant.selection import Candidate
from eval.training.background import centres
from eval.training.declining import Fit, best_logit, calibrated, conformal_threshold, fit
from eval.training.declining_cases import Case, Question, examples, title_questions
from index.minilm import Encoded, MiniLM
from index.passages import sentence_spans

FOAM = (
    "Foam nets: pruning recurrent weights by bubble pressure",
    "Recurrent networks are slow on small devices. We propose foam nets, which prune recurrent "
    "weights by a simulated bubble pressure. Bubbles that burst remove their weights. On keyword "
    "spotting, foam nets drop 71% of the weights and lose 0.4 points of accuracy. Training takes "
    "two hours on one graphics card.",
)
TIDE = (
    "Tide scheduling for federated speech recognition",
    "Federated training of speech recognisers wastes the batteries of phones. Tide scheduling "
    "waits for phones that are charged, in waves like a tide. It halves the energy and reaches the "
    "same word error rate. Servers need no change.",
)
ANSWERED = (
    "How do foam nets decide which recurrent weights to prune?",
    "By how much does bubble pressure shrink recurrent networks for keyword spotting?",
    "foam nets",
    "pruning recurrent networks, keyword spotting, simulated bubbles",
)
NOT_ANSWERED = (
    "How does FlashAttention avoid writing the attention matrix to memory?",
    "Which noise schedule do denoising diffusion models need for speech?",
    "Does LightGBM beat linear models on tables of a few hundred rows?",
    "How long should pizza dough rest before baking?",
    "Wer hat die Zauberflöte komponiert?",
    "Who won the world cup in 1998?",
)


@cache
def model() -> MiniLM:
    return MiniLM.load()


@cache
def read(text: str) -> Encoded:
    return model().encode([text])[0]


def question(text: str) -> AskedQuestion:
    encoded = read(text)
    return AskedQuestion(text, encoded.tokens, encoded.offsets, encoded.ids, encoded.sentence)


def paper(title: str, abstract: str) -> Candidate:
    encoded = read(f"{title}. {abstract}")
    offsets = encoded.offsets - len(f"{title}. ")
    offsets[(offsets[:, 0] < 0) | (encoded.offsets[:, 1] == 0)] = -1
    return Candidate(title, abstract, sentence_spans(abstract), encoded.tokens, offsets)


def similarity(text: str, title: str, abstract: str) -> float:
    return float(read(text).sentence @ read(f"{title}. {abstract}").sentence)


def answered_from(text: str, *papers: tuple[str, str]) -> float:
    similarities = [similarity(text, *each) for each in papers]
    return answerability(
        question(text), [paper(*each) for each in papers], similarities=similarities
    )


@pytest.mark.parametrize("text", ANSWERED)
def test_question_that_a_paper_answers_is_not_declined(text: str) -> None:
    assert answered_from(text, FOAM) >= THRESHOLD


@pytest.mark.parametrize("text", NOT_ANSWERED)
def test_question_that_no_paper_answers_is_declined(text: str) -> None:
    assert answered_from(text, FOAM) < THRESHOLD
    assert answered_from(text, TIDE) < THRESHOLD


@pytest.mark.parametrize("text", ANSWERED)
def test_the_right_paper_is_likelier_to_answer_than_a_wrong_one(text: str) -> None:
    assert answered_from(text, FOAM) > answered_from(text, TIDE)


@pytest.mark.parametrize("text", [*ANSWERED, *NOT_ANSWERED])
def test_without_embeddings_the_same_is_declined(text: str) -> None:
    alone = answerability(question(text), [paper(*FOAM)])
    assert (alone < THRESHOLD) == (text in NOT_ANSWERED)


def test_papers_further_down_make_no_difference() -> None:
    first = answered_from(ANSWERED[0], FOAM)
    assert answered_from(ANSWERED[0], *[FOAM] * EVIDENCE, TIDE, TIDE) == first


def test_without_evidence_nothing_is_answered() -> None:
    assert answerability(question(ANSWERED[0]), []) == 0.0
    assert answerability(question(ANSWERED[0]), [], similarities=[]) == 0.0


@pytest.mark.parametrize("text", ["", "?!", "…"])
def test_question_without_words_is_declined(text: str) -> None:
    assert answerability(question(text), [paper(*FOAM)]) == 0.0


def test_name_that_the_paper_lacks_makes_an_answer_less_likely() -> None:
    named = "How do foam nets decide which recurrent weights to prune, compared with XQ-Prune?"
    assert answered_from(named, FOAM) < answered_from(ANSWERED[0], FOAM)


def test_paper_without_an_abstract_is_read_by_its_title() -> None:
    probability = answerability(question(ANSWERED[0]), [paper(FOAM[0], "")])
    assert 0.0 < probability < 1.0


def test_case_of_letters_hardly_matters() -> None:
    shouted = answered_from("HOW DO FOAM NETS DECIDE WHICH RECURRENT WEIGHTS TO PRUNE", FOAM)
    assert shouted >= THRESHOLD


def test_words_are_said_in_any_ending_and_in_the_title() -> None:
    words = asked(question("simulations of a bubble that burst recurrently"), background())
    assert words is not None
    assert coverage(words, paper(*FOAM), None)["said"] == 1.0


def test_capital_that_begins_a_sentence_is_no_name() -> None:
    words = asked(question("Pruning nets. Bubbles in Vienna with GPT4 and BoxNet"), background())
    assert words is not None
    assert dict(zip(words.words, words.name.tolist(), strict=True)) == {
        **{"Pruning": 0, "nets": 0, "Bubbles": 0},
        **{"Vienna": 1, "GPT4": 1, "BoxNet": 1},
    }


def test_deciding_takes_less_than_five_milliseconds() -> None:
    text, candidate = question(ANSWERED[0]), paper(*FOAM)
    answerability(text, [candidate])
    times = []
    for _ in range(20):
        start = time.perf_counter()
        answerability(text, [candidate])
        times.append(time.perf_counter() - start)
    assert min(times) < 0.005


def test_the_weights_name_what_is_measured() -> None:
    text = files("assistant").joinpath("declining.json").read_text(encoding="utf-8")
    words = asked(question(ANSWERED[0]), background())
    assert words is not None
    measured = {
        "words": coverage(words, paper(*FOAM), None),
        "words_and_meaning": coverage(words, paper(*FOAM), 0.5),
    }
    fitted = json.loads(text)
    assert {name: set(fitted[name]["weights"]) for name in fitted} == {
        name: set(measures) for name, measures in measured.items()
    }


def invented_vectors(count: int, seed: str) -> Any:
    rng = np.random.default_rng(zlib.crc32(seed.encode()))
    vectors = rng.normal(size=(count, 128)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def invented_question(text: str) -> AskedQuestion:
    """Give every character a token of its own, and one special token before and after."""
    spans = [(0, 0), *((place, place + 1) for place in range(len(text))), (0, 0)]
    return AskedQuestion(
        text,
        invented_vectors(len(spans), text),
        np.array(spans, np.int64).reshape(-1, 2),
        np.arange(len(spans), dtype=np.int64) * 997 % 30522,
        (np.resize(invented_vectors(3, text), 384) / np.sqrt(3)).astype(np.float32),
    )


def invented_paper(title: str, abstract: str) -> Candidate:
    places = [(-1, -1), *((place, place + 1) for place in range(len(abstract)))]
    middle = len(abstract) // 2
    sentences = tuple(span for span in ((0, middle), (middle, len(abstract))) if span[0] < span[1])
    vectors = invented_vectors(len(places), abstract)
    return Candidate(title, abstract, sentences, vectors, np.array(places, np.int64))


@settings(deadline=None, max_examples=60)
@given(st.text(max_size=60), st.text(max_size=20), st.text(max_size=90), st.floats(-1, 1))
def test_any_text_has_a_probability(text: str, title: str, abstract: str, near: float) -> None:
    asking, candidate = invented_question(text), invented_paper(title, abstract)
    for similarities in (None, [near]):
        probability = answerability(asking, [candidate], similarities=similarities)
        assert math.isfinite(probability)
        assert 0.0 <= probability <= 1.0


@settings(deadline=None, max_examples=30)
@given(st.text("abc XY1", min_size=1, max_size=40), st.randoms(use_true_random=False))
def test_the_order_of_a_papers_tokens_makes_no_difference(text: str, random: Any) -> None:
    asking, candidate = invented_question(text), invented_paper("a title", "some words and others")
    order = list(range(len(candidate.vectors)))
    random.shuffle(order)
    shuffled = replace(
        candidate, vectors=candidate.vectors[order], offsets=candidate.offsets[order]
    )
    one, other = (answerability(asking, [each]) for each in (candidate, shuffled))
    assert one == pytest.approx(other, abs=1e-5)


@settings(deadline=None, max_examples=30)
@given(st.integers(1, 40), st.integers(1, 40))
def test_centres_are_as_many_as_asked_for_and_of_unit_length(vectors: int, count: int) -> None:
    found = centres(invented_vectors(vectors, "centres"), count=count)
    assert found.shape == (count, 128)
    assert np.linalg.norm(found, axis=1) == pytest.approx(np.ones(count), abs=1e-5)


def test_threshold_leaves_about_the_share_asked_for_below() -> None:
    scores = np.random.default_rng(0).permutation(100).astype(float)
    assert conformal_threshold(scores, share=0.04) == 4.0
    assert conformal_threshold(scores, share=0.001) == 0.0


def case(number: int, *, answerable: bool) -> Case:
    measure = {"match": float(number), "noise": float(number * 37 % 11)}
    return Case("any", str(number), answerable, True, ((measure, answerable),), 1.0)


def test_fitting_finds_the_measure_that_tells() -> None:
    found = [case(number, answerable=number > 20) for number in range(40)]
    fitted = fit(found, ("match", "noise"))
    assert fitted.weights[0] > abs(fitted.weights[1])
    assert best_logit(fitted, found[39]) > 0 > best_logit(fitted, found[0])


def test_calibration_gives_even_odds_where_both_are_as_frequent() -> None:
    logits = np.array([-2.0, -1.0, 0.0, 1.0, 2.0, -2.0, -1.0, 0.0, 1.0, 2.0])
    answerable = np.array([0.0, 0, 1, 1, 1, 0, 0, 0, 1, 0])
    slope, constant = calibrated(logits, answerable)
    assert slope > 0
    odds = constant + slope * np.array([-2.0, 2.0])
    assert odds[0] < 0 < odds[1]


def test_only_papers_that_answer_are_learnt_as_such() -> None:
    right, wrong = ({"match": 1.0}, True), ({"match": 0.0}, False)
    answered = Case("any", "a", True, True, (wrong, right), 1.0)
    hidden = Case("any hidden", "a", False, True, (wrong, wrong), 2.0)
    assert list(examples(answered)) == [({"match": 1.0}, True, 1.0)]
    assert [weight for _, _, weight in examples(hidden)] == [1.4, 0.5]


def test_title_is_asked_for_without_what_follows_the_colon() -> None:
    first, second = title_questions(["Foam nets: a study", "Tide scheduling: waiting"])
    assert first == Question("What is foam nets?", "title", frozenset({"foam nets a study"}))
    assert second.text == "Tide scheduling"


def test_model_without_papers_declines() -> None:
    empty = Case("any", "a", False, True, (), 1.0)
    assert best_logit(Fit(("match",), 0.0, np.ones(1)), empty) < 0
