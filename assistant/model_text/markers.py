"""How a model marks what it cites: `[1]`, `[1, 3-4]`, `【2†source】`, `[^3]`, `[Source 4]`…"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from itertools import chain

from assistant.model_text.sentence_ends import CLOSING, FINAL
from assistant.model_text.window import Waiting, Window, beginnings, character, measure, run

LABELS = (
    "source sources paper papers reference references refs ref citation citations document "
    "documents docs doc passage passages study studies abstract abstracts"
).split()

WORD = "|".join(sorted(LABELS, key=len, reverse=True))
OPENING = "[【［"
OPEN = re.escape(OPENING)
CLOSE = re.escape(CLOSING)
DASH = r"\-‐‑‒–—−"
SEPARATOR = r"(?:[,;，；、&]|and\b)"

ITEM = rf"(?:(?:{WORD})[.:]?\s*+)?(?:[#^№]\s*+)?\d++\^?(?:\s*[{DASH}]\s*\d++)?"
ITEMS = rf"{ITEM}(?:\s*{SEPARATOR}\s*+{ITEM})*+(?:\s*†[^\[\]【】\n]*+)?"
BRACKETED = rf"[{OPEN}]\s*+{ITEMS}\s*[\]】］]"
LINK = r"\((?:https?://|www\.|#)[^\s()]{0,300}\)"

MARKER = re.compile(rf"(?i:\[{BRACKETED}\]|{BRACKETED})")
PART_OF_MARKER = re.compile(
    rf"(?i:[{OPEN}]{{1,2}}(?:{WORD}|and\b|[\s\d.:,;，；、&#^№{DASH}])*"
    rf"(?:{beginnings([*LABELS, 'and'])}|†[^\[\]【】\n]{{0,200}})?[\]】］]?)"
)
MARKER_AND_LINK = re.compile(f"({MARKER.pattern})(?:{LINK})?")

LINK_BEHIND = re.compile(LINK)
PART_OF_LINK = re.compile(r"\([^\s()]{0,300}")

LONGEST = 1500
"""Characters of a marker, at most."""

PARENTHESIS = re.compile(r"\(0*[1-9][0-9]?\)")
PART_OF_PARENTHESIS = re.compile(r"\([0-9]{0,9}")

HERE = "\0"
"""Stands where a marker stood; no clean text has it."""

AT_END = re.compile(
    rf"(?<=[\s{HERE}{FINAL}{CLOSE}])(?:{PARENTHESIS.pattern}[\s,;{HERE}]*)+"
    rf"(?=[{FINAL}]*[{CLOSE}\s{HERE}]*\Z)"
)
"""Numbers in parentheses directly before or behind the final punctuation."""

NAMES_ANOTHER = re.compile(
    r"(?i:\b(?:(?:eqs?|figs?|secs?|no)\.?|equations?|figures?|tables?|sections?|steps?|theorems?"
    r"|lemmas?|in|by|from|of|to|see)\s*\Z)"
)
"""What stands before a number in parentheses that is an equation's or a step's."""

IDENTIFIER = re.compile(r"(?<![\w'’.-])(?:[A-Za-zα-ωΑ-Ω]|[^\W\d_]\w*_\w*)(?:\[[^\[\]\s]{1,9}\])*\Z")
"""What stands before an index: one letter, or a word with an underscore."""

LOOK = 60
"""Characters before a marker that say whether it is an index."""

NUMBERS = re.compile(rf"(\d+)(?:\s*[{DASH}]\s*(\d+))?")
NUMBERS_BEHIND = re.compile(r"[,;]\s*(\d+)\s*†")

WIDEST = 30
"""Numbers of a range that are all meant; of a wider one only the ends are."""

ABSURD = 10**9
"""From here on a number is not even told as unknown."""

UNKNOWN = 20
"""Unknown numbers that are told of one sentence."""

NESTED = 8
"""Times that markers are taken out of a text in which taking one out makes another."""

BETWEEN = re.compile(rf"{HERE}\s*(?:,?\s*and\b|or\b|[,;，；、&{DASH}])\s*(?={HERE})")

ALONE = re.compile(
    rf"(?i:[(\[](?=[^()\[\]]*{HERE})"
    rf"(?:\b(?:see|also|and|or|in|from|by|cf|e\.g|refs?|sources?)\b|[\s.,;:&{HERE}])*[)\]])"
)
"""Brackets that hold nothing but markers."""

AT_START = re.compile(rf"^\s*{HERE}[\s,;:{DASH}{HERE}]*")
STOP_TWICE = re.compile(rf"([{FINAL}][{CLOSE}]*\s*{HERE}[\s{HERE}]*)\.(?!\.)")
GAP = re.compile(rf"\s*{HERE}[\s{HERE}]*")


@dataclass(frozen=True)
class Unmarked:
    """A sentence without its markers."""

    text: str
    numbers: tuple[int, ...]
    """The known numbers, in the order of their markers, none twice."""
    unknown: tuple[int, ...]
    """The others, `UNKNOWN` at most."""
    found: bool
    """Whether there were markers at all."""


def marker_length(window: Window, place: int) -> Waiting[int]:
    """Measure the marker in brackets at `place`, 0 if there is none."""
    letter = yield from character(window, place)
    if not letter or letter not in OPENING:
        return 0
    size = yield from measure(window, place, whole=MARKER, part=PART_OF_MARKER, most=LONGEST)
    if not size or numbers_of(window.text[place : place + size]) is None:
        return 0
    link = yield from measure(window, place + size, whole=LINK_BEHIND, part=PART_OF_LINK)
    return size + link


def parenthesis_length(window: Window, place: int) -> Waiting[int]:
    """Measure the number in parentheses at `place`; 0 if there is none, or an item of a list."""
    letter = yield from character(window, place)
    if letter != "(":
        return 0
    size = yield from measure(window, place, whole=PARENTHESIS, part=PART_OF_PARENTHESIS)
    if not size:
        return 0
    behind = yield from run(window, place + size, of=" ", most=LONGEST)
    following = yield from character(window, behind)
    goes_on = following.islower() or (following != "" and following in ",;:")
    item_before = f"({int(window.text[place + 1 : place + size - 1]) - 1})"
    return 0 if goes_on or item_before in window.text[:place] else size


def numbers_of(marker: str) -> tuple[int, ...] | None:
    """Read the numbers of a marker; None if it is an interval, such as `[0, 1]`."""
    head, _, tail = marker.partition("†")
    numbers: list[int] = []
    for first, last in NUMBERS.findall(head):
        numbers += _range(int(first), int(last)) if last else [int(first)]
    numbers += map(int, NUMBERS_BEHIND.findall(tail))
    if 0 in numbers and len(numbers) > 1:
        return None
    return tuple(number for number in numbers if number < ABSURD)


def _range(first: int, last: int) -> list[int]:
    if abs(last - first) > WIDEST:
        return [first, last]
    return list(range(min(first, last), max(first, last) + 1))


def without_markers(sentence: str, known: Collection[int]) -> Unmarked:
    """Take the markers out of a sentence, each with the blank before it."""
    numbers: dict[int, None] = {}
    text = sentence
    for _ in range(NESTED):
        marked, cited = _marked(text)
        if not cited:
            break
        numbers.update(dict.fromkeys(chain.from_iterable(cited)))
        text = _closed_up(marked)
    return Unmarked(
        text=" ".join(text.split()),
        numbers=tuple(number for number in numbers if number in known),
        unknown=tuple(number for number in numbers if number not in known)[:UNKNOWN],
        found=text != sentence,
    )


def _marked(sentence: str) -> tuple[str, list[tuple[int, ...]]]:
    """Put `HERE` for each marker; give the numbers of each, too."""
    cited: list[tuple[int, ...]] = []

    def marked(found: re.Match[str]) -> str:
        numbers = numbers_of(found[1])
        before = found.string[max(0, found.start() - LOOK) : found.start()]
        root = before[-1:].isalpha() and found.string.startswith("{", found.end())
        if numbers is None or root or IDENTIFIER.search(before):
            return found.group()
        cited.append(numbers)
        return HERE

    text = MARKER_AND_LINK.sub(marked, sentence)
    ending = AT_END.search(text)
    if ending and not NAMES_ANOTHER.search(text[: ending.start()][-LOOK:]):
        for each in reversed(list(PARENTHESIS.finditer(text, ending.start()))):
            cited.insert(text.count(HERE, 0, each.start()), (int(each.group()[1:-1]),))
            text = text[: each.start()] + HERE + text[each.end() :]
    return text, cited


def _closed_up(marked: str) -> str:
    """Close the gaps that markers have left, with the brackets and commas they leave alone."""
    text = BETWEEN.sub("", marked)
    for _ in range(2):
        text = ALONE.sub(HERE, text)
    text = AT_START.sub("", text)
    return GAP.sub(_gap, STOP_TWICE.sub(r"\1", text))


def _gap(found: re.Match[str]) -> str:
    before = found.string[: found.start()][-1:]
    after = found.string[found.end() :][:1]
    if not before or not after or before in "([“‘" or after in FINAL + ",;:)]}’”»":
        return ""
    blank_before, blank_after = found.group()[0] != HERE, found.group()[-1] != HERE
    glued = before.isalnum() and after.isalnum()
    return " " if blank_after or glued or (blank_before and after in "([“‘") else ""
