"""Examples to train support on: templates, edits, and what of an example is wrong."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.support_weights import quantised
from eval.training.support import paraphrases, public
from eval.training.support.edits import EDITS, Surroundings, lightly, wrongly
from eval.training.support.examples import Block, Example, changed
from eval.training.support.lexicon import contrasts, found, synonyms
from eval.training.support.rows import is_held_out, rows
from eval.training.support.written import claims, items, template, written_items

ITEM = """E: KiteNet prunes heads. It keeps 98% of BLEU.
C: KiteNet {prunes|~removes|adds} heads{|, as planned}.
F: {Nearly all|~98%|Half} of BLEU {stays|is lost}.
F: Heads are {dropped|kept}."""

SENTENCE = (
    "However, we show that BERT (110M) is faster than GPT-2 on 12 tasks, from maps to routes."
)
AROUND = Surroundings(
    f"{SENTENCE} It needs 40 labels.", (SENTENCE, "It runs on phones in minutes."), "Ants use XML."
)


def test_a_template_is_filled_rightly_and_wrongly_by_turns():
    (item,) = items(ITEM, "some.txt")
    made = claims(item, Random(0), each=8)

    right = {example.text for example in made if example.supported}
    assert right <= {
        *("KiteNet prunes heads.", "KiteNet removes heads.", "Nearly all of BLEU stays."),
        *("98% of BLEU stays.", "Heads are dropped."),
    }
    wrong = [example for example in made if not example.supported]
    assert {example.kin for example in wrong} == {0, 1, 2}
    for example in wrong:
        ((start, end),) = example.wrong
        assert example.text[start:end] in {"adds", ", as planned", "Half", "is lost", "kept"}


def test_evidence_is_parted_into_sentences():
    (item,) = items(ITEM, "some.txt")

    assert item.evidence == ("KiteNet prunes heads.", "It keeps 98% of BLEU.")


@pytest.mark.parametrize("text", ["E: One.\nC: Two.", "C: One.\nE: Two.\nF: Three.\nF: Four.", "x"])
def test_an_item_of_another_form_is_refused_by_name(text):
    with pytest.raises(ValueError, match=r"`some\.txt`"):
        list(items(text, "some.txt"))


def test_all_that_is_written_can_be_read_and_says_what_is_wrong():
    random, written = Random(0), written_items()

    assert len(written) > 3000
    for item in random.sample(written, 300):
        for example in claims(item, random, each=4):
            assert "{" not in example.text
            assert "|" not in example.text
            assert "  " not in example.text
            for start, end in example.wrong:
                assert 0 <= start <= end <= len(example.text)


def test_a_template_keeps_what_stands_between_its_places():
    assert [part for part in template("a {b|c}, {d|~e|f} g") if isinstance(part, str)] == [
        *("a ", ", ", " g")
    ]


@pytest.mark.parametrize("edit", EDITS, ids=lambda edit: edit.__name__)
def test_an_edit_says_where_it_made_a_sentence_wrong(edit):
    edited = [edit(SENTENCE, AROUND, Random(seed)) for seed in range(40)]
    told = [each for each in edited if each]

    assert told, "it never applies to this sentence"
    for text, spans in told:
        assert text != SENTENCE
        kept = [*range(len(text))]
        for start, end in spans:
            kept = [place for place in kept if not start <= place < end]
        rest = iter(SENTENCE)
        assert all(text[place] in rest for place in kept if text[place] != " ")


def test_a_light_edit_leaves_names_and_numbers():
    for seed in range(40):
        text = lightly(SENTENCE, Random(seed))
        assert "BERT" in text
        assert "12" in text or "twelve" in text or "dozen" in text


@settings(max_examples=60, deadline=None)
@given(text=st.text(max_size=90), seed=st.integers(0, 9))
def test_any_text_can_be_edited(text, seed):
    around = Surroundings(text, (text,), text)

    lightly(text, Random(seed))
    edited = wrongly(text, around, Random(seed))

    if edited:
        assert all(0 <= start <= end <= len(edited[0]) for start, end in edited[1])


def test_what_changed_is_marked_and_a_gap_by_its_neighbours():
    right = "The error may fall by half."

    assert changed(right, "The error may rise by half.") == ((14, 18),)
    assert changed(right, "The error will fall by half.") == ((10, 14),)
    (gap,) = changed(right, "The error fall by half.")
    assert "The error fall by half."[slice(*gap)] == "error fall"
    assert changed(right, right) == ()


def test_phrases_are_found_the_longest_first_and_not_within_one_another():
    table = {"in order to": ("to",), "order": ("chaos",), "fast": ("slow",)}

    phrases = found("In order to be fast, order.", table)

    assert [(each.start, each.end) for each in phrases] == [(0, 11), (15, 19), (21, 26)]


def test_no_phrase_says_the_same_and_the_contrary():
    both = [
        (phrase, other)
        for phrase, others in synonyms().items()
        for other in others
        if other in contrasts().get(phrase, ())
    ]
    assert both == []


def test_a_block_knows_where_its_sentences_begin():
    block = Block("A title.", ("One is here.", "Two is there."), (Example("One.", ()),))

    assert block.evidence == "A title. One is here. Two is there."
    assert [block.evidence[start:].split()[0] for start in block.starts] == ["One", "Two"]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Paraphrases of forty papers, and a public set of forty sources."""
    own, bump = [], []
    for n in range(40):
        source = f"Paper {n}\nWe count {n} moths. Birds are heard as well."
        twin = {"pair": f"p{n}", "source": source, "group": "x", "sentence": f"We count {n} moths."}
        own += [
            twin | {"id": f"{n}s", "claim": f"They count {n} moths.", "label": "supported"},
            twin | {"id": f"{n}u", "claim": f"They film {n} moths.", "label": "unsupported"},
        ]
        told = {"source": f"Story {n}. A cat ran home.", "group": f"g{n}"}
        bump += [
            told | {"claim": "A cat ran home quickly today.", "label": "supported"},
            told | {"claim": "A dog ran home quickly today.", "label": "unsupported"},
        ]
    for name, lines in (("own_paraphrases", own), ("bump", bump)):
        (tmp_path / f"{name}.jsonl").write_text("\n".join(map(json.dumps, lines)))
    return tmp_path


def test_half_of_the_papers_and_sources_is_held_out(data):
    for name in ("own_paraphrases", "bump"):
        kept, held = (
            {row.group for row in rows(data, name, held_out=out)} for out in (False, True)
        )
        assert not kept & held
        assert len(kept | held) == 40
        assert 8 < len(held) < 32
        assert all(map(is_held_out, held))


def test_a_reworded_sentence_and_its_twin_stand_beside_its_evidence(data):
    paper = paraphrases.abstracts(data)[0]
    block = paraphrases.block(paper, Random(0), "Ants use XML.")

    right, wrong = block.examples[:2]
    assert right.supported
    assert wrong.text[slice(*wrong.wrong[0])] == "film"
    assert paper.sentences[0] in block.evidence


def test_of_a_public_claim_only_the_edit_is_wrong(data):
    blocks = public.blocks(data)["bump"]
    texts = {block.examples[0].text: block.examples[0] for block in blocks}

    assert texts["A cat ran home quickly today."].supported
    ((start, end),) = texts["A dog ran home quickly today."].wrong
    assert "A dog ran home quickly today."[start:end] == "dog"


def test_weights_in_eight_bits_are_nearly_what_they_were():
    random = np.random.default_rng(0)
    weights = {
        "matrix": random.normal(size=(6, 40)).astype(np.float32),
        "vector": random.normal(size=9).astype(np.float32),
        "zeros": np.zeros((2, 3), np.float32),
    }

    stored = quantised(weights)

    assert stored["matrix"].dtype == np.int8
    assert stored.keys() - weights.keys() == {"matrix.scale", "zeros.scale"}
    for name, weight in weights.items():
        back = stored[name].astype(np.float32) * stored.get(f"{name}.scale", np.float32(1))
        assert np.abs(back - weight).max() <= np.abs(weight).max() / 200
