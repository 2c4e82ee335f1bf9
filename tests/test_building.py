"""The vectors kept in step with the corpus, through kills and rebuilds."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from index.building import BATCH, Builder
from index.cache import Cache
from index.corpus import Corpus
from index.embedding import MiniLMEmbedder
from index.home import Home
from index.minilm import Encoded, MiniLM
from index.papers import Paper, Reading
from index.reading import read_sources
from index.search import Searcher
from index.vector_folder import VectorFolder
from index.vectors import TextVectors, Vectors

SHARED = Path(__file__).parents[2] / "shared"

PAPERS = {
    "Kites over the estuary": "Cameras hang from kites. They map mud flats at low water.",
    "Hollow loaves": "A baker knocks on bread. A hollow sound tells that it is done.",
    "Purring engines": "Cats purr at 25 Hz. The larynx acts as an engine of the breath.",
    "Roofs that sing": "Rain on metal roofs is loud. A felt of hemp lowers the noise.",
    "Slow clocks": "Pendulum clocks lose time in summer. Brass rods grow when warm.",
    "Ink from oaks": "Monks boiled oak galls with iron. The ink eats the parchment.",
}
QUESTIONS = {
    "How can mud flats be mapped cheaply from the air?": "Kites over the estuary",
    "When is bread done?": "Hollow loaves",
    "Why do cats purr?": "Purring engines",
    "How do I make my roof quieter in the rain?": "Roofs that sing",
    "Why is my grandfather clock late in August?": "Slow clocks",
    "What did medieval scribes write with?": "Ink from oaks",
}
Ranking = list[tuple[str, float]]


class KilledError(Exception):
    """Stands for a kill."""


class Watched:
    """The real model; notes what it reads."""

    def __init__(self, model: MiniLM) -> None:
        self._model = model
        self.lengths = model.lengths
        self.read: list[str] = []

    def encode(self, texts: Sequence[str]) -> list[Encoded]:
        self.read += texts
        return self._model.encode(texts)


class Parts:
    """A home with its corpus and a builder."""

    def __init__(self, home: Home, corpus: Corpus, cache: Cache, model: Any) -> None:
        self.home = home
        self.store = VectorFolder(home.vectors)
        self.corpus = corpus
        self.model = Watched(model)
        self.embedder: Any = MiniLMEmbedder(self.model)  # type: ignore[arg-type]
        self.builder = Builder(self.embedder, self.model, cache)  # type: ignore[arg-type]

    @contextmanager
    def vectors(self) -> Iterator[Vectors]:
        opened = self.store.make(version=self.builder.version)
        try:
            yield opened
        finally:
            opened.close()

    def complete(self, **options: Any) -> int:
        with self.vectors() as vectors:
            return self.builder.complete(self.corpus, vectors, **options)

    def pending(self) -> int:
        return self.corpus.backlog.count(self.builder.version)

    def passages(self) -> int:
        with self.vectors() as vectors:
            return vectors.count()

    def rankings(self, questions: Sequence[str] = tuple(QUESTIONS)) -> list[Ranking]:
        with self.vectors() as vectors:
            searcher = Searcher(
                self.corpus,
                vectors,
                self.builder,
                embedder=self.embedder,
                model=self.model,  # type: ignore[arg-type]
            )
            found = [searcher.search(question, limit=5) for question in questions]
        assert not any(each.degraded for each in found)
        return [[(hit.paper.title, hit.score) for hit in each.hits] for each in found]

    def firsts(self) -> list[str]:
        return [ranking[0][0] for ranking in self.rankings()]


def readings(papers: dict[str, str], **fields: Any) -> list[Reading]:
    return [
        Reading(
            paper=Paper(title=title, abstract=abstract, source="api", **fields),
            listing=None,
            origin="api",
            line=None,
        )
        for title, abstract in papers.items()
    ]


def many(count: int) -> dict[str, str]:
    return {f"Log {number}": f"Gull {number} came back." for number in range(count)}


@pytest.fixture
def parts(tmp_path: Path, model: MiniLM) -> Iterator[Parts]:
    home = Home.open(tmp_path / "home")
    with Corpus.open(home) as corpus, Cache(home.cache, version="test") as cache:
        yield Parts(home, corpus, cache, model)


@pytest.fixture
def built(parts: Parts) -> Parts:
    parts.corpus.add(readings(PAPERS))
    parts.complete()
    parts.model.read.clear()
    return parts


def killed_after(papers: int) -> Callable[[int, int], None]:
    def progress(done: int, _all: int) -> None:
        if done >= papers:
            raise KilledError

    return progress


def test_after_completing_nothing_is_pending_and_all_is_found(parts: Parts) -> None:
    parts.corpus.add(readings(PAPERS))
    told: list[tuple[int, int]] = []
    assert parts.complete(progress=lambda *numbers: told.append(numbers)) == len(PAPERS)
    assert told == [(len(PAPERS), len(PAPERS))]
    assert parts.pending() == 0
    assert parts.firsts() == list(QUESTIONS.values())


def test_completing_again_reads_nothing(built: Parts) -> None:
    before = built.passages()
    assert built.complete() == 0
    assert built.model.read == []
    assert built.passages() == before


def test_an_empty_corpus_is_complete(parts: Parts) -> None:
    assert parts.complete() == 0
    assert parts.passages() == 0


def test_only_what_is_new_is_read(built: Parts) -> None:
    built.corpus.add(readings({"Tea cools": "Milk first keeps tea hot."}))
    assert built.complete() == 1
    assert built.model.read == ["Tea cools. Milk first keeps tea hot."]


def test_a_kill_leaves_the_rest_for_the_next_time(parts: Parts) -> None:
    count = 2 * BATCH + 3
    parts.corpus.add(readings(many(count)))
    with pytest.raises(KilledError):
        parts.complete(progress=killed_after(BATCH))
    assert parts.pending() == count - BATCH
    assert len(parts.model.read) == BATCH
    told: list[tuple[int, int]] = []
    assert parts.complete(progress=lambda *numbers: told.append(numbers)) == count - BATCH
    assert told == [(BATCH, BATCH + 3), (BATCH + 3, BATCH + 3)]
    assert parts.pending() == 0
    assert sorted(parts.model.read) == sorted(f"{t}. {a}" for t, a in many(count).items())
    assert parts.passages() == 2 * count


class Dying:
    """A collection whose process is killed right before or after a write."""

    def __init__(self, vectors: Vectors, step: str) -> None:
        self._vectors = vectors
        self._step = step

    def put(self, texts: Sequence[TextVectors]) -> None:
        if self._step == "before put":
            raise KilledError
        self._vectors.put(texts)
        if self._step == "after put":
            raise KilledError

    def delete(self, keys: Sequence[int]) -> None:
        self._vectors.delete(keys)
        if self._step == "after delete":
            raise KilledError


@pytest.mark.parametrize("step", ["after delete", "before put", "after put"])
def test_a_kill_between_chroma_and_the_corpus_is_made_good(built: Parts, step: str) -> None:
    removed, changed, *_ = PAPERS
    built.corpus.remove(removed)
    told = {changed: "Yeast sings in the dark. Flour listens.", "Tea cools": "Milk goes first."}
    built.corpus.add(readings(told))
    with built.vectors() as vectors:
        dying: Any = Dying(vectors, step)
        with pytest.raises(KilledError):
            built.builder.complete(built.corpus, dying)
    built.complete()
    assert built.pending() == 0
    assert built.corpus.backlog.removed_keys() == ()
    assert built.passages() == 2 * len(PAPERS), "one paper less, another one more"
    assert built.rankings(["Does yeast sing?"])[0][0][0] == changed


def test_a_removed_paper_is_never_found_from_then_on(built: Parts) -> None:
    built.corpus.remove("Hollow loaves")

    def titles() -> set[str]:
        return {title for ranking in built.rankings() for title, _ in ranking}

    expected = set(PAPERS) - {"Hollow loaves"}
    assert titles() == expected, "while its vectors are still there"
    built.complete()
    assert titles() == expected
    assert built.passages() == 2 * len(expected)
    built.builder.rebuild(built.corpus, built.store)
    assert titles() == expected


def test_a_changed_paper_is_found_by_its_new_text_only(built: Parts) -> None:
    changed = "Hollow loaves"
    built.corpus.add(readings({changed: "Volcanoes tremble before dawn. Ash drifts far north."}))
    built.complete()
    new, old = built.rankings(["Where does volcanic ash drift?", "When is bread done?"])
    assert new[0][0] == changed
    assert old[0][0] != changed or old[0][1] < new[0][1]
    with built.vectors() as vectors:
        key = built.corpus.paper(changed).key
        question = built.model.encode(["When is bread done?"])[0].sentence
        near = [each for each in vectors.nearest(question, limit=99, keys=None) if each.key == key]
    assert len({each.text_hash for each in near}) == 1
    assert max(each.similarity for each in near) < 0.5


def test_a_rebuild_reads_nothing_and_finds_the_same(built: Parts) -> None:
    before, passages = built.rankings(), built.passages()
    built.model.read.clear()
    assert built.builder.rebuild(built.corpus, built.store) == len(PAPERS)
    assert built.model.read == []
    assert built.passages() == passages
    assert built.rankings() == before
    assert built.pending() == 0


def test_a_rebuild_without_a_cache_finds_the_same(built: Parts, model: MiniLM) -> None:
    before = built.rankings()
    with Cache(built.home.path / "another.db", version="test") as empty:
        anew = Parts(built.home, built.corpus, empty, model)
        anew.builder.rebuild(built.corpus, built.store)
        assert len(set(anew.model.read)) == len(PAPERS)
        for ranking, former in zip(anew.rankings(), before, strict=True):
            assert [title for title, _ in ranking] == [title for title, _ in former]


def test_a_rebuild_does_what_was_pending(built: Parts) -> None:
    built.corpus.remove("Slow clocks")
    built.corpus.add(readings({"Tea cools": "Milk first keeps tea hot."}))
    built.builder.rebuild(built.corpus, built.store)
    assert built.pending() == 0
    assert built.corpus.backlog.removed_keys() == ()
    assert built.complete() == 0
    assert built.rankings(["Is tea hotter with milk first?"])[0][0][0] == "Tea cools"


def test_a_killed_rebuild_leaves_the_former_vectors_in_use(built: Parts) -> None:
    before, passages = built.rankings(), built.passages()
    with pytest.raises(KilledError):
        built.builder.rebuild(built.corpus, built.store, progress=killed_after(1))
    assert built.rankings() == before
    built.builder.rebuild(built.corpus, built.store)
    assert built.rankings() == before
    assert built.passages() == passages


def test_a_rebuild_takes_nothing_over_from_a_killed_one(built: Parts) -> None:
    with pytest.raises(KilledError):
        built.builder.rebuild(built.corpus, built.store, progress=killed_after(1))
    built.corpus.remove("Slow clocks")
    built.builder.rebuild(built.corpus, built.store)
    assert built.passages() == 2 * (len(PAPERS) - 1)


def test_a_damaged_folder_is_rebuilt(built: Parts) -> None:
    before = built.rankings()
    for file in built.home.vectors.rglob("*"):
        if file.is_file():
            file.write_bytes(b"\xa5" * 100)
    built.model.read.clear()
    built.builder.rebuild(built.corpus, built.store)
    assert built.model.read == []
    assert built.rankings() == before


def test_two_papers_of_one_text_are_both_found_and_read_once(parts: Parts) -> None:
    for number in ("2501.00001", "2501.00002"):
        parts.corpus.add(readings({"Twins": "Two papers share a text."}, arxiv_id=number))
    parts.complete()
    assert parts.model.read == ["Twins. Two papers share a text."]
    ranking = parts.rankings(["Which papers share a text?"])[0]
    assert [title for title, _ in ranking] == ["Twins", "Twins"]


def test_a_title_without_an_abstract_stops_nothing(parts: Parts) -> None:
    parts.corpus.add(readings({"Only a title": ""}))
    assert parts.complete() == 1
    parts.corpus.add(readings({"Another title": ""} | PAPERS))
    parts.complete()
    assert parts.pending() == 0
    assert parts.firsts() == list(QUESTIONS.values())
    parts.builder.rebuild(parts.corpus, parts.store)
    assert parts.firsts() == list(QUESTIONS.values())


def test_vectors_for_a_search_are_not_kept_unless_asked(parts: Parts) -> None:
    papers = [reading.paper for reading in readings(PAPERS)]
    for reads, keep in ((1, False), (2, True), (2, True)):
        assert len(parts.builder.paper_vectors(papers, keep=keep)) == len(PAPERS)
        assert len(parts.model.read) == reads * len(PAPERS)


@pytest.mark.skipif(not (SHARED / "gold").is_dir(), reason="the saved pages are not here")
def test_every_question_over_the_saved_pages_has_the_same_first_hit_after_a_rebuild(
    parts: Parts,
) -> None:
    lines = (SHARED / "gold" / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    questions = [json.loads(line)["question"] for line in lines]
    parts.corpus.add(read_sources([str(SHARED / "corpus")], as_of=date(2025, 10, 30)))
    parts.complete()
    before = [ranking[0][0] for ranking in parts.rankings(questions)]
    parts.model.read.clear()
    parts.builder.rebuild(parts.corpus, parts.store)
    assert parts.model.read == []
    # The scores may differ: Chroma's graph, built by several threads, proposes other last ones.
    assert [ranking[0][0] for ranking in parts.rankings(questions)] == before
