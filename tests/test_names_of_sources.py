"""The names of live sources."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import SourceError
from index.papers import tidy
from index.sources.names import is_live, live_name
from index.sources.spans import Span

OCTOBER = Span(date(2025, 10, 1), date(2025, 10, 31))


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("2025-10-30", Span(date(2025, 10, 30), date(2025, 10, 30))),
        ("2025-10", OCTOBER),
        ("2024-02", Span(date(2024, 2, 1), date(2024, 2, 29))),
        ("2025-12", Span(date(2025, 12, 1), date(2025, 12, 31))),
        ("2025-W44", Span(date(2025, 10, 27), date(2025, 11, 2))),
        ("2026-W01", Span(date(2025, 12, 29), date(2026, 1, 4))),
        ("2020-W53", Span(date(2020, 12, 28), date(2021, 1, 3))),
        ("2025-10-01..2025-10-31", OCTOBER),
        ("2025-10-01..", Span(date(2025, 10, 1), None)),
        ("..2025-10-31", Span(None, date(2025, 10, 31))),
    ],
)
def test_span_is_read(text: str, span: Span) -> None:
    assert Span.of(text) == span


@pytest.mark.parametrize(
    "text",
    "2025-13 2025-W54 2025-W00 2025-02-30 2025 .. 2025-10-31..2025-10-01 2025-10..2025-11".split(),
)
def test_what_is_no_span_is_none(text: str) -> None:
    assert Span.of(text) is None


@pytest.mark.parametrize(
    ("text", "kind", "subject", "span"),
    [
        ("hf:today", "lists", "", None),
        ("hf:2025-10", "lists", "", OCTOBER),
        ("arxiv:2510.12345", "papers", "2510.12345", None),
        ("arxiv:2510.12345v2,cs/0112017", "papers", "2510.12345,cs/0112017", None),
        ("arxiv:cs.CL", "category", "cat:cs.CL", None),
        ("arxiv:cs.CL+quant-ph@2025-10", "category", "cat:cs.CL OR cat:quant-ph", OCTOBER),
        ("arxiv:au:hinton AND ti:x@2025-10", "query", "au:hinton AND ti:x", OCTOBER),
        ("arxiv:optimal transport", "query", "all:optimal AND all:transport", None),
        ("arxiv:owls", "query", "all:owls", None),
        ("arxiv-rss:cs.CL+cs.LG", "feed", "cs.CL+cs.LG", None),
        ("arxiv-oai:cs.CL@2025-10", "bulk", "cs:cs:CL", OCTOBER),
        ("arxiv-oai:cs", "bulk", "cs", None),
        ("arxiv-oai:hep-th", "bulk", "physics:hep-th", None),
        ("arxiv-oai:astro-ph.GA", "bulk", "physics:astro-ph:GA", None),
        ("arxiv-oai:math:math:AG", "bulk", "math:math:AG", None),
        ("arxiv-oai:", "bulk", "", None),
    ],
)
def test_name_is_read(text: str, kind: str, subject: str, span: Span | None) -> None:
    name = live_name(text)
    assert (name.kind, name.subject, name.span) == (kind, subject, span)


@pytest.mark.parametrize(
    "text",
    [
        *("hf:", "hf:tomorrow", "hf:2025-13", "hf:..2025-10-01", "hf:owls", "hf:2025-10@2025-11"),
        *("arxiv:", "arxiv:cs.CL@owls", "arxiv:2510.12345@2025-10", "arxiv:?!", "arxiv:@2025-10"),
        *("arxiv-rss:", "arxiv-rss:owls", "arxiv-rss:cs.CL@2025-10", "arxiv-rss:../x"),
        *("arxiv-oai:owls", "arxiv:" + "x" * 2000),
    ],
)
def test_misspelt_name_is_an_error_that_shows_how_names_are_spelt(text: str) -> None:
    with pytest.raises(SourceError) as caught:
        live_name(text)
    assert "`arxiv:cs.CL@2025-10`" in caught.value.hint


@given(st.sampled_from(["hf:", "arxiv:", "arxiv-rss:", "arxiv-oai:"]), st.text())
def test_any_name_is_read_or_refused(scheme: str, rest: str) -> None:
    assert is_live(scheme + rest)
    try:
        name = live_name(scheme + rest)
    except SourceError:
        return
    assert tidy(name.text) == name.text
