"""Measuring a scorer on labelled files: each is read, judged, compared, and written down."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Any

from assistant.support import Judgement, Support, verdict
from assistant.support_judge import sampled
from assistant.talk import Talk
from eval.agreement import Agreement, measure
from eval.agreement_checks import unseen
from eval.agreement_files import LabelledClaim, LabelledSet, papers_of, read_labelled
from eval.errors import SuiteError
from eval.fingerprints import seen_in_training
from eval.judging import ClaimJudge
from eval.metamorphic import unchanged


def unseen_only(sets: Sequence[LabelledSet]) -> list[LabelledSet]:
    """Leave out what the shipped scorer was trained on, and sets of which nothing is left.

    Raises:
        SuiteError: Nothing is left at all.
    """
    left = [unseen(each, seen=seen_in_training() or frozenset()) for each in sets]
    if not any(each.claims for each in left):
        raise SuiteError(
            "The scorer was trained on all of these claims", hint="measure without `--unseen`"
        )
    return [each for each in left if each.claims]


def read_files(paths: Sequence[Path], *, papers: Sequence[str]) -> list[LabelledSet]:
    """Read labelled files and all those of folders; `papers` hold what they name.

    Raises:
        SuiteError: One cannot be read or is not of the shape, a folder has none, or two are called
            alike.
    """
    find = papers_of(papers)
    read: dict[str, LabelledSet] = {}
    for path in _files(paths):
        labelled = read_labelled(path, find=find)
        if labelled.name in read:
            raise SuiteError(f"Two files are called `{path.name}`", hint="rename one of them")
        read[labelled.name] = labelled
    return list(read.values())


def measure_files(
    sets: Sequence[LabelledSet],
    judge: ClaimJudge,
    talk: Talk,
    *,
    out: Path | None = None,
    metamorphic: bool = False,
) -> Iterator[Agreement]:
    """Measure a scorer on each set, one after the other.

    Args:
        sets: What to measure it on.
        judge: Judges with the scorer.
        talk: Is told how far the work has come.
        out: A folder for NAME.json and NAME.judgements.jsonl; it is made if it is not there.
        metamorphic: Whether to judge under changes too that must not change a verdict, which takes
            five times as long.
    """
    for each in sets:
        started = perf_counter()
        judgements = judge.judge(each.claims, progress=partial(talk.progress, each.name))
        talk.say(f"{each.name}: {len(judgements)} claims in {perf_counter() - started:.1f} s")
        agreement = measure(each, judgements, judge.support)
        if metamorphic:
            again = partial(talk.progress, f"{each.name}, changed")
            checks = unchanged(judge, each.claims, judgements, progress=again)
            agreement = replace(agreement, metamorphic=checks)
        if out:
            _write(out, agreement, _judged(each.claims, judgements, judge.support))
        yield agreement


def write_text(path: Path, text: str) -> None:
    """Write a file, and the folder around it if that is not there.

    Raises:
        SuiteError: It cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise SuiteError(
            f"`{path}` cannot be written: {error.strerror}", hint="name a place that you may write"
        ) from error


def _files(paths: Sequence[Path]) -> Iterator[Path]:
    for path in paths:
        if not path.is_dir():
            yield path
        elif inside := sorted(path.glob("*.jsonl")):
            yield from inside
        else:
            raise SuiteError(f"`{path}` holds no `.jsonl` file", hint="name a file of JSON lines")


def _judged(
    claims: Sequence[LabelledClaim], judgements: Sequence[Judgement], support: Support
) -> Iterator[dict[str, Any]]:
    """Give a row a claim: what was said of it, and which sentence of the text carries it."""
    for claim, judgement in zip(claims, judgements, strict=True):
        span = {"start": judgement.start, "end": judgement.end}
        yield {
            "id": claim.id,
            "group": claim.group,
            "label": "supported" if claim.supported else "unsupported",
            "support": round(judgement.support, 6),
            "verdict": verdict(judgement, support),
            "evidence": None if judgement.source is None else span,
            **sampled(judgement),
        }


def _write(out: Path, agreement: Agreement, judged: Iterator[dict[str, Any]]) -> None:
    told = json.dumps(agreement.as_json(), ensure_ascii=False, indent=2, sort_keys=True)
    rows = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in judged)
    write_text(out / f"{agreement.name}.json", told + "\n")
    write_text(out / f"{agreement.name}.judgements.jsonl", rows)
