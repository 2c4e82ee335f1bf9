"""Sources made ready for checking claims against them: their words, each with its vector.

A word's vector is the mean of its tokens' as MiniLM read them, so the same word in another context
has another vector. A claim is read in the same way.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from assistant.coverage import INNER_CAPITAL_OR_DIGIT
from assistant.support_words import KINDS, numbers, stem
from index import minilm
from index.minilm import FloatArray, IntArray, MiniLM
from index.paper_vectors import PaperVectors
from index.papers import Paper
from index.passages import Span, pack, sentence_spans, short_title, with_title

BoolArray = npt.NDArray[np.bool_]

WORD = re.compile(r"(?:[^\W_]|(?<=\d)[.,](?=\d))+")
"""Letters and digits; a number is one word with its points and commas."""

SENTENCES_END = re.compile(r"[.?!]\S*\s+\S")
"""Where one sentence may end and another begin."""

FIRST_RANKED, LAST = 1996, 30522
"""Places in MiniLM's vocabulary between which words are ordered by frequency."""


@dataclass(frozen=True, eq=False)
class Words:
    """The words of a text, in order."""

    spelt: tuple[str, ...]
    """As they stand in the text."""
    spans: IntArray
    """(words, 2): where each starts and ends in the text."""
    vectors: FloatArray
    """(words, 128), unit length, or 0 where no token was read."""

    @cached_property
    def low(self) -> tuple[str, ...]:
        """In lower case."""
        return tuple(word.lower() for word in self.spelt)

    @cached_property
    def stems(self) -> tuple[str, ...]:
        """Without their endings."""
        return tuple(map(stem, self.low))

    @cached_property
    def hashes(self) -> IntArray:
        """(words,): the same for words of one stem."""
        return np.array([hash(word) for word in self.stems], np.int64)

    @classmethod
    def of(cls, text: str, vectors: FloatArray, offsets: IntArray) -> Words:
        """Find the words of `text`, given the vectors of its tokens and where these stand."""
        found = list(WORD.finditer(text))
        spans = np.array([word.span() for word in found], np.int64).reshape(-1, 2)
        place = np.searchsorted(spans[:, 0], offsets[:, 0], side="right") - 1
        inside = (place >= 0) & (offsets[:, 1] > offsets[:, 0])
        inside[inside] = offsets[inside, 1] <= spans[place[inside], 1]
        sums = np.zeros((len(found), vectors.shape[1]), np.float32)
        np.add.at(sums, place[inside], vectors[inside])
        lengths = np.linalg.norm(sums, axis=1, keepdims=True)
        return cls(tuple(word.group() for word in found), spans, sums / np.maximum(lengths, 1e-9))


@dataclass(frozen=True, eq=False)
class Facts:
    """What is known of a source before any claim is looked at."""

    said: frozenset[str]
    """The stems of text and title."""
    letters: str
    """All words written together, for what a claim writes together."""
    numbers: frozenset[str]
    kinds: BoolArray
    """(KINDS, words): see `support_words`."""
    places: IntArray
    """Which sentences have a word."""
    starts: IntArray
    """The first word of each of these."""
    title: FloatArray
    """(tokens, 128): those of the title, and the special ones."""


@dataclass(frozen=True, eq=False)
class Source:
    """A text that claims are checked against, read once."""

    title: str
    """Context; empty if there is none."""
    text: str
    sentences: tuple[Span, ...]
    """Where each starts and ends in the text, in order."""
    vectors: FloatArray
    """(tokens, 128): of title and text."""
    offsets: IntArray
    """(tokens, 2): characters of the text; (-1, -1) for title and special tokens."""

    @classmethod
    def of(cls, paper: Paper, vectors: PaperVectors) -> Source:
        """Take what the index computed of a paper; nothing is read again."""
        return cls(
            title=paper.title,
            text=paper.abstract,
            sentences=tuple((int(start), int(end)) for start, end in vectors.sentences),
            vectors=vectors.tokens,
            offsets=vectors.offsets,
        )

    @cached_property
    def words(self) -> Words:
        """The words of the text."""
        return Words.of(self.text, self.vectors, self.offsets)

    @cached_property
    def segments(self) -> IntArray:
        """(words,): the sentence each word stands in."""
        starts = np.array([start for start, _ in self.sentences], np.int64)
        places: IntArray = np.searchsorted(starts, self.words.spans[:, 0], side="right") - 1
        return places

    @cached_property
    def facts(self) -> Facts:
        """What a claim is compared with beside the vectors; there is a word."""
        low, title = self.words.low, WORD.findall(self.title.lower())
        places, starts = np.unique(self.segments, return_index=True)
        return Facts(
            said=frozenset([*self.words.stems, *map(stem, title)]),
            letters="".join([*low, *title]),
            numbers=frozenset(numbers(f"{self.title} {self.text}")),
            kinds=np.array([[word in kind for word in low] for kind in KINDS.values()], bool),
            places=places,
            starts=starts,
            title=self.vectors[self.offsets[:, 0] < 0],
        )

    @cached_property
    def folded(self) -> str:
        """The text as quotes are looked for in it."""
        return folded(self.text)


@dataclass(frozen=True, eq=False)
class Claim:
    """A sentence that may be supported, as MiniLM read it."""

    text: str
    words: Words
    rarity: FloatArray
    """(words,): of each word's rarest token in English, from 0 to 1."""

    @cached_property
    def names(self) -> BoolArray:
        """(words,): whether each is spelt like a name, an acronym or a version."""
        return np.array(
            [self._named(*each) for each in zip(self.words.spelt, self.words.spans, strict=True)],
            bool,
        )

    def _named(self, word: str, span: IntArray) -> bool:
        """A capital that begins a sentence does not count."""
        if INNER_CAPITAL_OR_DIGIT.search(word):
            return True
        before = self.text[: span[0]].rstrip()
        return word[0].isupper() and before != "" and before[-1] not in ".?!:"


class SourceReader:
    """Reads texts of any length: MiniLM sees them in windows of whole sentences."""

    def __init__(self, model: MiniLM) -> None:
        """Read with `model`."""
        self._model = model

    def source(self, text: str, *, title: str = "") -> Source:
        """Make a text ready that is in no index; an empty one has no sentence."""
        offsets, vectors, _ = self._read(text, short_title(title, lengths=self._model.lengths))
        return Source(title, text, sentence_spans(text), vectors, offsets)

    def claim(self, text: str) -> Claim:
        """Read a claim, the whole of it."""
        offsets, vectors, ids = self._read(text, "")
        words = Words.of(text, vectors, offsets)
        return Claim(text, words, _rarity(words, offsets, ids))

    def _read(self, text: str, title: str) -> tuple[IntArray, FloatArray, IntArray]:
        """Give offsets, vectors and vocabulary places of the tokens, the title's first, once."""
        spans = self._windows(text, title)
        texts = [with_title(title, text[a:b]) if title else text[a:b] for a, b in spans]
        offsets, vectors, ids = [], [], []
        for place, (span, read) in enumerate(zip(spans, self._model.encode(texts), strict=True)):
            prefix = len(texts[place]) - (span[1] - span[0])
            inside = (read.offsets[:, 0] >= prefix) & (read.offsets[:, 1] > read.offsets[:, 0])
            kept = inside | (place == 0)
            moved = np.where(inside[:, None], read.offsets - prefix + span[0], -1)
            offsets.append(moved[kept])
            vectors.append(read.tokens[kept])
            ids.append(read.ids[kept])
        return np.concatenate(offsets), np.concatenate(vectors), np.concatenate(ids)

    def _windows(self, text: str, title: str) -> list[Span]:
        """Cut a text that MiniLM cannot read at once between sentences."""
        whole = [(0, len(text))]
        if len(text.encode()) + len(title.encode()) + 3 <= minilm.LIMIT:  # a byte: at most a token
            return whole
        lengths = self._model.lengths
        passages = pack(title, text, sentence_spans(text), lengths=lengths, limit=minilm.LIMIT)
        return [(each.start, each.end) for each in passages if each.whole] or whole


def sentences_of(text: str) -> list[str]:
    """Give the sentences of a claim, which is one as a rule."""
    if not SENTENCES_END.search(text):
        return [text]
    return [text[start:end] for start, end in sentence_spans(text)]


def folded(text: str) -> str:
    """Reduce `text` to what a literal quote keeps: NFC, whitespace as single spaces."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def _rarity(words: Words, offsets: IntArray, ids: IntArray) -> FloatArray:
    """Give each word's rarest token on a logarithmic scale (Zipf)."""
    place = np.searchsorted(words.spans[:, 0], offsets[:, 0], side="right") - 1
    inside: BoolArray = (place >= 0) & (offsets[:, 1] > offsets[:, 0])
    rank = np.ones(len(words.spelt), np.float32)
    np.maximum.at(rank, place[inside], ids[inside] - FIRST_RANKED + np.float32(1))
    rarity: FloatArray = (np.log(rank) / np.log(LAST - FIRST_RANKED)).astype(np.float32)
    return rarity
