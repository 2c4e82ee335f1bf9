"""Texts of any length as MiniLM reads them: in windows of whole sentences."""

from __future__ import annotations

import numpy as np

from index import minilm
from index.minilm import FloatArray, MiniLM
from index.passages import pack, sentence_spans


def token_vectors(text: str, model: MiniLM) -> FloatArray:
    """Give the vectors of all tokens of `text`, (tokens, 128), unit length."""
    windows = [(0, len(text))]
    if len(text.encode()) + 2 > minilm.LIMIT:  # a byte is at most a token
        spans = sentence_spans(text)
        passages = pack("", text, spans, lengths=model.lengths, limit=minilm.LIMIT)
        windows = [(each.start, each.end) for each in passages if each.whole] or windows
    read = model.encode([text[start:end] for start, end in windows])
    return np.concatenate([each.tokens for each in read])
