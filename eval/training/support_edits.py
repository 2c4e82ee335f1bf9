"""Sentences of abstracts, edited: lightly, so that they stay true, or made wrong in a word.

They keep the abstract's words, while those written by hand reword it. Fitted on both, a scorer
takes neither shared words for support nor other words for the lack of it.
"""

from __future__ import annotations

import re
from random import Random

from assistant.support_sources import WORD, Source, Words
from index.lexical import STOP_WORDS

LIGHT = tuple(
    (re.compile(pattern), text)
    for pattern, text in (
        (r"^(However|Moreover|Furthermore|Additionally|Specifically|Finally|Notably|Thus),? ", ""),
        (r"^(In addition|In this paper|In this work|In particular|To this end|Here),? ", ""),
        (r"\b[Ww]e\b", "the authors"),
        (r"\b[Oo]ur\b", "their"),
        (r"\bThis (paper|work)\b", "The paper"),
    )
)
TAIL = re.compile(r"(?<=.{50}), (?:and|which|where|while|but|by)\b.*")
SHORTENED = 0.35
"""Share of light edits that lose a tail."""

ENDING = 2
"""Letters that a word and its replacement end in alike, so that the sentence stays grammatical."""

FROM_SOURCE = 0.4
"""Share of wrong numbers that are another number of the source."""


def lightly(sentence: str, random: Random) -> str:
    """Say a sentence of an abstract as one about it, true if the sentence is."""
    for pattern, text in LIGHT:
        sentence = pattern.sub(text, sentence, count=1)
    if random.random() < SHORTENED:
        sentence = TAIL.sub(".", sentence, count=1)
    return sentence[:1].upper() + sentence[1:]


def other_word(sentence: str, words: Words, source: Source, random: Random) -> str | None:
    """Put in place of a word the nearest other one of the source; None if there is none.

    Args:
        words: Those of the sentence.
    """
    places = [place for place, word in enumerate(words.low) if _telling(word)]
    if not places:
        return None
    place = random.choice(places)
    known = set(words.stems)
    found = [
        other
        for other, word in enumerate(source.words.low)
        if _telling(word)
        and source.words.stems[other] not in known
        and word[-ENDING:] == words.low[place][-ENDING:]
    ]
    if not found:
        return None
    nearness = source.words.vectors[found] @ words.vectors[place]
    start, end = words.spans[place]
    return f"{sentence[:start]}{source.words.low[found[int(nearness.argmax())]]}{sentence[end:]}"


def other_number(sentence: str, source: Source, random: Random) -> str | None:
    """Change a number that is written in digits; None if there is none."""
    found = [word for word in WORD.finditer(sentence) if word.group()[0].isdigit()]
    if not found:
        return None
    word = random.choice(found)
    others = [each for each in source.words.spelt if each[0].isdigit() and each != word.group()]
    if others and random.random() < FROM_SOURCE:
        return sentence[: word.start()] + random.choice(others) + sentence[word.end() :]
    place = random.choice([at for at, letter in enumerate(word.group()) if letter.isdigit()])
    digit = random.choice([each for each in "123456789" if each != word.group()[place]])
    at = word.start() + place
    return sentence[:at] + digit + sentence[at + 1 :]


def _telling(word: str) -> bool:
    return word.isalpha() and len(word) > 3 and word not in STOP_WORDS
