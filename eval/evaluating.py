"""Evaluating: a suite, a home or papers, and the parts of the assistant, put together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from assistant import assembling
from assistant.settings import Settings
from assistant.support import Support, TrainedSupport
from assistant.talk import Talk
from eval.asking import Asker
from eval.assessing import Assessor
from eval.cases import Suite
from eval.errors import CoverageError
from eval.kept_results import KeptResults
from eval.provenance import Provenance
from eval.report import RunReport
from eval.running import Runner

CACHE = "evaluations"
"""The folder in a home where results are kept."""

JOBS = 8
"""Cases asked at once where a server writes the answers, unless the user says otherwise."""


def evaluate(
    suite: Suite,
    *,
    settings: Settings,
    talk: Talk,
    limit: int,
    scorer: Support | None = None,
    cache: Path | None = None,
    jobs: int | None = None,
) -> RunReport:
    """Run a suite over the papers of a home.

    Args:
        limit: Papers that the assistant looks at.
        scorer: Judges the answers. The assistant checks its own with the one that ships, which
            judges too if no other is given.
        cache: Where results are kept; else in the home.
        jobs: Cases at once, if a server writes the answers. Quotes are made one after the other,
            since the models that choose them use all cores.

    Raises:
        SuiteError: The home lacks a paper that the suite names.
        FootnoteError: The home or the language model cannot be used.
    """
    with assembling.chat_model(settings) as model, assembling.searcher(settings, talk) as searcher:
        resolved = suite.resolved(searcher.find)
        support = scorer if isinstance(scorer, TrainedSupport) else TrainedSupport()
        judging = scorer or support
        provenance = Provenance.of(
            searcher.corpus, model, support=judging, settings=settings, limit=limit
        )
        runner = Runner(
            Asker(searcher=searcher, model=model, support=support, settings=settings, limit=limit),
            Assessor(judging, searcher),
            KeptResults(cache or settings.home / CACHE, key=provenance.key),
        )
        started, clock = datetime.now().astimezone(), perf_counter()
        ran = runner.run(
            resolved.cases,
            jobs=(jobs or JOBS) if model else 1,
            progress=partial(talk.progress, "evaluating"),
        )
    return RunReport(
        suite=suite,
        provenance=provenance,
        ran=tuple(ran),
        started=started,
        seconds=perf_counter() - clock,
    )


@contextmanager
def home_of(
    sources: Sequence[str], *, settings: Settings, talk: Talk, as_of: date
) -> Iterator[Settings]:
    """Ingest `sources` into a home that lasts as long as the block; without any, keep the home.

    Raises:
        SourceError: A source cannot be read.
    """
    if not sources:
        yield settings
        return
    with TemporaryDirectory(prefix="footnote-") as folder:
        own = replace(settings, home=Path(folder) / "home", chroma=None)
        with assembling.writer(own, talk) as writer:
            writer.ingest(sources, as_of=as_of)
        yield own


def check_coverage(report: RunReport, *, least: float) -> None:
    """See that enough of a run could be scored.

    Raises:
        CoverageError: Of some metric a smaller share was scored than `least`.
    """
    covered = report.summary()["coverage"]
    if covered < least:
        raise CoverageError(
            f"Only {covered:.3f} of a metric could be scored, less than {least}",
            hint="run it again: what failed is tried once more, and the rest is kept",
        )
