"""The scorer that ships, and texts made ready to be judged by, for tests that need any."""

from __future__ import annotations

from assistant.support import AlignedSupport, Source, SourceReader, Support
from index.minilm import MiniLM


def source_of(text: str, *, title: str = "", model: MiniLM) -> Source:
    """Make a text ready that is in no index."""
    return SourceReader(model).source(text, title=title)


def shipped_support(model: MiniLM) -> Support:
    """Give the scorer that answers are checked with."""
    return AlignedSupport(model)
