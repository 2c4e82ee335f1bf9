"""What every peer is asked to do, so that one benchmark can time them all.

It needs nothing but Python, since each peer has an environment of its own.

    python -m eval.benchmarks.peer_programs.with_txtai build MODEL FOLDER < papers.jsonl
    python -m eval.benchmarks.peer_programs.with_txtai ask MODEL FOLDER < questions.jsonl

Papers are `{"title", "abstract"}`, questions are texts. `ask` prints for each question, as it is
answered, `{"seconds", "first"}`: how long it took, and the title of the paper found first.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from time import perf_counter
from typing import NamedTuple


class Text(NamedTuple):
    """A paper as every peer gets it."""

    title: str
    abstract: str


Ask = Callable[[str], str]
"""Answers a question and gives the title of the paper found first; empty if there is none."""


def run(build: Callable[[list[Text], str, str], None], opened: Callable[[str, str], Ask]) -> None:
    """Do what the command line says: build a folder with a model, or open it and ask."""
    deed, model, folder = sys.argv[1:]
    lines = [json.loads(line) for line in sys.stdin]
    if deed == "build":
        build([Text(line["title"], line["abstract"]) for line in lines], model, folder)
        return
    ask = opened(model, folder)
    for question in lines:
        started = perf_counter()
        first = ask(question)
        print(json.dumps({"seconds": perf_counter() - started, "first": first}), flush=True)
