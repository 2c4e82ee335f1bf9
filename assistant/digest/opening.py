"""Opening: a home opened to make digests of its papers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from assistant.asked import Index
from assistant.assembling import chat_model, searcher
from assistant.chat_model import ChatModel
from assistant.digest.digester import Digester
from assistant.digest.writing import ModelDigestWriter
from assistant.settings import Settings
from assistant.support import TrainedSupport
from assistant.talk import Talk


@contextmanager
def digester(settings: Settings, talk: Talk) -> Iterator[Digester]:
    """Open a home; with a language model if the settings name its server.

    Raises:
        HomeError: There is no corpus.
        ModelError: The embedding model is missing.
        StaleIndexError: The vectors are another model's.
        ChatModelError: The language model cannot be used.
    """
    with chat_model(settings) as model, searcher(settings, talk) as index:
        yield digesting(index, model, settings=settings)


def digesting(index: Index, model: ChatModel | None, *, settings: Settings) -> Digester:
    """Put a digester together; without a language model its digests are quoted."""
    if model is None:
        return Digester(index)
    writer = ModelDigestWriter(model, TrainedSupport(), unsupported=settings.unsupported)
    return Digester(index, writer)
