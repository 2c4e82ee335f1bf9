"""OpenAI's protocol, spoken by the real client of OpenAI."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import openai
import pytest
from openai import OpenAI

QUESTION = "How does Cut Cross-Entropy save memory?"
NO_ANSWER = "Who won the football world cup in 2018?"
LITERATURE = "What is known about merging fine-tuned models?"


@pytest.fixture(scope="module")
def client(served_url: str) -> Iterator[OpenAI]:
    with OpenAI(base_url=f"{served_url}/v1", api_key="none", max_retries=0) as client:
        yield client


def asked(client: OpenAI, *texts: str, **more: Any) -> Any:
    """Ask with what was said before: a user's text, an answer, a user's text, …."""
    roles = ("user", "assistant")
    messages: Any = [{"role": roles[n % 2], "content": text} for n, text in enumerate(texts)]
    return client.chat.completions.create(model="footnote", messages=messages, **more)


def test_the_model_is_listed(client: OpenAI) -> None:
    assert [model.id for model in client.models.list()] == ["footnote"]
    assert client.models.retrieve("footnote").id == "footnote"


def test_an_answer_has_footnotes_and_annotations(client: OpenAI) -> None:
    completion = asked(client, QUESTION, temperature=0.5, max_tokens=99)
    choice = completion.choices[0]
    assert choice.finish_reason == "stop"
    content = choice.message.content
    assert "[^1]" in content
    assert "\n[^1]: " in content
    assert choice.message.annotations
    answer = completion.footnote
    abstracts = {each["paper"]["id"]: each["paper"]["abstract"] for each in answer["citations"]}
    for annotation in choice.message.annotations:
        citation = annotation.url_citation
        span = content[citation.start_index : citation.end_index]
        ours = annotation.footnote
        assert f"[^{ours['number']}]" in span
        for quote in ours["evidence"]:
            assert abstracts[ours["paper"]][quote["start"] : quote["end"]] == quote["quote"]


@pytest.mark.parametrize("question", [QUESTION, NO_ANSWER, LITERATURE, "hello"])
def test_the_pieces_of_a_stream_are_the_whole_answer(client: OpenAI, question: str) -> None:
    whole = asked(client, question)
    chunks = list(asked(client, question, stream=True))
    deltas = [chunk.choices[0].delta for chunk in chunks]
    assert "".join(delta.content or "" for delta in deltas) == whole.choices[0].message.content
    assert deltas[0].role == "assistant"
    assert chunks[-1].choices[0].finish_reason == "stop"
    assert len({chunk.id for chunk in chunks}) == 1
    told = [a for delta in deltas for a in getattr(delta, "annotations", None) or []]
    assert told == [a.model_dump() for a in whole.choices[0].message.annotations]
    assert chunks[-1].footnote["sentences"] == whole.footnote["sentences"]


def test_a_follow_up_is_understood_by_the_footnotes(client: OpenAI) -> None:
    first = asked(client, QUESTION)
    second = asked(client, QUESTION, first.choices[0].message.content, "What does it not change?")
    papers = [each["paper"]["id"] for each in first.footnote["citations"]]
    assert papers[0] in [each["paper"]["id"] for each in second.footnote["hits"][:3]]
    assert second.footnote["understood"]


def test_messages_may_come_in_parts_and_with_a_prompt(client: OpenAI) -> None:
    messages: Any = [
        {"role": "system", "content": "You are a pirate."},
        {"role": "user", "content": [{"type": "text", "text": QUESTION}]},
    ]
    told: Any = client.chat.completions.create(model="footnote", messages=messages)
    assert told.footnote["question"] == QUESTION


def test_what_cannot_be_asked_is_refused_as_the_client_expects(client: OpenAI) -> None:
    create: Any = client.chat.completions.create
    question = [{"role": "user", "content": "What?"}]
    picture = [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "x"}}]}]
    for request in (
        {"model": "footnote", "messages": []},
        {"model": "footnote", "messages": picture},
        {"model": "footnote", "messages": question, "n": 2},
        {"model": "footnote", "messages": [*question, {"role": "assistant", "content": "Yes."}]},
    ):
        with pytest.raises(openai.UnprocessableEntityError) as refused:
            create(**request)
        assert refused.value.body["message"]  # type: ignore[index]
    with pytest.raises(openai.NotFoundError, match="footnote"):
        create(model="gpt-4", messages=question)
    with pytest.raises(openai.APIStatusError, match="2000") as long:
        create(model="footnote", messages=[{"role": "user", "content": "x " * 1_001}])
    assert long.value.status_code == 413
