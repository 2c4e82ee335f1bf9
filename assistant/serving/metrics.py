"""Metrics: what a server has done, in the text that Prometheus reads."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import perf_counter

from prometheus_client import CONTENT_TYPE_LATEST as CONTENT_TYPE
from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    PlatformCollector,
    ProcessCollector,
    generate_latest,
)

from assistant.answers import Answer

SECONDS = (0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120)

__all__ = ["CONTENT_TYPE", "Metrics"]


class Metrics:
    """The counts of one server."""

    def __init__(self, *, papers: Callable[[], int]) -> None:
        """Begin to count.

        Args:
            papers: Tells how many papers there are, whenever somebody wants to know.
        """
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        PlatformCollector(registry=self._registry)
        self._requests = Counter(
            "footnote_requests_total",
            "Requests by the first part of their address and by status",
            ["place", "status"],
            registry=self._registry,
        )
        self._answers = Counter(
            "footnote_answers_total",
            "Questions by what became of them: answered, declined, talk or failed",
            ["outcome"],
            registry=self._registry,
        )
        self._degraded = Counter(
            "footnote_degraded_answers_total",
            "Answers found by words alone, as the vectors could not be used",
            registry=self._registry,
        )
        self._left_out = Counter(
            "footnote_sentences_left_out_total",
            "Sentences that a model wrote and no paper supports",
            registry=self._registry,
        )
        self._seconds = Histogram(
            "footnote_answer_seconds",
            "Seconds to a whole answer, waiting for a place not counted",
            buckets=SECONDS,
            registry=self._registry,
        )
        self._answering = Gauge(
            "footnote_answering", "Questions being answered now", registry=self._registry
        )
        Gauge("footnote_papers", "Papers in the corpus", registry=self._registry).set_function(
            papers
        )

    def requested(self, place: str, status: int) -> None:
        """Count a request."""
        self._requests.labels(place, str(status)).inc()

    @contextmanager
    def answering(self) -> Iterator[Callable[[Answer], None]]:
        """Count a question; gives what the answer is to be told to, or it counts as failed."""
        started, outcomes = perf_counter(), ["failed"]

        def note(answer: Answer) -> None:
            outcomes[0] = _outcome(answer)
            self._left_out.inc(answer.left_out)
            self._degraded.inc(answer.degraded)

        try:
            with self._answering.track_inprogress():
                yield note
        finally:
            self._answers.labels(outcomes[0]).inc()
            self._seconds.observe(perf_counter() - started)

    def text(self) -> bytes:
        """Give all counts in Prometheus' text format."""
        return generate_latest(self._registry)


def _outcome(answer: Answer) -> str:
    if answer.answered:
        return "answered"
    return "talk" if answer.kind == "talk" else "declined"
