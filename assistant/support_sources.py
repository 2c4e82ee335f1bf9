"""What claims are checked against: texts parted into sentences, and the words of each."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from assistant.latex import readable
from assistant.support_words import number, stem
from index.lexical import STOP_WORDS
from index.papers import Paper
from index.passages import Span, sentence_spans

WORD = re.compile(r"[^\W_]+(?:[.,]\d+)*")

SENTENCES_END = re.compile(r"[.!?][^\w\s]*\s+\S")
"""What a text of one sentence does not have."""

LONGEST = 100
"""Words of a sentence beyond which it is read in pieces."""


@dataclass(frozen=True, eq=False)
class Source:
    """A text that claims are checked against."""

    title: str
    """Context; empty if there is none."""
    text: str

    @classmethod
    def of(cls, paper: Paper) -> Source:
        """Take a paper's title and abstract."""
        return cls(paper.title, paper.abstract)

    @cached_property
    def sentences(self) -> tuple[Span, ...]:
        """Where each starts and ends in the text, in order; a very long one in pieces."""
        spans = sentence_spans(self.text)
        return tuple(piece for span in spans for piece in _pieces(self.text, span))

    @cached_property
    def plain(self) -> tuple[str, ...]:
        """Each sentence, its LaTeX made readable."""
        return tuple(readable(self.text[start:end]) for start, end in self.sentences)

    @cached_property
    def stems(self) -> tuple[frozenset[str], ...]:
        """What each sentence says: the stems of its words, stop words left out."""
        return tuple(frozenset(said(self.text[start:end])) for start, end in self.sentences)

    @cached_property
    def stemmed(self) -> frozenset[str]:
        """What text and title say, as stems."""
        return frozenset(said(self.title)).union(*self.stems)

    @cached_property
    def folded(self) -> str:
        """The text as quotes are looked for in it."""
        return folded(self.text)


def said(text: str) -> list[str]:
    """Give the stems of the words of `text` that are no stop words; numbers are spelt alike."""
    return [spelt(word) for word in WORD.findall(text.lower()) if word not in STOP_WORDS]


def spelt(word: str) -> str:
    """Give what the forms of a word in lower case share, or the number that it is."""
    return number(word) or stem(word)


def sentences_of(text: str) -> list[str]:
    """Give the sentences of a claim, which is one as a rule."""
    if not SENTENCES_END.search(text):
        return [text]
    return [text[start:end] for start, end in sentence_spans(text)]


def folded(text: str) -> str:
    """Reduce `text` to what a literal quote keeps: NFC, whitespace as single spaces."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def _pieces(text: str, span: Span) -> Iterator[Span]:
    words = [found.span() for found in re.compile(r"\S+").finditer(text, *span)]
    for first in range(0, len(words), LONGEST):
        piece = words[first : first + LONGEST]
        yield piece[0][0], piece[-1][1]
