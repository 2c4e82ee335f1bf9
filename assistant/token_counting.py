"""How many tokens a text is to a model, with the best means at hand."""

from __future__ import annotations

import math
import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

from assistant.model_server import ModelServer, Served

SAFETY = 1.3
"""An estimate counts this much more than cl100k_base, which has 100,000 tokens: models with 32,000
need up to a quarter more for English prose."""

REMEMBERED = 4096
"""Texts whose count is not asked for again; a paper's abstract is counted at each question."""


@dataclass(frozen=True)
class TokenCounter:
    """Counts tokens."""

    counted_by: str
    """The means: `tokenizer`, `server` or `estimate`."""
    count: Callable[[str], int]


def token_counter(server: ModelServer, served: Served) -> TokenCounter:
    """Choose the means: the model's own tokenizer, its server, else an estimate that is too high.

    Nothing is downloaded: a tokenizer is read where the model is a folder of this machine.

    Raises:
        ChatModelError: The server cannot be used.
    """
    path = Path(served.folder) / "tokenizer.json"
    if path.is_file():
        return TokenCounter("tokenizer", _tokenizer_count(path))
    if server.count("one", model=served.name) is None:
        return TokenCounter("estimate", estimate)

    @lru_cache(REMEMBERED)
    def asked(text: str) -> int:
        count = server.count(text, model=served.name)
        return estimate(text) if count is None else count

    return TokenCounter("server", asked)


def _tokenizer_count(path: Path) -> Callable[[str], int]:
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(path))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return lambda text: len(tokenizer.encode(text, add_special_tokens=False))


def estimate(text: str) -> int:
    """Count with the table of cl100k_base and add a share for safety."""
    import tiktoken

    # The table of llama-index-core; without it tiktoken would fetch one from the net.
    spec = find_spec("llama_index.core")
    for place in spec.submodule_search_locations or () if spec else ():
        os.environ.setdefault("TIKTOKEN_CACHE_DIR", f"{place}/_static/tiktoken_cache")
    encoding = tiktoken.get_encoding("cl100k_base")
    return math.ceil(SAFETY * len(encoding.encode(text, disallowed_special=())))
