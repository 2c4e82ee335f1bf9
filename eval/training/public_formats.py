"""The public sets as they come, each format read into claims with a label.

A format is a function of the files of a set, in the order of `public_sets.json`.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from eval.fingerprints import fingerprint


@dataclass(frozen=True)
class File:
    """A file of a set."""

    part: str
    """What it holds of the set; formats give it a meaning."""
    content: bytes

    @property
    def text(self) -> str:
        """Its text."""
        return self.content.decode("utf-8-sig")

    def lines(self) -> Iterator[dict[str, Any]]:
        """Read JSON lines."""
        return (json.loads(line) for line in self.text.split("\n") if line.strip())

    def rows(self, *, delimiter: str = ",", quoted: bool = True) -> Iterator[dict[str, str]]:
        """Read a table with a line of headings; `quoted` if quotation marks guard delimiters."""
        lines = io.StringIO(self.text, newline="")
        if quoted:
            return csv.DictReader(lines, delimiter=delimiter)
        return csv.DictReader(lines, delimiter=delimiter, quoting=csv.QUOTE_NONE)


@dataclass(frozen=True)
class PublicClaim:
    """A claim of a public set."""

    source: str
    claim: str
    supported: bool
    split: str
    more: Mapping[str, object] = field(default_factory=dict)
    """Added keys of its line."""


Format = Callable[[Sequence[File]], Iterator[PublicClaim]]


def ragtruth(files: Sequence[File]) -> Iterator[PublicClaim]:
    """Answers of language models; one with an annotated span is unsupported.

    Only answers of the test split to the task that is the second file's part. Its answers to
    questions are no part of any set here: they are kept to judge a finished scorer by.
    """
    sources, responses = files
    about = {row["source_id"]: row for row in sources.lines()}
    for row in responses.lines():
        source = about[row["source_id"]]
        if row["split"] == "test" and source["task_type"] == responses.part:
            told = source["source_info"]
            spans = [
                {"start": label["start"], "end": label["end"], "type": label["label_type"]}
                for label in row["labels"]
            ]
            yield PublicClaim(
                told if isinstance(told, str) else json.dumps(told, ensure_ascii=False),
                row["response"],
                not spans,
                row["split"],
                {"unsupported_spans": spans} if spans else {},
            )


def summedits(files: Sequence[File]) -> Iterator[PublicClaim]:
    """Summaries with small edits, some of which leave them consistent."""
    for file in files:
        for row in json.loads(file.text):
            types = {"error_types": row["edit_types"]} if row["edit_types"] else {}
            yield PublicClaim(row["doc"], row["summary"], row["label"] == 1, row["split"], types)


def bump(files: Sequence[File]) -> Iterator[PublicClaim]:
    """Reference summaries, and each with an error written in; those of an article are a pair."""
    for file in files:
        for row in json.loads(file.text):
            article = row["article"]
            pair = {"pair": fingerprint(article + row["reference_summary"])}
            wrong = pair | {"raw_label": row["error_type"]}
            yield PublicClaim(article, row["reference_summary"], True, file.part, pair)
            yield PublicClaim(article, row["edited_summary"], False, file.part, wrong)


def wice(files: Sequence[File]) -> Iterator[PublicClaim]:
    """Claims of Wikipedia against the pages they cite; partly supported is unsupported."""
    for file in files:
        for row in file.lines():
            yield _evidenced(row, right="supported", split=file.part)


def covidfact(files: Sequence[File]) -> Iterator[PublicClaim]:
    """Headlines on a disease, and such with a word changed by a model."""
    for file in files:
        for row in file.lines():
            yield _evidenced(row, right="SUPPORTED", split=file.part)


def _evidenced(row: dict[str, Any], *, right: str, split: str) -> PublicClaim:
    source, label = " ".join(row["evidence"]), row["label"]
    return PublicClaim(source, row["claim"], label == right, split, {"raw_label": label})


def q2(files: Sequence[File]) -> Iterator[PublicClaim]:
    """Turns of dialogue systems against the knowledge they were given."""
    for file in files:
        for row in file.rows():
            yield PublicClaim(row["knowledge"], row["response"], file.part == "consistent", "all")


def begin(files: Sequence[File]) -> Iterator[PublicClaim]:
    """More of the like; a turn that says nothing is unsupported."""
    for file in files:
        for row in file.rows(delimiter="\t", quoted=False):
            label = row["begin_label"]
            yield PublicClaim(
                row["knowledge"],
                row["response"],
                label == "Fully attributable",
                file.part,
                {"raw_label": label},
            )


def scifact(files: Sequence[File]) -> Iterator[PublicClaim]:
    """Claims of experts against the sentences of abstracts that bear on them."""
    for file in files:
        for row in file.rows(delimiter="\t"):
            label = row["entailment"]
            yield PublicClaim(
                row["sentence1"],
                row["sentence2"],
                label == "entailment",
                file.part,
                {"raw_label": label},
            )


def healthver(files: Sequence[File]) -> Iterator[PublicClaim]:
    """Claims on health against sentences of abstracts; neutral is unsupported."""
    for file in files:
        for row in file.rows():
            label = row["label"]
            yield PublicClaim(
                row["evidence"], row["claim"], label == "Supports", file.part, {"raw_label": label}
            )


def qags(files: Sequence[File]) -> Iterator[PublicClaim]:
    """Sentences of summaries; most of three votes decide."""
    for file in files:
        for row in file.lines():
            for sentence in row["summary_sentences"]:
                votes = [vote["response"] == "yes" for vote in sentence["responses"]]
                supported = sum(votes) > len(votes) / 2
                yield PublicClaim(row["article"], sentence["sentence"], supported, file.part)


FORMATS: Mapping[str, Format] = {
    each.__name__: each
    for each in (ragtruth, summedits, bump, wice, covidfact, q2, begin, scifact, healthver, qags)
}
"""By the name that the table of sets has for them."""
