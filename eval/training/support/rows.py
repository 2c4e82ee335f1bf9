"""Rows of labelled claims in a folder of data, parted into those trained on and those held out."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import md5
from pathlib import Path
from typing import Any

from index.papers import normalised_title

PARAPHRASES = "own_paraphrases"
"""Sentences of abstracts reworded by hand: a source is a title and, in the next line, a text."""

SHIPPABLE = (
    *("begin", "bump", "q2_wow", "ragtruth_test_data2txt", "ragtruth_test_summary"),
    *("scifact_rationale_rte", "summedits_ectsum", "summedits_news", "summedits_podcast"),
    *("summedits_qmsumm", "summedits_sales_call", "summedits_sales_email", "summedits_samsum"),
    "wice_claim",
)
"""The public sets whose licences let weights trained on them ship; see `eval.training.fetch`."""


@dataclass(frozen=True)
class Row:
    """A labelled claim."""

    group: str
    """The paper, by its normalised title, or the source document."""
    title: str
    text: str
    """Of the source, without its title."""
    claim: str
    supported: bool
    fields: dict[str, Any]
    """All that the file says of it."""


def rows(folder: Path, name: str, *, held_out: bool) -> Iterator[Row]:
    """Read the rows of a set whose sources are held out, or those of the others.

    A set that is not there has none.
    """
    path = folder / f"{name}.jsonl"
    for line in path.read_text(encoding="utf-8").splitlines() if path.exists() else []:
        row = _row(json.loads(line), name)
        if row.text.strip() and is_held_out(row.group) == held_out:
            yield row


def is_held_out(group: str) -> bool:
    """Tell whether a paper or source is kept for measuring: so is every other one."""
    return md5(group.encode(), usedforsecurity=False).digest()[-1] % 2 == 1


def _row(fields: dict[str, Any], name: str) -> Row:
    title, text = "", fields["source"]
    if name == PARAPHRASES:
        title, _, text = text.partition("\n")
    return Row(
        group=normalised_title(title) if title else str(fields["group"]),
        title=title,
        text=text,
        claim=fields["claim"],
        supported=fields["label"] == "supported",
        fields=fields,
    )
