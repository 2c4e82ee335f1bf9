"""The writer that is a language model: it writes, and nothing is shown that the check refuses."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass

from assistant.answers import Statement, WrittenBy
from assistant.chat_model import ChatModel, Message
from assistant.checking import Check
from assistant.citations import CitationReader, Cited, parse
from assistant.constraint import answer_grammar
from assistant.errors import WindowError
from assistant.evidence import Given, fitted, harmless
from assistant.settings import Unsupported
from assistant.support import Support
from assistant.transcript import OVERHEAD, Transcript
from index.lexical import content_words
from index.search import Found, Hit
from prompts import DECLINE, load

SENTENCES = 8
"""In an answer at most; the prompt asks for six."""

ANSWER_TOKENS = 512
"""Of an answer at most; eight sentences of thirty words are about 350."""

LEAST_EVIDENCE = 200
"""Tokens for papers below which no answer is tried: one short abstract."""

LEAKED_WORDS = 8
"""Words in a row of a prompt that no sentence may repeat."""

SHORTEST_LEAK = 4
"""Words of a sentence that may stand in a prompt by chance."""


@dataclass(frozen=True)
class Outcome:
    """How the writing of an answer ended."""

    left_out: int
    """Sentences that no paper supports and that are not shown."""
    check_seconds: float


class ModelWriter:
    """Writes with one model; one scorer of support checks what it writes."""

    def __init__(
        self, model: ChatModel, support: Support, *, unsupported: Unsupported = "rewrite"
    ) -> None:
        """Make a writer; it may serve several conversations at once."""
        self.model = model
        self._support = support
        self._unsupported = unsupported

    @property
    def signature(self) -> WrittenBy:
        """What an answer tells of its writer."""
        prompts = [load(name) for name in ("answer", "question", "rewrite")]
        versions = tuple((prompt.name, prompt.version) for prompt in prompts)
        return WrittenBy("model", self.model.name, versions)

    def write(
        self, question: str, found: Found, *, transcript: Transcript
    ) -> Generator[Statement, None, Outcome]:
        """Answer from the papers found and from what the transcript holds, sentence by sentence.

        The transcript grows by this exchange if it is carried to its end.

        Args:
            question: In words that stand alone; `found` may be of other words.

        Raises:
            WindowError: The model's window has no room for a single paper.
            ChatModelError: The server fails; what was written before is given.
        """
        system = Message("system", load("answer").fill())
        given = self._given(question, found, transcript=transcript, system=system)
        message = transcript.question(question, given)
        papers = dict(transcript.hits) | {transcript.number(each.hit): each.hit for each in given}
        rewrite = self._written_again if self._unsupported == "rewrite" else None
        check = Check(self._support, papers, rewrite=rewrite)
        shown: list[Statement] = []
        left_out = 0
        for cited in self._sentences([system, *transcript.messages, message], papers):
            statement = check.statement(cited)
            flagged = self._unsupported == "flag" and statement.papers
            if statement.verdict == "unsupported" and not flagged:
                left_out += 1
                continue
            shown.append(statement)
            yield statement
        transcript.keep(message, " ".join(map(transcript.marked, shown)) or DECLINE, given)
        return Outcome(left_out, check.seconds)

    def _given(
        self,
        question: str,
        found: Found,
        *,
        transcript: Transcript,
        system: Message,
    ) -> list[Given]:
        """Choose what of the papers is given that the model does not have before it yet."""
        count = self.model.count
        room = self.model.window - self._answer_tokens - 2 * OVERHEAD
        room -= count(system.text) + count(load("question").fill(papers="", question=question))
        transcript.shorten(room=room // 2, count=count)
        budget = room - transcript.size(count)
        if budget < LEAST_EVIDENCE:
            raise WindowError(
                f"`{self.model.name}` reads {self.model.window} tokens, too few for a paper",
                hint="start the server with a longer context, such as `--max-model-len 8192`",
            )
        new = transcript.new(found.hits)
        if not new or found.encoded is None:
            return []
        return fitted(found.question, found.encoded, new, budget=budget, count=count)

    @property
    def _answer_tokens(self) -> int:
        return min(ANSWER_TOKENS, self.model.window // 4)

    def _sentences(self, messages: Sequence[Message], papers: dict[int, Hit]) -> Iterator[Cited]:
        """Give the sentences as they come, without repetitions and what is no part of an answer."""
        grammar = None
        if self.model.constrained:
            grammar = answer_grammar(sorted(papers), decline=DECLINE, sentences=SENTENCES)
        told: set[str] = set()
        for cited in self._read(messages, papers, grammar):
            if says_decline(cited.text):
                return
            words = " ".join(content_words(cited.text))
            torn = not cited.numbers and cited.text[-1:] not in ".?!…"  # cut at the token limit
            if words and words not in told and not torn and not leaks(cited.text):
                told.add(words)
                yield cited
            if len(told) == SENTENCES:
                return

    def _read(
        self, messages: Sequence[Message], papers: dict[int, Hit], grammar: str | None
    ) -> Iterator[Cited]:
        reader = CitationReader(papers)
        pieces = self.model.stream(messages, max_tokens=self._answer_tokens, grammar=grammar)
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
        with closing(self.model.stream(messages, max_tokens=128)) as pieces:
            written = parse("".join(pieces), {1})
        texts = [each.text for each in written[:1]]
        return next((each for each in texts if not says_decline(each) and not leaks(each)), None)


def says_decline(text: str) -> bool:
    """Whether a sentence is the phrase for declining, whatever its case and its last mark."""
    return text.strip(" .!\"'*").lower() == DECLINE.strip(".").lower()


def leaks(text: str) -> bool:
    """Whether a sentence repeats what only the model was told, whole or a run of its words."""
    words = _words(text)
    size = min(max(len(words), SHORTEST_LEAK), LEAKED_WORDS)
    runs = {" ".join(words[n : n + size]) for n in range(len(words) - size + 1)}
    told = " ".join(_words(load("answer").fill() + " " + load("literature").fill()))
    return any(f" {run} " in f" {told} " for run in runs)


def _words(text: str) -> list[str]:
    return "".join(c.lower() if c.isalnum() else " " for c in text).split()
