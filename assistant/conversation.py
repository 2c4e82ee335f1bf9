"""Conversation: what was said so far, and as JSON lines: {"role", "text", "papers": [id, …]}."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from assistant.answers import Answer
from assistant.errors import HistoryError
from assistant.transcript import Transcript
from index.papers import tidy

LAST_TURNS = 20
"""Of a longer conversation only the last are kept; a follow-up looks two answers back."""

LONGEST_TEXT = 4_000
"""Characters of a turn that are kept."""

SHAPE = (
    'write `{"role": "user", "text": "…"}` or `{"role": "assistant", "text": "…", "papers": []}`'
)

Role = Literal["user", "assistant"]


@dataclass(frozen=True)
class Turn:
    """Something that was said."""

    role: Role
    text: str
    papers: tuple[str, ...] = ()
    """The ids of the papers that an answer cited, in the order of their numbers, from 1."""

    def as_json(self) -> dict[str, Any]:
        """The public JSON shape of a turn."""
        return {"role": self.role, "text": self.text, "papers": list(self.papers)}


class Conversation:
    """What was said so far: as people and rules read it, and as a language model was told it."""

    def __init__(self, turns: Iterable[Turn] = ()) -> None:
        """Begin, or go on from what was said before."""
        self._turns = recent(turns)
        self.transcript = Transcript()
        """What a model was told; empty until one has answered here."""
        self.answers: list[Answer] = []
        """Those given here, in order."""

    @property
    def turns(self) -> tuple[Turn, ...]:
        """The last LAST_TURNS turns."""
        return self._turns

    def keep(self, answer: Answer) -> None:
        """Go on by a question and its answer."""
        papers = tuple(citation.paper.id for citation in answer.citations)
        asked, said = Turn("user", answer.question), Turn("assistant", answer.text, papers)
        self._turns = recent([*self._turns, asked, said])
        self.answers.append(answer)


def recent(turns: Iterable[Turn]) -> tuple[Turn, ...]:
    """Keep the last LAST_TURNS turns, and of each text the first LONGEST_TEXT characters."""
    return tuple(
        Turn(turn.role, tidy(turn.text[:LONGEST_TEXT]), tuple(map(tidy, turn.papers)))
        for turn in list(turns)[-LAST_TURNS:]
    )


def read_history(text: str) -> tuple[Turn, ...]:
    """Read the turns of JSON lines, the oldest first; empty lines and unknown keys do not matter.

    Raises:
        HistoryError: A line is no turn; the message names the line, counted from 1.
    """
    lines = text.removeprefix("\ufeff").split("\n")
    return recent(_turn(line, n) for n, line in enumerate(lines, start=1) if line.strip())


def as_json_lines(turns: Sequence[Turn]) -> str:
    """Write turns as `read_history` reads them."""
    return "".join(json.dumps(turn.as_json(), ensure_ascii=False) + "\n" for turn in turns)


def _turn(line: str, number: int) -> Turn:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise _wrong(number, f"is no JSON: `{tidy(line)[:60]}`") from error
    if not isinstance(row, dict):
        raise _wrong(number, f"is no JSON object: `{tidy(line)[:60]}`")
    papers = row.get("papers")
    papers = [] if papers is None else papers
    if row.get("role") not in ("user", "assistant"):
        raise _wrong(number, f"has the role `{_shown(row, 'role')}`, not `user` or `assistant`")
    if not isinstance(row.get("text"), str):
        raise _wrong(number, f"has the text `{_shown(row, 'text')}`, which is no string")
    if not isinstance(papers, list) or not all(isinstance(each, str) for each in papers):
        raise _wrong(number, f"has the papers `{_shown(row, 'papers')}`, which is no list of ids")
    return Turn(row["role"], row["text"], tuple(papers))


def _shown(row: dict[str, Any], key: str) -> str:
    return tidy(json.dumps(row[key], ensure_ascii=False))[:60] if key in row else ""


def _wrong(line: int, what: str) -> HistoryError:
    return HistoryError(f"Line {line} of the history {what}", hint=SHAPE)
