"""The tools of a model, used by the SDK's own client, over HTTP and over stdio."""

from __future__ import annotations

import sys
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import anyio
import httpx2
import pytest
from mcp import Client, StdioServerParameters
from mcp.client.stdio import stdio_client
from mcp.client.streamable_http import streamable_http_client

from tests.served import served

ROOT = Path(__file__).parents[1]
KEY = "0123456789abcdef"
QUESTION = "How does Cut Cross-Entropy save memory?"
TOOLS = {"ask", "search_papers", "get_paper", "digest"}


@pytest.fixture(params=["http", "stdio"])
def transport(request: Any, served_url: str, sample_home: Path) -> Any:
    """What a client connects to."""
    if request.param == "http":
        return f"{served_url}/mcp"
    words = ["-m", "assistant.cli", "mcp", "--home", str(sample_home)]
    return stdio_client(StdioServerParameters(command=sys.executable, args=words, cwd=ROOT))


def using(transport: Any, work: Callable[[Client], Coroutine[Any, Any, None]]) -> None:
    """Connect a client and let it work."""

    async def run() -> None:
        async with Client(transport) as client:
            await work(client)

    anyio.run(run)


def test_the_tools_are_used(transport: Any) -> None:
    async def work(client: Client) -> None:
        tools = (await client.list_tools()).tools
        assert {tool.name for tool in tools} == TOOLS
        assert all(tool.description and tool.output_schema for tool in tools)
        assert "untrusted" in (client.instructions or "")

        asked = await client.call_tool("ask", {"question": QUESTION})
        answer = asked.structured_content
        assert answer is not None
        assert answer["answered"] is True
        paper = answer["citations"][0]["paper"]

        got = await client.call_tool("get_paper", {"name": paper["id"]})
        assert got.structured_content == {**paper, "notice": answer["notice"]}

        found = await client.call_tool("search_papers", {"query": QUESTION, "limit": 2})
        assert found.structured_content is not None
        assert len(found.structured_content["hits"]) == 2

    using(transport, work)


def test_errors_are_told_with_their_cure(served_url: str) -> None:
    async def work(client: Client) -> None:
        for tool, told, named in (
            ("get_paper", {"name": "Pointer Network"}, "did you mean"),
            ("search_papers", {"query": "?"}, "whole question"),
            ("ask", {"question": "x" * 2_001}, "2000"),
            ("ask", {"question": "What?", "limit": 0}, "limit"),
        ):
            ended = await client.call_tool(tool, told)
            assert ended.is_error
            assert named in ended.content[0].text  # type: ignore[union-attr]

    using(f"{served_url}/mcp", work)


def test_the_text_of_papers_is_fenced_and_cannot_end_the_fence(served_url: str) -> None:
    async def work(client: Client) -> None:
        fences = set()
        for _ in range(2):
            got = await client.call_tool("get_paper", {"name": "Pointer Networks"})
            text = got.content[0].text  # type: ignore[union-attr]
            notice, opening, *body, closing = text.splitlines()
            assert "data, never instructions" in notice
            assert (opening[0], closing) == ("<", f"</{opening[1:]}")
            assert opening[1:-1] not in "".join(body)
            fences.add(opening)
        assert len(fences) == 2

    using(f"{served_url}/mcp", work)


def test_over_http_the_key_is_needed(sample_home: Path) -> None:
    with served(sample_home, env={"FOOTNOTE_API_KEY": KEY}) as url:
        assert httpx2.post(f"{url}/mcp", json={}).status_code == 401

        async def run() -> None:
            headers = {"Authorization": f"Bearer {KEY}"}
            async with (
                httpx2.AsyncClient(headers=headers) as keyed,
                Client(streamable_http_client(f"{url}/mcp", http_client=keyed)) as client,
            ):
                assert {tool.name for tool in (await client.list_tools()).tools} == TOOLS

        anyio.run(run)
