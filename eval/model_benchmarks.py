"""What checked, cited answers cost beside the bare server of the language model, in one run.

    FOOTNOTE_MODEL_URL=http://127.0.0.1:8000 python -m eval.model_benchmarks --home FOLDER \\
        --questions FILE

The same requests, grammar included, go to the server through Footnote and through nothing but
`openai`. Every sentence is shown (FOOTNOTE_UNSUPPORTED=flag), so that a model of random weights can
serve for it.
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

from assistant import assembling
from assistant.answering import HITS, Assistant
from assistant.answers import Answer
from assistant.chat_model import Message, OpenAIChatModel
from assistant.conversation import Turn
from assistant.settings import Settings
from assistant.support import TrainedSupport
from assistant.transcript import Transcript
from assistant.understanding.followups import cited, standalone
from assistant.writing import ModelWriter
from eval.gold import Silence
from index.search import Searcher

AT_ONCE = (1, 16)
FIRST_SENTENCE = re.compile(r"[.?!][\"')\]]*(?: ?\[\d+\])+")
CONVERSATIONS = 6
FOLLOW_UPS = (
    "How does it work?",
    "What was it tested on?",
    "How does it compare with other methods?",
    "And what does it cost?",
)


@dataclass(frozen=True)
class Sent:
    """A request as it went to the server."""

    messages: tuple[Message, ...]
    max_tokens: int
    grammar: str | None


class Recording:
    """A chat model that notes what it is asked."""

    def __init__(self, model: OpenAIChatModel) -> None:
        self._model = model
        self.name, self.window, self.constrained = model.name, model.window, model.constrained
        self.sent: list[Sent] = []

    def count(self, text: str) -> int:
        return self._model.count(text)

    def stream(
        self,
        messages: Sequence[Message],
        *,
        max_tokens: int,
        grammar: str | None = None,
        temperature: float = 0.0,
    ) -> Generator[str, None, None]:
        self.sent.append(Sent(tuple(messages), max_tokens, grammar))
        yield from self._model.stream(messages, max_tokens=max_tokens, grammar=grammar)


@dataclass(frozen=True)
class Timed:
    """How an answer came."""

    first: float | None
    """Seconds to the end of the first sentence, or until it was shown."""
    total: float
    search: float
    pieces: int


def bare(client: Any, model: str, sent: Sent) -> Timed:
    """Send a request with nothing but `openai`."""
    started, first, text, pieces = perf_counter(), None, "", 0
    options = {"structured_outputs": {"grammar": sent.grammar}} if sent.grammar else {}
    stream = client.chat.completions.create(
        model=model,
        messages=[{"role": each.role, "content": each.text} for each in sent.messages],
        max_tokens=sent.max_tokens,
        temperature=0,
        seed=0,
        stream=True,
        extra_body=options,
    )
    for event in stream:
        piece = event.choices[0].delta.content if event.choices else None
        if piece:
            text, pieces = text + piece, pieces + 1
            if first is None and FIRST_SENTENCE.search(text):
                first = perf_counter() - started
    return Timed(first, perf_counter() - started, 0.0, pieces)


def asked(assistant: Assistant, question: str) -> Timed:
    """Ask Footnote."""
    started, first = perf_counter(), None
    for event in assistant.stream(question):
        if isinstance(event, Answer):
            total = perf_counter() - started
            return Timed(first, total, event.seconds.search, 0)
        first = first or perf_counter() - started
    raise AssertionError("a stream ends with its answer")


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the comparison and print it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--questions", type=Path, required=True)
    parser.add_argument("--number", type=int, default=32)
    given = parser.parse_args(arguments)
    settings = replace(Settings.read(home=given.home), unsupported="flag")
    lines = given.questions.read_text(encoding="utf-8").splitlines()[: given.number]
    questions = [str(json.loads(line)["question"]) for line in lines]
    with (
        assembling.chat_model(settings) as model,
        assembling.searcher(settings, Silence()) as index,
    ):
        assert model is not None, "FOOTNOTE_MODEL_URL is not set"
        recording = Recording(model)
        writer = ModelWriter(recording, TrainedSupport(), unsupported="flag")
        _compare(index, writer, recording, questions, model.url)


def _compare(
    index: Searcher, writer: ModelWriter, recording: Recording, questions: list[str], url: str
) -> None:
    from openai import OpenAI

    client = OpenAI(base_url=url, api_key="none")
    assistant = Assistant(index, writer=writer)
    pairs: list[tuple[str, Sent]] = []
    # Both sides meet a server that has read every prompt; the last are kept for conversations.
    for question in questions[:-CONVERSATIONS]:
        recording.sent.clear()
        assistant.ask(question)
        pairs += [(question, sent) for sent in recording.sent]
    for at_once in AT_ONCE:
        theirs, ours = [], []
        for half in (pairs[::2], pairs[1::2]):  # by turns, so that neither has the quieter machine
            theirs += _timed(at_once, lambda each: bare(client, recording.name, each[1]), half)
            ours += _timed(at_once, lambda each: asked(assistant, each[0]), half)
        _print(at_once, theirs, ours)
    if _counters(url):
        _print_prefix(index, writer, questions[-CONVERSATIONS:], url)


def _timed(
    at_once: int, run: Callable[[tuple[str, Sent]], Timed], pairs: Sequence[tuple[str, Sent]]
) -> list[Timed]:
    with ThreadPoolExecutor(at_once) as pool:
        return list(pool.map(run, pairs))


def _print(at_once: int, theirs: list[Timed], ours: list[Timed]) -> None:
    pairs = list(zip(theirs, ours, strict=True))
    firsts = [(a.first, b.first - b.search) for a, b in pairs if a.first and b.first]
    totals = sum(a.total for a, _ in pairs), sum(b.total - b.search for _, b in pairs)
    print(
        f"{at_once} at once: {len(pairs)} requests, {sum(a.pieces for a in theirs)} pieces of text"
    )
    print(f"  first sentence written by the bare server {median(a for a, _ in firsts):7.3f} s")
    print(f"  … shown by Footnote, less its search      {median(b for _, b in firsts):7.3f} s")
    print(f"  ratio, median of pairs                    {median(b / a for a, b in firsts):7.3f}")
    print(f"  tokens a second, ratio                    {totals[0] / totals[1]:7.3f}")
    print(f"  search, median                            {median(b.search for b in ours):7.3f} s")


def _print_prefix(index: Searcher, writer: ModelWriter, questions: Sequence[str], url: str) -> None:
    """Hold conversations, and read what the server reused of their prompts."""
    before = _counters(url) or (0.0, 0.0)
    for question in questions:
        turns: list[Turn] = []
        transcript = Transcript()
        for message in (question, *FOLLOW_UPS):  # completed by rules: noise could not restate them
            follow_up = standalone(message, turns, index.papers(cited(turns)))
            found = index.search(follow_up.asked, limit=HITS, context=follow_up.context)
            list(writer.write(follow_up.question, found, transcript=transcript))
            papers = tuple(hit.paper.id for hit in found.hits[:1])
            turns += [Turn("user", message), Turn("assistant", "", papers)]
    after = _counters(url) or before
    queried, reused = after[0] - before[0], after[1] - before[1]
    print(
        f"{len(questions)} conversations of {1 + len(FOLLOW_UPS)} turns, {queried:.0f} tokens asked"
    )
    print(f"  from the prefix cache                     {reused / queried:7.3f}")


def _counters(url: str) -> tuple[float, float] | None:
    """Read how many prompt tokens vLLM looked up in its prefix cache, and how many it found.

    None for a server that does not tell.
    """
    try:
        with urlopen(url.removesuffix("/v1") + "/metrics") as page:
            lines = page.read().decode().splitlines()
    except URLError:
        return None
    told = [line.rsplit(maxsplit=1) for line in lines if line.startswith("vllm:prefix_cache_")]

    def total(name: str) -> float:
        return sum(float(value) for key, value in told if key.startswith(f"vllm:{name}_total"))

    return total("prefix_cache_queries"), total("prefix_cache_hits")


if __name__ == "__main__":
    main()
