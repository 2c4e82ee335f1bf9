"""Text from papers and models, made fit for a page or a message."""

from __future__ import annotations

import re

from assistant.latex import readable

HIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)
"""Control characters, those that turn the direction of other text among them, and halves of
characters: an HTML file can hold none of them with a meaning that a reader would see."""

STAND_IN = "\ufffd"
"""What is shown in their place, so that they are noticed."""


def fit(text: str) -> str:
    """Make LaTeX readable, and what acts on a page or cannot be in it visible."""
    return readable(HIDDEN.sub(STAND_IN, text))
