"""The Chroma collection: what is put is found, and damage is noticed."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from index.errors import HomeError, StaleIndexError
from index.minilm import DIMENSIONS, FloatArray
from index.vector_folder import VectorFolder, discard_folder, replace_folder
from index.vectors import MOST_KEYS, DamagedVectorsError, TextVectors, Vectors

VERSION = "model one"


def axis(*weights: float) -> FloatArray:
    """Make a vector of unit length from its first numbers."""
    vector = np.zeros(DIMENSIONS, np.float32)
    vector[: len(weights)] = weights
    return vector / np.float32(np.linalg.norm(vector))


def text(key: int, *vectors: FloatArray, text_hash: str = "first") -> TextVectors:
    return TextVectors(key, text_hash, np.stack(vectors))


def found(vectors: Vectors, vector: FloatArray, **options: object) -> list[tuple[int, str]]:
    settings = {"limit": 10, "keys": None} | options
    return [(near.key, near.text_hash) for near in vectors.nearest(vector, **settings)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "vectors"


@pytest.fixture
def vectors(folder: Path) -> Iterator[Vectors]:
    opened = VectorFolder(folder).make(version=VERSION)
    yield opened
    opened.close()


def test_the_nearest_comes_first_with_its_cosine(vectors: Vectors) -> None:
    vectors.put([text(1, axis(1)), text(2, axis(1, 1)), text(3, axis(0, 1))])
    near = vectors.nearest(axis(1), limit=2, keys=None)
    assert [each.key for each in near] == [1, 2]
    assert [each.similarity for each in near] == pytest.approx([1, 2**-0.5], abs=1e-5)


def test_every_passage_of_a_paper_can_be_found(vectors: Vectors) -> None:
    vectors.put([text(1, axis(1), axis(0, 1)), text(2, axis(0, 0, 1))])
    assert vectors.count() == 3
    assert found(vectors, axis(1), limit=1) == found(vectors, axis(0, 1), limit=1) == [(1, "first")]


def test_an_empty_collection_finds_nothing(vectors: Vectors) -> None:
    assert vectors.count() == 0
    assert found(vectors, axis(1)) == []
    assert found(vectors, axis(1), keys=[1]) == []
    assert not vectors.answers()


def test_a_collection_that_holds_something_answers(vectors: Vectors) -> None:
    vectors.put([text(1, axis(1))])
    assert vectors.answers()


def test_what_was_put_is_there_after_reopening(folder: Path, vectors: Vectors) -> None:
    vectors.put([text(1, axis(1)), text(2, axis(0, 1))])
    vectors.close()
    reopened = VectorFolder(folder).make(version=VERSION)
    assert found(reopened, axis(0, 1), limit=1) == [(2, "first")]
    reopened.close()


def test_putting_twice_changes_nothing(vectors: Vectors) -> None:
    texts = [text(1, axis(1), axis(0, 1)), text(2, axis(1, 1))]
    vectors.put(texts)
    before = vectors.nearest(axis(1, 0.5), limit=10, keys=None)
    vectors.put(texts)
    assert vectors.nearest(axis(1, 0.5), limit=10, keys=None) == before
    assert vectors.count() == 3


def test_a_changed_text_drops_the_passages_of_the_former_one(vectors: Vectors) -> None:
    vectors.put([text(1, axis(1), axis(0, 1), axis(0, 0, 1)), text(2, axis(1))])
    vectors.put([text(1, axis(0, 0, 0, 1), text_hash="second")])
    assert sorted(found(vectors, axis(1))) == [(1, "second"), (2, "first")]
    assert vectors.count() == 2


def test_nothing_put_or_deleted_changes_nothing(vectors: Vectors) -> None:
    vectors.put([text(1, axis(1))])
    vectors.put([])
    vectors.delete([])
    vectors.delete([77])
    assert found(vectors, axis(1)) == [(1, "first")]


def test_deleted_papers_are_not_found(vectors: Vectors) -> None:
    vectors.put([text(key, axis(1, key), axis(key, 1)) for key in (1, 2, 3)])
    vectors.delete([1, 3])
    assert found(vectors, axis(1)) == [(2, "first")] * 2


def test_only_the_papers_asked_for_are_found(vectors: Vectors) -> None:
    vectors.put([text(key, axis(1, key)) for key in range(1, 6)])
    assert found(vectors, axis(1), keys=[4, 2, 99]) == [(2, "first"), (4, "first")]
    assert found(vectors, axis(1), keys=[99]) == []
    assert found(vectors, axis(1), keys=[]) == []


def test_more_keys_than_a_query_takes_are_searched_and_deleted(vectors: Vectors) -> None:
    keys = [1, MOST_KEYS, MOST_KEYS + 1, 4 * MOST_KEYS - 1]
    vectors.put([text(key, axis(1, place)) for place, key in enumerate(keys)])
    every = range(1, 4 * MOST_KEYS)
    assert [key for key, _ in found(vectors, axis(1), keys=every)] == keys
    assert [key for key, _ in found(vectors, axis(1), keys=every, limit=2)] == keys[:2]
    vectors.delete(every)
    assert vectors.count() == 0


def test_vectors_of_another_model_are_refused_with_a_cure(folder: Path, vectors: Vectors) -> None:
    vectors.put([text(1, axis(1))])
    vectors.close()
    with pytest.raises(StaleIndexError, match=r"by `model one`, not by `model two`") as caught:
        VectorFolder(folder).make(version="model two")
    assert "footnote reindex" in caught.value.hint
    reopened = VectorFolder(folder).make(version=VERSION)
    assert found(reopened, axis(1)) == [(1, "first")], "the refusal changed nothing"
    reopened.close()


def _delete(file: Path) -> None:
    file.unlink()


def _empty(file: Path) -> None:
    os.truncate(file, 0)


def _halve(file: Path) -> None:
    os.truncate(file, file.stat().st_size // 2)


def _overwrite(file: Path) -> None:
    file.write_bytes(b"\xa5" * file.stat().st_size)


NOTICED = [
    ("chroma.sqlite3", _halve),
    ("chroma.sqlite3", _overwrite),
    ("header.bin", _delete),
    ("header.bin", _empty),
    ("data_level0.bin", _delete),
    ("index_metadata.pickle", _empty),
    ("index_metadata.pickle", _halve),
    ("link_lists.bin", _delete),
]
"""What Chroma refuses to load. Other bytes it trusts: it reads beyond its memory, and then finds
nothing wrong, or ends the process."""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A closed folder with so much in it that Chroma has written its graph to the disk."""
    folder = tmp_path_factory.mktemp("made") / "vectors"
    random = np.random.default_rng(7)
    rows = random.normal(size=(275, 4, DIMENSIONS)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=2, keepdims=True)
    opened = VectorFolder(folder).make(version=VERSION)
    texts = [TextVectors(key, "first", each) for key, each in enumerate(rows, start=1)]
    for start in range(0, len(texts), 100):
        opened.put(texts[start : start + 100])
    opened.close()
    return folder


@pytest.fixture
def large(made: Path, folder: Path) -> Path:
    return Path(shutil.copytree(made, folder))


def open_and_ask(folder: Path) -> bool:
    opened = VectorFolder(folder).make(version=VERSION)
    try:
        return opened.answers()
    finally:
        opened.close()


def test_a_sound_folder_answers(large: Path) -> None:
    assert open_and_ask(large)


@pytest.mark.parametrize(("name", "damage"), NOTICED)
def test_a_damaged_folder_is_told_from_a_bug(
    large: Path, name: str, damage: Callable[[Path], None]
) -> None:
    (file,) = large.rglob(name)
    damage(file)
    with pytest.raises(DamagedVectorsError):
        open_and_ask(large)


def test_a_folder_without_its_database_does_not_pass_for_a_full_one(large: Path) -> None:
    (large / "chroma.sqlite3").unlink()
    opened = VectorFolder(large).make(version=VERSION)
    assert opened.count() == 0
    assert not opened.answers()
    opened.close()


def test_a_file_in_the_place_of_the_folder_is_damage(folder: Path) -> None:
    folder.write_text("no folder", encoding="utf-8")
    with pytest.raises(DamagedVectorsError):
        VectorFolder(folder).make(version=VERSION)


def test_a_folder_is_replaced_by_another(folder: Path, tmp_path: Path) -> None:
    for place, key in ((folder, 1), (tmp_path / "new", 2)):
        opened = VectorFolder(place).make(version=VERSION)
        opened.put([text(key, axis(1))])
        opened.close()
    replace_folder(folder, tmp_path / "new")
    reopened = VectorFolder(folder).make(version=VERSION)
    assert found(reopened, axis(1)) == [(2, "first")]
    reopened.close()
    assert [path.name for path in tmp_path.iterdir()] == ["vectors"]


def test_a_folder_that_cannot_be_replaced_is_told_with_a_cure(folder: Path) -> None:
    with pytest.raises(HomeError, match="cannot be replaced") as caught:
        replace_folder(folder, folder.with_name("missing"))
    assert "footnote reindex" in caught.value.hint


def test_discarding_what_is_not_there_is_no_error(folder: Path) -> None:
    discard_folder(folder)
    folder.write_text("a file", encoding="utf-8")
    discard_folder(folder)
    assert not folder.exists()
