"""Opening: a home opened to make digests of its papers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from assistant.assembling import chat_model, searcher
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
        if model is None:
            yield Digester(index)
        else:
            support = TrainedSupport()
            writer = ModelDigestWriter(model, support, unsupported=settings.unsupported)
            yield Digester(index, writer)
