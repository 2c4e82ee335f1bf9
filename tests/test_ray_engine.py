"""Ray: a real cluster of two nodes reads and embeds, and whatever dies, nothing is lost or doubled.

Nodes are processes here, with a core each.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from datetime import date
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

import pytest

from assistant import assembling
from assistant.settings import Settings
from eval.gold import Silence
from index.errors import EngineError
from index.papers import Paper
from index.portions import SIZE
from index.ray_engine import connected
from index.reading import read_sources
from index.tellings import text_hash
from tests.chroma_server import ChromaServer
from tests.conftest import ROOT, Ended, started

pytest.importorskip("ray", reason="Ray is not installed: footnote[ray]")
pytestmark = pytest.mark.filterwarnings("default")  # Ray warns of its own parts

AS_OF = date(2025, 10, 30)


class TwoNodes:
    """A cluster, one of whose nodes can be killed."""

    def __init__(self) -> None:
        from ray.cluster_utils import Cluster

        self._cluster: Any = Cluster(
            initialize_head=True, head_node_args={"num_cpus": 1, "include_dashboard": False}
        )
        self.address = str(self._cluster.address)
        self._other: Any = None
        self.restore()

    @property
    def both(self) -> bool:
        """Whether neither node was killed."""
        return self._other is not None

    def restore(self) -> None:
        """See that there are two nodes."""
        if not self.both:
            self._other = self._cluster.add_node(num_cpus=1)

    def kill_one(self) -> None:
        """Kill the node that is not the head, with all its workers."""
        self._cluster.remove_node(self._other, allow_graceful=False)
        self._other = None

    def close(self) -> None:
        self._cluster.shutdown()


@pytest.fixture(name="nodes", scope="module")
def _nodes() -> Iterator[TwoNodes]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(ROOT))  # workers read the code that is tested
        nodes = TwoNodes()
        yield nodes
        nodes.close()


@pytest.fixture
def cluster(nodes: TwoNodes) -> TwoNodes:
    """A cluster of two nodes."""
    nodes.restore()
    return nodes


class Watching(Silence):
    """A talk that does something once, when some papers are embedded."""

    def __init__(self, deed: Callable[[], None]) -> None:
        self._deed: Callable[[], None] | None = deed

    def progress(self, task: str, done: int, total: int | None) -> None:
        if task == "embedding" and done and self._deed is not None:
            deed, self._deed = self._deed, None
            deed()


class Stored(NamedTuple):
    """What a home holds."""

    papers: list[tuple[str, str]]
    """Ids, and hashes of texts."""
    passages: int
    pending: int


def stored(home: Path, environment: Mapping[str, str] = MappingProxyType({})) -> Stored:
    with assembling.writer(Settings.read(environment, home=home), Silence()) as writer:
        pending = writer.corpus.backlog.count(writer.builder.version)
        papers = [(paper.id, text_hash(paper)) for paper in writer.corpus.papers()]
        return Stored(papers, writer.complete(), pending)


def cached(home: Path) -> dict[str, int]:
    """Give the texts whose vectors are known, each with the number of its record."""
    with closing(sqlite3.connect(home / "cache.db")) as connection:
        return dict(connection.execute("SELECT text_hash, key FROM vectors"))


@pytest.fixture(scope="module")
def sample(sample_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Stored:
    """What a home of the sample holds when nothing fails and nobody helps."""
    return stored(shutil.copytree(sample_home, tmp_path_factory.mktemp("sample") / "home"))


def test_a_node_killed_in_the_middle_loses_and_doubles_nothing(
    cluster: TwoNodes, sample: Stored, tmp_path: Path
) -> None:
    watching = Watching(cluster.kill_one)
    settings = Settings.read({}, home=tmp_path)
    with connected(cluster.address) as engine, assembling.writer(settings, watching) as writer:
        assert engine.workers == 2
        report = writer.ingest(["sample:"], as_of=AS_OF, engine=engine)
    assert not cluster.both
    assert (report.ingested.added, report.passages) == (len(sample.papers), sample.passages)
    assert stored(tmp_path) == sample


def test_the_command_killed_in_the_middle_goes_on_where_it_was(
    cluster: TwoNodes, sample: Stored, tmp_path: Path
) -> None:
    words = ("ingest", "sample:", "--engine", "ray", "--address", cluster.address, "--progress")
    with ChromaServer(tmp_path / "server") as server:
        environment = {"FOOTNOTE_CHROMA": server.url}
        command = partial(started, *words, home=tmp_path / "home", env=environment)
        with command() as process:
            told = (json.loads(line) for line in process.stdout or ())
            assert next(each for each in told if each["step"] == "embedding" and each["done"])
            process.kill()
        before = cached(tmp_path / "home")
        assert 0 < len(before) < len(sample.papers)
        with command() as process:
            _, talk = process.communicate(timeout=300)
        assert process.returncode == 0, talk.decode()
        assert cached(tmp_path / "home").items() >= before.items()
        assert stored(tmp_path / "home", environment) == sample


def test_a_long_file_is_read_as_if_alone(cluster: TwoNodes, tmp_path: Path) -> None:
    path = tmp_path / "dump.json"
    line = json.dumps({"title": "Kites {}", "abstract": "Kites fly. " * 100})
    lines = (line.replace("{}", str(number)) for number in range(SIZE // len(line) + 100))
    path.write_text("\n".join(lines), encoding="utf-8")
    with connected(cluster.address) as engine:
        read = list(engine.read(path, str(path)))
    assert read == list(read_sources([str(path)], as_of=AS_OF))


def test_a_worker_that_makes_other_vectors_is_refused(cluster: TwoNodes) -> None:
    paper = Paper(title="Kites", abstract="Kites fly.", source="text")
    with (
        connected(cluster.address) as engine,
        pytest.raises(EngineError, match=r"a worker makes vectors by `.+`, not by `others`"),
    ):
        list(engine.compute([paper], embedding_model=None, version="others"))


def test_a_cluster_that_is_not_there_is_told(
    tmp_path: Path, footnote_process: Callable[..., Ended]
) -> None:
    words = ("ingest", "sample:", "--engine", "ray", "--address", "127.0.0.1:1")
    ended = footnote_process(*words, home=tmp_path / "home")
    assert ended.code == 1
    assert ended.err.startswith("error: There is no Ray cluster at `127.0.0.1:1`")
    assert "hint: " in ended.err


def test_an_address_without_ray_is_wrong_usage(footnote: Callable[..., Ended]) -> None:
    assert footnote("ingest", "sample:", "--address", "127.0.0.1:1").code == 2
