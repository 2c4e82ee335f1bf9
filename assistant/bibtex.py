"""BibTeX entries; what a source does not tell is left out and said in a note."""

from __future__ import annotations

import re
from collections.abc import Iterable

from assistant.latex import MATHS
from index.papers import Paper, normalised_title

SPECIAL = re.compile(rf"{MATHS.pattern}|\\.|(?P<active>[&%#_$])")
"""Formulas and commands, which stay since titles hold LaTeX, and else what LaTeX would act on."""


def bibliography(papers: Iterable[Paper]) -> str:
    """Give the entries of `papers`, each cited by a key of its own."""
    taken: set[str] = set()
    entries = []
    for paper in papers:
        key = _free(_key(paper), taken)
        taken.add(key)
        entries.append(_entry(paper, key))
    return "\n".join(entries)


def _entry(paper: Paper, key: str) -> str:
    fields = {
        "title": f"{{{_braced(paper.title)}}}",
        "author": " and ".join(map(_author, paper.authors)),
        "year": str(paper.published.year) if paper.published else "",
        "eprint": paper.arxiv_id or "",
        "archiveprefix": "arXiv" if paper.arxiv_id else "",
        "url": re.sub(r"[{}\\]", lambda found: f"%{ord(found[0]):02X}", paper.url or ""),
        "note": f"{', '.join(paper.unknown)} unknown to Footnote" if paper.unknown else "",
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    return "\n".join([f"@misc{{{key},", *lines, "}", ""])


def _key(paper: Paper) -> str:
    """Make a key in the usual way: `vaswani2017attention`."""
    author = normalised_title(paper.authors[0]).split()[-1:] if paper.authors else []
    year = [str(paper.published.year)] if paper.published else []
    words = [word for word in normalised_title(paper.title).split() if len(word) > 3]
    key = "".join(author + year + words[:1])
    return re.sub(r"[^a-z0-9]", "", key) or paper.id.replace("/", "-")


def _free(key: str, taken: set[str]) -> str:
    number, free = 1, key
    while free in taken:
        number += 1
        free = f"{key}-{number}"
    return free


def _author(name: str) -> str:
    """Write a name; one that holds an `and` would be taken for two."""
    return f"{{{_braced(name)}}}" if re.search(r"\sand\s", name) else _braced(name)


def _braced(text: str) -> str:
    """Escape what LaTeX would act on, and drop braces that do not pair up."""
    depth = 0
    for letter in text:
        depth += {"{": 1, "}": -1}.get(letter, 0)
        if depth < 0:
            break
    if depth:
        text = text.replace("{", "").replace("}", "")
    text = text.rstrip("\\")  # before the closing brace it would print that brace
    return SPECIAL.sub(lambda found: "\\" * bool(found["active"]) + found[0], text)
