"""Problems: errors as programs are told them (RFC 9457), with the hint of the command line."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from assistant.errors import (
    ChatModelError,
    CrowdedError,
    HistoryError,
    InterestsError,
    PeriodError,
    QuestionError,
    TooLargeError,
    UnknownModelError,
)
from index.errors import (
    BusyError,
    FootnoteError,
    HomeError,
    SourceError,
    UnknownPaperError,
    VectorServerError,
)

MEDIA_TYPE = "application/problem+json"

STATUSES: tuple[tuple[type[FootnoteError], int, str], ...] = (
    (QuestionError, 422, "This cannot be asked"),
    (HistoryError, 422, "The history cannot be read"),
    (PeriodError, 422, "These days cannot be told"),
    (InterestsError, 422, "The interests are missing"),
    (SourceError, 422, "The source cannot be read"),
    (UnknownPaperError, 404, "There is no such paper"),
    (UnknownModelError, 404, "There is no such model"),
    (TooLargeError, 413, "This is too large"),
    (CrowdedError, 429, "There are too many at once"),
    (BusyError, 503, "The corpus is being written"),
    (ChatModelError, 502, "The language model cannot be used"),
    (HomeError, 503, "The corpus cannot be used"),
    (VectorServerError, 503, "The vectors cannot be used"),
)
"""The status of an error and what is common to its kind; of other kinds 500."""


@dataclass(frozen=True, kw_only=True)
class Problem:
    """What went wrong, and the cure."""

    status: int
    title: str
    """The kind."""
    detail: str
    """This one."""
    hint: str
    headers: Mapping[str, str] = field(default_factory=dict)
    more: Mapping[str, Any] = field(default_factory=dict)
    """Further members: `errors`, the fields of a request that are wrong."""

    @classmethod
    def of(cls, error: FootnoteError) -> Problem:
        """Tell one of our errors."""
        for kind, status, title in STATUSES:
            if isinstance(error, kind):
                headers = {"Retry-After": "1"} if status in (429, 503) else {}
                return cls(
                    status=status, title=title, detail=str(error), hint=error.hint, headers=headers
                )
        return cls(status=500, title="This failed", detail=str(error), hint=error.hint)

    def as_json(self) -> dict[str, Any]:
        """The members of RFC 9457, and `hint`."""
        return {
            "type": "about:blank",
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
            "hint": self.hint,
            **self.more,
        }

    def as_openai(self) -> dict[str, Any]:
        """The form in which clients of OpenAI's protocol expect it."""
        kind = "invalid_request_error" if self.status < 500 else "server_error"
        kind = "rate_limit_error" if self.status == 429 else kind
        message = f"{self.detail}; {self.hint}"
        return {"error": {"message": message, "type": kind, "param": None, "code": self.status}}

    def body(self, path: str) -> tuple[bytes, str]:
        """Give it as those who ask at `path` expect it, and its media type."""
        if path.startswith("/v1/"):
            return _written(self.as_openai()), "application/json"
        return _written(self.as_json()), MEDIA_TYPE


def too_often(per_minute: int, wait: float) -> Problem:
    """Tell an address that it asks too often."""
    return Problem(
        status=429,
        title="There are too many requests",
        detail=f"More than {per_minute} requests a minute came from this address",
        hint=f"wait {math.ceil(wait)} s, and ask less often",
        headers={"Retry-After": str(math.ceil(wait))},
    )


def locked() -> Problem:
    """Tell a program that it needs the key."""
    return Problem(
        status=401,
        title="The key is missing or wrong",
        detail="This server answers only to those who know its key",
        hint="send `Authorization: Bearer KEY` with the server's FOOTNOTE_API_KEY",
        headers={"WWW-Authenticate": "Bearer"},
    )


def foreign(what: str, value: str, hint: str) -> Problem:
    """Tell a request that comes from where none may come from."""
    return Problem(
        status=403,
        title="The request comes from elsewhere",
        detail=f"{what} is `{value[:100]}`, which is not this server",
        hint=hint,
    )


def _written(data: Any) -> bytes:
    return json.dumps(data, ensure_ascii=False).encode("utf-8", "replace")
