"""Questions to begin with, drawn from the papers that are here, which answer them."""

from __future__ import annotations

from itertools import islice

from assistant.errors import CrowdedError
from assistant.serving.desk import Desk, Question
from assistant.serving.page.shown import title_in_short
from index.corpus import Corpus

MOST = 4
LOOKED_AT = 400
"""Papers among which examples are sought."""
TRIED = 12
"""Questions that are tried, at most."""


class Examples:
    """Made once for each state of the corpus."""

    def __init__(self, desk: Desk, *, tried: bool) -> None:
        """Draw questions from the papers of this desk.

        Args:
            tried: Whether each is asked before it is shown; a language model would take too long.
        """
        self._desk = desk
        self._tried = tried
        self._made: tuple[int, list[str]] = (-1, [])

    async def questions(self) -> list[str]:
        """Give up to MOST questions."""
        corpus = self._desk.searcher.corpus
        generation = corpus.generation
        if self._made[0] != generation:
            try:
                self._made = (generation, await self._answered(drawn(corpus)))
            except CrowdedError:
                return []
        return self._made[1]

    async def _answered(self, questions: list[str]) -> list[str]:
        if not self._tried:
            return questions[:MOST]
        good: list[str] = []
        for question in questions[:TRIED]:
            answer = await self._desk.ask(Question(words=question))
            if answer.answered:
                good.append(question)
            if len(good) == MOST:
                break
        return good


def drawn(corpus: Corpus) -> list[str]:
    """Draw questions on papers with a name of their own, those with most votes first."""
    papers = list(islice(corpus.papers(), LOOKED_AT))
    papers.sort(key=lambda paper: -(paper.upvotes or 0))
    named = [title_in_short(paper.title) for paper in papers]
    names = [name for name in named if not name.startswith("“") and len(name.split()) <= 3]
    apart = names[:: max(1, len(names) // TRIED)] if not papers or not papers[0].upvotes else names
    wordings = ("How does {} work?", "What does {} improve?")
    return [wordings[place % 2].format(name) for place, name in enumerate(dict.fromkeys(apart))]
