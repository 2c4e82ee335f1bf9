"""Recalling: what was said before a model came into a conversation, told to it as its own."""

from __future__ import annotations

from itertools import pairwise

from assistant.asked import Index
from assistant.conversation import Conversation, Turn
from assistant.transcript import Transcript
from index.search import Hit


def recalled(conversation: Conversation, index: Index) -> Transcript:
    """Give what the model was told so far; if nothing yet, it is told the turns before."""
    transcript = conversation.transcript
    if not transcript.messages:
        for question, answer in pairwise(conversation.turns):
            if (question.role, answer.role) == ("user", "assistant"):
                cited = _cited(question, answer, index)
                transcript.recall(question.text, answer.text, cited)
    return transcript


def _cited(question: Turn, answer: Turn, index: Index) -> dict[int, Hit]:
    """Look up what an answer cited, by its numbers there; what is gone is left out."""
    papers = index.papers(answer.papers)
    ranked = index.rank(question.text, list({p.id: p for p in papers.values()}.values()))
    hits = {hit.paper.id: hit for hit in ranked.hits}
    return {
        number: hits[papers[name].id]
        for number, name in enumerate(answer.papers, start=1)
        if name in papers and papers[name].id in hits
    }
