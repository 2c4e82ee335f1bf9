"""Embedder: text in, one vector out; MiniLM by default, any sentence-transformers model by name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np

from index import minilm
from index.errors import ModelError
from index.minilm import FloatArray, MiniLM


class Embedder(Protocol):
    """Turns texts into vectors of unit length whose dot product says how alike they are."""

    @property
    def name(self) -> str:
        """The model, and whatever else makes its vectors differ from another's."""
        ...

    @property
    def limit(self) -> int:
        """Tokens that a text may hold, the special ones included."""
        ...

    def lengths(self, texts: Sequence[str]) -> list[int]:
        """Count the tokens of each text, the special ones left out."""
        ...

    def embed(self, texts: Sequence[str]) -> FloatArray:
        """Embed passages: (texts, dimensions)."""
        ...

    def embed_question(self, text: str) -> FloatArray:
        """Embed a question: (dimensions,)."""
        ...


class MiniLMEmbedder:
    """The default: MiniLM's mean over the tokens."""

    name = f"{minilm.NAME} mean"
    limit = minilm.LIMIT

    def __init__(self, model: MiniLM) -> None:
        self._model = model
        self.lengths = model.lengths

    def embed(self, texts: Sequence[str]) -> FloatArray:
        """Embed passages: (texts, 384)."""
        return np.stack([encoded.sentence for encoded in self._model.encode(texts)])

    def embed_question(self, text: str) -> FloatArray:
        """Embed a question: (384,)."""
        return self._model.encode([text])[0].sentence


class SentenceTransformersEmbedder:
    """Any model of sentence-transformers, on a GPU where there is one."""

    def __init__(self, name: str) -> None:
        """Load the model from a folder or, if it is not there yet, from the hub.

        Raises:
            ModelError: sentence-transformers is not installed, or it cannot load the model.
        """
        try:
            from sentence_transformers import SentenceTransformer
        except ImportError as error:
            raise ModelError(
                f"The model `{name}` needs sentence-transformers, which is not installed",
                hint="run `pip install 'footnote[any-model]'`",
            ) from error
        try:
            self._model = SentenceTransformer(name, trust_remote_code=False)
        except (OSError, ValueError) as error:
            raise ModelError(
                f"sentence-transformers cannot load `{name}`",
                hint="give the name of a model on the hub, or of a folder that holds one",
            ) from error
        self.name = name
        self.limit = int(self._model.max_seq_length or minilm.LIMIT)

    def lengths(self, texts: Sequence[str]) -> list[int]:
        """Count the tokens of each text, the special ones left out."""
        tokenizer = self._model.tokenizer
        return [len(tokenizer(text, add_special_tokens=False)["input_ids"]) for text in texts]

    def embed(self, texts: Sequence[str]) -> FloatArray:
        """Embed passages with the model's own document prompt, if it has one."""
        return _rows(self._model.encode_document(list(texts), normalize_embeddings=True))

    def embed_question(self, text: str) -> FloatArray:
        """Embed a question with the model's own query prompt, if it has one."""
        vector: FloatArray = _rows(self._model.encode_query([text], normalize_embeddings=True))[0]
        return vector


def open_embedder(name: str | None, model: MiniLM) -> Embedder:
    """Give the embedder called `name`; the default, over `model`, if it is None.

    Raises:
        ModelError: It cannot be loaded.
    """
    return MiniLMEmbedder(model) if name is None else SentenceTransformersEmbedder(name)


def _rows(vectors: object) -> FloatArray:
    rows: FloatArray = np.asarray(vectors, np.float32)
    return rows
