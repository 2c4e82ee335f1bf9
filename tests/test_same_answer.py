"""One question, asked in every way there is: the same text, citations, verdicts and offsets."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import anyio
import httpx2
import pytest
from mcp import Client
from openai import OpenAI

from tests.chromium import found

QUESTIONS = [
    "How does Cut Cross-Entropy save memory?",
    "Compare ways to merge fine-tuned models",
    "Who won the football world cup in 2018?",
]

DIFFERENT = ("seconds", "notice")
"""What need not be the same: how long it took, and what is said only to models."""


def by_command(question: str, home: Path, run: Any) -> Any:
    return json.loads(run("ask", question, "--json", home=home).out)


def by_rest(question: str, url: str) -> Any:
    return httpx2.post(f"{url}/api/ask", json={"question": question}, timeout=60).json()


def by_events(question: str, url: str) -> Any:
    """Give what the event `answer` tells, whose sentences were told one by one before."""
    told = httpx2.post(f"{url}/api/ask/stream", json={"question": question}, timeout=60)
    assert told.headers["content-type"].startswith("text/event-stream")
    blocks = [block.split("\n") for block in told.text.strip().split("\n\n")]
    named = [(name.removeprefix("event: "), data.removeprefix("data: ")) for name, data in blocks]
    *before, (last, answer) = named
    assert last == "answer"
    assert {name for name, _ in before} <= {"sentence"}
    whole = json.loads(answer)
    assert [json.loads(data) for _, data in before] == whole["sentences"]
    return whole


def by_openai(question: str, url: str, *, stream: bool) -> Any:
    messages: Any = [{"role": "user", "content": question}]
    with OpenAI(base_url=f"{url}/v1", api_key="none") as client:
        create: Any = client.chat.completions.create
        told = create(model="footnote", messages=messages, stream=stream)
        return list(told)[-1].footnote if stream else told.footnote


def by_mcp(question: str, url: str) -> Any:
    async def ask() -> Any:
        async with Client(f"{url}/mcp") as client:
            return (await client.call_tool("ask", {"question": question})).structured_content

    return anyio.run(ask)


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_way_of_asking_gives_the_same_answer(
    question: str, served_url: str, sample_home: Path, footnote_process: Any
) -> None:
    answers = {
        "command": by_command(question, sample_home, footnote_process),
        "REST": by_rest(question, served_url),
        "events": by_events(question, served_url),
        "OpenAI": by_openai(question, served_url, stream=False),
        "OpenAI, streamed": by_openai(question, served_url, stream=True),
        "MCP": by_mcp(question, served_url),
    }
    for answer in answers.values():
        for each in DIFFERENT:
            answer.pop(each, None)
    first = answers["command"]
    assert {way: answer == first for way, answer in answers.items()} == dict.fromkeys(answers, True)


def shown_by_page(questions: list[str], url: str) -> list[Any]:
    """Ask on the page, and read what it shows; the words behind each number from its card."""
    from playwright.sync_api import expect

    from tests.web_page import ask, chromium, visiting

    seen = []
    with chromium() as browser:
        for question in questions:
            with visiting(browser, url) as page:
                turn = ask(page, question)
                expect(turn.locator("h2")).to_have_text(question)
                seen.append(turn.evaluate(READ))
    return seen


READ = """(turn) => ({
  text: turn.dataset.answer,
  sentences: [...turn.querySelectorAll(".sentence")].map((each) => ({
    text: each.querySelector(".words").textContent,
    verdict: each.dataset.verdict,
    evidence: [...each.querySelectorAll(".number")].map((number) => {
      const abstract = number.nextElementSibling.content.querySelector(".abstract");
      return {
        citation: Number(number.textContent),
        paper: abstract.dataset.paper,
        places: abstract.dataset.spans.trim(),
        quotes: [...abstract.querySelectorAll("mark")].map((mark) => mark.textContent),
      };
    }),
  })),
  citations: [...turn.querySelectorAll(".source")].map((each) => ({
    number: Number(each.dataset.number),
    paper: each.dataset.paper,
  })),
})"""


def told_by_rest(answer: Any) -> Any:
    """Put an answer into the form in which it is read from the page."""
    papers = {each["number"]: each["paper"]["id"] for each in answer["citations"]}

    def behind(sentence: Any, number: int) -> Any:
        quotes = [each for each in sentence["evidence"] if each["citation"] == number]
        return {
            "citation": number,
            "paper": papers[number],
            "places": " ".join(f"{each['start']}-{each['end']}" for each in quotes),
            "quotes": [each["quote"] for each in quotes],
        }

    return {
        "text": answer["text"],
        "sentences": [
            {
                "text": each["text"],
                "verdict": each["verdict"],
                "evidence": [behind(each, number) for number in each["citations"]],
            }
            for each in answer["sentences"]
        ],
        "citations": [{"number": number, "paper": name} for number, name in papers.items()],
    }


@pytest.mark.skipif(found() is None, reason="there is no chromium here")
def test_the_page_shows_the_same_answer(served_url: str) -> None:
    told = [told_by_rest(by_rest(question, served_url)) for question in QUESTIONS]
    assert shown_by_page(QUESTIONS, served_url) == told
