"""The cache: vectors that need not be computed twice."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest

from index.cache import CHUNK, Cache
from index.errors import HomeError
from index.minilm import DIMENSIONS, TOKEN_DIMENSIONS
from index.paper_vectors import PaperVectors

PAGE = 4096
TEXTS = tuple(f"text-{number:04}" for number in range(200))


def vectors(seed: int = 1) -> PaperVectors:
    random = np.random.default_rng(seed)
    return PaperVectors(
        sentences=np.array([[0, 5], [6, 9]]),
        passages=np.array([[0, 9, 1], [0, 9, 0]]),
        embeddings=random.normal(size=(2, DIMENSIONS)).astype(np.float32),
        segments=np.array([2, 3, 1]),
        offsets=np.array([[-1, -1], [-1, -1], [0, 2], [2, 3], [3, 5], [6, 9]]),
        codes=random.integers(-127, 128, (6, TOKEN_DIMENSIONS)).astype(np.int8),
    )


def equal(one: PaperVectors, other: PaperVectors) -> bool:
    pairs = [(getattr(one, field.name), getattr(other, field.name)) for field in fields(one)]
    return all(np.array_equal(mine, theirs) for mine, theirs in pairs)


def kept(place: Path, *texts: str, version: str = "v1") -> set[str]:
    with Cache(place, version=version) as cache:
        return set(cache.get(texts))


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "cache.db"


@pytest.fixture
def full(place: Path) -> Path:
    """A cache that holds TEXTS."""
    with Cache(place, version="v1") as cache:
        cache.put({text: vectors(number) for number, text in enumerate(TEXTS)})
    return place


def test_what_was_put_is_there_after_reopening(place: Path) -> None:
    with Cache(place, version="v1") as cache:
        cache.put({"a": vectors(1), "b": vectors(2)})
    with Cache(place, version="v1") as cache:
        found = cache.get(["a", "b", "unknown"])
    assert set(found) == {"a", "b"}
    assert equal(found["a"], vectors(1))
    assert equal(found["b"], vectors(2))


def test_putting_again_replaces(place: Path) -> None:
    with Cache(place, version="v1") as cache:
        cache.put({"a": vectors(1)})
        cache.put({"a": vectors(2)})
        assert equal(cache.get(["a"])["a"], vectors(2))


def test_more_texts_than_a_query_takes_are_all_found(place: Path) -> None:
    texts = [str(number) for number in range(2 * CHUNK + 1)]
    with Cache(place, version="v1") as cache:
        cache.put(dict.fromkeys(texts, vectors()))
        assert set(cache.get(texts)) == set(texts)


def test_nothing_is_asked_and_nothing_put(place: Path) -> None:
    with Cache(place, version="v1") as cache:
        cache.put({})
        assert cache.get([]) == {}


def test_another_version_has_vectors_of_its_own(place: Path) -> None:
    with Cache(place, version="v1") as cache:
        cache.put({"a": vectors(1)})
    with Cache(place, version="v2") as cache:
        assert cache.get(["a"]) == {}
        cache.put({"a": vectors(2)})
    with Cache(place, version="v1") as cache:
        assert equal(cache.get(["a"])["a"], vectors(1))


def test_a_damaged_record_is_missing_and_the_others_are_not(full: Path) -> None:
    with sqlite3.connect(full) as connection:
        connection.execute("UPDATE vectors SET record = x'00' WHERE text_hash = ?", TEXTS[:1])
        connection.execute(
            "UPDATE vectors SET record = zeroblob(length(record)) WHERE text_hash = ?", TEXTS[1:2]
        )
    connection.close()
    assert kept(full, *TEXTS) == set(TEXTS[2:])


def test_a_deleted_cache_is_made_again(full: Path) -> None:
    full.unlink()
    assert kept(full, *TEXTS) == set()
    with Cache(full, version="v1") as cache:
        cache.put({"a": vectors()})
    assert kept(full, "a") == {"a"}


def test_a_deletion_while_it_is_open_does_no_harm(full: Path) -> None:
    with Cache(full, version="v1") as cache:
        full.unlink()
        cache.get(TEXTS)
        cache.put({"a": vectors()})
    assert kept(full, "a") == set()


def _not_a_database(place: Path) -> None:
    place.write_bytes(b"These are not the vectors. " * 500)


def _empty(place: Path) -> None:
    os.truncate(place, 0)


def _cut_in_a_page(place: Path) -> None:
    os.truncate(place, PAGE + 100)


def _halved(place: Path) -> None:
    os.truncate(place, place.stat().st_size // 2)


@pytest.mark.parametrize("damage", [_not_a_database, _empty, _cut_in_a_page, _halved])
def test_a_damaged_file_is_no_obstacle(full: Path, damage: Callable[[Path], None]) -> None:
    damage(full)
    with Cache(full, version="v1") as cache:
        assert set(cache.get(TEXTS)) <= set(TEXTS)
        cache.put({text: vectors() for text in TEXTS})
        found = cache.get(TEXTS)
    assert set(found) == kept(full, *TEXTS) == set(TEXTS)
    assert all(equal(each, vectors()) for each in found.values())


def test_damage_anywhere_is_no_obstacle_and_gives_no_wrong_vector(full: Path) -> None:
    sound = full.read_bytes()
    for start in range(0, 40 * PAGE, PAGE):
        full.write_bytes(sound[:start] + b"\xa5" * PAGE + sound[start + PAGE :])
        with Cache(full, version="v1") as cache:
            for text, found in cache.get(TEXTS).items():
                assert equal(found, vectors(TEXTS.index(text)))
            cache.put({text: vectors() for text in TEXTS})
        assert kept(full, *TEXTS) == set(TEXTS)


@pytest.mark.parametrize("damage", [_not_a_database, _empty, _cut_in_a_page, _halved])
def test_a_damaged_file_is_left_alone_by_a_reader(
    full: Path, damage: Callable[[Path], None]
) -> None:
    damage(full)
    before = full.read_bytes()
    with Cache(full, version="v1", read_only=True) as cache:
        assert set(cache.get(TEXTS)) <= set(TEXTS)
    assert full.read_bytes() == before


def test_a_reader_finds_what_was_put(full: Path) -> None:
    with Cache(full, version="v1", read_only=True) as cache:
        assert set(cache.get(TEXTS)) == set(TEXTS)


def test_a_reader_of_an_absent_cache_finds_nothing_and_makes_no_file(place: Path) -> None:
    with Cache(place, version="v1", read_only=True) as cache:
        assert cache.get(["a"]) == {}
    assert not list(place.parent.iterdir())


def test_a_cache_in_the_place_of_a_folder_is_refused_with_a_cure(place: Path) -> None:
    place.mkdir()
    with pytest.raises(HomeError, match="cannot be opened or written") as caught:
        Cache(place, version="v1")
    assert "check its permissions" in caught.value.hint


def test_a_full_disk_is_told_and_keeps_what_was_kept(full: Path) -> None:
    cache = Cache(full, version="v1")
    limit = cache._connection.execute("PRAGMA page_count").fetchone()[0]
    cache._connection.execute(f"PRAGMA max_page_count = {limit}")
    with pytest.raises(HomeError, match="No room is left"):
        cache.put({f"more-{number}": vectors() for number in range(100)})
    cache.close()
    assert kept(full, *TEXTS, "more-0") == set(TEXTS)
