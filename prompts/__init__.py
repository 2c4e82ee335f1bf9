"""Every word that is said to a language model: a Markdown file a prompt, loaded by its name."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from string import Template

DECLINE = "The papers do not answer this."
"""What a model writes, and nothing else, when the papers hold no answer."""


@dataclass(frozen=True)
class Prompt:
    """A text with places to fill, each `$name`."""

    name: str
    text: str

    @property
    def version(self) -> str:
        """Eight hexadecimal digits of the text's SHA-256: an answer tells what it was made with."""
        return hashlib.sha256(self.text.encode()).hexdigest()[:8]

    def fill(self, **values: str) -> str:
        """Put `values` into their places; what stands in a value is never a place itself.

        Raises:
            KeyError: A place has no value.
        """
        return Template(self.text).substitute(values, decline=DECLINE)


@cache
def load(name: str) -> Prompt:
    """Read `prompts/<name>.md`.

    Raises:
        FileNotFoundError: There is no such prompt.
    """
    text = files("prompts").joinpath(f"{name}.md").read_text(encoding="utf-8")
    return Prompt(name, text.strip())
