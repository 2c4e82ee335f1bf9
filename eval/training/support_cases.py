"""Claims with a known label, each matched with its source, to fit and measure support.

A folder of data holds JSON lines with `group` (the source document), `source`, `claim` and `label`;
`own_paraphrases.jsonl` has also `pair` (the same sentence, right and wrong) and `sentence` (what it
rewords). A folder of gold holds `claims.jsonl`, `pairs.jsonl` and `answers.jsonl`, whose papers are
named by title.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from pathlib import Path
from random import Random
from typing import Any

import numpy as np

from assistant.support import quoted_by
from assistant.support_features import Aligned, aligned
from assistant.support_sources import WORD, Claim, Source, SourceReader, sentences_of
from eval.training.support_edits import lightly, other_number, other_word
from index.minilm import FloatArray
from index.papers import Problem, normalised_title
from index.reading import read_sources

OWN = "own_paraphrases"
ROWS = 450
"""Of a public set that are measured, whole groups as far as they go."""

SEED = 0
LIGHT_WEIGHT, WORD_WEIGHT, NUMBER_WEIGHT, ELSEWHERE_WEIGHT = 0.3, 0.2, 0.2, 0.08
"""Of edited sentences of abstracts and of claims before another paper, a hand-written one being 1.
With more of them AUROC on gold claims rises, and falls by less on gold answers: .56 and .83 with
0.6 for words, as against .51 and .85."""


@dataclass(frozen=True, eq=False)
class Case:
    """A claim before a source."""

    set_name: str
    group: str
    pair: str
    """The same for a right claim and its wrong twin; empty if there is none."""
    supported: bool
    quoted: bool
    matches: tuple[Aligned, ...]
    """One a sentence."""
    wrong: FloatArray | None = None
    """(words,): 1 for those that make the claim wrong; None where that is not known."""
    weight: float = 1.0
    """In the fit."""


class CaseReader:
    """Reads cases; each source once."""

    def __init__(self, reader: SourceReader) -> None:
        """Read texts with `reader`."""
        self._reader = reader
        self._sources: dict[tuple[str, str], Source] = {}

    def own(self, folder: Path) -> list[Case]:
        """Read the hand-written claims, and make others of the sentences that they reword."""
        rows, random = [_by_title(row) for row in _rows(folder / f"{OWN}.jsonl")], Random(SEED)
        texts = {(row["pair"], row["label"]): row["claim"] for row in rows}
        sources = [self._titled(row) for row in rows]
        cases = []
        for row, source in zip(rows, sources, strict=True):
            claim, right = self._reader.claim(row["claim"]), texts[row["pair"], "supported"]
            pair = row["pair"]
            case = self._case(OWN, row, source, [claim], pair=pair, wrong=_changed(right, claim))
            other = random.choice(sources)
            if other.text != source.text:
                cases.append(self._made(row, other, claim, weight=ELSEWHERE_WEIGHT))
            cases.append(case)
            if case.supported:
                cases += self._edited(row, source, claim, random)
        return cases

    def public(self, folder: Path) -> Iterator[list[Case]]:
        """Read a part of every other set of the folder."""
        for path in sorted(folder.glob("*.jsonl")):
            if path.stem != OWN:
                rows = _part([row for row in _rows(path) if row["source"].strip()])
                self._sources.clear()
                yield [self._plain(path.stem, row, self._source(row["source"])) for row in rows]

    def gold(self, pages: Path, folder: Path) -> list[Case]:
        """Read the gold claims, pairs and sentences of answers."""
        readings = read_sources([str(pages)], as_of=date.today())
        papers = [each.paper for each in readings if not isinstance(each, Problem)]
        by_title = {normalised_title(paper.title): paper for paper in papers}
        cases = []
        for name in ("claims", "pairs", "answers"):
            for row in _rows(folder / f"{name}.jsonl"):
                group = normalised_title(row["paper"])
                source = self._source(by_title[group].abstract, by_title[group].title)
                for each in row.get("sentences", [row]):
                    claim = {"claim": each.get("text", each.get("claim")), "label": each["label"]}
                    pair = row["id"].rstrip("su") if name == "pairs" else ""
                    cases.append(
                        self._plain(f"gold {name}", claim | {"group": group}, source, pair=pair)
                    )
        return cases

    def _edited(
        self, row: dict[str, Any], source: Source, claim: Claim, random: Random
    ) -> Iterator[Case]:
        """Make edited sentences of the one that `claim` rewords."""
        light = self._reader.claim(lightly(row["sentence"], random))
        yield self._made(row, source, light, weight=LIGHT_WEIGHT, supported=True)
        if edited := other_word(light.text, light.words, source, random):
            yield self._made(row, source, self._reader.claim(edited), weight=WORD_WEIGHT)
        for base in (light.text, claim.text):
            if edited := other_number(base, source, random):
                yield self._made(row, source, self._reader.claim(edited), weight=NUMBER_WEIGHT)

    def _made(
        self,
        row: dict[str, Any],
        source: Source,
        claim: Claim,
        *,
        weight: float,
        supported: bool = False,
    ) -> Case:
        match = (aligned(claim, source),)
        return Case("made", row["group"], "", supported, False, match, weight=weight)

    def _case(
        self,
        name: str,
        row: dict[str, Any],
        source: Source,
        claims: Sequence[Claim],
        *,
        pair: str = "",
        wrong: FloatArray | None = None,
    ) -> Case:
        return Case(
            set_name=name,
            group=row["group"],
            pair=pair,
            supported=row["label"] == "supported",
            quoted=quoted_by(row["claim"], source),
            matches=tuple(aligned(claim, source) for claim in claims if claim.words.spelt),
            wrong=wrong,
        )

    def _plain(self, name: str, row: dict[str, Any], source: Source, *, pair: str = "") -> Case:
        claims = [self._reader.claim(text) for text in sentences_of(row["claim"])]
        return self._case(name, row, source, claims, pair=pair)

    def _titled(self, row: dict[str, Any]) -> Source:
        title, _, text = row["source"].partition("\n")
        return self._source(text.strip(), title.strip())

    def _source(self, text: str, title: str = "") -> Source:
        if (title, text) not in self._sources:
            self._sources[title, text] = self._reader.source(text, title=title)
        return self._sources[title, text]


def _changed(right: str, claim: Claim) -> FloatArray:
    """Mark the words of `claim` that `right` does not have there, and those beside a gap."""
    wrong = np.zeros(len(claim.words.spelt), np.float32)
    kept = [word.lower() for word in WORD.findall(right)]
    matcher = SequenceMatcher(None, kept, claim.words.low, autojunk=False)
    for edit, _, _, start, end in matcher.get_opcodes():
        if edit == "delete":
            wrong[max(0, start - 1) : start + 1] = 1
        elif edit != "equal":
            wrong[start:end] = 1
    return wrong


def _by_title(row: dict[str, Any]) -> dict[str, Any]:
    """Name the group by the paper, as gold does."""
    return row | {"group": normalised_title(row["source"].partition("\n")[0])}


def _part(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    groups = sorted({row["group"] for row in rows})
    order = {group: place for place, group in enumerate(Random(SEED).sample(groups, len(groups)))}
    return sorted(rows, key=lambda row: order[row["group"]])[:ROWS]


def _rows(path: Path) -> list[dict[str, Any]]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines if line.strip()]
