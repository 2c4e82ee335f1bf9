"""FOOTNOTE_CHROMA: every command with its vectors at a real Chroma server, and without it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.chroma_server import ChromaServer
from tests.served import served
from tests.test_mending import wait_until_degraded

QUESTION = "What makes SOAP better than Adam and Shampoo?"
QUERY = "averaging the weights of fine-tuned models"


@pytest.fixture(scope="module")
def chroma(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ChromaServer]:
    with ChromaServer(tmp_path_factory.mktemp("chroma") / "data") as server:
        yield server


@pytest.fixture
def with_chroma(home: Path, chroma: ChromaServer, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The sample's home, of which the vectors are to be at the server."""
    shutil.rmtree(home / "vectors")
    monkeypatch.setenv("FOOTNOTE_CHROMA", chroma.url)
    return home


def told(footnote: Any, *words: str) -> Any:
    ended = footnote(*words, "--json")
    assert ended.code == 0, ended.err
    data = json.loads(ended.out)
    data.pop("seconds", None)
    return data


def error(ended: Any) -> str:
    assert ended.code == 1
    assert ended.err.startswith("error: ")
    assert "\n\nhint: " in ended.err
    return str(ended.err)


def test_the_answers_are_those_of_an_embedded_chroma(
    home: Path, chroma: ChromaServer, footnote: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    commands = (("ask", QUESTION), ("search", QUERY))
    embedded = [told(footnote, *words) for words in commands]
    shutil.rmtree(home / "vectors")
    monkeypatch.setenv("FOOTNOTE_CHROMA", chroma.url)
    assert [told(footnote, *words) for words in commands] == embedded
    assert not any(each["degraded"] for each in embedded)
    assert not (home / "vectors").exists()


def test_papers_come_once_and_go(with_chroma: Path, footnote: Any) -> None:
    passages = told(footnote, "ingest", "sample:")["passages"]
    again = told(footnote, "ingest", "sample:")
    assert (again["unchanged"], again["passages"]) == (60, passages)
    found = told(footnote, "search", QUERY)["hits"][0]["paper"]["title"]
    assert footnote("remove", found).code == 0
    assert footnote("reindex").code == 0
    after = told(footnote, "search", QUERY)
    assert found not in [hit["paper"]["title"] for hit in after["hits"]]
    assert after["degraded"] is False


def test_the_status_says_what_is_reachable(
    with_chroma: Path, chroma: ChromaServer, footnote: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    status = told(footnote, "status")["chroma"]
    assert (status["reachable"], status["url"]) == (True, chroma.url)
    monkeypatch.setenv("FOOTNOTE_CHROMA", "http://127.0.0.1:9")
    status = told(footnote, "status")["chroma"]
    assert status["reachable"] is False
    assert "FOOTNOTE_CHROMA" in status["why"]


@pytest.mark.parametrize("words", [("ask", QUESTION), ("search", QUERY), ("reindex",)])
def test_a_server_that_is_not_there_is_told(
    home: Path, footnote: Any, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    monkeypatch.setenv("FOOTNOTE_CHROMA", "http://127.0.0.1:9")
    assert "http://127.0.0.1:9" in error(footnote(*words))


def test_without_the_server_nothing_is_stored(
    tmp_path: Path, footnote: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FOOTNOTE_HOME", str(tmp_path / "new"))
    monkeypatch.setenv("FOOTNOTE_CHROMA", "http://127.0.0.1:9")
    error(footnote("ingest", "sample:"))
    monkeypatch.delenv("FOOTNOTE_CHROMA")
    assert told(footnote, "status")["papers"] == 0


def test_a_server_lost_while_it_is_served_leaves_the_words(
    with_chroma: Path, tmp_path: Path
) -> None:
    with ChromaServer(tmp_path / "data") as own:
        env = {"FOOTNOTE_CHROMA": own.url}
        with (
            served(with_chroma, env=env) as url,
            httpx2.Client(base_url=url, timeout=60) as client,
            httpx2.Client(base_url=f"{url}/api", timeout=60) as api,
        ):
            wait_until_degraded(api, False)
            assert client.get("/health").json() == {"status": "ok"}
            own.kill()
            wait_until_degraded(api, True)
            answer = api.post("/ask", json={"question": QUESTION}).json()
            assert (answer["answered"], answer["degraded"]) == (True, True)
            health = client.get("/health")
            assert (health.status_code, health.json()["status"]) == (200, "degraded")
            refused = api.post("/ingest", files={"file": ("a.jsonl", b"{}")})
            assert refused.status_code == 503
            assert "FOOTNOTE_CHROMA" in refused.json()["hint"]
            own.start()
            wait_until_degraded(api, False)
            assert client.get("/health").json() == {"status": "ok"}
