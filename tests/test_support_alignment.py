"""Aligning a claim with its evidence: what the network is told of each word."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.support_alignment import (
    ABSENT,
    ELSEWHERE,
    INFLECTED,
    MOVED,
    NO_WORD,
    SAME,
    Aligned,
    Aligner,
)
from assistant.support_network import WORD_VECTORS
from index import minilm

SENTENCES = (
    "Shampoo needs much memory.",
    "SOAP reduces the number of iterations by over 40% compared to AdamW.",
)


@pytest.fixture(scope="module")
def aligner() -> Aligner:
    return Aligner(minilm.tokenizer(), minilm.weights(WORD_VECTORS)[WORD_VECTORS])


def told(aligner: Aligner, claim: str, sentences: tuple[str, ...] = SENTENCES) -> dict[str, tuple]:
    """Give, by word, what is told of its first token; counterparts as words."""
    evidence, starts = "", []
    for sentence in sentences:
        starts.append(len(evidence))
        evidence += f"{sentence} "
    read, against = aligner.text(claim), aligner.text(evidence.rstrip())
    aligned = aligner.aligned(read, against, starts)
    words = {
        against.ids[at]: word for at, word in zip(against.first_tokens, against.low, strict=True)
    }
    by_word: dict[str, tuple] = {}
    for place, (start, end) in enumerate(read.spans):
        others = [words[token] for token in aligned.counterparts[place]]
        by_word.setdefault(claim[start:end], (aligned.kinds[place], aligned.passed[place], others))
    return by_word


def test_a_word_is_told_to_be_there_in_another_form_elsewhere_or_not(aligner):
    kinds = {word: kind for word, (kind, _, _) in told(aligner, "SOAP reduced memory use!").items()}

    assert kinds["SOAP"] == SAME
    assert kinds["reduced"] == INFLECTED
    assert kinds["memory"] == ELSEWHERE
    assert kinds["use"] == ABSENT
    assert kinds["!"] == NO_WORD


def test_exchanged_words_are_out_of_order(aligner):
    kinds = [kind for kind, _, _ in told(aligner, "AdamW reduces iterations beside SOAP").values()]

    assert MOVED in kinds


def test_what_was_passed_over_is_counted(aligner):
    words = told(aligner, "SOAP reduces iterations compared to AdamW.")

    assert words["iteration"][1] == 1  # "number"; "the" and "of" tell nothing
    assert words["compared"][1] == 1  # "40"


def test_a_word_may_stand_for_what_the_sentence_has_in_its_place(aligner):
    words = told(aligner, "SOAP cuts the number of steps by over 40% compared to AdamW.")

    assert words["cuts"][2] == ["reduces"]
    assert words["steps"][2] == ["iterations"]
    assert words["SOAP"][2] == []


def test_positions_are_those_of_the_evidence(aligner):
    claim, evidence = aligner.text("of AdamW"), aligner.text(SENTENCES[1])
    aligned = aligner.aligned(claim, evidence, [0])

    place = {word: token for word, token in zip(evidence.low, evidence.first_tokens, strict=True)}
    assert aligned.positions[:2] == [place["of"] + 1, place["adamw"] + 1]


@settings(max_examples=80, deadline=None)
@given(claim=st.text(max_size=120), evidence=st.text(min_size=1, max_size=160))
def test_any_text_can_be_aligned(aligner, claim, evidence):
    read, against = aligner.text(claim), aligner.text(f"word {evidence}")
    aligned: Aligned = aligner.aligned(read, against, [0])

    assert len(read.ids) == len(aligned.kinds) == len(aligned.passed)
    assert len(read.ids) == len(aligned.positions) == len(aligned.counterparts)
    assert all(0 <= position <= 512 for position in aligned.positions)
