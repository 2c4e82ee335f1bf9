"""The page of a run, read again by an HTML parser."""

from __future__ import annotations

import re
from base64 import b64encode
from dataclasses import replace
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from eval.marked_text import Mark, letter, pieces, roman
from eval.page import report_page
from eval.results import Result
from tests.run_reports import (
    ABSTRACT,
    DANCE,
    TAKES,
    TELLS,
    answered,
    claim,
    declined,
    hit,
    nugget,
    paper,
    place_of,
    report_of,
)

DANCED = claim(DANCE, "verbatim", support=1.0, evidence=(place_of(DANCE),), nuggets=(0,))
TOLD = claim(
    "A dance may tell a distance.", "supported", start=32, support=0.91, evidence=(place_of(TELLS),)
)
DOUBTED = claim(
    "Dances tell much.", "unchecked", start=65, support=0.3, evidence=(place_of(TELLS),)
)
WRONG = claim("A dance takes an hour.", "unsupported", start=87, evidence=(place_of(TAKES),))
GOOD = answered("good", DANCED, TOLD, nuggets=(nugget(True, DANCE),))
QUOTED = answered("quoted", DANCED, writer="quotes", nuggets=(nugget(True, DANCE),))
FAILED = answered("failed", outcome="error", error="the server is gone", papers=(), hits=())
UNKNOWN = Result(
    **{"id": "u", "question": "Who won?", "kind": "", "relevant": (), "answerable": False},
    **{"cluster": "u", "outcome": "declined", "text": "The papers do not answer this."},
)

HOSTILE = (
    "<script>alert(1)</script>",
    "</script><script>alert(1)</script>",
    "</style><style>*{display:none}</style>",
    "<img src=https://evil.example/x.png onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "'onmouseover='alert(1)",
    "<!-- --><iframe src=https://evil.example>",
    "{{ 7 * 7 }} {% include 'page.js' %}",
    "&lt;b&gt; &amp; &#60;script&#62;",
    "\u202egnp.exe\u2066",
    "a" * 5000,
    "half \ud800 of a character, a \x00 and an \x1b[31mescape",
    "$\\ell_2$ and \\textbf{bold} at 25\\%",
    "[1] [2] [^1] \\begin{document}",
)


def page_of(*results: Result, agreements: Any = (), **settings: Any) -> Any:
    """Write the page of a run and parse it."""
    written = report_page(report_of(*results, **settings), agreements=agreements)
    return html.document_fromstring(written)


def words_of(element: Any) -> str:
    return " ".join(" ".join(element.itertext()).split())


def one(page: Any, path: str) -> Any:
    (found,) = page.cssselect(path)
    return found


def test_the_page_asks_for_nothing() -> None:
    page = page_of(GOOD, FAILED)
    addresses = [
        (name, value)
        for element in page.iter()
        for name, value in element.items()
        if name in {"src", "href", "srcset", "action", "data", "poster", "background"}
    ]
    assert addresses
    assert all(name == "href" and value.startswith("#") for name, value in addresses)
    assert not re.search(r"url\(|@import|@font-face", one(page, "style").text)


def test_the_policy_permits_the_pages_own_style_and_script_and_nothing_else() -> None:
    page = page_of(GOOD)
    (policy,) = page.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules == {
        "default-src": "'none'",
        "style-src": f"'{checksum(one(page, 'style'))}'",
        "script-src": f"'{checksum(one(page, 'script'))}'",
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    assert not page.xpath("//@style")
    assert not [name for each in page.iter() for name in each.attrib if name.startswith("on")]


def checksum(element: Any) -> str:
    return f"sha256-{b64encode(sha256(element.text.encode()).digest()).decode()}"


@pytest.mark.parametrize("text", HOSTILE)
def test_what_a_report_holds_stays_text(text: str) -> None:
    """Every field that is shown holds it; the page has the same elements as without."""
    tame, wild = (page_of(*everywhere(each), writer=each, model=each) for each in ("tame", text))
    assert [each.tag for each in wild.iter()] == [each.tag for each in tame.iter()]
    assert [sorted(each.keys()) for each in wild.iter()] == [
        sorted(each.keys()) for each in tame.iter()
    ]
    shown = wild.text_content()
    assert shown.count("\ufffd") >= 5 or not re.search("[\u202e\ud800]", text)
    assert not re.search("[\x00-\x08\x0e-\x1f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", shown)


def everywhere(text: str) -> list[Result]:
    """Put a text into all that comes from a suite, a paper or a model."""
    said = claim(
        text, "unsupported", cited=("x", "bees"), dangling=text, evidence=(place_of(DANCE),)
    )
    about: dict[str, Any] = {
        "question": text,
        "kind": text,
        "understood": text,
        "papers": (paper(text, abstract=f"{text}. {ABSTRACT}", id="x"),),
        "hits": (hit(1, title=text),),
        "nuggets": (nugget(False, text, fact=text),),
    }
    failed = {"outcome": "error", "error": text, "text": text}
    refused = {"outcome": "declined", "declined_because": text, "text": text}
    return [
        answered(text, said, text=f"{text} [1] {text}", **about),
        answered("f", **{**about, **failed}),
        answered("d", **{**about, **refused}),
    ]


def test_a_hostile_question_is_shown_as_it_was_asked() -> None:
    question = "Is <b>x</b> & \"y\" > 'z'?"
    assert words_of(one(page_of(replace(GOOD, question=question)), ".question")) == question


def test_formulas_are_made_readable() -> None:
    page = page_of(replace(GOOD, question="What is $\\ell_2$ at 25\\%?"))
    assert words_of(one(page, ".question")) == "What is ℓ_2 at 25%?"


def test_the_headlines_stand_with_their_intervals_and_their_coverage() -> None:
    other = answered("other", replace(TOLD, start=0), WRONG, cluster="ants")
    page = page_of(GOOD, other, FAILED)
    head = {words_of(each[0]): words_of(each) for each in page.cssselect(".headlines > div")}
    assert head["faithfulness, by answer"].split(" answer ")[1] == (
        "0.750 [0.500, 1.000] 2 of 3 scored, between 0.500 and 0.833"
    )


def test_quotes_are_called_verbatim_and_are_no_headline() -> None:
    page = page_of(QUOTED, writer="quotes")
    heads = [words_of(each[0]) for each in page.cssselect(".headlines > div")]
    assert "facts of the answer that are said" in heads
    assert not [head for head in heads if "faithful" in head or "quote" in head]
    row = next(each for each in page.cssselect(".figures tr") if "verbatim" in words_of(each))
    assert words_of(row) == "answers in quotes verbatim 1 of 1 verbatim"


def test_what_could_not_be_scored_is_told() -> None:
    page = page_of(GOOD, FAILED)
    assert "Not everything could be scored: of one metric only 0.500" in words_of(page)
    row = next(each for each in page.cssselect(".figures tr") if "claim_faith" in words_of(each))
    assert "2 of 3, between 0.667 and 1.000" in words_of(row)
    assert "Not everything" not in words_of(page_of(GOOD))


def test_the_outcomes_are_counted_by_what_was_answerable() -> None:
    page = page_of(GOOD, declined("d"), UNKNOWN)
    rows = [words_of(row) for row in page.cssselect(".outcomes tr")]
    assert rows == [
        "answered declined",
        "answerable 1 1",
        "unanswerable · 1",
        "by kind",
        "described 1 1",
    ]


def test_each_sentence_has_its_verdict_in_words_and_its_footnote() -> None:
    page = page_of(answered("a", DANCED, TOLD, DOUBTED, WRONG))
    assert [words_of(line) for line in page.cssselect("li[class*=' c']")] == [
        f"a “ verbatim {DANCE} 1",
        "b ✓ supported 0.91 A dance may tell a distance. 1",
        "c ~ unchecked 0.30 Dances tell much. 1",
        "d ✕ unsupported 0.50 A dance takes an hour. 1",
    ]


@pytest.mark.parametrize(
    ("about", "why"),
    [
        (
            {"reason": "unknown_citation", "cited": ("bees", "x")},
            "cites a paper that was not given",
        ),
        ({"reason": "misquote"}, "quotes words that no cited paper has"),
        ({"reason": "no_source", "cited": ()}, "names no source"),
        ({"reason": "error", "support": None}, "could not be judged"),
        ({"dangling": "They"}, "points with “They” at what is not shown"),
    ],
)
def test_a_sentence_says_why_it_is_judged_so(about: dict[str, Any], why: str) -> None:
    page = page_of(answered("a", claim("They dance.", "unsupported", **about)))
    assert words_of(one(page, "li.c1 .note")) == why


def test_words_between_the_sentences_are_shown_too() -> None:
    text = f"On bees {DANCE} [1]\n\nShall I go on?"
    page = page_of(answered("a", replace(DANCED, start=8, end=8 + len(DANCE)), text=text))
    assert [words_of(line) for line in page.cssselect(".lines > li")] == [
        "On bees",
        f"a “ verbatim {DANCE} 1",
        "Shall I go on?",
    ]


def test_the_evidence_of_each_sentence_and_fact_is_marked_in_the_abstract() -> None:
    page = page_of(answered("a", DANCED, TOLD, DOUBTED, nuggets=(nugget(False, "tells how far"),)))
    marks = [(mark.get("class").split(), mark.text_content()) for mark in page.cssselect("mark")]
    assert marks == [
        (["e1", "carries"], DANCE),
        (["e2", "e3", "carries"], "A dance "),
        (["e2", "e3", "f1", "carries"], "tells how far"),
        (["e2", "e3", "carries"], " away food is."),
    ]
    (abstract,) = page.cssselect(".abstract")
    for sign in abstract.cssselect("sup"):
        sign.drop_tree()
    assert abstract.text_content() == ABSTRACT


def test_every_link_within_the_page_leads_somewhere() -> None:
    page = page_of(
        answered(
            "a", DANCED, TOLD, claim("So?", "unsupported", cited=("x",)), nuggets=(nugget(True),)
        ),
        declined("d", nuggets=(nugget(False),)),
        FAILED,
    )
    links = set(page.xpath("//a/@href"))
    assert len(links) > 5
    assert [link for link in links if not page.xpath(f"//*[@id='{link[1:]}']")] == []
    names = page.xpath("//@id")
    assert len(names) == len(set(names))


FLAGGED = {
    "unsupported": answered("a", TOLD, WRONG),
    "unchecked": answered("a", DOUBTED),
    "wrong-first": answered("a", DANCED, hits=(hit(1), hit(2, relevant=True))),
    "declined": declined("a"),
    "answered": answered("a", DANCED, answerable=False, relevant=()),
    "error": FAILED,
    "missing": answered("a", DANCED, nuggets=(nugget(False), nugget(True, DANCE))),
}


@pytest.mark.parametrize("failure", FLAGGED)
def test_a_failure_can_be_found(failure: str) -> None:
    page = page_of(FLAGGED[failure], GOOD)
    flagged, good = page.cssselect(".case")
    assert flagged.get("class").split() == ["case", f"is-{failure}"]
    assert good.get("class").split() == ["case"]
    assert one(page, ".filters input[type=checkbox]").get("id") == f"only-{failure}"
    assert words_of(one(page, ".filters label")).endswith(" 1")
    assert words_of(one(good, ".state")) == "answered"
    assert words_of(one(flagged, ".state")) != "answered"


def test_a_declined_question_misses_no_facts_besides() -> None:
    page = page_of(declined("a", nuggets=(nugget(False),)))
    assert one(page, ".case").get("class").split() == ["case", "is-declined"]


def test_a_run_without_failures_has_no_filters() -> None:
    assert page_of(GOOD).cssselect(".filters input[type=checkbox]") == []


def test_the_papers_found_are_listed_down_to_the_right_one() -> None:
    hits = tuple(hit(rank, relevant=rank == 9) for rank in range(1, 12))
    listed = page_of(answered("a", DANCED, hits=hits)).cssselect(".found li")
    assert [each.get("value") for each in listed] == ["1", "2", "3", "4", "5", "9"]
    assert words_of(listed[-1]) == "How bees dance right"


def test_plots_say_what_they_show() -> None:
    results = [
        answered("a", DANCED, answerability=0.9),
        declined("b", answerability=0.2, hits=(hit(1), hit(2), hit(3, relevant=True))),
        replace(UNKNOWN, answerability=0.1),
    ]
    points = [{"support": 0.2, "supported": 0.5, "count": 4}]
    page = page_of(*results, agreements=[{"set": "claims", "reliability": points}])
    titles = [words_of(each) for each in page.cssselect("svg[role=img] title")]
    assert [title.partition(":")[0] for title in titles] == [
        "Finding the right papers",
        "What another threshold would decline",
        "How far the scorer can be believed, on claims",
    ]
    assert "0.500 of the right papers in the first 1; 1.000 of the right papers in the" in titles[0]
    assert "where 1% of the answerable questions are declined, 100% of the unan" in titles[1]
    assert "of 4 claims scored about 0.20, people call 50% supported" in titles[2]
    assert [words_of(row) for row in page.cssselect("figure tbody tr")][-1] == ("0.200 0.500 4")


def test_a_run_in_which_nothing_could_be_asked_has_a_page() -> None:
    page = page_of(FAILED, replace(FAILED, id="g", answerable=None, relevant=()))
    assert page.cssselect(".case")
    assert page_of(UNKNOWN, writer="quotes", corpus=None).cssselect(".case")


def test_the_same_report_gives_the_same_page() -> None:
    report = report_of(GOOD, FAILED, QUOTED)
    assert report_page(report) == report_page(report)


MARKS = st.lists(
    st.builds(Mark, st.sampled_from(["e1", "e2", "f1"]), st.integers(-5, 40), st.integers(-5, 40))
)


@given(st.text("ab <&", max_size=30), MARKS)
def test_pieces_give_the_text_and_each_letter_its_marks(text: str, marks: list[Mark]) -> None:
    cut = pieces(text, marks)
    assert "".join(piece.text for piece in cut) == text
    named = [set(piece.names) for piece in cut for _ in piece.text]
    assert named == [
        {mark.name for mark in marks if mark.start <= place < mark.end}
        for place in range(len(text))
    ]
    first = [name for piece in cut for name in piece.first_of]
    assert len(first) == len(set(first))
    assert set(first) == {name for piece in cut for name in piece.names}


def test_letters_and_roman_numbers_go_on() -> None:
    assert [letter(n) for n in (1, 26, 27, 28, 702, 703)] == ["a", "z", "aa", "ab", "zz", "aaa"]
    assert [roman(n) for n in (1, 4, 9, 14, 40, 99)] == ["i", "iv", "ix", "xiv", "xl", "xcix"]
