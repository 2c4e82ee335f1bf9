"""Footnote by the same protocol: whole answers, of quotes, each sentence with its footnote."""

from __future__ import annotations

import atexit
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from eval.benchmarks.peer_programs.protocol import Ask, Text, run

if TYPE_CHECKING:
    from assistant.settings import Settings


def build(papers: list[Text], model: str, folder: str) -> None:
    """Read in the papers, and embed and store them; the model is Footnote's own copy."""
    from assistant import assembling
    from eval.gold import Silence
    from index.papers import Paper, Reading

    with assembling.writer(_settings(folder), Silence()) as writer:
        writer.corpus.add(
            Reading(
                paper=Paper(title=t, abstract=a, source="text"), listing=None, origin="", line=n
            )
            for n, (t, a) in enumerate(papers, start=1)
        )
        writer.complete()


def opened(model: str, folder: str) -> Ask:
    """Open the home to ask it."""
    from assistant import assembling
    from eval.gold import Silence

    stack = ExitStack()
    assistant = stack.enter_context(assembling.assistant(_settings(folder), Silence()))
    atexit.register(stack.close)

    def ask(question: str) -> str:
        hits = assistant.ask(question).hits
        return hits[0].paper.title if hits else ""

    return ask


def _settings(folder: str) -> Settings:
    from assistant.settings import Settings

    return Settings(home=Path(folder), now=datetime.now().astimezone())


if __name__ == "__main__":
    run(build, opened)
