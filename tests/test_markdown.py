"""An answer as Markdown, read again by a Markdown parser."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from assistant.answers import Answer, Citation, Quote, Seconds, Sentence
from assistant.markdown import answer_in_markdown
from index.papers import Paper, tidy

HOSTILE = (
    "[click](https://evil.example)",
    "![pixel](https://evil.example/x.png)",
    "<https://evil.example>",
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "&lt;b&gt;bold&lt;/b&gt;",
    "[^1] and [^2]: forged",
    "[1]: https://evil.example 'x'",
    "**bold** _slanted_ ~~struck~~ `code`",
    "# heading",
    "> quotation",
    "- item",
    "+ item",
    "1. item",
    "12) item",
    "---",
    "=== rule",
    "```fence",
    "| a | b |",
    "\\[escaped\\](https://evil.example)",
    "$x^2$ \\href{https://evil.example}{here}",
    "a  two spaces",
)


def paper(title: str = "Quiet roofs", *, url: str | None = None, **known: object) -> Paper:
    return Paper(title=title, abstract="a", source="text", url=url, **known)  # type: ignore[arg-type]


def answer(*texts: str, papers: tuple[Paper, ...] = (paper(),), remark: str = "") -> Answer:
    sentences = tuple(
        Sentence(text, (number,), "verbatim", 1.0, (Quote(number, 0, len(text), text),))
        for text, number in zip(texts, [*range(1, len(papers) + 1), *[1] * 99], strict=False)
    )
    return Answer(
        question="Q",
        kind="answer",
        sentences=sentences,
        citations=tuple(Citation(n, each) for n, each in enumerate(papers, 1)) if texts else (),
        declined_because=None,
        remark=remark,
        hits=(),
        degraded=False,
        undated_left_out=0,
        writer="quotes",
        seconds=Seconds(0, 0, 0),
    )


def rendered(text: str) -> str:
    return str(MarkdownIt("commonmark", {"html": True}).enable("table").render(text))


def words(html: str) -> str:
    """Give the text a reader sees, without tags, blanks collapsed."""
    shown = re.sub(r"<[^>]*>", "", html)
    for entity, letter in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&amp;", "&")):
        shown = shown.replace(entity, letter)
    return " ".join(shown.split())


def test_each_sentence_has_its_mark_and_each_paper_its_footnote() -> None:
    papers = (
        paper("Quiet roofs", url="https://a.example/1", authors=("Ann Lee", "Bo Ek")),
        paper("Felt", organization="Hemp House"),
    )
    first, second = (each.id for each in papers)
    assert answer_in_markdown(answer("It is quiet.", "Felt helps.", papers=papers)) == (
        "It is quiet. [^1] Felt helps. [^2]\n\n"
        f"[^1]: [Quiet roofs](<https://a.example/1>), Ann Lee et al., {first}\n"
        f"[^2]: Felt, Hemp House, {second}\n"
    )


def test_declined_answer_is_its_remark() -> None:
    assert answer_in_markdown(answer(remark="No paper on *this*.")) == "No paper on \\*this\\*.\n"


def in_sections(*sections: str | None) -> Answer:
    """Give an answer of a sentence in each of `sections`."""
    plain = answer(*(f"Sentence {n}." for n in range(1, len(sections) + 1)))
    pairs = zip(plain.sentences, sections, strict=True)
    return replace(plain, sentences=tuple(replace(s, section=section) for s, section in pairs))


def test_sections_are_headings_with_their_sentences_below() -> None:
    shown = answer_in_markdown(in_sections("Felt", "Felt", "What is open"))
    footnote = f"[^1]: Quiet roofs, {paper().id}\n"
    assert shown == (
        "## Felt\n\nSentence 1. [^1] Sentence 2. [^1]\n\n"
        "## What is open\n\nSentence 3. [^1]\n\n"
        f"## References\n\n{footnote}"
    )


def test_answer_without_sections_has_no_heading() -> None:
    assert "#" not in answer_in_markdown(in_sections(None, None))


@pytest.mark.parametrize("text", HOSTILE)
def test_heading_from_a_paper_stays_plain_text(text: str) -> None:
    html = rendered(answer_in_markdown(in_sections(text)).partition("\n\n")[0])
    assert re.findall(r"<[^>]*>", html) == ["<h2>", "</h2>"]


@pytest.mark.parametrize("text", HOSTILE)
def test_sentence_of_a_paper_stays_plain_text(text: str) -> None:
    body = answer_in_markdown(answer(text)).split("\n\n")[0].removesuffix(" [^1]")
    html = rendered(body)
    assert re.findall(r"<[^>]*>", html) == ["<p>", "</p>"]
    assert "[^" not in body


@pytest.mark.parametrize("text", HOSTILE)
def test_title_of_a_paper_stays_plain_text(text: str) -> None:
    footnotes = answer_in_markdown(answer("Yes.", papers=(paper(text),))).split("\n\n")[1]
    html = rendered(footnotes.removeprefix("[^1]: "))
    assert re.findall(r"<[^>]*>", html) == ["<p>", "</p>"]
    assert footnotes.count("[^") == footnotes.count("\n") == 1


def test_bare_addresses_do_not_become_links() -> None:
    text = "See http://evil.example, www.evil.example or a@evil.example."
    shown = answer_in_markdown(answer(text))
    for linked in ("http://", "www.evil", "a@evil"):
        assert linked not in shown
    assert words(rendered(shown.split(" [^")[0])) == text


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "https://a b", "//x"])
def test_address_that_is_not_of_the_web_is_no_link(url: str) -> None:
    shown = answer_in_markdown(answer("Yes.", papers=(paper(url=url),)))
    assert url not in shown
    assert "](" not in shown


def test_address_cannot_end_its_link() -> None:
    shown = answer_in_markdown(answer("Yes.", papers=(paper(url="https://a.example/)[x](y"),)))
    html = rendered(shown.split("[^1]: ")[1])
    assert re.findall(r'href="([^"]*)"', html) == ["https://a.example/)%5Bx%5D(y"]


def test_formula_is_shown_readable() -> None:
    assert "ℓ\\_2 norm" in answer_in_markdown(answer(r"The $\ell_2$ norm."))


@given(
    st.text(
        alphabet=st.sampled_from("\\`*_{}[]()#+-.!|<>~&$^=:/@ 1aw\"'\n") | st.characters(),
        min_size=1,
    )
    .map(tidy)
    .filter(lambda text: text and "$" not in text and "\\" not in text)
)
def test_reader_sees_what_the_paper_says_and_nothing_else(text: str) -> None:
    body = answer_in_markdown(answer(text)).split(" [^1]")[0]
    html = rendered(body)
    assert set(re.findall(r"<[^>]*>", html)) <= {"<p>", "</p>"}
    assert words(html) == " ".join(text.split())
