"""What is computed of a paper, and how it is kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.embedding import MiniLMEmbedder
from index.minilm import LIMIT, TOKEN_DIMENSIONS, FloatArray, MiniLM
from index.paper_vectors import SCALE, PaperVectors, compute, vectors_version
from index.papers import Paper, tidy
from index.passages import pack, sentence_spans, with_title

TITLE = "Kites over the estuary"
SHORT = "Kites lift \N{KITE} cameras.They map mud at 3.5 cm. 漢字 too, naïvely."
LONG = " ".join(f"On day {n} the kite saw {n * 7} gulls asleep on the mud." for n in range(90))


def paper(abstract: str, title: str = TITLE) -> Paper:
    return Paper(title=title, abstract=abstract, source="api")


def vectors_of(model: MiniLM, *abstracts: str) -> list[PaperVectors]:
    return compute([paper(each) for each in abstracts], MiniLMEmbedder(model), model)


def equal(one: PaperVectors, other: PaperVectors) -> bool:
    pairs = [(getattr(one, field.name), getattr(other, field.name)) for field in fields(one)]
    return all(np.array_equal(mine, theirs) for mine, theirs in pairs)


def in_abstract(vectors: PaperVectors) -> list[tuple[int, int]]:
    """Give the offsets of the tokens of the abstract."""
    return [(start, end) for start, end in vectors.offsets if start >= 0]


class Counting:
    """An embedder that is not MiniLM: a text's vector tells its length."""

    name = "counting"
    limit = 64

    def __init__(self, model: MiniLM) -> None:
        self.lengths = model.lengths

    def embed(self, texts: Sequence[str]) -> FloatArray:
        return np.array([[len(text), 1] for text in texts], np.float32)

    def embed_question(self, text: str) -> FloatArray:
        return self.embed([text])[0]


@pytest.fixture(scope="module")
def record(model: MiniLM) -> bytes:
    return vectors_of(model, SHORT)[0].to_bytes()


def test_vectors_come_out_of_a_record_as_they_went_in(model: MiniLM) -> None:
    for vectors in vectors_of(model, SHORT, LONG):
        kept = PaperVectors.from_bytes(vectors.to_bytes())
        assert kept is not None
        assert equal(kept, vectors)


@given(data=st.data())
@settings(deadline=None)
def test_a_record_with_any_byte_changed_counts_as_missing(
    record: bytes, data: st.DataObject
) -> None:
    place = data.draw(st.one_of(st.integers(0, 40), st.integers(0, len(record) - 1)))
    flipped = record[place] ^ data.draw(st.integers(1, 255))
    damaged = record[:place] + bytes([flipped]) + record[place + 1 :]
    assert PaperVectors.from_bytes(damaged) is None


@given(data=st.data())
@settings(deadline=None)
def test_a_record_cut_or_lengthened_counts_as_missing(record: bytes, data: st.DataObject) -> None:
    size = data.draw(st.one_of(st.integers(0, 40), st.integers(0, len(record) - 1)))
    assert PaperVectors.from_bytes(record[:size]) is None
    assert PaperVectors.from_bytes(record + data.draw(st.binary(min_size=1))) is None


@given(st.binary())
def test_a_record_of_anything_else_counts_as_missing(record: bytes) -> None:
    assert PaperVectors.from_bytes(record) is None


def test_passages_are_embedded_with_the_title(model: MiniLM) -> None:
    (vectors,) = vectors_of(model, LONG)
    texts = [with_title(TITLE, LONG[start:end]) for start, end, _ in vectors.passages]
    expected = MiniLMEmbedder(model).embed(texts)
    assert (vectors.embeddings * expected).sum(1).min() > 0.999


def test_passages_are_those_of_the_packing(model: MiniLM) -> None:
    (vectors,) = vectors_of(model, LONG)
    spans = sentence_spans(LONG)
    packed = pack(TITLE, LONG, spans, lengths=model.lengths, limit=LIMIT)
    assert vectors.passages.tolist() == [[each.start, each.end, each.whole] for each in packed]
    assert vectors.sentences.tolist() == [list(span) for span in spans]


def test_every_letter_of_a_long_abstract_has_its_token_in_order(model: MiniLM) -> None:
    (vectors,) = vectors_of(model, LONG)
    offsets = in_abstract(vectors)
    assert len(vectors.codes) > LIMIT
    assert offsets == sorted(offsets)
    covered = {place for start, end in offsets for place in range(start, end)}
    assert covered == {place for place, letter in enumerate(LONG) if not letter.isspace()}


def test_tokens_are_counted_by_the_sentence_they_lie_in(model: MiniLM) -> None:
    for abstract, vectors in zip((SHORT, LONG), vectors_of(model, SHORT, LONG), strict=True):
        title, *counts = vectors.segments
        assert (vectors.offsets[:title] == -1).all()
        assert sum(counts) == len(in_abstract(vectors)) == len(vectors.codes) - title
        place = int(title)
        for (first, last), count in zip(vectors.sentences, counts, strict=True):
            words = vectors.offsets[place : place + count]
            assert count > 0
            assert (words[:, 0] >= first).all()
            assert (words[:, 1] <= last).all()
            assert abstract[words[0, 0]] == abstract[first]
            place += int(count)


def test_the_title_has_its_tokens_once_however_many_parts_are_read(model: MiniLM) -> None:
    in_title = model.lengths([f"{TITLE}."])[0] + 2
    assert [vectors.segments[0] for vectors in vectors_of(model, SHORT, LONG)] == [in_title] * 2


def test_a_token_is_kept_in_a_byte_a_number_cut_at_a_half(model: MiniLM) -> None:
    (vectors,) = vectors_of(model, SHORT)
    exact: FloatArray = model.encode([with_title(TITLE, SHORT)])[0].tokens
    title = vectors.segments[0]
    ordered = np.concatenate([exact[: title - 1], exact[-1:], exact[title - 1 : -1]])
    assert vectors.codes.dtype == np.int8
    assert vectors.tokens.shape == (len(exact), TOKEN_DIMENSIONS)
    assert np.abs(vectors.tokens - ordered.clip(-0.5, 0.5)).max() < 1.5 / SCALE


def test_papers_computed_together_do_not_mix(model: MiniLM) -> None:
    together = vectors_of(model, SHORT, LONG, SHORT)
    each_alone = [vectors_of(model, abstract)[0] for abstract in (SHORT, LONG, SHORT)]
    for vectors, alone in zip(together, each_alone, strict=True):
        assert np.array_equal(vectors.offsets, alone.offsets)
        assert np.array_equal(vectors.passages, alone.passages)
        assert (vectors.embeddings * alone.embeddings).sum(1).min() > 0.999
    assert equal(together[0], together[2])


@given(st.text(min_size=1).map(tidy).filter(bool), st.text(min_size=1).map(tidy).filter(bool))
@settings(max_examples=25, deadline=None)
def test_offsets_of_any_paper_lie_in_its_abstract(model: MiniLM, title: str, abstract: str) -> None:
    (vectors,) = compute([paper(abstract, title)], MiniLMEmbedder(model), model)
    assert all(0 <= start < end <= len(abstract) for start, end in in_abstract(vectors))
    assert all(0 <= start < end <= len(abstract) for start, end, _ in vectors.passages)
    assert vectors.segments.sum() == len(vectors.offsets) == len(vectors.codes)
    assert len(vectors.embeddings) == len(vectors.passages)


def test_another_embedder_decides_on_passages_but_not_on_tokens(model: MiniLM) -> None:
    (vectors,) = compute([paper(LONG)], Counting(model), model)
    (usual,) = vectors_of(model, LONG)
    assert len(vectors.passages) > len(usual.passages)
    prefix = len(with_title(TITLE, ""))
    lengths = [prefix + end - start for start, end, _ in vectors.passages]
    assert vectors.embeddings.tolist() == [[length, 1] for length in lengths]
    assert np.array_equal(vectors.offsets, usual.offsets)
    assert np.array_equal(vectors.segments, usual.segments)


def test_the_version_names_the_embedder(model: MiniLM) -> None:
    assert vectors_version(MiniLMEmbedder(model)) != vectors_version(Counting(model))
    assert "counting" in vectors_version(Counting(model))
