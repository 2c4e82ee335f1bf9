"""A reply while it is put together: sentence by sentence, and an answer in the end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from time import perf_counter

from assistant.answers import (
    Answer,
    Kind,
    Numbering,
    Seconds,
    Sentence,
    Statement,
    WrittenBy,
    titles_in_words,
)
from assistant.writing import Outcome
from index.search import Found, Hit

QUOTES = WrittenBy("quotes")

NEAREST = 3
"""Papers named when there is no answer."""


@dataclass(kw_only=True)
class Reply:
    """What is known of an answer so far."""

    question: str
    writer: WrittenBy = QUOTES
    kind: Kind = "answer"
    understood: str | None = None
    about_days: str = ""
    """What is to be said of the days before anything else."""
    remark: str = ""
    declined_because: str | None = None
    left_out: int = 0
    hits: tuple[Hit, ...] = ()
    degraded: bool = False
    undated_left_out: int = 0
    search_seconds: float = 0.0
    check_seconds: float = 0.0
    _started: float = field(default_factory=perf_counter)
    _numbering: Numbering = field(default_factory=Numbering)
    _sentences: list[Sentence] = field(default_factory=list)

    def found(self, found: Found, *, seconds: float) -> None:
        """Note what a search found."""
        self.hits = found.hits
        self.degraded = found.degraded
        self.undated_left_out = found.undated_left_out
        self.search_seconds += seconds

    def add(self, statement: Statement) -> Sentence:
        """Number what a statement cites and keep it."""
        sentence = self._numbering.sentence(statement)
        self._sentences.append(sentence)
        return sentence

    def decline(
        self,
        reason: str,
        *,
        nearest: Sequence[Hit] = (),
        remark: str = "The corpus does not answer this",
    ) -> None:
        """Say that there is no answer, in `remark`, and name the nearest papers."""
        self.declined_because = reason
        self.remark = _declined(nearest, remark)

    def nothing(self, *remarks: str) -> None:
        """Say that what was asked for is not there, and what is."""
        self.declined_because = remarks[0].rstrip(".")
        self.remark = " ".join(remarks)

    def talk(self, remark: str) -> None:
        """Say something that is not about papers."""
        self.kind = "talk"
        self.remark = remark

    def wrote(self, outcome: Outcome) -> None:
        """Note how a model's writing ended; decline if nothing of it is shown."""
        self.left_out += outcome.left_out
        self.check_seconds += outcome.check_seconds
        if not self._sentences and outcome.left_out:
            self.decline("no paper supports what the model wrote", nearest=self.hits)
        elif not self._sentences:
            self.decline("the model found no answer in the papers", nearest=self.hits)

    def answer(self) -> Answer:
        """Give what came together."""
        total = perf_counter() - self._started
        write = max(total - self.search_seconds - self.check_seconds, 0.0)
        return Answer(
            question=self.question,
            understood=self.understood,
            kind=self.kind,
            sentences=tuple(self._sentences),
            citations=self._numbering.citations,
            declined_because=self.declined_because,
            remark=" ".join(filter(None, [self.about_days, self.remark])),
            hits=self.hits,
            degraded=self.degraded,
            undated_left_out=self.undated_left_out,
            left_out=self.left_out,
            writer=self.writer,
            seconds=Seconds(self.search_seconds, write, self.check_seconds),
        )


def _declined(hits: Sequence[Hit], remark: str) -> str:
    if not hits:
        return "The corpus holds no paper on this."
    nearest = titles_in_words([hit.paper for hit in hits[:NEAREST]])
    are = "paper is" if len(hits) == 1 else "papers are"
    return f"{remark}; the nearest {are} {nearest}."
