"""LaTeX made readable, to be shown or judged: what is stored and cited stays as it was written."""

from __future__ import annotations

import logging
import re
from functools import cache
from typing import Any

MATHS = re.compile(r"\$(?=[^$]*[\\^_])[^$\s][^$]{0,400}\$|\$[^$\s\d][^$]{0,40}[^$\s]\$|\$[^$\s]\$")
"""`$…$` that holds LaTeX or is short; two prices in one sentence are no formula."""

MACRO = re.compile(
    r"\\[A-Za-z]+(?:\s*\{[^{}]{0,400}\})*|\\[%&#_$]|\{\\(?:em|it|bf)\s[^{}]{0,400}\}"
)

ARROW = re.compile(r"(?<![A-Za-z\\])rightarrow(?![a-z])")
"""An arrow that has lost its backslash on the way to a page, as in `66.3%rightarrow72.9%`."""


def readable(text: str) -> str:
    """Show formulas and macros in plain characters: `$\\ell_2$` as `ℓ_2`, `25\\%` as `25%`."""
    if "rightarrow" in text:
        text = ARROW.sub("→", text)
    if "$" not in text and "\\" not in text:
        return text
    shown = MATHS.sub(lambda found: _plain(found.group()), text)
    return MACRO.sub(lambda found: _plain(found.group()), shown)


def _plain(piece: str) -> str:
    from pylatexenc.latexwalker import LatexWalkerError

    try:
        shown: str = _converter().latex_to_text(piece, tolerant_parsing=True)
    except (LatexWalkerError, RecursionError, ValueError, LookupError):
        return piece  # not LaTeX after all
    return " ".join(shown.split()) or piece


@cache
def _converter() -> Any:
    from pylatexenc.latex2text import LatexNodes2Text

    logging.getLogger("pylatexenc").setLevel(logging.CRITICAL)  # what it cannot read stays as it is
    return LatexNodes2Text(math_mode="text", keep_comments=True)
