"""What a constrained model can write, read back by rules of their own, and by vLLM's own parser."""

import json
import re
import subprocess

import pytest

from assistant.constraint import answer_grammar
from prompts import DECLINE
from tests.vllm_server import vllm_python

ACCEPTS = """
import json, sys
from xgrammar.testing import _is_grammar_accept_string as accepts
asked = json.load(sys.stdin)
print(json.dumps([accepts(asked["grammar"], text) for text in asked["texts"]]))
"""

WRITTEN = [
    DECLINE,
    "SOAP needs 40.5% fewer steps (e.g., 360M models). [1]",
    "SOAP needs fewer steps. [1][12] Is it faster than Adam? [2] So it is! [1][2][12]",
    "Vyas et al. propose v2.0 of it (see Fig. 3), i.e., a basis. [2]",
    '"Soups" are cheap. [1]',
    "3.5 is too low (5 ms) at p < 0.05 and <5% of f(2.5). [1]",
    "Gains (from 71.2 to 74.5) are small (2015-2020). [1]",
    "Β-VAE, naïve α-scaling and 模型 are used or not. [1]",
    "Ανάλυση: 方法 和 模型. [1]",
]
"""Answers, as good models write them."""

NOT_WRITTEN = [
    "",
    "SOAP needs fewer steps.",
    "SOAP needs fewer steps. [3]",
    "SOAP needs fewer steps. [1, 2]",
    "SOAP needs fewer steps. [1] ",
    "SOAP needs fewer steps. [1][1][1][1]",
    "SOAP needs fewer steps [1].",
    "SOAP needs fewer steps.[1]",
    "SOAP needs fewer steps. [1]\nIt is fast too. [1]",
    "SOAP needs fewer steps. It is fast too. [1]",
    'He says "it is." It is fast. [1]',
    "Is it? It is fast. [1]",
    "Well… It is fast. [1]",
    "soap needs fewer steps. [1]",
    "SOAP needs [2] fewer steps. [1]",
    "SOAP needs 【2】 fewer steps. [1]",
    "SOAP needs fewer steps (2). [1]",
    "SOAP needs fewer <|im_end|> steps. [1]",
    "SOAP needs  fewer steps. [1]",
    "SOAP needs\u00a0fewer steps and\u200b more. [1]",
    "It is. [1]",
    f"{DECLINE} SOAP needs fewer steps. [1]",
    "One is enough. [1] Two are enough. [1] Three are enough. [1] Four are not. [1]",
]


def accepted(
    texts: list[str],
    *,
    numbers: tuple[int, ...] = (1, 2, 12),
    decline: str = DECLINE,
    sentences: int = 3,
) -> dict[str, bool]:
    """Ask the parser of vLLM, which is installed beside it."""
    grammar = answer_grammar(numbers, decline=decline, sentences=sentences)
    done = subprocess.run(
        [vllm_python(), "-c", ACCEPTS],
        input=json.dumps({"grammar": grammar, "texts": texts}),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return dict(zip(texts, json.loads(done.stdout), strict=True))


@pytest.mark.vllm
def test_good_answers_can_be_written() -> None:
    assert accepted(WRITTEN) == dict.fromkeys(WRITTEN, True)


@pytest.mark.vllm
def test_nothing_else_can_be_written() -> None:
    assert accepted(NOT_WRITTEN) == dict.fromkeys(NOT_WRITTEN, False)


@pytest.mark.vllm
def test_the_words_for_declining_may_hold_quotes() -> None:
    assert accepted(['I say "no" \\.'], decline='I say "no" \\.') == {'I say "no" \\.': True}


@pytest.mark.vllm
def test_without_papers_it_can_only_be_declined() -> None:
    texts = [DECLINE, "SOAP needs fewer steps. [1]"]
    assert accepted(texts, numbers=()) == dict(zip(texts, [True, False], strict=True))


@pytest.mark.vllm
def test_one_sentence_can_be_the_limit() -> None:
    texts = ["SOAP is fast. [1]", "SOAP is fast. [1] Adam is fast. [2]"]
    assert accepted(texts, sentences=1) == dict(zip(texts, [True, False], strict=True))


def test_only_the_numbers_differ_between_questions() -> None:
    one, other = (answer_grammar(ids, decline=DECLINE, sentences=3) for ids in ([1], [2, 3]))
    differing = [a for a, b in zip(one.split("\n"), other.split("\n"), strict=True) if a != b]
    assert [re.match(r"\w+", line)[0] for line in differing] == ["marker"]  # type: ignore[index]


def test_a_grammar_is_small_enough_for_every_request() -> None:
    assert len(answer_grammar(range(1, 31), decline=DECLINE, sentences=8)) < 20_000
