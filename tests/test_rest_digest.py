"""Digests over HTTP: of the days that are named, and as a feed and a tool."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import anyio
import httpx2
import pytest
from mcp import Client

from assistant.serving import shapes
from tests.served import served


@pytest.fixture(scope="module")
def url(listed_home: Path) -> Iterator[str]:
    with served(listed_home) as url:
        yield url


def test_one_digest_whoever_asks(url: str, listed_home: Path, footnote_process: Any) -> None:
    told = httpx2.get(f"{url}/api/digest", timeout=60).json()
    assert shapes.DigestShape.model_validate(told).model_dump() == told
    assert told["topics"]
    assert told == json.loads(footnote_process("digest", "--json", home=listed_home).out)

    async def by_tool() -> Any:
        async with Client(f"{url}/mcp") as client:
            return (await client.call_tool("digest", {})).structured_content

    by_model = anyio.run(by_tool)
    assert by_model.pop("notice")
    assert by_model == told


def test_the_feed_is_the_latest_digest(url: str) -> None:
    feed = httpx2.get(f"{url}/feed.xml", timeout=60)
    assert feed.headers["content-type"] == "application/atom+xml"
    assert feed.text.startswith("<?xml")
    assert "<feed" in feed.text


@pytest.mark.parametrize("form", ["md", "text", "atom"])
def test_a_digest_comes_in_forms(url: str, form: str) -> None:
    told = httpx2.get(f"{url}/api/digest", params={"format": form}, timeout=60)
    assert told.status_code == 200
    assert told.text


def test_days_that_are_none_are_told(url: str) -> None:
    for asked in ({"date": "someday"}, {"date": "2025-10-30", "week": "2025-W44"}):
        told = httpx2.get(f"{url}/api/digest", params=asked)
        assert told.status_code == 422
        assert told.json()["hint"]
