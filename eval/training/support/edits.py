"""Sentences edited by rule: lightly, so that they stay true, or made wrong in one respect.

They keep the words of the evidence, while those written by hand reword it. Trained on both, a
scorer takes neither shared words for support nor other words for the lack of it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

from assistant.support_words import NUMBER_WORDS
from eval.training.support.examples import Span
from eval.training.support.lexicon import contrasts, found, synonyms
from index.lexical import STOP_WORDS

Edited = tuple[str, tuple[Span, ...]]
"""A sentence made wrong, and where."""

OPENING = re.compile(
    r"^(However|Moreover|Furthermore|In addition|Additionally|Specifically|In particular|Finally|"
    r"Thus|Hence|Therefore|Notably|Interestingly|In this (paper|work)|To this end|"
    r"Our experiments show that|Results show that|We (show|find|demonstrate) that),? "
)
TAIL = re.compile(r"(?<=.{40}), (which|where|thereby|making|leading|while|with|and thus) [^,]*\.?$")
BRACKETS = re.compile(r" \([^()]*\)")
NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
SPELT_NUMBER = re.compile(
    r"\b(two|three|four|five|six|seven|eight|nine|ten|twenty|fifty|half|twice|double|both)\b"
)
NAME = re.compile(r"\b[A-Z][\w-]*[A-Z\d][\w-]*(?: [A-Z][\w-]+)*|(?<=[a-z,] )[A-Z][a-z]+")
LONG_WORD = re.compile(r"\b[a-z]{4,}\b")
EXCHANGED = re.compile(
    r"\b([a-z-]+) (than|from|to|with|instead of|rather than|into|through|over) ([a-z-]+)(?=[ ,.])"
)
JOINT = re.compile(r" (?:by|for|because|while|with|using|from|to|in|on) ")
ENDINGS = ("ing", "ed", "tions", "tion", "ly", "ity", "al", "ive", "ment", "ness", "er", "es", "s")
"""A word is replaced by one that ends alike, so that the sentence stays grammatical."""

NEGATIONS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), text)
    for pattern, text in (
        (r"\bcan\b(?! not)", "cannot"),
        (r"\b(is|are|was|were|does|do|has|have|should|will|could)\b(?! not)", r"\1 not"),
        (r"\b(is|are|was|were|do|does|did|could|should|will) not\b", r"\1"),
        (r"\bcannot\b", "can"),
        (r"\bwithout\b", "with"),
        (r"\bno longer\b", "still"),
    )
)
ADDITIONS = """on mobile devices/for low-resource languages/in clinical practice/in real time
without any fine-tuning/on a single GPU/across all benchmarks/with human supervision/at test time
in the first week/at no extra cost/for most users/even under attack/by a factor of three/at scale
in every case/on unseen domains/with fewer parameters/during pre-training/in a double-blind study
for the first time/without labels/over ten seeds/as experts confirm/on average/in polynomial time
across five continents/since last year/for children under five/with statistical significance
on edge hardware/in both directions/under distribution shift/with theoretical guarantees
using reinforcement learning/in zero-shot settings/with synthetic data/and halves the cost
and is released as open source/and has been deployed in production/which users prefer""".replace(
    "\n", "/"
).split("/")


@dataclass(frozen=True)
class Surroundings:
    """Where the words of an edit come from."""

    evidence: str
    others: Sequence[str]
    """Sentences of the same text."""
    elsewhere: str
    """Words of another text."""


def lightly(sentence: str, random: Random) -> str:
    """Edit a sentence so that it stays as true as it is."""
    text = " ".join(sentence.split())
    opening = OPENING.match(text)
    if opening and len(text) - opening.end() > 30 and random.random() < 0.5:
        text = text[opening.end() :]
    if random.random() < 0.5:
        text = BRACKETS.sub("", text)
    if random.random() < 0.25:
        text = TAIL.sub(".", text)
    phrases = found(text, synonyms())
    chosen = random.sample(phrases, min(random.randrange(5), len(phrases)))
    for each in sorted(chosen, key=lambda phrase: -phrase.start):
        text = text[: each.start] + random.choice(each.others) + text[each.end :]
    return text[:1].upper() + text[1:]


def wrongly(
    sentence: str, around: Surroundings, random: Random, *, tries: int = 4
) -> Edited | None:
    """Make a sentence wrong in a way that its words allow; None if `tries` ways do not."""
    for edit in random.choices([*EDITS], [*EDITS.values()], k=tries):
        edited = edit(sentence, around, random)
        if edited and edited[0] != sentence:
            return edited
    return None


def another_number(text: str, around: Surroundings, random: Random) -> Edited | None:
    """Put in another number of the evidence, or change a digit."""
    if spelt := list(SPELT_NUMBER.finditer(text)):
        place = random.choice(spelt)
        others = [word for word in SPELT_NUMBER.pattern[3:-3].split("|") if _differ(word, place[0])]
        return _put(text, place.span(), random.choice(others))
    if not (places := list(NUMBER.finditer(text))):
        return None
    place = random.choice(places)
    others = [each for each in NUMBER.findall(around.evidence) if each not in text]
    if others and random.random() < 0.5:
        return _put(text, place.span(), random.choice(others))
    digits = [n for n, character in enumerate(place[0]) if character.isdigit()]
    at = random.choice(digits)
    digit = random.choice([each for each in "123456789" if each != place[0][at]])
    return _put(text, place.span(), place[0][:at] + digit + place[0][at + 1 :])


def contrasted(text: str, _: Surroundings, random: Random) -> Edited | None:
    """Put in what contradicts a word or phrase."""
    if not (phrases := found(text, contrasts())):
        return None
    phrase = random.choice(phrases)
    return _put(text, (phrase.start, phrase.end), random.choice(phrase.others))


def negated(text: str, _: Surroundings, random: Random) -> Edited | None:
    """Deny what is said, or say what is denied."""
    places = [(place, new) for pattern, new in NEGATIONS for place in pattern.finditer(text)]
    if not places:
        return None
    place, new = random.choice(places)
    return _put(text, place.span(), place.expand(new))


def another_name(text: str, around: Surroundings, random: Random) -> Edited | None:
    """Exchange two names, or put in one of the evidence or of another text."""
    if not (names := [name.span() for name in NAME.finditer(text)]):
        return None
    if len(names) > 1 and random.random() < 0.6:
        return _exchanged(text, *sorted(random.sample(names, 2)))
    near = [name[0] for name in NAME.finditer(around.evidence) if name[0] not in text]
    far = [name[0] for name in NAME.finditer(around.elsewhere) if name[0] not in around.evidence]
    return _put(text, random.choice(names), random.choice(near or far)) if near or far else None


def another_word(text: str, around: Surroundings, random: Random) -> Edited | None:
    """Put in a word of the evidence or of another text that ends alike."""
    words = [word for word in LONG_WORD.finditer(text) if word[0] not in STOP_WORDS]
    if not words:
        return None
    word = random.choice(words)
    ending = next((each for each in ENDINGS if word[0].endswith(each)), "")
    source = around.evidence if random.random() < 0.6 else around.elsewhere
    others = sorted(
        other
        for other in set(LONG_WORD.findall(source))
        if other.endswith(ending) and other[:5] != word[0][:5] and other not in text
        if other not in STOP_WORDS
    )
    return _put(text, word.span(), random.choice(others)) if others else None


def exchanged(text: str, _: Surroundings, random: Random) -> Edited | None:
    """Exchange what stands before and after a word such as `than` or `to`."""
    places = [place for place in EXCHANGED.finditer(text) if not {*place.group(1, 3)} & STOP_WORDS]
    if not places:
        return None
    place = random.choice(places)
    return _put(text, place.span(), f"{place[3]} {place[2]} {place[1]}")


def added(text: str, _: Surroundings, random: Random) -> Edited | None:
    """Add what the evidence does not say."""
    addition = random.choice(ADDITIONS)
    places = [place.start() for place in re.finditer(r",|\.$", text)] or [len(text)]
    at = random.choice(places)
    return f"{text[:at]} {addition}{text[at:]}", ((at + 1, at + 1 + len(addition)),)


def crossed(text: str, around: Surroundings, random: Random) -> Edited | None:
    """End a sentence as another one ends."""
    joints = [joint for joint in JOINT.finditer(text) if joint.start() > 25]
    if not joints or not around.others:
        return None
    joint, other = random.choice(joints), random.choice(around.others)
    ends = [other[place.end() :] for place in re.finditer(re.escape(joint[0]), other)]
    end = random.choice(ends) if ends else ""
    if len(end) < 8 or text.endswith(end):
        return None
    return text[: joint.end()] + end, ((joint.start(), joint.end() + len(end)),)


EDITS: dict[Callable[[str, Surroundings, Random], Edited | None], float] = {
    contrasted: 4,
    another_number: 2,
    another_name: 2,
    another_word: 2,
    exchanged: 1.2,
    negated: 1,
    added: 0.8,
    crossed: 0.7,
}
"""The ways to make a sentence wrong, and how often each is tried."""


def _put(text: str, span: Span, new: str) -> Edited:
    start, end = span
    if start == 0:
        new = new[:1].upper() + new[1:]
    return text[:start] + new + text[end:], ((start, start + len(new)),)


def _exchanged(text: str, first: Span, second: Span) -> Edited | None:
    (a, b), (c, d) = first, second
    one, other = text[a:b], text[c:d]
    moved = a + len(other) + c - b
    spans = (a, a + len(other)), (moved, moved + len(one))
    return (text[:a] + other + text[b:c] + one + text[d:], spans) if one != other else None


def _differ(one: str, other: str) -> bool:
    return NUMBER_WORDS[one] != NUMBER_WORDS[other]
