"""A digest by a language model: what it writes is checked, and what it leaves out is quoted."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

import pytest

from assistant.chat_model import Message
from assistant.digest.digester import Digester, Wanted
from assistant.digest.digests import Digest
from assistant.digest.writing import ModelDigestWriter
from assistant.drafting import leaks
from assistant.errors import WindowError
from index.search import Searcher
from prompts import DECLINE, load
from tests.listed_papers import AFTER
from tests.scripted_model import ScriptedModel
from tests.shipped_support import shipped_support

PAPER = re.compile(r'<paper number="(\d+)"[^>]*>\nTitle: (.*)\n(.*)\n</paper>')
BULLET = re.compile(r"^- (.*?) ((?:\[\d+\])+)$", re.MULTILINE)


def faithful(messages: Sequence[Message]) -> str:
    """Say the first sentence of each paper; of an overview, what it is given."""
    text = messages[-1].text
    if told := BULLET.findall(text):
        return " ".join(f"{said.partition('. ')[0].rstrip('.')}. {marks}" for said, marks in told)
    said = []
    for number, _, abstract in PAPER.findall(text):
        place = 0 if "A line for each" in text else 1
        sentences = re.split(r"(?<=[.]) (?=[A-Z])", abstract)
        said.append(f"{sentences[min(place, len(sentences) - 1)].rstrip('.')}. [{number}]")
    return " ".join(said)


def inventing(messages: Sequence[Message]) -> str:
    numbers = [number for number, *_ in PAPER.findall(messages[-1].text)] or ["1"]
    return " ".join(f"Paper {n} raises penguins in 41 hot deserts of Mars. [{n}]" for n in numbers)


def written(searcher: Searcher, model: ScriptedModel) -> Digest:
    writer = ModelDigestWriter(model, shipped_support(), unsupported="drop")
    wanted = Wanted(title="Friday", since=AFTER, until=AFTER)
    return Digester(searcher, writer).digest(wanted)


def check(digest: Digest) -> None:
    """Every paper has a line of its own, and every sentence cites words that are there."""
    papers = {citation.number: citation.paper for citation in digest.citations}
    assert len(list(digest.entries)) == 8
    for entry in digest.entries:
        assert entry.line is not None
        assert entry.line.citations == (entry.number,)
    for sentence in digest.sentences:
        assert sentence.verdict in {"verbatim", "supported", "unchecked"}
        assert sentence.citations
        for quote in sentence.evidence:
            assert papers[quote.citation].abstract[quote.start : quote.end] == quote.text


def test_what_a_faithful_model_writes_is_shown(listed: Searcher) -> None:
    digest = written(listed, ScriptedModel(faithful))
    check(digest)
    assert digest.writer.name == "model"
    assert {"digest", "digest_lines", "digest_overview"} <= dict(digest.writer.prompts).keys()
    firsts = {p.abstract.partition(". ")[0] for p in listed.corpus.papers(day=AFTER)}
    lines = [entry.line.text.rstrip(".") for entry in digest.entries if entry.line]
    assert sum(line in firsts for line in lines) >= 6


@pytest.mark.parametrize(
    ("says", "refused"),
    [(inventing, True), (lambda _: DECLINE, False), (lambda _: "Penguins cite nobody.", True)],
)
def test_what_is_unsupported_or_missing_is_quoted(
    says: Callable[[Sequence[Message]], str], refused: bool, listed: Searcher
) -> None:
    digest = written(listed, ScriptedModel(says))
    check(digest)
    assert {sentence.verdict for sentence in digest.sentences} == {"verbatim"}
    assert (digest.left_out > 0) == refused
    assert "penguins" not in " ".join(sentence.text for sentence in digest.sentences).lower()


def test_a_model_that_is_constrained_can_cite_only_the_papers_it_is_given(
    listed: Searcher,
) -> None:
    model = ScriptedModel(faithful, constrained=True)
    check(written(listed, model))
    for asked, grammar in zip(model.asked, model.grammars, strict=True):
        given = {number for number, *_ in PAPER.findall(asked[-1].text)}
        assert grammar
        assert all(number in grammar for number in given)


def test_papers_that_do_not_fit_the_window_are_given_in_portions(listed: Searcher) -> None:
    model = ScriptedModel(faithful, window=2600)
    check(written(listed, model))
    sizes = [sum(model.count(message.text) for message in asked) for asked in model.asked]
    assert max(sizes) < 2600
    assert sum("A line for each" in asked[-1].text for asked in model.asked) > 1


def test_a_window_without_room_for_a_paper_is_an_error(listed: Searcher) -> None:
    with pytest.raises(WindowError, match="too few for a paper"):
        written(listed, ScriptedModel(faithful, window=700))


def test_papers_are_fenced_and_what_the_model_is_told_is_not_repeated(listed: Searcher) -> None:
    secret = load("digest").text.splitlines()[0].partition(". ")[0]
    model = ScriptedModel(lambda _: f"{secret}. [1]")
    digest = written(listed, model)
    assert leaks(f"{secret}.")
    assert secret not in " ".join(sentence.text for sentence in digest.sentences)
    assert all(PAPER.search(asked[-1].text) for asked in model.asked)
