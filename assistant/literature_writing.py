"""A review by a language model: each section is written on its own, and each sentence checked.

Every call begins with the same papers, so that a server with a prefix cache reads them once. The
papers, their themes and the headings are those of the review in quotes.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from assistant.answers import Statement, WrittenBy
from assistant.chat_model import ChatModel, Message
from assistant.drafting import LEAST_EVIDENCE, Draft, Outcome, too_small
from assistant.evidence import Given, harmless
from assistant.literature import AGREE, DISAGREE, OPEN, surveyed, worth
from assistant.settings import Unsupported
from assistant.support import Support
from assistant.themes import ALONE, REST, Theme, themes
from assistant.transcript import OVERHEAD
from index.minilm import Encoded, FloatArray
from index.search import Hit
from prompts import load

SENTENCES = 4
"""In a section at most."""

SECTION_TOKENS = 320
"""Of a section at most; four sentences of thirty words are about 180."""

SHARE = 120
"""Tokens a paper must have, title included; with less room fewer papers are reviewed."""

ORDER_TOKENS = 100
"""Kept free, since the order for a theme lists the papers and its heading."""

PARTS = {AGREE: "agreements", DISAGREE: "disagreements", OPEN: "gaps"}
"""The prompts of the sections that are on no theme."""


@dataclass(frozen=True)
class _Section:
    heading: str
    part: str
    """What the model is told to write."""
    numbers: tuple[int, ...]
    """The papers that may be cited in it."""


class ModelReviewer:
    """Writes reviews with one model; one scorer of support checks what it writes."""

    def __init__(
        self, model: ChatModel, support: Support, *, unsupported: Unsupported = "rewrite"
    ) -> None:
        """Make a writer; it may write several reviews at once."""
        self.model = model
        self._support = support
        self._unsupported = unsupported

    @property
    def signature(self) -> WrittenBy:
        """What an answer tells of its writer."""
        names = ("literature", "section", "theme", *PARTS.values(), "rewrite")
        versions = tuple((prompt.name, prompt.version) for prompt in map(load, names))
        return WrittenBy("model", self.model.name, versions)

    def write(
        self, question: str, encoded: Encoded, hits: Sequence[Hit]
    ) -> Generator[Statement, None, Outcome]:
        """Review what `hits`, best first, say on the question or subject, sentence by sentence.

        Each sentence has its section; a section of which nothing is left has no sentence, and
        nothing is written if no paper bears on the subject.

        Raises:
            WindowError: The model's window has no room for a single paper.
            ChatModelError: The server fails; what was written before is given.
        """
        room = self._room(question)
        chosen = surveyed(question, encoded, hits)[: room // SHARE]
        if not chosen:
            return Outcome(0, 0.0)
        papers = dict(enumerate(chosen, start=1))
        given = self._given(question, encoded, papers, room=room)
        draft = Draft(self.model, self._support, papers, unsupported=self._unsupported)
        for section in _sections(question, papers):
            for statement in draft.statements(
                _messages(question, given, section.part),
                sentences=SENTENCES,
                max_tokens=self._section_tokens,
                numbers=section.numbers,
            ):
                if section.heading != AGREE or len(statement.papers) > 1:
                    yield replace(statement, section=section.heading)
        return draft.outcome

    @property
    def _section_tokens(self) -> int:
        return min(SECTION_TOKENS, self.model.window // 4)

    def _room(self, question: str) -> int:
        """Count the tokens that papers may have beside the longest of the sections' orders."""
        parts = [load(prompt).fill() for prompt in PARTS.values()]
        told = _messages(question, "", max(parts, key=len))
        room = self.model.window - self._section_tokens - ORDER_TOKENS
        room -= sum(self.model.count(message.text) + OVERHEAD for message in told)
        if room < LEAST_EVIDENCE:
            raise too_small(self.model)
        return room

    def _given(
        self, question: str, encoded: Encoded, papers: Mapping[int, Hit], *, room: int
    ) -> str:
        """Fence the papers, whole if there is room, else what each says best."""
        count = self.model.count
        given = [Given(hit, tuple(range(len(hit.vectors.sentences)))) for hit in papers.values()]
        if count(_fenced(papers, given)) > room:
            given = [
                _shortened(
                    each,
                    worth(question, encoded, each.hit),
                    share=room // len(papers),
                    count=count,
                )
                for each in given
            ]
        return _fenced(papers, given)


def _sections(question: str, papers: Mapping[int, Hit]) -> Iterator[_Section]:
    numbers = {hit.paper.id: number for number, hit in papers.items()}
    for theme in themes(question, list(papers.values())):
        cited = tuple(numbers[hit.paper.id] for hit in theme.hits)
        yield _Section(theme.label, _theme(question, theme, cited), cited)
    for heading, prompt in PARTS.items():
        if heading != AGREE or len(papers) > 1:
            yield _Section(heading, load(prompt).fill(), tuple(papers))


def _theme(question: str, theme: Theme, numbers: Sequence[int]) -> str:
    matter = question if theme.label in {ALONE, REST} else theme.label
    listed = ", ".join(map(str, numbers))
    return load("theme").fill(numbers=listed, matter=harmless(matter))


def _messages(question: str, papers: str, part: str) -> list[Message]:
    text = load("section").fill(papers=papers, subject=harmless(question), part=part)
    return [Message("system", load("literature").fill()), Message("user", text)]


def _fenced(papers: Mapping[int, Hit], given: Sequence[Given]) -> str:
    return "\n\n".join(each.fenced(n) for n, each in zip(papers, given, strict=True))


def _shortened(
    whole: Given, worths: FloatArray, *, share: int, count: Callable[[str], int]
) -> Given:
    """Keep the sentences that are worth most, within `share` tokens, and always the title."""
    kept: tuple[int, ...] = ()
    for place in np.argsort(-worths, kind="stable"):
        more = tuple(sorted((*kept, int(place))))
        if count(replace(whole, places=more).fenced(0)) <= share:
            kept = more
    return replace(whole, places=kept)
