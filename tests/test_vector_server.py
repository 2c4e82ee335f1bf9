"""Vectors at a Chroma server: a real one, shared by homes, killed, frozen, and other than it is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from index.errors import StaleIndexError, VectorServerError
from index.fresh_vectors import PATIENCE, REST, FreshVectors
from index.home import Home
from index.vector_server import VectorServer
from index.vectors import DamagedVectorsError, TextVectors, Vectors
from tests.chroma_server import ChromaServer
from tests.served import listening

VERSION = "model one"
EAST, NORTH = (np.array(row, np.float32) for row in ([1, 0, 0], [0, 1, 0]))


@pytest.fixture(scope="module")
def chroma(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ChromaServer]:
    with ChromaServer(tmp_path_factory.mktemp("chroma") / "data") as server:
        yield server


def made_home(path: Path) -> Home:
    home = Home.open(path)
    home.leave_mark()
    return home


@pytest.fixture
def store(chroma: ChromaServer, tmp_path: Path) -> Iterator[VectorServer]:
    with closing(VectorServer(made_home(tmp_path / "home"), chroma.url)) as store:
        yield store


def put(store: VectorServer, key: int, vector: np.ndarray, *, text: str = "first") -> None:
    with closing(store.make(version=VERSION)) as vectors:
        vectors.put([TextVectors(key, text, vector[None])])


def keys(vectors: Vectors | FreshVectors, vector: np.ndarray = EAST) -> list[int]:
    return [near.key for near in vectors.nearest(vector, limit=9, keys=None)]


def kept(store: VectorServer) -> list[int]:
    vectors = store.find(version=VERSION)
    assert vectors is not None
    with closing(vectors):
        return keys(vectors)


def test_what_one_client_puts_another_finds(store: VectorServer) -> None:
    assert store.find(version=VERSION) is None
    put(store, 1, EAST)
    put(store, 2, NORTH)
    assert kept(store) == [1, 2]


def test_putting_twice_changes_nothing_and_a_new_text_drops_the_former(store: VectorServer) -> None:
    put(store, 1, EAST)
    put(store, 1, EAST)
    put(store, 1, NORTH, text="second")
    with closing(store.make(version=VERSION)) as vectors:
        assert vectors.count() == 1
        assert vectors.nearest(NORTH, limit=1, keys=[1])[0].text_hash == "second"
        vectors.delete([1])
        assert vectors.count() == 0


def test_two_homes_and_a_copy_of_one_do_not_mix(chroma: ChromaServer, tmp_path: Path) -> None:
    homes = [made_home(tmp_path / name) for name in ("one", "two", "copy")]
    (homes[2].path / "mark").write_text(homes[0].mark or "", encoding="ascii")
    for number, home in enumerate(homes):
        with closing(VectorServer(home, chroma.url)) as store:
            put(store, number, EAST)
    for number, home in enumerate(homes):
        with closing(VectorServer(home, chroma.url)) as store:
            assert kept(store) == [number]


def test_vectors_of_another_model_are_refused_until_they_are_made_anew(store: VectorServer) -> None:
    put(store, 1, EAST)
    with pytest.raises(StaleIndexError, match="model two"):
        store.find(version="model two")
    with store.anew(version="model two") as vectors:
        vectors.put([TextVectors(2, "first", NORTH[None])])
    with pytest.raises(StaleIndexError):
        store.find(version=VERSION)
    vectors_now = store.find(version="model two")
    assert vectors_now is not None
    with closing(vectors_now):
        assert keys(vectors_now) == [2]


def test_making_anew_that_fails_leaves_the_former_vectors(store: VectorServer) -> None:
    put(store, 1, EAST)
    failing = store.anew(version=VERSION)
    failing.__enter__().put([TextVectors(2, "first", NORTH[None])])
    assert not failing.__exit__(KeyError, KeyError(), None)
    assert kept(store) == [1]
    with store.anew(version=VERSION):
        pass
    assert kept(store) == [], "nothing is taken over from the one that failed"


class Watching:
    """A reader's vectors, and the time."""

    def __init__(self, store: VectorServer) -> None:
        self.seconds = 0.0
        self.generation = 0
        self.fresh = FreshVectors(
            store.find(version=VERSION),
            generation=lambda: self.generation,
            opened=lambda: store.find(version=VERSION),
            now=lambda: self.seconds,
        )


def test_a_reader_finds_vectors_made_anew_at_once(store: VectorServer) -> None:
    put(store, 1, EAST)
    reader = Watching(store)
    with store.anew(version=VERSION) as vectors:
        vectors.put([TextVectors(2, "first", NORTH[None])])
        assert keys(reader.fresh) == [1]
    assert keys(reader.fresh) == [2]
    reader.fresh.close()


def test_a_server_that_is_killed_is_left_alone_and_found_again(tmp_path: Path) -> None:
    with ChromaServer(tmp_path / "data") as chroma:
        store = VectorServer(made_home(tmp_path / "home"), chroma.url)
        put(store, 1, EAST)
        reader = Watching(store)
        chroma.kill()
        with pytest.raises(DamagedVectorsError, match="does not answer"):
            keys(reader.fresh)
        chroma.start()
        with pytest.raises(DamagedVectorsError):
            reader.fresh.count()  # it rests
        reader.seconds += REST
        assert (keys(reader.fresh), reader.fresh.count()) == ([1], 1)
        chroma.kill()
        reader.generation += 1  # now it is opened again, which fails too
        reader.seconds += PATIENCE
        with pytest.raises(DamagedVectorsError):
            keys(reader.fresh)
        chroma.start()
        reader.seconds += REST
        assert keys(reader.fresh) == [1]
        store.close()


def test_a_server_that_says_nothing_is_waited_for_no_longer_than_told(tmp_path: Path) -> None:
    with ChromaServer(tmp_path / "data") as chroma:
        store = VectorServer(made_home(tmp_path / "home"), chroma.url, patience=0.2)
        with closing(store.make(version=VERSION)) as vectors:
            chroma.freeze()
            with pytest.raises(VectorServerError, match="timed out"):
                vectors.count()
        store.close()


def test_nothing_that_listens_is_told_with_a_cure(tmp_path: Path) -> None:
    server = ChromaServer(tmp_path)  # not started
    with pytest.raises(VectorServerError, match=server.url) as caught:
        VectorServer(made_home(tmp_path / "home"), server.url).find(version=VERSION)
    assert "FOOTNOTE_CHROMA" in caught.value.hint


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (JSONResponse("0.6.3"), "version 1 but one of version 0.6.3"),
        (JSONResponse({"version": "1.0.0"}), "no Chroma server"),
        (PlainTextResponse("<html>Welcome"), "no Chroma server"),
        (Response(status_code=404), "no Chroma server"),
        (Response(status_code=302, headers={"Location": "/login"}), "no Chroma server"),
        (Response(status_code=503), "status 503"),
        (Response(status_code=401), "refuses"),
    ],
)
def test_what_is_no_server_of_ours_is_told(answer: Response, told: str, tmp_path: Path) -> None:
    async def version(_: Request) -> Response:
        return answer

    with listening(Starlette(routes=[Route("/api/v2/version", version)])) as url:
        server = VectorServer(made_home(tmp_path / "home"), url)
        with pytest.raises(VectorServerError, match=told) as caught:
            server.check()
    assert caught.value.hint


def test_the_key_is_sent_and_never_repeated(tmp_path: Path) -> None:
    sent: list[str] = []

    async def version(request: Request) -> Response:
        sent.append(request.headers.get("authorization", ""))
        return Response(status_code=403)

    with listening(Starlette(routes=[Route("/api/v2/version", version)])) as url:
        server = VectorServer(made_home(tmp_path / "home"), url, key="a secret")
        with pytest.raises(VectorServerError, match="refuses the key") as caught:
            server.check()
    assert sent == ["Bearer a secret"]
    assert "a secret" not in f"{caught.value} {caught.value.hint} {vars(caught.value)}"


@pytest.mark.parametrize(
    "url", ["chroma:8000", "ftp://x", "http://", "http://x:y", "http://x/path", "http://x?a", ""]
)
def test_what_is_no_address_is_told(url: str, tmp_path: Path) -> None:
    with pytest.raises(VectorServerError, match="no address") as caught:
        VectorServer(made_home(tmp_path / "home"), url)
    assert "http://127.0.0.1:8000" in caught.value.hint


def test_a_password_in_an_address_is_not_repeated(tmp_path: Path) -> None:
    with pytest.raises(VectorServerError, match="holds a password") as caught:
        VectorServer(made_home(tmp_path / "home"), "http://me:hunter2@x:8000")
    assert "hunter2" not in str(caught.value)
