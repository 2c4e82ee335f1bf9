"""The writer that is a language model: it writes, and nothing is shown that the check refuses."""

from __future__ import annotations

from collections.abc import Generator

from assistant.answers import Statement, WrittenBy
from assistant.chat_model import ChatModel, Message
from assistant.drafting import LEAST_EVIDENCE, Draft, Outcome, leaks, says_decline, too_small
from assistant.evidence import Given, fitted
from assistant.settings import Unsupported
from assistant.support import Support
from assistant.transcript import OVERHEAD, Transcript
from index.search import Found
from prompts import DECLINE, load

__all__ = ["ModelWriter", "Outcome", "leaks", "says_decline"]

SENTENCES = 8
"""In an answer at most; the prompt asks for six."""

LATER = 5
"""Papers considered for a question that follows another: nearly always the right one is among
them, and a follow-up's few words would let in many more."""

ANSWER_TOKENS = 512
"""Of an answer at most; eight sentences of thirty words are about 350."""


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
        prompts = [load(name) for name in ("answer", "question", "standalone", "rewrite")]
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
        draft = Draft(self.model, self._support, papers, unsupported=self._unsupported)
        shown: list[Statement] = []
        for statement in draft.statements(
            [system, *transcript.messages, message],
            sentences=SENTENCES,
            max_tokens=self._answer_tokens,
        ):
            shown.append(statement)
            yield statement
        transcript.keep(message, " ".join(map(transcript.marked, shown)) or DECLINE, given)
        return draft.outcome

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
        budget = min(room - transcript.size(count), room // 2)  # the rest is for what is asked next
        if budget < LEAST_EVIDENCE:
            raise too_small(self.model)
        if found.encoded is None:
            return []
        known = {hit.paper.id for hit in transcript.hits.values()}
        hits = found.hits[:LATER] if known else found.hits
        return fitted(found.question, found.encoded, hits, budget=budget, count=count, known=known)

    @property
    def _answer_tokens(self) -> int:
        return min(ANSWER_TOKENS, self.model.window // 4)
