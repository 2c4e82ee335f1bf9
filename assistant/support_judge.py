"""Support as a language model judges it: one word, yes or no, asked for several times.

A literal quote needs no judge. What a claim was judged to be is kept, so that the same question is
asked once; a judge that fails is an error, never a verdict.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean, pvariance
from threading import Lock

from assistant.chat_model import Message, OpenAIChatModel
from assistant.choosing import TOKENS, Chosen
from assistant.errors import SupportError
from assistant.evidence import harmless
from assistant.kept_choices import KeptChoices
from assistant.support import MOST, Judgement, Source
from assistant.support_windows import Window, nearest, runs, settled, told_once, whole, windows
from prompts import load

YES, NO = "yes", "no"

SAMPLES = 5
"""Times that each claim is judged."""

TEMPERATURE = 1.0
"""At which samples are drawn: then the share of yes is the probability that the model gives it."""

JOBS = 16
"""Claims judged at once."""

LOW, HIGH = 0.1, 0.5
"""The thresholds unless others are given; not fitted to any model."""

MARGIN = 64
"""Tokens that a chat template may add to the prompt."""

LEAST = 16
"""Tokens of a source that must fit beside a claim."""


@dataclass(frozen=True)
class SampledJudgement(Judgement):
    """A judgement, and how far its samples agree."""

    variance: float = 0.0
    """Of the samples, each 1 or 0: at most 0.25, and 0 if all agree."""


def sampled(judgement: Judgement) -> dict[str, float]:
    """Give the variance of a judgement's samples, as JSON; nothing if it has none."""
    if not isinstance(judgement, SampledJudgement):
        return {}
    return {"variance": round(judgement.variance, 6)}


@dataclass(frozen=True)
class Steadiness:
    """How steady a judge was."""

    asked: int
    """Questions put to the model."""
    kept: int
    """Questions whose answers were there already."""
    split: int
    """Of both, those whose samples do not agree."""
    variance: float
    """Mean over both; see `SampledJudgement`."""


class JudgedSupport:
    """Asks a language model whether sources say what a claim says."""

    def __init__(
        self,
        model: OpenAIChatModel,
        *,
        kept: Path | None = None,
        samples: int = SAMPLES,
        temperature: float = TEMPERATURE,
        jobs: int = JOBS,
        low: float = LOW,
        high: float = HIGH,
    ) -> None:
        """Ask `model`; `close` when done.

        Args:
            kept: A file of answers already given, which grows; without one they are forgotten.

        Raises:
            HomeError: The file cannot be used.
        """
        self._model = model
        self._kept = KeptChoices(kept)
        self.samples, self.temperature = samples, temperature
        self._pool = ThreadPoolExecutor(jobs)
        self._lock = Lock()
        self._answers: dict[str, Future[list[Chosen]]] = {}
        self._asked = 0
        self.low, self.high = low, high

    @property
    def name(self) -> str:
        """The model's, as its server calls it."""
        return self._model.name

    @property
    def steadiness(self) -> Steadiness:
        """How steady it was so far."""
        answers = [each.result() for each in self._answers.values() if _well(each)]
        variances = [_variance(answer) for answer in answers]
        return Steadiness(
            asked=self._asked,
            kept=len(answers) - self._asked,
            split=sum(variance > 0 for variance in variances),
            variance=fmean(variances) if variances else 0.0,
        )

    def judge(self, claim: str, sources: Sequence[Source]) -> Judgement:
        """Have a claim judged by all its sources together.

        Raises:
            SupportError: The claim does not fit the model's window.
            ChatModelError: The server fails, or the model says neither yes nor no.
        """
        return self.judge_all([(claim, sources)])[0]

    def judge_all(self, claims: Sequence[tuple[str, Sequence[Source]]]) -> list[Judgement]:
        """Judge many claims at once; what was judged before an error is kept."""
        judged = [settled(*each) for each in claims]
        questions = [
            [] if known else self._questions(*each)
            for known, each in zip(judged, claims, strict=True)
        ]
        answers = [[(q.window, self._answer(q)) for q in each] for each in questions]
        return [
            known
            or max(
                (_judgement(claim, sources, window, answer.result()) for window, answer in each),
                key=lambda judgement: judgement.support,
            )
            for known, (claim, sources), each in zip(judged, claims, answers, strict=True)
        ]

    def close(self) -> None:
        """Leave what was not begun; the model stays open."""
        self._pool.shutdown(cancel_futures=True)

    def _questions(self, claim: str, sources: Sequence[Source]) -> list[_Question]:
        """Ask one question, or one for each window if the sources do not fit into the model's."""

        def question(window: Window) -> _Question:
            return _Question(window, _asked(claim, window, sources))

        def fits(window: Window) -> bool:
            return self._fits(question(window).text)

        if not self._fits(question(()).text, beside=LEAST):
            raise SupportError(
                f"A claim of {len(claim)} characters does not fit the {self._model.window} tokens "
                f"that `{self._model.name}` reads: `{claim[:80]}…`",
                hint="part the claim into sentences, or judge with a model that reads more",
            )
        found = windows(whole(sources, told_once(sources)), sources, fits=fits)
        return [question(window) for window in found]

    def _fits(self, text: str, *, beside: int = 0) -> bool:
        room = self._model.window - MARGIN - TOKENS - beside
        system = load("judge").text
        if len((system + text).encode()) <= room:  # a byte is at most a token
            return True
        return self._model.count(system) + self._model.count(text) <= room

    def _answer(self, question: _Question) -> Future[list[Chosen]]:
        """Give what the model chose, or will; a question that failed is put again."""
        told = [self._model.name, self.temperature, self.samples, load("judge").text]
        key = hashlib.sha256(json.dumps([*told, question.text]).encode()).hexdigest()
        with self._lock:
            known = self._answers.get(key)
            if known is None or not (_well(known) or not known.done()):
                known = self._pool.submit(self._choose, key, question.text)
                self._answers[key] = known
            return known

    def _choose(self, key: str, text: str) -> list[Chosen]:
        if (kept := self._kept.get(key)) is not None:
            return kept
        chosen = self._model.choose(
            [Message("system", load("judge").text), Message("user", text)],
            [YES, NO],
            samples=self.samples,
            temperature=self.temperature,
            seed=int(key[:7], 16),  # with one seed for all, the draws of all claims would be alike
        )
        self._kept.put(key, chosen)
        with self._lock:
            self._asked += 1
        return chosen


@dataclass(frozen=True)
class _Question:
    """What the model is asked of a window."""

    window: Window
    text: str


def _asked(claim: str, window: Window, sources: Sequence[Source]) -> str:
    """Write the question, with all that others wrote between marks that it cannot hold."""
    papers = [
        f'<paper number="{number}">\nTitle: {harmless(sources[place].title)}\n{harmless(held)}\n'
        "</paper>"
        for number, (place, held) in enumerate(runs(window, sources), start=1)
    ]
    asked = load("claim").fill(papers="\n".join(papers), claim=harmless(claim))
    return asked.encode(errors="replace").decode()  # half a character cannot be sent


def _judgement(
    claim: str, sources: Sequence[Source], window: Window, chosen: Sequence[Chosen]
) -> Judgement:
    """Take the mean probability of yes or, where the server tells none, the share of yes."""
    told = [each.probabilities[YES] for each in chosen if each.probabilities is not None]
    said = told if len(told) == len(chosen) else [float(each.option == YES) for each in chosen]
    piece = nearest(claim, window, sources)
    return SampledJudgement(
        support=min(fmean(said), MOST),
        source=piece.source,
        start=piece.start,
        end=piece.end,
        variance=_variance(chosen),
    )


def _variance(chosen: Sequence[Chosen]) -> float:
    return pvariance([float(each.option == YES) for each in chosen])


def _well(answer: Future[list[Chosen]]) -> bool:
    """Whether an answer has come."""
    return answer.done() and not answer.cancelled() and answer.exception() is None
