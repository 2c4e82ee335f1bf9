"""Asking: a case put to the assistant as a user would put it, and what was found on the way."""

from __future__ import annotations

from collections.abc import Collection, Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from threading import Event
from time import perf_counter

from assistant.answers import Answer
from assistant.assembling import answering
from assistant.chat_model import ChatModel, Message
from assistant.conversation import Conversation
from assistant.settings import Settings
from assistant.support import Support
from eval.cases import Case
from index.corpus import Corpus
from index.minilm import FloatArray
from index.papers import Paper
from index.search import Found, Hit, Searcher
from index.wordings import Context

DEPTH = 20
"""Papers that are looked at to measure retrieval, however few the assistant looks at."""


class StoppedError(Exception):
    """The user wants no more answers."""


class DeepIndex:
    """An index that looks for DEPTH papers, gives as many as it is asked for, and keeps the rest.

    So what is measured of retrieval is the search of this very answer, in its own wording.
    """

    def __init__(self, searcher: Searcher) -> None:
        """Search with `searcher`, for one answer."""
        self._searcher = searcher
        self.corpus: Corpus = searcher.corpus
        self.found: Found | None = None
        """What the last search or ranking found; None before."""
        self.searched = False
        """Whether that was a search."""

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
        self.found = self._searcher.search(
            question, limit=max(limit, DEPTH), since=since, until=until, context=context
        )
        self.searched = True
        return replace(self.found, hits=self.found.hits[:limit])

    def rank(self, question: str, papers: Sequence[Paper]) -> Found:
        """Put `papers` in the order in which they bear on `question`."""
        self.found, self.searched = self._searcher.rank(question, papers), False
        return self.found

    def near(
        self, vector: FloatArray, keys: Collection[int] | None
    ) -> Mapping[int, Sequence[str]] | None:
        """Find the papers with the passages nearest to a vector, best first."""
        return self._searcher.near(vector, keys)

    def holds(self, word: str) -> bool:
        """Whether any paper holds a word, in this form or another."""
        return self._searcher.holds(word)

    def find(self, name: str) -> Paper | None:
        """Find a paper by id, a former id too, or by title."""
        return self._searcher.find(name)

    def papers(self, names: Iterable[str]) -> Mapping[str, Paper]:
        """Find papers by name; a name that no paper has is left out."""
        return self._searcher.papers(names)


@dataclass(eq=False)
class MeteredModel:
    """A language model whose tokens are counted, for one answer, and that can be stopped."""

    model: ChatModel
    stop: Event
    """Once it is set, every answer ends with StoppedError."""
    read: int = field(default=0, init=False)
    """Tokens of all prompts."""
    written: int = field(default=0, init=False)

    @property
    def name(self) -> str:
        """The model, as its server calls it."""
        return self.model.name

    @property
    def window(self) -> int:
        """How many tokens prompt and answer may have together."""
        return self.model.window

    @property
    def constrained(self) -> bool:
        """Whether a grammar is heeded."""
        return self.model.constrained

    def count(self, text: str) -> int:
        """Count the tokens of a text, exactly or a few too many."""
        return self.model.count(text)

    def stream(
        self,
        messages: Sequence[Message],
        *,
        max_tokens: int,
        grammar: str | None = None,
        temperature: float = 0.0,
    ) -> Generator[str, None, None]:
        """Yield the answer in pieces as they come."""
        self.read += sum(self.count(message.text) for message in messages)
        pieces: list[str] = []
        try:
            for piece in self.model.stream(
                messages, max_tokens=max_tokens, grammar=grammar, temperature=temperature
            ):
                if self.stop.is_set():
                    raise StoppedError
                pieces.append(piece)
                yield piece
        finally:
            self.written += self.count("".join(pieces))


@dataclass(frozen=True)
class Asked:
    """An answer, and what it was made of."""

    answer: Answer
    found: Found | None
    """What the search for it found, deeper than the answer looks; None if there was none."""
    searched: bool
    """Whether that was a search, and not the ranking of papers that the message names."""
    seconds: float
    tokens: tuple[int, int] | None
    """Read and written by the language model; None without one."""

    @property
    def hits(self) -> tuple[Hit, ...]:
        """The papers found, best first, at most DEPTH."""
        return self.found.hits[:DEPTH] if self.found else ()


@dataclass(frozen=True, kw_only=True)
class Asker:
    """Puts cases to an assistant; several threads may use it at once."""

    searcher: Searcher
    model: ChatModel | None
    support: Support
    settings: Settings
    limit: int
    """Papers that the assistant looks at."""
    stop: Event = field(default_factory=Event)

    def ask(self, case: Case) -> Asked:
        """Ask the question of a case after what was said before it.

        Raises:
            FootnoteError: The assistant cannot answer.
            StoppedError: `stop` was set.
        """
        if self.stop.is_set():
            raise StoppedError
        index = DeepIndex(self.searcher)
        model = MeteredModel(self.model, self.stop) if self.model else None
        assistant = answering(index, model, support=self.support, settings=self.settings)
        started = perf_counter()
        answer = assistant.ask(
            case.question, conversation=Conversation(case.history), limit=self.limit
        )
        return Asked(
            answer=answer,
            found=index.found,
            searched=index.searched,
            seconds=perf_counter() - started,
            tokens=(model.read, model.written) if model else None,
        )
