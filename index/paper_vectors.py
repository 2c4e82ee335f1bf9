"""What the index computes of a paper: its sentences, its passages, and the vectors of both."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from index import minilm
from index.embedding import Embedder, MiniLMEmbedder
from index.minilm import Encoded, FloatArray, IntArray, MiniLM
from index.papers import Paper
from index.passages import VERSION, Passage, Span, pack, sentence_spans, short_title, with_title

SCALE = 254.0
"""A token's number of at most 0.5 becomes a byte; larger ones, 1 in 200, are cut."""

CHECKSUM = struct.Struct("<I")
"""Of all that follows it."""

COUNTS = struct.Struct("<4I")
"""Sentences, passages, dimensions, tokens."""


@dataclass(frozen=True)
class PaperVectors:
    """The vectors of a paper; every offset is into its abstract."""

    sentences: IntArray
    """(sentences, 2): where each starts and ends."""
    passages: IntArray
    """(passages, 3): where each starts and ends, and 1 for the coarse grain, 0 for the fine."""
    embeddings: FloatArray
    """(passages, dimensions), unit length."""
    segments: IntArray
    """(sentences + 1,): how many tokens belong to the title and to each sentence, in order."""
    offsets: IntArray
    """(tokens, 2): where each token starts and ends; (-1, -1) for title and special tokens."""
    codes: npt.NDArray[np.int8]
    """(tokens, 128): the token vectors in a byte a number; see `tokens`."""

    @property
    def tokens(self) -> FloatArray:
        """(tokens, 128): the token vectors; of unit length, or shorter where a number was cut."""
        return self.codes.astype(np.float32) / np.float32(SCALE)

    def to_bytes(self) -> bytes:
        """Pack everything into one record."""
        parts = (
            self.sentences.astype("<i4"),
            self.passages.astype("<i4"),
            self.segments.astype("<i4"),
            self.offsets.astype("<i4"),
            self.embeddings.astype("<f4"),
            self.codes,
        )
        counts = COUNTS.pack(len(self.sentences), *self.embeddings.shape, len(self.codes))
        body = counts + b"".join(part.tobytes() for part in parts)
        return CHECKSUM.pack(zlib.crc32(body)) + body

    @classmethod
    def from_bytes(cls, record: bytes) -> PaperVectors | None:
        """Unpack a record; None if it is damaged."""
        body = memoryview(record)[CHECKSUM.size :]
        if len(body) < COUNTS.size or CHECKSUM.unpack_from(record) != (zlib.crc32(body),):
            return None
        sentences, passages, dimensions, tokens = COUNTS.unpack_from(body)
        shapes = (sentences, 2), (passages, 3), (sentences + 1,), (tokens, 2)
        arrays, start = [], COUNTS.size
        for shape in shapes:
            size = int(np.prod(shape))
            arrays.append(np.frombuffer(body, "<i4", size, start).reshape(shape))
            start += 4 * size
        embeddings = np.frombuffer(body, "<f4", passages * dimensions, start)
        codes = np.frombuffer(body, np.int8, -1, start + embeddings.nbytes)
        return cls(
            sentences=arrays[0],
            passages=arrays[1],
            segments=arrays[2],
            offsets=arrays[3],
            embeddings=embeddings.reshape(passages, dimensions),
            codes=codes.reshape(tokens, minilm.TOKEN_DIMENSIONS),
        )


def vectors_version(embedder: Embedder) -> str:
    """Name all that makes the vectors of the same text differ."""
    return f"{embedder.name} · tokens {minilm.NAME} · passages {VERSION}"


def compute(papers: Sequence[Paper], embedder: Embedder, model: MiniLM) -> list[PaperVectors]:
    """Compute the vectors of `papers`, all texts in one go."""
    packed = [_packed(paper, embedder, model) for paper in papers]
    read = list(dict.fromkeys(text for paper in packed for text in paper.parts.values()))
    texts = [text for paper in packed for text in paper.texts]
    if isinstance(embedder, MiniLMEmbedder):
        unique = list(dict.fromkeys(read + texts))
        encoded = dict(zip(unique, model.encode(unique), strict=True))
        embeddings = np.stack([encoded[text].sentence for text in texts])
    else:
        encoded = dict(zip(read, model.encode(read), strict=True))
        embeddings = embedder.embed(texts)
    ends = np.cumsum([len(paper.texts) for paper in packed])
    return [
        _joined(paper, [encoded[text] for text in paper.parts.values()], rows)
        for paper, rows in zip(packed, np.split(embeddings, ends[:-1]), strict=True)
    ]


@dataclass(frozen=True)
class _Packed:
    """A paper as the models will read it."""

    sentences: tuple[Span, ...]
    passages: tuple[Passage, ...]
    texts: tuple[str, ...]
    """One a passage, for the embedder."""
    parts: dict[Span, str]
    """The abstract, or its parts if it is long, for the token vectors."""


def _packed(paper: Paper, embedder: Embedder, model: MiniLM) -> _Packed:
    abstract, sentences = paper.abstract, sentence_spans(paper.abstract)
    passages = pack(
        paper.title, abstract, sentences, lengths=embedder.lengths, limit=embedder.limit
    )
    title = short_title(paper.title, lengths=embedder.lengths)
    parts = pack(paper.title, abstract, sentences, lengths=model.lengths, limit=minilm.LIMIT)
    title_read = short_title(paper.title, lengths=model.lengths)
    return _Packed(
        sentences,
        passages,
        tuple(with_title(title, abstract[p.start : p.end]) for p in passages),
        {
            (p.start, p.end): with_title(title_read, abstract[p.start : p.end])
            for p in parts
            if p.whole
        },
    )


def _joined(paper: _Packed, encoded: Sequence[Encoded], embeddings: FloatArray) -> PaperVectors:
    """Put the tokens of all parts in the order of the abstract, those of the title first, once."""
    offsets, tokens = [], []
    for place, ((span, text), part) in enumerate(zip(paper.parts.items(), encoded, strict=True)):
        of_abstract = _in_abstract(part.offsets, span, text)
        kept = (of_abstract[:, 0] >= 0) | (place == 0)
        offsets.append(of_abstract[kept])
        tokens.append(part.tokens[kept])
    all_offsets = np.concatenate(offsets)
    sentences = np.array(paper.sentences, np.int64).reshape(-1, 2)
    segment = np.searchsorted(sentences[:, 0], all_offsets[:, 0], side="right")
    order = np.argsort(segment, kind="stable")
    codes = np.round(np.concatenate(tokens) * SCALE).clip(-127, 127).astype(np.int8)
    return PaperVectors(
        sentences=sentences,
        passages=np.array([(p.start, p.end, p.whole) for p in paper.passages], np.int64),
        embeddings=embeddings,
        segments=np.bincount(segment, minlength=len(sentences) + 1),
        offsets=all_offsets[order],
        codes=codes[order],
    )


def _in_abstract(offsets: IntArray, span: Span, text: str) -> IntArray:
    """Turn offsets into the text that was read into offsets into the abstract."""
    prefix = len(text) - (span[1] - span[0])
    inside = (offsets[:, :1] >= prefix) & (offsets[:, 1:] > offsets[:, :1])
    return np.where(inside, offsets - prefix + span[0], -1)
