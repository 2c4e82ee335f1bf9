"""Support: what a claim's score must keep to, whatever the weights."""

from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.support import (
    NOTHING,
    Judgement,
    Source,
    TrainedSupport,
    quoted_by,
    verdict,
)
from assistant.support_evidence import SENTENCES, evidence
from assistant.support_words import number
from index.papers import Paper
from tests.shipped_support import shipped_support

BEES = (
    "Bees tell each other where flowers are. We train a small network on 1,200 filmed dances and "
    "decode the direction with an error of 4.5 degrees. It runs on a phone, and needs no labels "
    "beyond the films. A larger network is slower but not more accurate."
)
TIDES = (
    "Tides are predicted from tables that are made by hand. We replace the tables by a recurrent "
    "model, which halves the error in the Baltic Sea. Storms remain hard for it."
)
SOUP = "Lentils are rinsed twice. Carrots go in first. Simmer the soup for forty minutes."
CLAIMS = (
    "A small network trained on 1,200 films of dances decodes the direction of flowers.",
    "The network decodes the direction with an error of 7.5 degrees.",
    "The larger network is more accurate.",
    "A recurrent model in place of tables halves the error of tides in the Baltic Sea.",
)


@pytest.fixture(scope="module")
def support() -> TrainedSupport:
    return shipped_support()


@pytest.fixture(scope="module")
def sources() -> list[Source]:
    titles = ("Decoding the dances of bees", "Learning the tides", "A soup")
    texts = (BEES, TIDES, SOUP)
    return [Source(*each) for each in zip(titles, texts, strict=True)]


def test_a_literal_quote_is_fully_supported_whatever_its_spaces(support, sources):
    judged = support.judge("It  runs on a phone,\nand needs no labels beyond the films.", sources)

    assert judged.support == 1.0
    assert verdict(judged, support) == "verbatim"
    assert sources[0].text[judged.start : judged.end].startswith("It runs on a phone")


def test_a_quote_composed_in_another_way_is_still_one():
    source = Source("", "The caf\u00e9 is open. We measured it.")

    assert quoted_by("The cafe\u0301 is open.", source)


def test_half_a_word_is_no_quote(sources):
    assert not quoted_by("needs no label", sources[0])
    assert quoted_by("needs no labels", sources[0])


@pytest.mark.parametrize("claim", ["", "   ", "…!", "[1]"])
def test_nothing_said_is_not_supported(support, sources, claim):
    assert support.judge(claim, sources[:1]).support == pytest.approx(0.0, abs=support.low)


@pytest.mark.parametrize("claim", ["", "…"])
def test_an_empty_claim_has_no_evidence(support, sources, claim):
    assert support.judge(claim, sources) == NOTHING


def test_without_a_source_nothing_is_supported(support):
    empty = Source("", "")

    assert support.judge(CLAIMS[0], []) == NOTHING
    assert support.judge(CLAIMS[0], [empty]) == NOTHING


@pytest.mark.parametrize("claim", CLAIMS)
def test_order_and_repetition_of_sources_change_nothing(support, sources, claim):
    expected = support.judge(claim, sources)
    evidence = sources[expected.source].text[expected.start : expected.end]

    for order in permutations([*sources, sources[0]]):
        judged = support.judge(claim, order)
        assert judged.support == expected.support
        assert order[judged.source].text[judged.start : judged.end] == evidence


@pytest.mark.parametrize("claim", CLAIMS)
def test_an_irrelevant_source_changes_no_verdict(support, sources, claim):
    alone = max((support.judge(claim, [one]) for one in sources[:2]), key=lambda j: j.support)

    assert verdict(support.judge(claim, sources), support) == verdict(alone, support)


def test_a_source_that_says_far_less_of_a_claim_is_not_read(support, sources):
    claim = "Larger films beyond the phone tell the flowers that carrots go in first."
    bees, _, soup = sources

    assert support.judge(claim, [bees, soup]) == support.judge(claim, [bees])


@pytest.mark.parametrize("claim", CLAIMS)
def test_sources_together_are_no_worse_than_the_best_one(support, sources, claim):
    together = support.judge(claim, sources).support

    assert together >= max(support.judge(claim, [one]).support for one in sources)


def test_two_sources_carry_what_neither_carries_alone(support, sources):
    claim = (
        "Bees tell each other where flowers are, and tides are predicted from tables made by hand."
    )
    bees, tides = (support.judge(claim, [one]).support for one in sources[:2])

    assert support.judge(claim, sources[:2]).support > max(bees, tides)


def test_a_claim_about_something_else_is_unsupported(support, sources):
    claim = "Inflation fell in the second quarter because exports of steel rose."

    assert verdict(support.judge(claim, sources), support) == "unsupported"


def test_the_evidence_is_the_sentence_that_says_so(support, sources):
    judged = support.judge("In the Baltic Sea, a recurrent model cuts the error by half.", sources)

    assert judged.source == 1
    assert sources[1].text[judged.start : judged.end].startswith("We replace the tables")


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("The error of the direction is 4.5 degrees.", "The error of the direction is 45 degrees."),
        ("A larger network is slower.", "A larger network is faster."),
        ("The error in the Baltic Sea is halved.", "The error in the North Sea is halved."),
    ],
)
def test_a_wrong_word_costs_support(support, sources, right, wrong):
    assert support.judge(wrong, sources[:2]).support < support.judge(right, sources[:2]).support


def test_of_several_sentences_the_weakest_decides(support, sources):
    right, wrong = CLAIMS[0], "Quantum computers were used for this."

    assert support.judge(f"{right} {wrong}", sources) == support.judge(wrong, sources)


def test_a_claim_longer_than_the_network_reads_is_read_to_its_end(support, sources):
    long = ", ".join(["the network decodes the dances of bees"] * 120)

    assert support.judge(f"{long} on a phone", sources).support != pytest.approx(
        support.judge(f"{long} on a satellite", sources).support, abs=1e-6
    )


def test_a_source_longer_than_the_network_reads_is_read_to_its_end(support):
    source = Source("Soup and bees", f"{SOUP * 40} {BEES}")

    judged = support.judge("An error of 4.5 degrees is reached in decoding direction.", [source])

    assert "4.5 degrees" in source.text[judged.start : judged.end]


def test_a_paper_is_scored_like_its_text(support):
    paper = Paper(title="Learning the tides", abstract=TIDES, source="text")

    judged = support.judge(CLAIMS[3], [Source.of(paper)])

    assert judged == support.judge(CLAIMS[3], [Source(paper.title, TIDES)])
    assert (judged.start, judged.end) == (TIDES.index("We replace"), TIDES.index(" Storms"))


def test_many_claims_are_judged_as_one_by_one(support, sources):
    asked = [(claim, sources[:place]) for claim in CLAIMS for place in range(4)]

    together = support.judge_all(asked)

    for (claim, some), judged in zip(asked, together, strict=True):
        alone = support.judge(claim, some)
        assert judged.support == pytest.approx(alone.support, abs=0.03)  # bf16 rounds by the batch
        assert (judged.source, judged.start, judged.end) == (alone.source, alone.start, alone.end)


def test_the_evidence_is_what_says_most_of_the_claim(sources):
    found = evidence("The network decodes a direction with few degrees of error.", sources)

    assert (found.source, found.sentence) == (0, 1)
    assert found.text.startswith("Decoding the dances of bees. ")
    assert "We train a small network on 1,200 filmed dances" in found.text


def test_evidence_stays_small_and_in_order():
    text = " ".join(f"Sentence {word} is about whales and ships." for word in "abcdefghij")

    found = evidence("Whales meet ships in sentence j.", [Source("", text)])

    places = [text.index(part) for part in found.text.split(". ")]
    assert len(places) == SENTENCES
    assert places == sorted(places)
    assert found.sentence == 9


def test_a_sentence_without_an_end_is_evidence_in_pieces():
    source = Source("", "tide " * 5000 + "whale")

    found = evidence("A whale.", [source])

    start, end = source.sentences[found.sentence]
    assert source.text[start:end].endswith("whale")
    assert len(found.text.split()) < 400


@settings(max_examples=40, deadline=None)
@given(text=st.text(max_size=80), source=st.text(max_size=120))
def test_any_text_is_scored_within_bounds(support, text, source):
    judged = support.judge(text, [Source("", source)])

    assert 0 <= judged.support <= 1
    assert 0 <= judged.start <= judged.end <= len(source)
    assert (judged.source is None) <= (judged.support == 0)


def test_verdicts_follow_the_thresholds(support):
    def named(value: float) -> str:
        return verdict(Judgement(value, 0, 0, 1), support)

    assert [named(value) for value in (1.0, support.high, support.low, 0.0)] == [
        *("verbatim", "supported", "unchecked", "unsupported")
    ]


@pytest.mark.parametrize(
    ("word", "value"),
    [("1,200", "1200"), ("4.50", "4.5"), ("twelve", "12"), ("64x64", "64"), ("tide", None)],
)
def test_a_number_is_the_same_however_it_is_spelt(word, value):
    assert number(word) == value
