"""What was asked, and the index it is asked of."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from assistant.conversation import Conversation
from assistant.understanding.intents import Request
from index.corpus import Corpus
from index.minilm import FloatArray
from index.papers import Paper
from index.search import Found
from index.wordings import Context


class Index(Protocol):
    """Where an assistant finds papers."""

    @property
    def corpus(self) -> Corpus:
        """The papers themselves."""
        ...

    def search(
        self,
        question: str,
        *,
        limit: int,
        since: date | None,
        until: date | None,
        context: Context | None = None,
    ) -> Found:
        """Find the papers that bear on `question`, best first."""
        ...

    def rank(self, question: str, papers: Sequence[Paper]) -> Found:
        """Put `papers` in the order in which they bear on `question`."""
        ...

    def near(
        self, vector: FloatArray, keys: Collection[int] | None
    ) -> Mapping[int, Sequence[str]] | None:
        """Find the papers, of `keys` if given, with the passages nearest to a vector, best first.

        Returns:
            By key, the hashes of the texts that were found; None where only words can be searched.
        """
        ...

    def holds(self, word: str) -> bool:
        """Whether any paper holds a word, in this form or another."""
        ...

    def find(self, name: str) -> Paper | None:
        """Find a paper by id, a former id too, or by title."""
        ...

    def papers(self, names: Iterable[str]) -> Mapping[str, Paper]:
        """Find papers by name; a name that no paper has is left out."""
        ...


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A message, understood, and what its answer is limited to."""

    request: Request
    conversation: Conversation
    limit: int
    """How many papers to look at."""
    since: date | None
    """The first day, included, of a paper's list or publication."""
    until: date | None
    """The last day, included."""

    @classmethod
    def of(
        cls,
        request: Request,
        conversation: Conversation,
        *,
        limit: int,
        since: date | None,
        until: date | None,
    ) -> Asked:
        """Join what the message says of days with what the caller says."""
        if request.span:
            since = max(filter(None, [since, request.span.since]))
            until = min(filter(None, [until, request.span.until]))
        return cls(
            request=request, conversation=conversation, limit=limit, since=since, until=until
        )
