"""Faithfulness: the edge cases, decided once. The table of them is the test."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import permutations
from typing import Any

import pytest

from assistant.support import Judgement, Source
from eval.metrics.citing import citation_precision, citation_recall
from eval.metrics.faithfulness import faithfulness, verbatim
from eval.results import Claim, Place
from eval.verdicts import Said, judged
from index.minilm import MiniLM
from tests.shipped_support import shipped_support

BEES = (
    "Bees tell each other where flowers are. We train a small network on 1,200 filmed dances and "
    "decode the direction with an error of 4.5 degrees. It runs on a phone."
)
TIDES = (
    "Tides are predicted from tables that are made by hand. We replace the tables by a recurrent "
    "model, which halves the error in the Baltic Sea."
)
SOUP = "Lentils are rinsed twice. Carrots go in first. Simmer the soup for forty minutes."
RIGHT = "A small network decodes the direction from filmed dances."
WRONG = "Inflation fell in the second quarter because exports of steel rose."


class ScriptedSupport:
    """A scorer that says of each claim and set of sources what a test says."""

    low, high = 0.2, 0.8

    def __init__(self, says: Any = lambda claim, titles: 0.9) -> None:
        """Give what makes a support of a claim and the titles of its sources."""
        self._says = says
        self.asked: list[tuple[str, str]] = []

    def judge(self, claim: str, sources: Sequence[Source]) -> Judgement:
        """Judge one."""
        titles = "".join(sorted(source.title for source in sources))
        self.asked.append((claim, titles))
        return Judgement(self._says(claim, titles), 0, 0, len(sources[0].text))

    def judge_all(self, claims: Sequence[tuple[str, Sequence[Source]]]) -> list[Judgement]:
        """Judge one after the other."""
        return [self.judge(claim, sources) for claim, sources in claims]


@pytest.fixture(scope="module")
def given(model: MiniLM) -> dict[str, Source]:
    """Three sources by name."""
    texts = {"B": BEES, "T": TIDES, "S": SOUP}
    return {name: Source(name, text) for name, text in texts.items()}


def said(text: str, *cited: str) -> Said:
    return Said(text=text, cited=cited)


def judge_(sentences: Sequence[Said], given: dict[str, Source], support: Any) -> list[Claim]:
    return judged(sentences, given=given, support=support).claims


# What the claims of an answer are, and what becomes of it: the value is what counts in the mean.
TABLE = {
    "every claim is supported": (["good", "good"], ["B"], 1.0, [None, None]),
    "k of n claims are supported": (["good", "bad", "bad"], ["B"], 1 / 3, [None, None, None]),
    "a claim is neither supported nor refused": (["good", "unsure"], ["B"], 0.5, [None, None]),
    "a source is cited that was not given": (["good"], ["X"], 0.0, ["unknown_citation"]),
    "one of the citations was not given": (["good"], ["B", "X"], 0.0, ["unknown_citation"]),
    "a quote is not in the source": (["good “bees hate each other”"], ["B"], 0.0, ["misquote"]),
    "a quote is in another source": (["good “carrots go in first”"], ["B"], 0.0, ["misquote"]),
    "a quote is in the source": (["good “it runs on a phone”"], ["B"], 1.0, [None]),
    "nothing is cited": (["good", "good"], [], 0.0, ["no_source", "no_source"]),
}


@pytest.mark.parametrize("case", TABLE)
def test_the_table_of_edge_cases(case: str, given: dict[str, Source]) -> None:
    texts, cited, value, reasons = TABLE[case]
    support = ScriptedSupport(
        lambda claim, _: 0.9 if "good" in claim else 0.5 if "unsure" in claim else 0.1
    )

    claims = judge_([said(text, *cited) for text in texts], given, support)

    assert faithfulness(claims) == pytest.approx(value)
    assert [claim.reason for claim in claims] == reasons


def test_with_no_source_at_all_every_claim_is_unsupported(model: MiniLM) -> None:
    empty = {"B": Source("", "")}
    for given in ({}, empty):
        claims = judge_([said("good", "B"), said("good")], given, ScriptedSupport())

        assert [claim.verdict for claim in claims] == ["unsupported", "unsupported"]
        assert [claim.reason for claim in claims] == ["no_source", "no_source"]
        assert faithfulness(claims) == 0.0


@pytest.mark.parametrize(
    "says",
    [
        lambda claim, _: 1 / 0,
        lambda claim, _: float("nan"),
        lambda claim, _: 7.259e9,
        lambda claim, _: -0.1,
    ],
)
def test_a_scorer_that_fails_leaves_the_claims_unjudged(
    says: Any, given: dict[str, Source]
) -> None:
    quoting = said("It runs on a phone.", "B")
    claims, error = judged(
        [said("good", "B"), quoting, said("good")], given=given, support=ScriptedSupport(says)
    )

    assert error
    assert [claim.reason for claim in claims] == ["error", None, "no_source"]
    assert [claim.supported for claim in claims] == [None, True, False]
    assert faithfulness(claims) is None
    assert citation_recall(claims) is None
    assert citation_precision(claims) is None


def test_a_scorer_that_forgets_a_claim_has_failed(given: dict[str, Source]) -> None:
    class Forgetful(ScriptedSupport):
        def judge_all(self, claims: Sequence[tuple[str, Sequence[Source]]]) -> list[Judgement]:
            return super().judge_all(claims)[1:]

    claims, error = judged([said("good", "B")], given=given, support=Forgetful())

    assert error == "1 claims got 0 judgements"
    assert claims[0].supported is None


def test_a_literal_quote_needs_no_scorer(given: dict[str, Source]) -> None:
    support = ScriptedSupport(lambda claim, _: 0.0)

    (claim,) = judge_([said("It  runs on a\nphone.", "T", "B")], given, support)

    assert claim.verdict == "verbatim"
    assert claim.evidence == (Place("B", BEES.index("It runs"), len(BEES)),)
    assert claim.needed == ("B",)
    assert support.asked == []
    assert verbatim([claim, replace(claim, verdict="supported")]) == 0.5


def test_the_claim_is_never_cut_and_a_long_source_is_read_to_its_end(model: MiniLM) -> None:
    """A source longer than MiniLM's window is read in windows; so is a claim, to its last word."""
    support = shipped_support()
    source = Source("Soup and bees", f"{SOUP * 40} {BEES}")
    long = ", ".join(["the network decodes the dances of bees"] * 120)
    sentences = [
        said("An error of 4.5 degrees is reached in decoding direction.", "L"),
        said(f"{long} on a phone", "L"),
        said(f"{long} on a satellite", "L"),
    ]

    first, phone, satellite = judge_(sentences, {"L": source}, support)

    (place,) = first.evidence
    assert "4.5 degrees" in source.text[place.start : place.end]
    assert phone.support is not None
    assert phone.support != pytest.approx(satellite.support, abs=1e-6)


def test_sources_twice_shuffled_or_beside_the_point_change_no_verdict(
    model: MiniLM, given: dict[str, Source]
) -> None:
    support = shipped_support()
    sources = {**given, "B2": given["B"]}
    for text in (RIGHT, WRONG):
        verdicts = {
            judge_([said(text, *cited)], sources, support)[0].verdict
            for number in (1, 2, 3)
            for cited in permutations(["B", "B2", "S"], number)
            if set(cited) & {"B", "B2"}
        }
        assert len(verdicts) == 1, text


def test_a_citation_is_needed_that_carries_the_sentence_alone_or_with_others(
    given: dict[str, Source],
) -> None:
    support = {"B": 0.9, "S": 0.1, "BS": 0.9, "T": 0.5, "ST": 0.6, "BT": 0.9, "BST": 0.9}
    scorer = ScriptedSupport(lambda _, titles: support[titles])

    (claim,) = judge_([said("x", "B", "S", "T")], given, scorer)
    assert claim.needed == ("B",)

    support |= {"B": 0.5, "BS": 0.5, "BT": 0.9}
    (claim,) = judge_([said("x", "B", "S", "T")], given, scorer)
    assert claim.needed == ("B", "T")


def test_precision_and_recall_of_citations_by_hand() -> None:
    supported = Claim(
        start=0, end=1, text="x", cited=("B", "S"), verdict="supported", support=0.9, needed=("B",)
    )
    unsupported = replace(supported, verdict="unsupported", support=0.1, needed=())
    uncited = replace(unsupported, cited=(), text="Yes.")
    unchecked = replace(supported, verdict="unchecked", support=0.5)

    assert citation_recall([supported, unsupported, uncited, uncited]) == 0.25
    assert citation_precision([supported, unsupported, uncited]) == 1 / 4
    assert citation_precision([unchecked]) == 0.0
    assert citation_precision([uncited]) == 0.0
    assert faithfulness([supported, unchecked]) == 0.5


def test_nothing_is_asked_of_a_scorer_that_has_nothing_to_judge(given: dict[str, Source]) -> None:
    support = ScriptedSupport()

    assert judged([], given=given, support=support) == ([], None)
    assert support.asked == []
