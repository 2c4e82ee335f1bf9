"""Server-sent events of an answer that a model writes: failures are told, early and late."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.chat_server import HANG_UP, ChatServer, Refusal
from tests.served import served

ASKED = {"question": "How do model soups combine fine-tuned models?"}


@pytest.fixture
def api(sample_home: Path, chat_server: ChatServer) -> Iterator[httpx2.Client]:
    """The sample, with a scripted model."""
    with (
        served(sample_home, env={"FOOTNOTE_MODEL_URL": chat_server.url}) as url,
        httpx2.Client(base_url=url, timeout=60) as client,
    ):
        yield client


def told(client: httpx2.Client) -> list[tuple[str, Any]]:
    """Ask, and give the events by name."""
    text = client.post("/api/ask/stream", json=ASKED).text
    blocks = [block.split("\n") for block in text.strip().split("\n\n")]
    return [(name[len("event: ") :], json.loads(data[len("data: ") :])) for name, data in blocks]


def test_a_model_that_fails_is_told(api: httpx2.Client, chat_server: ChatServer) -> None:
    found = api.get("/api/search", params={"query": ASKED["question"], "limit": 1}).json()
    sentence = found["hits"][0]["paper"]["abstract"].split(". ")[0] + "."

    chat_server.steps([f"{sentence} [1] ", "And ", HANG_UP])
    (first, said), (last, problem) = told(api)
    assert (first, said["text"], last) == ("sentence", sentence, "error")
    assert problem["status"] == 502
    assert "broke off" in problem["detail"]
    assert problem["hint"]

    chat_server.steps([Refusal(400, "too hot")])
    refused = api.post("/api/ask/stream", json=ASKED)
    assert refused.status_code == 502
    assert refused.headers["content-type"] == "application/problem+json"
    assert "too hot" in refused.json()["detail"]
