"""The forms of a digest: nothing from a paper can act in any of them, and feeds are valid."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime
from typing import Any

import pytest
from lxml import etree, html

from assistant.answers import Citation, Quote, Sentence, WrittenBy
from assistant.delivery.digest_feed import ATOM
from assistant.delivery.forms import Form, digest_as
from assistant.digest.digests import Digest, Entry, Topic
from index.papers import Paper

NOW = datetime(2025, 10, 30, 9, tzinfo=UTC)

HOSTILE = (
    '<script>alert(1)</script> [x](javascript:alert(1)) `code` *em* # & "quoted" ]]> '
    "\x1b[31mred\x07 \u202eturned {{ 7*7 }} {% raw %} &lt;b&gt;"
)


def paper(title: str, **more: Any) -> Paper:
    abstract = more.pop("abstract", f"{HOSTILE} is what we study.")
    return Paper(title=title, abstract=abstract, source="text", **more)


def digest_of(*papers: Paper, **more: Any) -> Digest:
    def quoted(number: int, abstract: str) -> Sentence:
        quote = Quote(number, 0, len(abstract), abstract)
        return Sentence(abstract, (number,), "verbatim", 1.0, (quote,))

    lines = [quoted(number, each.abstract) for number, each in enumerate(papers, 1)]
    entries = tuple(
        Entry(number, each, line, HOSTILE)
        for number, (each, line) in enumerate(zip(papers, lines, strict=True), 1)
    )
    given: dict[str, Any] = {
        "title": f"Thursday {HOSTILE}",
        "since": date(2025, 10, 30),
        "until": date(2025, 10, 30),
        "overview": tuple(lines[:1]),
        "topics": (Topic(HOSTILE, (HOSTILE,), tuple(lines), entries),),
        "citations": tuple(Citation(n, each) for n, each in enumerate(papers, 1)),
        "considered": len(papers),
        "remark": HOSTILE,
        "rank": "votes",
        "writer": WrittenBy("model", HOSTILE),
        "left_out": 0,
        "silhouette": 0.5,
        **more,
    }
    return Digest(**given)


EVIL = paper(
    HOSTILE,
    url="https://example.org/?a=1&b=\"'",
    authors=(HOSTILE,),
    upvotes=7,
    listed=(date(2025, 10, 29), date(2025, 10, 30)),
)
PLAIN = paper("Kites", abstract="Kites fly at 3 m.", published=date(2024, 1, 2))


def written(form: Form, *papers: Paper, **more: Any) -> str:
    return digest_as(form, digest_of(*(papers or (EVIL, PLAIN)), **more), moment=NOW)


def test_a_page_holds_no_script_and_asks_for_nothing() -> None:
    page = html.fromstring(written("html"))
    assert page.xpath("//script") == []
    assert page.xpath("//@style") == []
    assert page.xpath("//@*[starts-with(name(), 'on')]") == []
    links = page.xpath("//a/@href")
    assert all(link.startswith(("#", "https://example.org/")) for link in links)
    (policy,) = page.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "script-src" not in policy


def test_a_page_shows_what_papers_say_as_they_say_it() -> None:
    text = html.fromstring(written("html")).text_content()
    assert "<script>alert(1)</script>" in text
    assert "{{ 7*7 }} {% raw %}" in text
    assert "\x1b" not in text
    assert "\u202e" not in text


def test_the_numbers_of_a_page_lead_to_its_papers() -> None:
    page = html.fromstring(written("html"))
    targets = [f"#{name}" for name in page.xpath("//li/@id")]
    assert targets == ["#p1", "#p2"]
    assert set(page.xpath("//sup/a/@href")) == {"#p1", "#p2"}


def test_markdown_holds_no_html_and_no_link_but_that_of_the_paper() -> None:
    text = written("md")
    assert re.search(r"(?<!\\)<(?!https://example\.org/)", text) is None
    assert re.search(r"(?<!\\)[`*](?=code|em)|(?<!\\)\]\(javascript", text) is None
    assert "\x1b" not in text
    assert text.count("](<https://example.org/") == 1


def test_plain_text_holds_nothing_that_a_terminal_acts_on() -> None:
    text = written("text")
    assert all(letter.isprintable() or letter == "\n" for letter in text)
    assert max(map(len, text.splitlines())) <= 100
    assert "Kites fly at 3 m." in text


def test_json_is_the_digest() -> None:
    data = json.loads(written("json"))
    assert data["papers"] == 2
    assert data["topics"][0]["papers"][0]["title"] == HOSTILE
    abstract = data["citations"][0]["paper"]["abstract"]
    for quote in data["overview"][0]["evidence"]:
        assert abstract[quote["start"] : quote["end"]] == quote["quote"]


def feed(**more: Any) -> Any:
    return etree.fromstring(written("atom", **more).encode())


def texts(element: Any, name: str) -> list[str]:
    return [each.text for each in element.findall(f"{{{ATOM}}}{name}")]


def test_a_feed_has_what_the_standard_asks_for() -> None:
    """RFC 4287, 4.1.1 and 4.1.2."""
    root = feed()
    assert root.tag == f"{{{ATOM}}}feed"
    entries = root.findall(f"{{{ATOM}}}entry")
    assert len(entries) == 3
    for element in (root, *entries):
        for name in ("id", "title", "updated"):
            assert len(texts(element, name)) == 1
        assert texts(element, "id")[0].startswith("urn:uuid:")
        assert datetime.fromisoformat(texts(element, "updated")[0]).tzinfo is not None
    assert len(root.findall(f"{{{ATOM}}}author")) == 1
    assert len({texts(entry, "id")[0] for entry in entries}) == 3
    kinds = [entry.find(f"{{{ATOM}}}content").get("type") for entry in entries]
    assert kinds == ["html", "text", "text"]


def test_the_content_of_a_feed_is_escaped_twice_where_it_is_html() -> None:
    body = feed().find(f"{{{ATOM}}}entry/{{{ATOM}}}content").text
    assert html.fromstring(body).xpath("//script") == []
    assert "<script>alert(1)</script>" in html.fromstring(body).text_content()


def test_a_feed_reader_reads_it() -> None:
    feedparser = pytest.importorskip("feedparser", reason="feedparser is not installed")
    read = feedparser.parse(written("atom"))
    assert not read.bozo
    assert read.version == "atom10"
    assert [link.href for entry in read.entries for link in entry.get("links", [])] == [EVIL.url]


def test_ids_stay_whatever_else_changes() -> None:
    def ids(**more: Any) -> list[str]:
        return [texts(entry, "id")[0] for entry in feed(**more).findall(f"{{{ATOM}}}entry")]

    first = ids()
    assert ids(remark="other", topics=digest_of(EVIL, PLAIN).topics, rank="novelty") == first
    later = paper("Kites", abstract="Other.", arxiv_id="2510.12345", upvotes=3)
    with_id = digest_of(EVIL, later)
    assert ids(topics=with_id.topics, citations=with_id.citations) == first
    assert ids(since=date(2025, 10, 29))[0] != first[0]
    assert ids(made_for="mine.toml")[0] != first[0]


def test_a_paper_is_as_old_as_its_first_list_and_nothing_is_newer_than_now() -> None:
    ages = [texts(entry, "updated")[0] for entry in feed().findall(f"{{{ATOM}}}entry")]
    assert [age[:10] for age in ages] == ["2025-10-30", "2025-10-29", "2024-01-02"]
    week = feed(until=date(2025, 11, 2))
    assert texts(week, "updated") == ["2025-10-30T09:00:00+00:00"]


@pytest.mark.parametrize("form", ["text", "md", "html", "atom", "json"])
def test_a_digest_of_no_paper_says_so(form: Form) -> None:
    empty: dict[str, Any] = {"overview": (), "topics": (), "citations": (), "considered": 0}
    text = digest_as(form, digest_of(PLAIN, **empty, remark="No paper is there."), moment=NOW)
    assert "No paper is there" in text
