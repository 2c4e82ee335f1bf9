"""What programs are told of the answers of `/api`: their shapes, with examples, for OpenAPI."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from assistant.serving.problems import MEDIA_TYPE
from assistant.serving.requests import EXAMPLE
from assistant.serving.shapes import (
    AnswerShape,
    DigestShape,
    FoundShape,
    IngestedShape,
    OpinionsShape,
    PageShape,
    PaperShape,
    ProblemShape,
)

Responses = dict[int | str, dict[str, Any]]

_ABSTRACT = (
    "SOAP runs Adam in the eigenbasis of Shampoo's preconditioner. It adds one hyperparameter."
)
_QUOTE = "It adds one hyperparameter."
_START = _ABSTRACT.index(_QUOTE)
_PAPER = {
    "id": "t-636cb335b73d",
    "title": "SOAP: Improving and Stabilizing Shampoo using Adam",
    "abstract": _ABSTRACT,
    "authors": [],
    "author_count": None,
    "organization": None,
    "categories": [],
    "published": None,
    "listed": ["2025-10-30"],
    "url": None,
    "upvotes": 12,
    "comments": None,
    "source": "sample",
}
_SENTENCE = {
    "text": _QUOTE,
    "citations": [1],
    "verdict": "verbatim",
    "support": 1.0,
    "evidence": [
        {"citation": 1, "start": _START, "end": len(_ABSTRACT), "quote": _QUOTE},
    ],
    "section": None,
    "item": False,
}
_ANSWER: dict[str, Any] = {
    "question": EXAMPLE,
    "understood": None,
    "kind": "answer",
    "answered": True,
    "declined_because": None,
    "text": f"{_QUOTE} [1]",
    "remark": None,
    "sentences": [_SENTENCE],
    "citations": [{"number": 1, "paper": _PAPER}],
    "hits": [
        {"rank": 1, "score": 4.2, "paper": {"id": _PAPER["id"], "title": _PAPER["title"]}},
    ],
    "left_out": 0,
    "degraded": False,
    "undated_left_out": 0,
    "writer": {"name": "quotes", "model": None, "prompts": {}},
    "seconds": {"search": 0.02, "write": 0.01, "check": 0.0, "total": 0.03},
}
_PASSAGE = {"start": _START, "end": len(_ABSTRACT), "text": _QUOTE, "score": 0.71}
_PROBLEM = {
    "type": "about:blank",
    "title": "There is no such paper",
    "status": 404,
    "detail": "No paper is called `Soup`",
    "hint": "`footnote papers` lists the papers, `footnote search` finds them by what they say",
}


def _of(shape: type[BaseModel], example: Any, *, status: int = 200) -> Responses:
    return {status: {"model": shape, "content": {"application/json": {"example": example}}}}


ANSWER = _of(AnswerShape, _ANSWER)
FOUND = _of(
    FoundShape,
    {
        "query": "optimizers with a preconditioner",
        "degraded": False,
        "undated_left_out": 0,
        "hits": [{"rank": 1, "score": 4.2, "paper": _PAPER, "passages": [_PASSAGE]}],
    },
)
DIGEST = _of(
    DigestShape,
    {
        "title": "Thursday, 30 October 2025",
        "from": "2025-10-30",
        "to": "2025-10-30",
        "papers": 1,
        "considered": 1,
        "remark": "One paper is dated 30 October 2025.",
        "rank": "votes",
        "overview": [_SENTENCE],
        "topics": [
            {
                "label": "Optimizers",
                "keywords": ["preconditioner"],
                "summary": [],
                "papers": [
                    {
                        "number": 1,
                        "id": _PAPER["id"],
                        "title": _PAPER["title"],
                        "why": None,
                        "line": _SENTENCE,
                    }
                ],
            }
        ],
        "citations": [{"number": 1, "paper": _PAPER}],
        "left_out": 0,
        "writer": _ANSWER["writer"],
    },
)
PAGE = _of(PageShape, {"papers": [_PAPER], "next": 50})
PAPER = _of(PaperShape, _PAPER)
INGESTED = _of(
    IngestedShape,
    {
        "read": 2,
        "added": 1,
        "updated": 0,
        "unchanged": 0,
        "rejected": 1,
        "problems": [{"source": "page.txt", "line": 7, "why": "has no title"}],
        "papers": 61,
        "passages": 180,
        "seconds": 1.4,
    },
)
INGESTED[200]["content"]["text/event-stream"] = {
    "schema": {"type": "string"},
    "example": 'event: progress\ndata: {"step": "reading", "done": 40, "total": null}\n\n'
    'event: progress\ndata: {"step": "indexing", "done": 64, "total": 120}\n\n'
    'event: report\ndata: {"read": 120, "added": 120, …}\n\n',
}
INGESTED[200]["description"] = (
    "The report; or, as events, `progress`: papers read, then papers of which the passages are "
    "embedded, of `total` (null where it is not known); then `report`, or `error`, which is a "
    "problem."
)
OPINIONS = _of(
    OpinionsShape,
    {
        "feedback": [
            {
                "number": 1,
                "given": "2026-11-21T19:00:00+00:00",
                "rating": "up",
                "reason": "",
                "question": EXAMPLE,
                "answer": f"{_QUOTE} [1]",
                "papers": [_PAPER["id"]],
            }
        ]
    },
)
STREAM: Responses = {
    200: {
        "description": "Events `sentence`, one for each; then `answer`, which has all, or `error`, "
        "which is a problem. The data of each is JSON on one line.",
        "content": {
            "text/event-stream": {
                "schema": {"type": "string"},
                "example": 'event: sentence\ndata: {"text": "It adds one hyperparameter.", …}\n\n'
                'event: answer\ndata: {"question": "What makes SOAP …", …}\n\n',
            }
        },
    }
}
PROBLEMS: Responses = {
    "default": {
        "description": "A problem (RFC 9457), with a hint at its cure",
        "content": {MEDIA_TYPE: {"schema": ProblemShape.model_json_schema(), "example": _PROBLEM}},
    }
}
"""Of 401, 403, 404, 413, 422, 429, 502 and 503."""
