"""Claims written by hand, as templates: sentences with places that offer right and wrong words.

The files of `written/` hold items of four lines: `E:` the evidence, `C:` a
template close to its wording, and two `F:` in free wording. In a template
`{right|~also right|wrong|wrong}` is a place: what comes first, or begins with `~`, is right. All of
it is invented and ours.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from random import Random

from eval.training.support.examples import Example, Span
from index.passages import sentence_spans

PLACE = re.compile(r"\{([^{}]*)\}")
BEFORE_MARK = re.compile(r"\s+([,.;:?!])")


@dataclass(frozen=True)
class Place:
    """What may stand at a place of a template."""

    right: tuple[str, ...]
    wrong: tuple[str, ...]


@dataclass(frozen=True)
class Item:
    """Evidence and the templates of claims about it."""

    evidence: tuple[str, ...]
    """Its sentences."""
    templates: tuple[tuple[str | Place, ...], ...]


def written_items() -> list[Item]:
    """Read all that is written.

    Raises:
        ValueError: A line is not of the form.
    """
    folder = files("eval.training.support").joinpath("written")
    names = sorted(each.name for each in folder.iterdir())
    texts = (folder.joinpath(name).read_text(encoding="utf-8") for name in names)
    return [item for name, text in zip(names, texts, strict=True) for item in items(text, name)]


def items(text: str, name: str) -> Iterator[Item]:
    """Read the items of a file called `name`."""
    for paragraph in re.split(r"\n\s*\n", text.strip()):
        lines = [line.partition(": ") for line in paragraph.splitlines()]
        if [kind for kind, _, _ in lines] != ["E", "C", "F", "F"]:
            raise ValueError(f"`{name}` has an item that is not `E: C: F: F:`: {paragraph[:60]}")
        evidence, *templates = (line for _, _, line in lines)
        sentences = tuple(evidence[start:end] for start, end in sentence_spans(evidence))
        yield Item(sentences, tuple(template(each) for each in templates))


def template(text: str) -> tuple[str | Place, ...]:
    """Part a template into what stands fast and its places.

    >>> template("It {rises|~grows|falls}.")
    ('It ', Place(right=('rises', 'grows'), wrong=('falls',)), '.')
    """
    pieces = PLACE.split(text)
    return tuple(_place(piece) if n % 2 else piece for n, piece in enumerate(pieces))


def claims(item: Item, random: Random, *, each: int) -> list[Example]:
    """Fill in every template `each` times, as often rightly as wrongly.

    A wrong claim is wrong at one place only: two might make a true one together.
    """
    made: dict[str, Example] = {}
    for kin, parts in enumerate(item.templates):
        places = [part for part in parts if isinstance(part, Place) and part.wrong]
        for turn in range(each):
            wrong = random.choice(places) if turn % 2 and places else None
            text, spans = _filled(parts, wrong, random)
            made.setdefault(text, Example(text, spans, kin))
    return list(made.values())


def _place(text: str) -> Place:
    first, *rest = text.split("|")
    right = [first, *(each[1:] for each in rest if each.startswith("~"))]
    return Place(tuple(right), tuple(each for each in rest if not each.startswith("~")))


def _filled(
    parts: tuple[str | Place, ...], wrong: Place | None, random: Random
) -> tuple[str, tuple[Span, ...]]:
    """Fill in a template, wrongly at `wrong`; say where that is."""
    text, spans = "", list[Span]()
    for part in parts:
        if isinstance(part, str):
            text = _joined(text, part)
            continue
        chosen = random.choice(part.wrong if part is wrong else part.right)
        text = _joined(text, chosen)
        if part is wrong:
            spans.append((len(text) - len(chosen.strip()), len(text)))
    return text[:1].upper() + text[1:], tuple(spans)


def _joined(text: str, more: str) -> str:
    """Append `more` with a single space between words and none before a mark."""
    if text.endswith(" ") or not text:
        more = more.lstrip()
    if BEFORE_MARK.match(f" {more}") and text.endswith(" "):
        text = text.rstrip()
    return BEFORE_MARK.sub(r"\1", text + more) if more else text
