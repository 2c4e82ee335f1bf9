"""Many people at once: how long they wait for whole answers, and whether the server's memory grows.

    python -m eval.serving_benchmark --people 50 --seconds 120

It serves a home, by default a new one with the sample, as `footnote serve` does, with the quoting
writer. Each person asks a question of the suite, reads nothing, and asks the next one.
"""

from __future__ import annotations

import argparse
import asyncio
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from itertools import cycle, islice
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

import numpy as np

from eval.cases import read_suite

SUITE = Path(__file__).parent / "suites" / "questions.jsonl"
LISTENING = re.compile(rb"Listening on (http://\S+);")
MEMORY = re.compile(r"^process_resident_memory_bytes (\S+)$", re.MULTILINE)
LOOK = 5.0
"""Seconds between two looks at the memory."""


@dataclass
class Noted:
    """What came of the questions."""

    seconds: list[float] = field(default_factory=list)
    """Of each whole answer."""
    failures: list[str] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)
    """MB, every LOOK seconds."""

    def said(self, *, people: int, lasted: float) -> str:
        """Say it in lines."""
        p50, p95, p99 = np.percentile(self.seconds, (50, 95, 99)) if self.seconds else [np.nan] * 3
        first, *_, last = self.memory or [np.nan, np.nan]
        half = self.memory[len(self.memory) // 2] if self.memory else np.nan
        lines = [
            f"{people} people for {lasted:.0f} s: {len(self.seconds)} answers, "
            f"{len(self.seconds) / lasted:.1f} a second, {len(self.failures)} errors",
            f"whole answer, seconds: p50 {p50:.2f}, p95 {p95:.2f}, p99 {p99:.2f}",
            f"memory, MB: {first:.0f} before, {half:.0f} halfway, {last:.0f} at the end, "
            f"{max(self.memory, default=np.nan):.0f} at most",
            *sorted(set(self.failures))[:5],
        ]
        return "\n".join(lines)


@contextmanager
def _served(home: Path) -> Iterator[str]:
    command = [sys.executable, "-m", "assistant.cli"]
    if not home.exists():
        subprocess.run([*command, "ingest", "sample:", "--home", str(home)], check=True)
    words = [*command, "serve", "--port", "0", "--home", str(home)]
    process = subprocess.Popen(words, stderr=subprocess.PIPE)
    assert process.stderr is not None
    try:
        found = next(filter(None, map(LISTENING.search, process.stderr)), None)
        if found is None:
            raise SystemExit("the server did not start")
        yield found[1].decode()
    finally:
        process.terminate()
        process.communicate()


async def _ask(client: Any, questions: Iterator[str], noted: Noted, until: float) -> None:
    """Be one person."""
    import httpx2

    while perf_counter() < until:
        started = perf_counter()
        try:
            answer = await client.post("/api/ask", json={"question": next(questions)})
        except httpx2.HTTPError as error:
            noted.failures.append(repr(error))
            continue
        if answer.status_code == 200:
            noted.seconds.append(perf_counter() - started)
        else:
            noted.failures.append(f"{answer.status_code} {answer.text[:200]}")


async def _watch(client: Any, noted: Noted, until: float) -> None:
    """Look at the memory, once at the beginning and then every LOOK seconds."""
    while True:
        told = MEMORY.search((await client.get("/metrics")).text)
        assert told, "the server tells no memory"
        noted.memory.append(float(told[1]) / 1e6)
        if perf_counter() >= until:
            return
        await asyncio.sleep(min(LOOK, max(until - perf_counter(), 0.0)))


async def _measured(url: str, *, people: int, seconds: float, questions: Sequence[str]) -> Noted:
    import httpx2

    noted = Noted()
    limits = httpx2.Limits(max_connections=people + 1)
    async with httpx2.AsyncClient(base_url=url, timeout=120, limits=limits) as client:
        await client.post("/api/ask", json={"question": questions[0]})  # what is loaded once
        until = perf_counter() + seconds
        asking = [
            _ask(client, islice(cycle(questions), n, None), noted, until) for n in range(people)
        ]
        await asyncio.gather(_watch(client, noted, until), *asking)
    return noted


def main(arguments: Sequence[str] | None = None) -> None:
    """Run it and print what came of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=120.0)
    parser.add_argument("--home", type=Path, help="a home to serve; else a new one of the sample")
    told = parser.parse_args(arguments)
    questions = [case.question for case in read_suite(SUITE).cases]
    place = nullcontext(None) if told.home else TemporaryDirectory()
    with place as folder, _served(told.home or Path(str(folder), "home")) as url:
        started = perf_counter()
        noted = asyncio.run(
            _measured(url, people=told.people, seconds=told.seconds, questions=questions)
        )
        print(noted.said(people=told.people, lasted=perf_counter() - started))


if __name__ == "__main__":
    main()
