"""The figures of digests of saved pages: their topics, and what is said in them.

    python -m eval.digest_figures --pages FOLDER [--as-of DATE] [--home HOME]

The pages are read into a home of their own, unless one is named that holds them.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from time import perf_counter

from assistant import assembling
from assistant.digest.digester import Digester
from assistant.digest.digests import Digest
from assistant.digest.groups import OTHERS
from assistant.digest.periods import Named, period_named, wanted
from assistant.settings import Settings
from assistant.support import Source, Support, TrainedSupport
from eval.gold import Silence, corpus_of
from index.search import Searcher


@dataclass(frozen=True)
class PageFigures:
    """What is known of the digest of a page."""

    page: str
    papers: int
    placed: int
    """Papers that stand in exactly one place."""
    labels: tuple[str, ...]
    sizes: tuple[int, ...]
    """Papers of each topic, those of none left out."""
    others: int
    silhouette: float
    sentences: int
    exact: int
    """Sentences whose evidence is where it says: `abstract[start:end] == quote`."""
    supported: int
    """Sentences that the check supports."""
    seconds: float
    """For the whole digest, warm."""


def main() -> None:
    """Print a line for each page, and the labels."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=Path, required=True)
    parser.add_argument("--as-of", type=date.fromisoformat, default=date.today())
    parser.add_argument("--home", type=Path)
    arguments = parser.parse_args()
    pages = [path for path in sorted(arguments.pages.iterdir()) if path.suffix != ".md"]
    print("| page | papers | in one place | topics | sizes | Also | silhouette |", end="")
    print(" sentences | supported | exact | seconds |")
    print("|---|--:|--:|--:|---|--:|--:|--:|--:|--:|--:|")
    found = []
    with _searcher(pages, arguments.home, as_of=arguments.as_of) as searcher:
        for page in pages:
            found.append(_figures(searcher, page, as_of=arguments.as_of))
            print(_row(found[-1]), flush=True)
    for each in found:
        print(f"\n{each.page}: {', '.join(each.labels)}")


def page_figures(page: Path, *, as_of: date) -> PageFigures:
    """Measure the digest of one page, in a home that holds no other paper."""
    with corpus_of([page], as_of=as_of) as searcher:
        return _figures(searcher, page, as_of=as_of)


@contextmanager
def _searcher(pages: list[Path], home: Path | None, *, as_of: date) -> Iterator[Searcher]:
    if home is None:
        with corpus_of(pages, as_of=as_of) as searcher:
            yield searcher
    else:
        with assembling.searcher(Settings.read({}, home=home), Silence()) as searcher:
            yield searcher


def _figures(searcher: Searcher, page: Path, *, as_of: date) -> PageFigures:
    period = period_named(Named(page=page), searcher.corpus, today=as_of)
    digester = Digester(searcher)
    digester.digest(wanted(period))  # what is read for the first time is no part of the figure
    started = perf_counter()
    digest = digester.digest(wanted(period))
    seconds = perf_counter() - started
    topics = [topic for topic in digest.topics if topic.label != OTHERS]
    ids = [entry.paper.id for entry in digest.entries]
    return PageFigures(
        page=page.name,
        papers=len(period.papers or ()),
        placed=sum(ids.count(paper.id) == 1 for paper in period.papers or ()),
        labels=tuple(topic.label for topic in topics),
        sizes=tuple(len(topic.entries) for topic in topics),
        others=len(ids) - sum(len(topic.entries) for topic in topics),
        silhouette=digest.silhouette,
        sentences=len(list(digest.sentences)),
        exact=_exact(digest),
        supported=_supported(digest, TrainedSupport()),
        seconds=seconds,
    )


def _exact(digest: Digest) -> int:
    papers = {citation.number: citation.paper for citation in digest.citations}
    return sum(
        bool(sentence.evidence)
        and all(papers[q.citation].abstract[q.start : q.end] == q.text for q in sentence.evidence)
        for sentence in digest.sentences
    )


def _supported(digest: Digest, support: Support) -> int:
    """Judge each sentence, its paper's name before it left out, by the papers it cites."""
    sources = {citation.number: Source.of(citation.paper) for citation in digest.citations}
    claims = [
        (sentence.evidence[0].text, [sources[number] for number in sentence.citations])
        for sentence in digest.sentences
    ]
    return sum(each.support >= support.high for each in support.judge_all(claims))


def _row(figures: PageFigures) -> str:
    sizes = ", ".join(map(str, sorted(figures.sizes, reverse=True)))
    cells = [
        figures.page[:3],
        figures.papers,
        figures.placed,
        len(figures.sizes),
        sizes,
        figures.others,
        f"{figures.silhouette:.3f}",
        figures.sentences,
        figures.supported,
        figures.exact,
        f"{figures.seconds:.1f}",
    ]
    return f"| {' | '.join(map(str, cells))} |"


if __name__ == "__main__":
    main()
