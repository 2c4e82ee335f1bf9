"""Vectors that stay fresh while another process writes, with a real Chroma."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from typing import Any

import numpy as np
import pytest

from index.fresh_vectors import PATIENCE, FreshVectors
from index.vector_folder import VectorFolder
from index.vectors import DamagedVectorsError, TextVectors, Vectors

ROOT = Path(__file__).parents[1]
VERSION = "test"
EAST, NORTH = (np.array(row, np.float32) for row in ([1, 0, 0], [0, 1, 0]))

PUT = """
import sys
from pathlib import Path
import numpy as np
from index.vector_folder import VectorFolder
from index.vectors import TextVectors
vectors = VectorFolder(Path(sys.argv[1])).make(version="test")
vectors.put([TextVectors(2, "second", np.array([[0, 1, 0]], np.float32))])
vectors.close()
"""


class World:
    """A folder of vectors, its generation, and the time."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.generation = 1
        self.seconds = 0.0
        self.openings = 0

    def opened(self) -> Vectors | None:
        self.openings += 1
        return VectorFolder(self.folder).find(version=VERSION)

    def fresh(self) -> FreshVectors:
        return FreshVectors(
            self.opened(),
            generation=lambda: self.generation,
            opened=self.opened,
            now=lambda: self.seconds,
        )

    def write_elsewhere(self) -> None:
        """Let another process add a second paper, in the direction NORTH."""
        subprocess.run([sys.executable, "-c", PUT, self.folder], cwd=ROOT, check=True)
        self.generation += 1


@pytest.fixture
def world(tmp_path: Path) -> World:
    """A folder that holds one paper, in the direction EAST."""
    vectors = VectorFolder(tmp_path / "vectors").make(version=VERSION)
    vectors.put([TextVectors(1, "first", EAST[None])])
    vectors.close()
    return World(tmp_path / "vectors")


@pytest.fixture
def fresh(world: World) -> Iterator[FreshVectors]:
    vectors = world.fresh()
    yield vectors
    vectors.close()


def keys(vectors: FreshVectors, direction: Any) -> list[int]:
    return [found.key for found in vectors.nearest(direction, limit=5, keys=None)]


def test_what_another_process_wrote_is_found(world: World, fresh: FreshVectors) -> None:
    assert keys(fresh, NORTH) == [1]
    world.write_elsewhere()
    world.seconds += PATIENCE
    assert keys(fresh, NORTH) == [2, 1]


def test_they_are_opened_once_a_change_and_not_too_often(world: World, fresh: FreshVectors) -> None:
    world.generation += 1
    keys(fresh, EAST)
    assert world.openings == 1  # too soon
    world.seconds += PATIENCE
    keys(fresh, EAST)
    keys(fresh, EAST)
    world.seconds += PATIENCE
    keys(fresh, EAST)
    assert world.openings == 2


def test_without_vectors_search_is_told_until_there_are_some(tmp_path: Path) -> None:
    world = World(tmp_path / "none")
    fresh = world.fresh()
    with pytest.raises(DamagedVectorsError):
        keys(fresh, EAST)
    world.write_elsewhere()
    world.seconds += PATIENCE
    assert keys(fresh, NORTH) == [2]
    fresh.close()


def test_many_threads_may_search_while_they_are_opened_again(
    world: World, fresh: FreshVectors
) -> None:
    found: list[list[int]] = []

    def search() -> None:
        for _ in range(50):
            world.generation += 1
            world.seconds += PATIENCE / 10
            found.append(keys(fresh, EAST))

    threads = [Thread(target=search) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [[1]] * 200
    assert world.openings > 1
