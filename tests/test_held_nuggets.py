"""Nuggets in answers: by offsets where an answer quotes, by the scorer where it writes."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from assistant.support import Judgement, Source
from eval.cases import Nugget
from eval.held_nuggets import NuggetJudge
from eval.results import Claim, Place
from index.papers import Paper
from tests.shipped_support import shipped_support

ABSTRACT = (
    "Bees tell each other where flowers are. We train a small network on 1,200 filmed dances and "
    "decode the direction with an error of 4.5 degrees. It runs on a phone."
)
PAPER = Paper(title="Bees", abstract=ABSTRACT, source="text")
SENTENCES = [each if each.endswith(".") else f"{each}." for each in ABSTRACT.split(". ")]

ERROR = Nugget(
    fact="The direction is decoded with an error of 4.5 degrees",
    evidence="decode the direction with an error of 4.5 degrees",
    paper=PAPER.id,
)
PHONE = Nugget(fact="It needs no more than a phone", evidence="It runs on a phone.", paper=PAPER.id)
UNPROVED = Nugget(fact="Where flowers are is told by bees to each other", evidence="", paper="")


def quote(text: str) -> Claim:
    start = ABSTRACT.index(text)
    place = Place(PAPER.id, start, start + len(text))
    return claim(text, "verbatim", place)


def claim(text: str, verdict: str = "supported", *evidence: Place) -> Claim:
    return Claim(
        start=0,
        end=len(text),
        text=text,
        cited=(PAPER.id,),
        verdict=verdict,  # type: ignore[arg-type]
        support=1.0,
        evidence=evidence,
    )


@pytest.fixture(scope="module")
def judge(model) -> NuggetJudge:
    return NuggetJudge(shipped_support())


class Gone:
    """A scorer whose server is gone."""

    low, high = 0.1, 0.5

    def judge(self, claim: str, sources: Sequence[Source]) -> Judgement:
        """Fail."""
        raise ConnectionError("gone")

    def judge_all(self, claims: Sequence[tuple[str, Sequence[Source]]]) -> list[Judgement]:
        """Fail."""
        raise ConnectionError("gone")


def test_quotes_hold_the_evidence_they_cover_and_no_scorer_is_asked(model):
    judge = NuggetJudge(Gone())
    held = judge.held([ERROR, PHONE], [quote(SENTENCES[0]), quote(SENTENCES[1])], [PAPER])

    assert [nugget.held for nugget in held.held] == [True, False]
    assert held.by_claim == ((), (0,))
    assert held.error is None


def test_a_fact_is_held_that_the_written_sentences_support(judge):
    written = [
        claim("Lentils are rinsed twice."),
        claim("The network decodes the direction of flowers with an error of 4.5 degrees."),
    ]
    held = judge.held([ERROR, PHONE], written, [PAPER])

    assert [nugget.held for nugget in held.held] == [True, False]
    assert held.by_claim == ((), (0,))


def test_a_nugget_without_evidence_is_judged_by_its_fact(judge):
    held = judge.held([UNPROVED], [quote(SENTENCES[0]), quote(SENTENCES[2])], [PAPER])

    assert [nugget.held for nugget in held.held] == [True]
    assert held.by_claim == ((0,), ())


def test_an_answer_that_says_nothing_holds_nothing(model):
    held = NuggetJudge(Gone()).held([ERROR, UNPROVED], [], [])

    assert [nugget.held for nugget in held.held] == [False, False]
    assert (held.by_claim, held.error) == ((), None)


def test_if_the_scorer_fails_it_is_not_known_what_is_held(model):
    judge = NuggetJudge(Gone())
    held = judge.held([ERROR, PHONE], [quote(SENTENCES[2]), claim("Bees dance.")], [PAPER])

    assert [nugget.held for nugget in held.held] == [None, True]
    assert held.by_claim == ((1,), ())
    assert held.error == "ConnectionError: gone"
