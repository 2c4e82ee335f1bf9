"""How sentences and abstracts are shown on the web page, whatever they hold."""

from __future__ import annotations

from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from assistant.answers import Quote, Sentence, Verdict
from assistant.fit_text import fit
from assistant.serving.page.shown import VERDICTS, marked, sentence_html

PLAIN = st.text(st.characters(categories=["L", "N", "P", "S", "Zs"], exclude_characters="$\\"))
SPANS = st.lists(st.tuples(st.integers(-5, 60), st.integers(-5, 60)), max_size=6)


def sentence(text: str, **other: Any) -> Sentence:
    told: dict[str, Any] = {"verdict": "supported", "support": 0.9, "evidence": ()}
    return Sentence(text=text, citations=(1,), **{**told, **other})


@given(text=PLAIN, spans=SPANS)
def test_marks_cover_the_spans_and_nothing_else(text: str, spans: list[tuple[int, int]]) -> None:
    pieces = marked(text, spans)
    assert "".join(piece for piece, _ in pieces) == fit(text)
    covered = [is_marked for piece, is_marked in pieces for _ in piece]
    for place in range(len(text)):
        assert covered[place] == any(max(start, 0) <= place < end for start, end in spans)


@given(text=st.text(min_size=1))
def test_a_sentence_adds_no_element_of_its_own(text: str) -> None:
    kinds = [sorted({e.tag for e in html.fromstring(shown(each)).iter()}) for each in ("x", text)]
    assert kinds[0] == kinds[1]


def shown(text: str) -> str:
    quote = Quote(1, 0, len(text), text)
    return sentence_html(sentence(text, evidence=(quote,)), before=None)


@pytest.mark.parametrize("verdict", get_args(Verdict))
def test_every_verdict_is_told_in_words(verdict: Verdict) -> None:
    written = html.fromstring(sentence_html(sentence("It is so.", verdict=verdict), before=None))
    (mark,) = written.find_class("mark")
    assert mark.get("title") == VERDICTS[verdict]
    assert mark.text_content().strip()


def test_a_heading_stands_above_the_first_of_its_sentences() -> None:
    first, second = (sentence(text, section="Gaps") for text in ("One.", "Two."))
    assert "<h3>Gaps</h3>" in sentence_html(first, before=None)
    assert "<h3>" not in sentence_html(second, before=first)
