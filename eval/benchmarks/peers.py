"""Footnote beside what people would otherwise use, on the same papers and questions, in one run.

Each peer is installed from the package registry into an environment of its own, with the same
MiniLM, and used as its documentation starts. Rounds go by turns, so that none has the quieter
machine.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import numpy as np

from eval.benchmarks.environments import TORCH, python_with, versions
from eval.benchmarks.processes import Ran, run
from eval.cases import Case, read_suite
from index.minilm import model_folder
from index.papers import Paper, Reading, normalised_title
from index.reading import read_sources

COLD_STARTS = 5
PROGRAMS = "eval.benchmarks.peer_programs"
PEERS = {
    "llama_index": (
        "LlamaIndex",
        (
            "llama-index-core",
            "llama-index-vector-stores-chroma",
            "llama-index-embeddings-huggingface",
        ),
    ),
    "langchain": (
        "LangChain",
        (
            "langchain",
            "langchain-chroma",
            "langchain-huggingface",
            "langchain-text-splitters",
            "sentence-transformers",
        ),
    ),
    "txtai": ("txtai (search only)", ("txtai",)),
}
"""By the name of its program: what it is called, and the packages that it needs beside torch."""


@dataclass
class Side:
    """A product, and what was measured of it."""

    name: str
    python: str
    program: str
    environment: dict[str, str] = field(default_factory=dict)
    built: list[Ran] = field(default_factory=list)
    cold: list[Ran] = field(default_factory=list)
    warm: list[float] = field(default_factory=list)
    """Seconds a question, of all rounds."""
    right: float = 0.0
    """The share of questions whose paper was found first."""

    def run(self, deed: str, folder: str, *, given: Sequence[object]) -> Ran:
        """Build in a folder, or ask what is in it."""
        command = [self.python, "-m", f"{PROGRAMS}.{self.program}", deed, _model(), folder]
        lines = "".join(f"{json.dumps(each)}\n" for each in given)
        return run(command, given=lines, environment=self.environment)


def compare(
    sources: Sequence[str],
    suite: Path,
    *,
    as_of: date,
    environments: Path,
    index: str | None,
    rounds: int,
) -> None:
    """Build, ask cold and ask warm with every product, and print what came of it."""
    papers = _papers(sources, as_of)
    titles = {normalised_title(paper.title) for paper in papers}
    cases = [case for case in read_suite(suite).cases if _single(case) in titles]
    sides = [*_peers(environments, index), _footnote()]
    given = [{"title": paper.title, "abstract": paper.abstract} for paper in papers]
    with TemporaryDirectory() as place:
        for number in range(rounds):
            for side in sides:
                folder = str(Path(place, f"{side.program}-{number}"))
                side.built.append(side.run("build", folder, given=given))
        for number in range(COLD_STARTS):
            question = [cases[number % len(cases)].question]
            for side in sides:
                side.cold.append(
                    side.run("ask", str(Path(place, f"{side.program}-0")), given=question)
                )
        for number in range(rounds):
            for side in sides:
                _ask_all(side, str(Path(place, f"{side.program}-{number}")), cases)
    print(f"{len(papers)} papers, {len(cases)} questions")
    print(_table(sides))


def _ask_all(side: Side, folder: str, cases: Sequence[Case]) -> None:
    """Ask every question once in a process that has answered one before."""
    questions = [case.question for case in cases]
    printed = side.run("ask", folder, given=[questions[0], *questions]).printed
    told = [json.loads(line) for line in printed.splitlines()][1:]
    side.warm += [each["seconds"] for each in told]
    found = [normalised_title(each["first"]) for each in told]
    side.right = float(
        np.mean([one == _single(case) for one, case in zip(found, cases, strict=True)])
    )


def _papers(sources: Sequence[str], as_of: date) -> list[Paper]:
    """Read the papers with an abstract, each title once."""
    read = [each.paper for each in read_sources(sources, as_of=as_of) if isinstance(each, Reading)]
    return list({normalised_title(p.title): p for p in read if p.abstract}.values())


def _single(case: Case) -> str:
    """Give the normalised title of the one paper that answers; empty if there is none, or more."""
    return normalised_title(case.relevant[0]) if len(case.relevant) == 1 else ""


def _peers(environments: Path, index: str | None) -> list[Side]:
    sides = []
    for program, (name, needs) in PEERS.items():
        python = python_with([TORCH, *needs], environments / program, index=index)
        print(versions(python, needs), file=sys.stderr)
        sides.append(Side(name, str(python), f"with_{program}", {"HF_HUB_OFFLINE": "1"}))
    return sides


def _footnote() -> Side:
    one_thread = {"OPENBLAS_NUM_THREADS": "1"}  # as the command `footnote` sets it for itself
    return Side("Footnote", sys.executable, "with_footnote", one_thread)


def _model() -> str:
    return os.fspath(model_folder())


def _table(sides: Sequence[Side]) -> str:
    rows = [
        "| | build, s | build, MB | cold, s | warm p50, ms | p99, ms | right paper first |",
        "|---|--:|--:|--:|--:|--:|--:|",
    ]
    for side in sides:
        p50, p99 = np.quantile(side.warm, [0.5, 0.99]) * 1000
        rows.append(
            f"| {side.name} | {median(ran.seconds for ran in side.built):.1f}"
            f" | {median(ran.memory for ran in side.built):.0f}"
            f" | {median(ran.seconds for ran in side.cold):.2f}"
            f" | {p50:.1f} | {p99:.1f} | {side.right:.3f} |"
        )
    return "\n".join(rows)
