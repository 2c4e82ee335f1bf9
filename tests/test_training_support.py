"""Fitting and measuring support: the parts whose results can be worked out by hand."""

from random import Random

import numpy as np
import pytest

from assistant.support_sources import SourceReader
from eval.support_figures import auroc
from eval.training.support import logistic
from eval.training.support_edits import lightly, other_number, other_word
from index.minilm import MiniLM

ABSTRACT = (
    "Moths are counted at night by tired people. We count moths with 12 microphones in orchards. "
    "Birds are heard as well."
)


def test_auroc_is_the_share_of_ordered_couples_and_a_tie_is_half():
    support = np.array([0.9, 0.4, 0.4, 0.1])
    supported = np.array([True, True, False, False])

    assert auroc(support, supported) == pytest.approx((2 + 1.5) / 4)


def test_without_a_penalty_the_log_odds_are_those_of_the_counts():
    described = np.array([[0.0]] * 4 + [[1.0]] * 4, np.float32)
    labels = np.array([1, 0, 0, 0, 1, 1, 1, 0], float)

    solved = logistic(described, labels, np.ones(8), penalty=0.0)

    assert solved == pytest.approx([np.log(1 / 3), np.log(9)], abs=1e-3)


def test_a_weight_of_two_is_like_two_rows():
    described = np.array([[0.0], [0.0], [1.0], [1.0]], np.float32)
    labels, doubled = np.array([1.0, 0.0, 1.0, 0.0]), [0, 0, 1, 2, 2, 3]

    weighed = logistic(described, labels, np.array([2.0, 1, 2, 1]), penalty=0.0)
    repeated = logistic(described[doubled], labels[doubled], np.ones(6), penalty=0.0)

    assert weighed[0] == pytest.approx(repeated[0], abs=1e-3)


def test_a_light_edit_speaks_of_the_authors():
    edited = {lightly("However, we count moths.", Random(seed)) for seed in range(5)}

    assert edited == {"The authors count moths."}


def test_a_wrong_word_comes_from_the_source_and_ends_alike(model: MiniLM):
    reader = SourceReader(model)
    source, claim = reader.source(ABSTRACT), reader.claim("Moths are counted at night.")

    edited = {other_word(claim.text, claim.words, source, Random(seed)) for seed in range(8)}

    assert edited == {None, "Moths are tired at night."}


def test_a_wrong_number_differs_in_a_digit(model: MiniLM):
    source = SourceReader(model).source(ABSTRACT)

    for seed in range(10):
        edited = other_number("They use 12 microphones.", source, Random(seed))
        assert edited is not None
        assert edited != "They use 12 microphones."


def test_a_sentence_without_a_number_has_no_other(model: MiniLM):
    assert other_number("Birds sing.", SourceReader(model).source(ABSTRACT), Random(0)) is None
