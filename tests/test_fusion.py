"""Scores made comparable and summed, against values worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.fusion import fused

NUMBERS = st.lists(st.integers(-1000, 1000).map(float), min_size=1, max_size=8)


def scores(*numbers: float) -> np.ndarray:
    return np.array(numbers, np.float64)


def test_one_signal_becomes_its_standard_score() -> None:
    # Mean 2, variance (1 + 0 + 1) / 3.
    root = (3 / 2) ** 0.5
    assert fused([(1.0, scores(1, 2, 3))]) == pytest.approx([-root, 0, root])


def test_signals_are_summed_by_their_weights_whatever_their_scale() -> None:
    # Of two papers one is always +1, the other -1: 1 · (+1, -1) + 2 · (-1, +1) + 0.5 · (+1, -1).
    found = fused([(1.0, scores(9, 8)), (2.0, scores(0.001, 0.002)), (0.5, scores(1e6, -1e6))])
    assert found == pytest.approx([-0.5, 0.5])


@pytest.mark.parametrize("flat", [scores(0, 0, 0), scores(0.7, 0.7, 0.7), scores(1, 1 + 1e-12, 1)])
def test_a_flat_signal_says_nothing(flat: np.ndarray) -> None:
    told = scores(1, 5, 3)
    assert fused([(1.0, told), (100.0, flat)]) == pytest.approx(fused([(1.0, told)]))


def test_flat_signals_alone_give_zeros() -> None:
    assert fused([(1.0, scores(3, 3)), (2.0, scores(0, 0))]).tolist() == [0, 0]


def test_a_single_paper_scores_zero() -> None:
    assert fused([(1.0, scores(0.9)), (2.0, scores(7))]).tolist() == [0]


def test_no_paper_gives_no_score() -> None:
    assert fused([(1.0, scores()), (2.0, scores())]).shape == (0,)


@given(NUMBERS, st.integers(1, 50), st.integers(-50, 50))
def test_another_unit_or_origin_changes_nothing(
    numbers: list[float], unit: int, origin: int
) -> None:
    one, other = scores(*numbers), scores(*numbers) * unit + origin
    assert fused([(1.0, other)]) == pytest.approx(fused([(1.0, one)]), abs=1e-6)


@given(NUMBERS)
def test_one_signal_keeps_its_order(numbers: list[float]) -> None:
    found = fused([(2.0, scores(*numbers))])
    assert np.argsort(found, kind="stable").tolist() == np.argsort(numbers, kind="stable").tolist()
