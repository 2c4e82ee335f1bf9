"""MiniLM: the same vectors as its authors', with the place of every word."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index import minilm
from index.errors import ModelError
from index.minilm import DIMENSIONS, LIMIT, TOKEN_DIMENSIONS, Encoded, MiniLM
from index.papers import tidy

TEXTS = (
    "Kites.",
    "How do bakers tell, without a thermometer, that an oven is hot enough for rye bread?",
    "We train a network of $\\ell_2$-bounded width on 25\\% of the tides; it wins (p < 0.05).",
    "naïve façade — “quoted” 漢字 강남 \N{GRINNING FACE} end",
    "word " * 300,
    "",
)
CLOSE = 0.9999
"""The least cosine: where the CPU has bf16, another width of the batch changes the third digit."""


def same(one: Encoded, other: Encoded) -> bool:
    return (
        one.tokens.shape == other.tokens.shape
        and float(one.sentence @ other.sentence) > CLOSE
        and float((one.tokens * other.tokens).sum(1).min()) > CLOSE
        and np.array_equal(one.offsets, other.offsets)
        and np.array_equal(one.ids, other.ids)
    )


def test_a_text_is_read_alike_alone_and_among_others(model: MiniLM) -> None:
    alone = [model.encode([text])[0] for text in TEXTS]
    filler = ["Filler of another length. " * 9] * 13
    among = model.encode([*reversed(TEXTS), *filler, *TEXTS])
    assert all(map(same, alone, among[-len(TEXTS) :]))
    assert all(map(same, alone, reversed(among[: len(TEXTS)])))


def test_threads_do_not_mix_up_their_texts(model: MiniLM) -> None:
    texts = [f"Lighthouse number {n} sends {'long ' * (n % 7)}flashes." for n in range(40)]
    expected = model.encode(texts)
    with ThreadPoolExecutor(4) as pool:
        found = [each[0] for each in pool.map(model.encode, [[text] for text in texts])]
    assert all(map(same, expected, found))


def test_different_texts_have_different_vectors(model: MiniLM) -> None:
    bread, loaf, ships = (
        read.sentence
        for read in model.encode(["Baking rye bread.", "How to bake a loaf.", "Tides and ships."])
    )
    assert bread @ loaf > bread @ ships + 0.2


def test_nothing_to_read_gives_nothing(model: MiniLM) -> None:
    assert model.encode([]) == []
    assert model.lengths([]) == []


def test_vectors_have_unit_length_and_one_row_a_token(model: MiniLM) -> None:
    for length, read in zip(model.lengths(TEXTS), model.encode(TEXTS), strict=True):
        assert read.sentence.shape == (DIMENSIONS,)
        assert read.tokens.shape == (length + 2, TOKEN_DIMENSIONS)
        assert len(read.offsets) == len(read.ids) == length + 2
        assert np.linalg.norm(read.sentence) == pytest.approx(1, abs=1e-5)
        assert np.linalg.norm(read.tokens, axis=1) == pytest.approx(1, abs=1e-5)


def test_offsets_point_at_the_words(model: MiniLM) -> None:
    text = "\N{GRINNING FACE} Ångström waves, 漢字 and «kites»"
    pieces = [text[start:end] for start, end in model.encode([text])[0].offsets]
    words = ["\N{GRINNING FACE}", "Ång", "ström", "waves", ",", "漢", "字", "and"]
    assert pieces == ["", *words, "«", "kite", "s", "»", ""]


@given(st.text().map(tidy))
@settings(max_examples=40, deadline=None)
def test_offsets_lie_in_the_text_and_in_order(model: MiniLM, text: str) -> None:
    offsets = model.encode([text])[0].offsets[1:-1]
    assert (offsets >= 0).all()
    assert (offsets <= len(text)).all()
    assert (offsets[:, 0] <= offsets[:, 1]).all()
    assert (np.diff(offsets, axis=0) >= 0).all()


def test_the_longest_text_is_read_and_one_token_more_is_refused(model: MiniLM) -> None:
    longest = "word " * (LIMIT - 2)
    assert len(model.encode([longest])[0].ids) == LIMIT
    with pytest.raises(ModelError, match=rf"`word word .*` has {LIMIT + 1} tokens") as caught:
        model.encode(["short", longest + "word"])
    assert caught.value.hint == "split it into passages first"


def test_the_installed_weights_are_those_that_the_authors_publish() -> None:
    assert minilm.checksum() == minilm.SHA256
    assert minilm.SHA256 == "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning")
def test_sentence_transformers_reads_the_same_vectors(model: MiniLM) -> None:
    library = pytest.importorskip(
        "sentence_transformers", reason="sentence-transformers is not installed"
    )
    reference = library.SentenceTransformer(str(minilm.model_folder()), device="cpu")
    reference.max_seq_length = LIMIT
    expected = reference.encode(list(TEXTS), normalize_embeddings=True)
    found = np.stack([read.sentence for read in model.encode(TEXTS)])
    assert (expected * found).sum(1).min() >= 0.999
