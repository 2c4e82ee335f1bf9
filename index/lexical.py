"""Words: which papers hold those of a question, by BM25 over titles and abstracts (FTS5)."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Collection

TITLE_WEIGHT = 2.0
"""A word of the title counts twice; 1 to 3 rank alike."""

MOST_WORDS = 200
"""Of a question; a longer one is cut, since each word costs a look-up."""

STOP_WORDS = frozenset(
    """a about above after again against all also am an and any are as at be because been before
    being below between both but by can could did do does doing don down during each few for from
    further get had has have having he her here hers him his how i if in into is it its itself just
    me more most my no nor not now of off on once only or other our out over own per please same
    she should so some such than that the their them then there these they this those through to
    too under until up use used using very via vs was we were what when where which while who whom
    why will with would you your""".split()
)
"""Words that every question holds; found or not, they say nothing of its subject."""


def content_words(text: str) -> list[str]:
    """Give the words of `text` that are no stop words, each once, in order, in lower case."""
    words = re.findall(r"[^\W_]+", text.lower())
    return [word for word in dict.fromkeys(words) if word not in STOP_WORDS][:MOST_WORDS]


def holds_word(connection: sqlite3.Connection, word: str) -> bool:
    """Whether any paper holds a word, in this form or, by its stem, another."""
    words = content_words(word)
    query = "SELECT 1 FROM papers_fts WHERE papers_fts MATCH ? LIMIT 1"
    matching = " OR ".join(f'"{each}"' for each in words)
    return bool(words) and connection.execute(query, (matching,)).fetchone() is not None


def word_scores(
    connection: sqlite3.Connection, question: str, *, limit: int, keys: Collection[int] | None
) -> dict[int, float]:
    """Score the papers that hold words of `question`, the best first; higher is better.

    The words reach FTS5 quoted and as a parameter: its operators are plain words here.
    """
    words = content_words(question)
    if not words:
        return {}
    matching = " OR ".join(f'"{word}"' for word in words)
    # With `+` SQLite looks whether what matches is among the keys; else it would ask FTS5 anew for
    # each of them.
    within = "" if keys is None else "AND +rowid IN (SELECT value FROM json_each(?))"
    query = f"""
        SELECT rowid, -bm25(papers_fts, {TITLE_WEIGHT}, 1.0) AS score FROM papers_fts
        WHERE papers_fts MATCH ? {within} ORDER BY score DESC, rowid LIMIT ?
    """
    values = (matching, limit) if keys is None else (matching, str(sorted(keys)), limit)
    return {int(key): float(score) for key, score in connection.execute(query, values)}
