"""Sentences of abstracts reworded by hand, each with a subtly wrong twin."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from random import Random

from eval.training.support.edits import Surroundings, lightly, wrongly
from eval.training.support.examples import Block, Example, changed
from eval.training.support.rows import PARAPHRASES, rows
from index.passages import sentence_spans

MOST = 6
"""Sentences of an abstract that are evidence at once."""

EDITED_WEIGHT, ELSEWHERE_WEIGHT = 0.7, 0.3


@dataclass(frozen=True)
class Reworded:
    """A sentence, reworded rightly and wrongly."""

    place: int
    """Of the sentence in its abstract."""
    right: str
    wrong: str


@dataclass(frozen=True)
class Abstract:
    """A paper and its reworded sentences."""

    title: str
    sentences: tuple[str, ...]
    reworded: tuple[Reworded, ...]


def abstracts(folder: Path) -> list[Abstract]:
    """Read the papers whose sentences are reworded, but for those held out."""
    pairs: dict[tuple[str, str], dict[str, dict[str, str]]] = defaultdict(lambda: defaultdict(dict))
    for row in rows(folder, PARAPHRASES, held_out=False):
        pair = pairs[row.title, row.text][row.fields["pair"]]
        pair |= {row.fields["label"]: row.claim, "of": row.fields["sentence"].strip()}
    return [_abstract(*source, list(each.values())) for source, each in pairs.items()]


def block(abstract: Abstract, random: Random, elsewhere: str) -> Block:
    """Take some sentences of an abstract as evidence, and claims about them."""
    chosen = random.sample(abstract.reworded, min(3, len(abstract.reworded)))
    rest = [place for place in range(len(abstract.sentences)) if random.random() < 0.15]
    places = sorted({*(each.place for each in chosen), *rest})[:MOST]
    around = Surroundings(" ".join(abstract.sentences), abstract.sentences, elsewhere)
    examples = [
        example
        for kin, each in enumerate(chosen)
        if each.place in places
        for example in _examples(each, kin, around, random)
    ]
    absent = [each for each in abstract.reworded if each.place not in places]
    if absent and random.random() < 0.3:
        examples.append(Example(random.choice(absent).right, None, weight=ELSEWHERE_WEIGHT))
    title = abstract.title if random.random() < 0.8 else ""
    return Block(title, tuple(abstract.sentences[place] for place in places), tuple(examples))


def _examples(each: Reworded, kin: int, around: Surroundings, random: Random) -> list[Example]:
    examples = [Example(each.right, (), kin)]
    examples.append(Example(each.wrong, changed(each.right, each.wrong) or None, kin))
    if random.random() < 0.5 and (edited := wrongly(each.right, around, random)):
        examples.append(Example(*edited, kin, EDITED_WEIGHT))
    if random.random() < 0.3:
        examples.append(Example(lightly(each.right, random), (), kin, EDITED_WEIGHT))
    return examples


def _abstract(title: str, text: str, pairs: list[dict[str, str]]) -> Abstract:
    sentences = tuple(text[start:end] for start, end in sentence_spans(text))
    reworded = []
    for pair in pairs:
        of = pair["of"]
        place = next((n for n, each in enumerate(sentences) if of in each or each in of), None)
        if place is not None and {"supported", "unsupported"} <= pair.keys():
            reworded.append(Reworded(place, pair["supported"], pair["unsupported"]))
    return Abstract(title, sentences, tuple(reworded))
