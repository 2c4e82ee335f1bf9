"""Gold conversations, and what is found for their turns.

`conversations.jsonl`: {id, turns: [{user, papers}]}; papers are named by title, and later turns
make no sense alone.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.conversation import Turn
from assistant.declining import THRESHOLD
from assistant.quoting import QuotingWriter
from assistant.understanding.followups import answered, cited, standalone
from eval.gold import HITS, Asked, Question
from index.papers import normalised_title
from index.search import Found, Searcher


@dataclass(frozen=True)
class Conversation:
    """Questions that build on one another."""

    id: str
    turns: tuple[Question, ...]

    @property
    def papers(self) -> frozenset[str]:
        """Normalised titles of all papers that answer."""
        return frozenset().union(*(turn.papers for turn in self.turns))


def conversations(folder: Path) -> list[Conversation]:
    """Read the conversations of a folder; none if it has no such file."""
    path = folder / "conversations.jsonl"
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return [_conversation(line) for line in lines if line.strip()]


def follow_ups(searcher: Searcher, asked: Conversation, *, own: bool) -> list[Asked]:
    """Ask all turns in order; give those from the second on, with what was found.

    Args:
        own: Whether the answers before cite what the product itself would cite, nothing if it would
            decline; else they cite the papers that answer.
    """
    ids = {normalised_title(paper.title): paper.id for paper in searcher.corpus.papers()}
    history: list[Turn] = []
    found = []
    for turn in asked.turns:
        found.append(Asked(turn, ask(searcher, turn.text, history)))
        right = tuple(ids[title] for title in sorted(turn.papers) if title in ids)
        papers = _cited(found[-1].found) if own else right
        history += [Turn("user", turn.text), Turn("assistant", "", papers)]
    return found[1:]


def after_others(
    searcher: Searcher, questions: Sequence[Question], before: Sequence[Conversation]
) -> Iterator[tuple[Asked, bool]]:
    """Ask each question after a talk about something else; tell if it is taken for a follow-up."""
    ids = {normalised_title(paper.title): paper.id for paper in searcher.corpus.papers()}
    for number, question in enumerate(questions):
        others = [each for each in before if not each.papers & question.papers]
        history: list[Turn] = []
        for turn in others[number % len(others)].turns:
            papers = tuple(ids[title] for title in sorted(turn.papers) if title in ids)
            history += [Turn("user", turn.text), Turn("assistant", "", papers)]
        follow_up = standalone(question.text, history, searcher.papers(cited(history)))
        taken = follow_up.question != question.text
        yield Asked(question, ask(searcher, question.text, history)), taken


def ask(searcher: Searcher, message: str, history: Sequence[Turn]) -> Found:
    """Search for a message as the assistant does."""
    follow_up = standalone(message, history, searcher.papers(cited(history)))
    return searcher.search(follow_up.asked, limit=HITS, context=follow_up.context)


def declined(found: Found) -> bool:
    """Whether the assistant would decline."""
    return answered(found) < THRESHOLD


def _cited(found: Found) -> tuple[str, ...]:
    if declined(found) or found.encoded is None:
        return ()
    excerpts = QuotingWriter().write(found.question, found.encoded, found.hits)
    return tuple(dict.fromkeys(excerpt.paper.id for excerpt in excerpts))


def _conversation(line: str) -> Conversation:
    row = json.loads(line)
    turns = [
        Question(
            id=f"{row['id']}/{number}",
            text=turn["user"],
            kind="follow-up" if number > 1 else "answerable",
            papers=frozenset(map(normalised_title, turn["papers"])),
            evidence=(),
        )
        for number, turn in enumerate(row["turns"], start=1)
    ]
    return Conversation(row["id"], tuple(turns))
