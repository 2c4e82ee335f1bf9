"""REST: what `/api` reads."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
from pydantic import BaseModel

from assistant.serving import shapes
from assistant.serving.described import ANSWER, FOUND, INGESTED, OPINIONS, PAGE, PAPER
from assistant.serving.limits import Limits

QUESTION = "How does Cut Cross-Entropy save memory?"
NO_ANSWER = "Who won the football world cup in 2018?"


@pytest.fixture(scope="module")
def api(served_url: str) -> Iterator[httpx2.Client]:
    with httpx2.Client(base_url=f"{served_url}/api", timeout=60) as client:
        yield client


def check_shape(shape: type[BaseModel], told: Any) -> None:
    """What is told is what its description says, no key more and none less."""
    described = shape.model_validate(told).model_dump()
    assert described == told


def problem(answer: httpx2.Response, status: int) -> dict[str, Any]:
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    told: dict[str, Any] = answer.json()
    assert told["status"] == status
    assert told["detail"]
    assert told["hint"]
    return told


def test_a_question_is_answered_with_offsets(api: httpx2.Client) -> None:
    answer = api.post("/ask", json={"question": QUESTION}).json()
    check_shape(shapes.AnswerShape, answer)
    assert answer["answered"] is True
    abstracts = {each["number"]: each["paper"]["abstract"] for each in answer["citations"]}
    quotes = [quote for sentence in answer["sentences"] for quote in sentence["evidence"]]
    assert quotes
    for quote in quotes:
        assert abstracts[quote["citation"]][quote["start"] : quote["end"]] == quote["quote"]


def test_a_question_without_answer_is_declined(api: httpx2.Client) -> None:
    answer = api.post("/ask", json={"question": NO_ANSWER}).json()
    check_shape(shapes.AnswerShape, answer)
    assert (answer["answered"], answer["sentences"]) == (False, [])


def test_a_follow_up_is_understood_by_what_was_said(api: httpx2.Client) -> None:
    first = api.post("/ask", json={"question": QUESTION}).json()
    papers = [each["paper"]["id"] for each in first["citations"]]
    history = [
        {"role": "user", "text": QUESTION},
        {"role": "assistant", "text": first["text"], "papers": papers},
    ]
    asked = {"question": "What does it not change?", "history": history}
    second = api.post("/ask", json=asked).json()
    assert second["understood"] != asked["question"]
    assert papers[0] in [each["paper"]["id"] for each in second["hits"][:3]]


def test_today_is_the_askers(api: httpx2.Client) -> None:
    asked = {"question": "Summarize today's papers", "timezone": "Pacific/Kiritimati"}
    assert api.post("/ask", json=asked).status_code == 200
    told = problem(api.post("/ask", json={**asked, "timezone": "Mars/Olympus"}), 422)
    assert "Mars/Olympus" in told["detail"]


def test_papers_are_found(api: httpx2.Client) -> None:
    found = api.get("/search", params={"query": "pointing at the input", "limit": 3}).json()
    check_shape(shapes.FoundShape, found)
    assert len(found["hits"]) == 3
    for hit in found["hits"]:
        for passage in hit["passages"]:
            abstract = hit["paper"]["abstract"]
            assert abstract[passage["start"] : passage["end"]] == passage["text"]


def test_all_papers_come_page_by_page_each_once(api: httpx2.Client) -> None:
    whole = api.get("/papers", params={"limit": 200}).json()
    check_shape(shapes.PageShape, whole)
    assert whole["next"] is None
    ids: list[str] = []
    after = 0
    while after is not None:
        page = api.get("/papers", params={"limit": 7, "after": after}).json()
        ids += [paper["id"] for paper in page["papers"]]
        after = page["next"]
    assert ids == [paper["id"] for paper in whole["papers"]]
    assert len(set(ids)) == len(ids) == 60


def test_a_paper_is_found_by_id_and_by_title(api: httpx2.Client) -> None:
    by_title = api.get("/papers/Pointer Networks").json()
    check_shape(shapes.PaperShape, by_title)
    assert api.get(f"/papers/{by_title['id']}").json() == by_title
    entry = api.get(f"/papers/{by_title['id']}", params={"format": "bibtex"})
    assert entry.text.startswith("@")
    assert "Pointer Networks" in entry.text


def test_the_status_is_told(api: httpx2.Client) -> None:
    assert api.get("/status").json()["papers"] == 60


def test_an_unknown_paper_has_the_hint_of_the_command_line(
    api: httpx2.Client, sample_home: Any, footnote_process: Any
) -> None:
    told = problem(api.get("/papers/Pointer Network"), 404)
    ended = footnote_process("show", "Pointer Network", home=sample_home)
    assert ended.err == f"error: {told['detail']}\n\nhint: {told['hint']}\n"


LONG = "x" * (Limits().question + 1)


@pytest.mark.parametrize(
    ("asked", "status", "named"),
    [
        ({}, 422, "question"),
        ({"question": "a", "limit": 0}, 422, "limit"),
        ({"question": "a", "limit": 10**6}, 422, "limit"),
        ({"question": "a", "since": "yesterday"}, 422, "since"),
        ({"question": "a", "wrong": 1}, 422, "wrong"),
        ({"question": "a", "history": [{"role": "king", "text": ""}]}, 422, "history.0.role"),
        ({"question": LONG}, 413, str(Limits().question)),
        ([], 422, "body"),
    ],
    ids=str,
)
def test_a_wrong_question_is_told_what_is_wrong(
    api: httpx2.Client, asked: Any, status: int, named: str
) -> None:
    for path in ("/ask", "/ask/stream"):
        assert named[:200] in problem(api.post(path, json=asked), status)["detail"]


@pytest.mark.parametrize("content", [b"", b"{", b'{"question": "\\ud800?"}', b"\xff\xfe"])
def test_what_is_no_json_is_refused(api: httpx2.Client, content: bytes) -> None:
    headers = {"Content-Type": "application/json"}
    problem(api.post("/ask", content=content, headers=headers), 422)


def test_what_is_not_there_is_a_problem_too(api: httpx2.Client) -> None:
    problem(api.get("/nothing"), 404)
    problem(api.get("/ask"), 405)
    problem(api.get("/search", params={"query": "?"}), 422)


def test_everything_is_described_with_examples(api: httpx2.Client) -> None:
    described = api.get("/openapi.json").json()
    paths = described["paths"]
    assert {"/api/ask", "/api/ask/stream", "/api/search", "/api/papers", "/api/ingest"} <= {*paths}
    answer = paths["/api/ask"]["post"]["responses"]["200"]["content"]["application/json"]
    assert answer["example"]["sentences"]
    assert answer["schema"]["$ref"].endswith("/AnswerShape")
    assert described["components"]["schemas"]["Ask"]["examples"]
    for example in ("/api/search", "/api/papers", "/api/papers/{name}"):
        assert paths[example]["get"]["responses"]["200"]["content"]["application/json"]["example"]


@pytest.mark.parametrize("responses", [ANSWER, FOUND, PAGE, PAPER, INGESTED, OPINIONS])
def test_the_examples_are_what_is_described(responses: Any) -> None:
    described = responses[200]
    check_shape(described["model"], described["content"]["application/json"]["example"])
