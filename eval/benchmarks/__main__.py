"""Run one of the benchmarks.

    python -m eval.benchmarks peers [--papers FOLDER --questions SUITE] [--environments FOLDER]
    python -m eval.benchmarks scale --folder FOLDER [--passages 1000 10000 100000]
    python -m eval.benchmarks ray
    python -m eval.benchmarks embedding --papers FOLDER
    python -m eval.benchmarks asking --papers FOLDER --questions SUITE
    python -m eval.benchmarks commands --papers FOLDER

Without `--papers` and `--questions` they take the bundled sample and its suite. `--as-of DATE` is
for pages that name a day without its year. `embedding` needs `pip install 'footnote[any-model]'`
for the other side of its ratio.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from index.reading import SAMPLE

SUITE = Path(__file__).parents[1] / "suites" / "questions.jsonl"


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the benchmark that was named."""
    parser = argparse.ArgumentParser(
        prog="python -m eval.benchmarks",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    names = ["peers", "scale", "ray", "embedding", "asking", "commands"]
    parser.add_argument("benchmark", choices=names)
    parser.add_argument("--papers", type=_folder, help="a folder of pages; else the sample")
    parser.add_argument("--questions", type=Path, default=SUITE)
    parser.add_argument("--as-of", type=date.fromisoformat, default=date.today())
    parser.add_argument("--environments", type=Path, default=Path("var", "peers"))
    parser.add_argument("--index", help="one more place of packages, such as one of torch")
    parser.add_argument(
        "--rounds", type=_count, default=3, help="of building, and of all questions"
    )
    parser.add_argument("--folder", type=Path, default=Path("var", "scale"))
    parser.add_argument("--passages", type=_count, nargs="+", default=[1_000, 10_000, 100_000])
    told = parser.parse_args(arguments)
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as the command `footnote` does
    from eval.benchmarks import peers, ray_workers, scale, speed  # and numpy, which reads it

    papers = [SAMPLE]
    if told.papers:
        papers = [str(path) for path in sorted(told.papers.iterdir()) if path.suffix != ".md"]
    if told.benchmark == "peers":
        peers.compare(
            papers,
            told.questions,
            as_of=told.as_of,
            environments=told.environments,
            index=told.index,
            rounds=told.rounds,
        )
    elif told.benchmark == "scale":
        scale.curves(
            papers, told.questions, as_of=told.as_of, sizes=told.passages, folder=told.folder
        )
    elif told.benchmark == "ray":
        ray_workers.compare(papers, told.as_of)
    elif told.benchmark == "embedding":
        speed.embedding(papers, told.as_of)
    elif told.benchmark == "commands":
        speed.commands(papers, told.as_of)
    else:
        speed.asking(papers, told.questions, told.as_of)


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"`{text}` is no whole number from 1 on")
    return int(text)


def _folder(text: str) -> Path:
    if not Path(text).is_dir():
        raise argparse.ArgumentTypeError(f"`{text}` is no folder")
    return Path(text)


if __name__ == "__main__":
    main()
