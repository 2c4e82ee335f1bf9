"""Titles for evidence that has none, and claims that name what they are about.

Abstracts come with a title, which often alone has the name that their sentences call "our method";
and answers begin with what they are about. What stands in the title is support like any other.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from random import Random

from assistant.support_sources import WORD
from eval.training.support.examples import Block, Example
from index.lexical import STOP_WORDS

TITLED, NAMED, OPENED, ELSEWHERE = 0.6, 0.7, 0.3, 0.08
"""Shares: of the blocks that get a title, of the names that stand there only, of the claims with an
opening, and of the right claims that are also said of another paper."""

NAME = re.compile(
    r"(?:^|(?<=[Ww]e propose )|(?<=[Ww]e present )|(?<=[Ww]e introduce )|(?<=[Ww]e call it ))"
    r"(?P<mark>['\"]?)(?P<name>[A-Z][a-z]*[A-Z][\w-]*|[A-Z]{3,}[\w-]*)(?P=mark)(?= |,|'s)"
)
RUN = re.compile(r"(?<![\w-])[A-Za-z][\w-]+(?: [a-z][\w-]+){0,5}")
"""Words between which stands nothing but a space."""

TITLES = "{}/Towards {}/On {}/Learning {}/{}: A Study/{} Revisited/Rethinking {}".split("/")
PAIRED = ("{}: {}", "{} for {}", "{} and {}", "{} with {}", "{} through {}")
STANDINS = ("our method", "the method", "our approach", "it", "this system", "our model")

OPENINGS = (
    *("According to the paper, ", "The paper says that ", "The authors report that ", "Yes: "),
    *("The abstract says that ", "The authors state that ", "In this work, ", "In short, "),
    "Here, ",
)
ABOUT = (
    *("In the work on {}, ", "In the {} paper, ", "The paper on {} reports that ", "With {}, "),
    *("The authors of the {} work say that ", "According to the {} paper, ", "For {}, "),
)


def with_title(block: Block, random: Random, *, text: Sequence[str], elsewhere: str) -> Block:
    """Give a block a title, if it has none, and some of its claims an opening.

    The words of the title are from `text`, which the evidence is part of; `elsewhere` is another.
    """
    subject = block.title.partition(":")[0]
    if not block.title and random.random() < TITLED:
        block, subject = _titled(block, random, text)
    other = _phrase(elsewhere, random)
    examples = []
    for example in block.examples:
        examples.append(_opened(example, subject, random))
        if example.supported and other and random.random() < ELSEWHERE:
            opening = random.choice(ABOUT)
            place = opening.index("{}")
            opened = _put_before(example, opening.format(other))
            examples.append(replace(opened, wrong=((place, place + len(other)),)))
    return replace(block, examples=tuple(examples))


def _titled(block: Block, random: Random, text: Sequence[str]) -> tuple[Block, str]:
    """Make a title, and give what it calls the subject."""
    phrase = _phrase(random.choice(text), random)
    second = _phrase(random.choice(text), random)
    names = {found["name"] for each in block.sentences for found in NAME.finditer(each)}
    if len(names) == 1 and random.random() < NAMED:
        (name,) = names
        sentences = tuple(_without(name, each, random) for each in block.sentences)
        title = f"{name}: {phrase.title()}" if phrase else name
        return replace(block, title=title, sentences=sentences), name
    if not phrase:
        return block, ""
    paired = second and second != phrase and random.random() < 0.5
    title = random.choice(PAIRED).format(phrase, second) if paired else random.choice(TITLES)
    title = title.format(phrase)
    title = title[:1].upper() + title[1:]
    return replace(block, title=title.title() if random.random() < 0.6 else title), phrase


def _without(name: str, sentence: str, random: Random) -> str:
    """Call what has a name something else, as abstracts do after their title."""
    standin = random.choice(STANDINS)
    text = re.sub(rf"(['\"]?){re.escape(name)}\1(?![\w-])", standin, sentence)
    return text[:1].upper() + text[1:]


def _phrase(text: str, random: Random) -> str:
    """Give two to four words in a row that say something; empty if there are none."""
    runs = []
    for run in RUN.finditer(text):
        words: list[str] = []
        for word in [*run.group().split(), ""]:
            if word and word.lower() not in STOP_WORDS:
                words.append(word)
            else:
                runs.append(words)
                words = []
    long = [words for words in runs if len(words) > 1]
    return " ".join(random.choice(long)[: random.choice((2, 3, 4))]) if long else ""


def _opened(example: Example, subject: str, random: Random) -> Example:
    if random.random() >= OPENED:
        return example
    about = subject and random.random() < 0.5
    opening = random.choice(ABOUT).format(subject) if about else random.choice(OPENINGS)
    return _put_before(example, opening)


def _put_before(example: Example, opening: str) -> Example:
    text = example.text
    first = WORD.match(text)
    if first and first.group().lower() in STOP_WORDS:
        text = text[:1].lower() + text[1:]
    wrong = example.wrong
    if wrong is not None:
        wrong = tuple((start + len(opening), end + len(opening)) for start, end in wrong)
    return replace(example, text=opening + text, wrong=wrong)
