"""Drafting: a language model's text becomes checked sentences while it is written."""

from __future__ import annotations

from collections.abc import Collection, Generator, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import cache

from assistant.answers import Statement
from assistant.chat_model import ChatModel, Message
from assistant.checking import Check
from assistant.citations import CitationReader, Cited, parse
from assistant.constraint import answer_grammar
from assistant.errors import WindowError
from assistant.evidence import Given, harmless
from assistant.settings import Unsupported
from assistant.support import Support
from index.lexical import content_words
from index.search import Hit
from prompts import DECLINE, load

LEAST_EVIDENCE = 200
"""Tokens for papers below which nothing is tried: one short abstract."""

LEAKED_WORDS = 8
"""Words in a row of a prompt that no sentence may repeat."""

SHORTEST_LEAK = 4
"""Words of a sentence that may stand in a prompt by chance."""

PROMPTS = (
    *("answer", "literature", "theme", "agreements", "disagreements", "gaps"),
    *("digest", "digest_lines", "digest_overview"),
)
"""What a model is told and no reader should see."""


@dataclass(frozen=True)
class Outcome:
    """How the writing of an answer ended."""

    left_out: int
    """Sentences that no paper supports and that are not shown."""
    check_seconds: float


class Draft:
    """Of one answer: it may have several parts, and says nothing twice."""

    def __init__(
        self,
        model: ChatModel,
        support: Support,
        papers: Mapping[int, Hit],
        *,
        unsupported: Unsupported,
    ) -> None:
        """Begin an answer in which `papers` may be cited by their numbers."""
        self._model = model
        self._papers = papers
        self._unsupported = unsupported
        rewrite = self._written_again if unsupported == "rewrite" else None
        self._check = Check(support, papers, rewrite=rewrite)
        self._told: set[str] = set()
        self._left_out = 0

    @property
    def outcome(self) -> Outcome:
        """How the writing went so far."""
        return Outcome(self._left_out, self._check.seconds)

    def statements(
        self,
        messages: Sequence[Message],
        *,
        sentences: int,
        max_tokens: int,
        numbers: Collection[int] | None = None,
    ) -> Iterator[Statement]:
        """Let the model write, and give each sentence that the check does not refuse.

        Args:
            sentences: At most so many are read.
            numbers: Of the papers that may be cited here, if not all.

        Raises:
            ChatModelError: The server fails; what was written before is given.
        """
        allowed = sorted(numbers or self._papers)
        grammar = None
        if self._model.constrained:
            grammar = answer_grammar(allowed, decline=DECLINE, sentences=sentences)
        pieces = self._model.stream(messages, max_tokens=max_tokens, grammar=grammar)
        for read, cited in enumerate(self._new(self._read(pieces, allowed)), start=1):
            statement = self._check.statement(cited)
            flagged = self._unsupported == "flag" and statement.papers
            if statement.verdict == "unsupported" and not flagged:
                self._left_out += 1
            else:
                yield statement
            if read == sentences:
                return

    def _new(self, written: Iterator[Cited]) -> Iterator[Cited]:
        """Leave out repetitions and what is no part of an answer; end where the model declines."""
        for cited in written:
            if says_decline(cited.text):
                return
            words = " ".join(content_words(cited.text))
            torn = not cited.numbers and cited.text[-1:] not in ".?!…"  # cut at the token limit
            if words and words not in self._told and not torn and not leaks(cited.text):
                self._told.add(words)
                yield cited

    def _read(
        self, pieces: Generator[str, None, None], numbers: Collection[int]
    ) -> Iterator[Cited]:
        reader = CitationReader(numbers)
        with closing(pieces):
            for piece in pieces:
                yield from reader.feed(piece)
        yield from reader.close()

    def _written_again(self, text: str, hit: Hit) -> str | None:
        """Let the model write a sentence again so that a paper supports it."""
        whole = Given(hit, tuple(range(len(hit.vectors.sentences))))
        messages = [
            Message("system", load("rewrite").fill()),
            Message("user", f"{whole.fenced(1)}\n\nSentence: {harmless(text)}"),
        ]
        with closing(self._model.stream(messages, max_tokens=128)) as pieces:
            written = parse("".join(pieces), {1})
        texts = [each.text for each in written[:1]]
        return next((each for each in texts if not says_decline(each) and not leaks(each)), None)


def too_small(model: ChatModel) -> WindowError:
    """Say that a model's window has no room for a paper."""
    return WindowError(
        f"`{model.name}` reads {model.window} tokens, too few for a paper",
        hint="start the server with a longer context, such as `--max-model-len 8192`",
    )


def says_decline(text: str) -> bool:
    """Whether a sentence is the phrase for declining, whatever its case and its last mark."""
    return text.strip(" .!\"'*").lower() == DECLINE.strip(".").lower()


def leaks(text: str) -> bool:
    """Whether a sentence repeats what only the model was told, whole or a run of its words."""
    words = _words(text)
    size = min(max(len(words), SHORTEST_LEAK), LEAKED_WORDS)
    runs = (" ".join(words[n : n + size]) for n in range(len(words) - size + 1))
    return any(f" {run} " in _told() for run in runs)


@cache
def _told() -> str:
    """All words of the prompts, a blank around each."""
    return f" {' '.join(_words(' '.join(load(name).text for name in PROMPTS)))} "


def _words(text: str) -> list[str]:
    return "".join(c.lower() if c.isalnum() else " " for c in text).split()
