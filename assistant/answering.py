"""Assistant: understand, find, decide whether that answers, write, and number what was cited."""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator
from dataclasses import replace
from datetime import date
from time import perf_counter

from assistant.answers import Answer, Sentence, Statement, WrittenBy
from assistant.asked import Asked, Index
from assistant.conversation import Conversation
from assistant.declining import THRESHOLD
from assistant.digest.digester import Digester, DigestWriter
from assistant.digest.quotes import QuotingDigestWriter
from assistant.errors import QuestionError
from assistant.list_day import with_list
from assistant.listing import listed, told
from assistant.literature import review, surveyed
from assistant.literature_writing import ModelReviewer
from assistant.quoting import QuotingWriter
from assistant.recalling import recalled
from assistant.replies import Reply
from assistant.understanding.followups import FollowUp, answered, cited, standalone
from assistant.understanding.intents import Request, understand
from assistant.understanding.languages import language_of
from assistant.understanding.named_papers import named_paper
from assistant.understanding.restating import restated
from assistant.understanding.spelling import mended
from assistant.writing import ModelWriter
from index.lexical import content_words
from index.papers import Paper, tidy
from index.search import Found

HITS = 10
"""Papers looked for, if the caller does not say how many."""

REVIEWED = 30
"""Papers looked for where an overview is asked for."""

HOPELESS = 0.1
"""Probability that the papers answer below which a language model is not asked either. It takes
none of 194 questions with an answer and one of 24 that are worded far from theirs; of 18 on
neighbouring subjects it leaves two thirds for the model to decline."""

LONGEST_QUESTION = 10_000
"""Characters of a question that are kept."""

ABOUT_PAPER = "What does this paper propose, how does it work, and what does it find?"
"""What is answered where a paper is named and nothing is asked of it."""


class Assistant:
    """Answers messages from the papers of an index."""

    def __init__(
        self,
        index: Index,
        *,
        writer: ModelWriter | None = None,
        reviewer: ModelReviewer | None = None,
        digest_writer: DigestWriter | None = None,
        today: date | None = None,
    ) -> None:
        """Put the parts together.

        Args:
            writer: Writes the answers; without one they are quoted.
            reviewer: Writes the reviews; without one they are quoted.
            digest_writer: Writes the digests; without one they are quoted.
            today: The user's day; else the clock's.
        """
        self._index = index
        self._writer = writer
        self._reviewer = reviewer
        self._digester = Digester(index, digest_writer or QuotingDigestWriter())
        self._quoting = QuotingWriter()
        self._today = today

    def ask(
        self,
        message: str,
        *,
        conversation: Conversation | None = None,
        limit: int = HITS,
        since: date | None = None,
        until: date | None = None,
        literature: bool = False,
        today: date | None = None,
    ) -> Answer:
        """Answer as `stream` does, all at once."""
        *_, answer = self.stream(
            message,
            conversation=conversation,
            limit=limit,
            since=since,
            until=until,
            literature=literature,
            today=today,
        )
        assert isinstance(answer, Answer)
        return answer

    def stream(
        self,
        message: str,
        *,
        conversation: Conversation | None = None,
        limit: int = HITS,
        since: date | None = None,
        until: date | None = None,
        literature: bool = False,
        today: date | None = None,
    ) -> Generator[Sentence | Answer, None, None]:
        """Answer from the papers found, or decline and name the nearest.

        Gives each sentence once it is checked, and the answer in the end. The conversation grows by
        both if that end is reached.

        Args:
            limit: How many papers to look at.
            since: The first day, included, of a paper's list or publication.
            until: The last day, included.
            literature: Give an overview of the work on a subject, whatever the message asks for.
            today: The day of who asks, where it is not the assistant's own.

        Raises:
            ChatModelError: The language model cannot be used, or no longer.
        """
        today = today or self._today or date.today()
        request = understand(message, today=today)
        conversation = conversation or Conversation()
        asked = Asked.of(request, conversation, limit=limit, since=since, until=until)
        asked, about_days = with_list(asked, self._index.corpus, today=today)
        reply = Reply(question=asked.request.message, about_days=about_days)
        for statement in self._statements(asked, reply, literature=literature):
            yield reply.add(statement)
        answer = reply.answer()
        conversation.keep(answer)
        yield answer

    @property
    def _signature(self) -> WrittenBy:
        return self._writer.signature if self._writer else WrittenBy("quotes")

    def _statements(self, asked: Asked, reply: Reply, *, literature: bool) -> Iterator[Statement]:
        request = asked.request
        if request.kind == "talk" or (request.needs_history and not asked.conversation.turns):
            reply.talk(request.reply or "")
            return iter(())
        if papers := self._named(request):
            return self._about(papers, asked, reply)
        if request.kind == "paper":
            named = " or ".join(f"`{name}`" for name in request.papers)
            reply.nothing(f"No paper here has the id {named}.", "`footnote ingest` adds papers.")
            return iter(())
        if request.kind in ("digest", "papers", "author"):
            return listed(self._digester, asked, reply)
        if request.kind == "literature" or literature:
            return self._reviewed(asked, reply)
        return self._answered(asked, reply)

    def _named(self, request: Request) -> list[Paper]:
        """Find the papers that a message names by id or, if it is nothing else, by title."""
        if request.kind == "paper":
            return list({p.id: p for p in self._index.papers(request.papers).values()}.values())
        paper = named_paper(request.message, self._index)
        return [paper] if paper else []

    def _about(self, papers: list[Paper], asked: Asked, reply: Reply) -> Iterator[Statement]:
        """Answer from the papers that were named, and no other."""
        reply.writer = self._signature
        request = asked.request
        started = perf_counter()
        question = (request.kind == "paper" and request.words) or ABOUT_PAPER
        found = self._index.rank(question, papers)
        reply.found(found, seconds=perf_counter() - started)
        if self._writer is None and len(papers) > 1:
            return told(found)
        return self._written(question, found, asked, reply)

    def _answered(self, asked: Asked, reply: Reply) -> Iterator[Statement]:
        """Answer a question, or decline."""
        reply.writer = self._signature
        follow_up = self._stands_alone(asked)
        if follow_up.question != asked.request.words:
            reply.understood = follow_up.question
        found = self._searched(follow_up, asked, reply)
        if reason := self._hopeless(found):
            spelt = mended(found.question, found.hits, held=self._index.holds)
            if spelt is None:
                return self._declined(reason, found, reply)
            found = self._searched(replace(follow_up, asked=spelt), asked, reply)
            if reason := self._hopeless(found):
                return self._declined(reason, found, reply)
            reply.understood = spelt
        return self._written(follow_up.question, found, asked, reply)

    def _declined(self, reason: str, found: Found, reply: Reply) -> Iterator[Statement]:
        language = None if self._writer else language_of(found.question)
        if found.hits and language:
            remark = f"The question is in {language}, and without a language model I read English"
            reply.decline(f"the question is in {language}", nearest=found.hits, remark=remark)
        else:
            reply.decline(reason, nearest=found.hits)
        return iter(())

    def _searched(self, follow_up: FollowUp, asked: Asked, reply: Reply) -> Found:
        started = perf_counter()
        found = self._index.search(
            follow_up.asked,
            limit=asked.limit,
            since=asked.since,
            until=asked.until,
            context=follow_up.context,
        )
        reply.found(found, seconds=perf_counter() - started)
        return found

    def _stands_alone(self, asked: Asked) -> FollowUp:
        """Complete a message by what was said before."""
        turns = asked.conversation.turns
        words = asked.request.words
        follow_up = standalone(words, turns, self._index.papers(cited(turns)))
        if self._writer and (turns or language_of(words)):
            question = restated(words, turns, model=self._writer.model) or follow_up.question
            return FollowUp(asked=question, question=question, context=follow_up.context)
        return follow_up

    def _hopeless(self, found: Found) -> str | None:
        """Say why no answer is tried; None if one is."""
        if not found.hits or found.encoded is None:
            return "nothing was found"
        if answered(found) >= (HOPELESS if self._writer else THRESHOLD):
            return None
        return "no paper that was found answers the question"

    def _written(
        self, question: str, found: Found, asked: Asked, reply: Reply
    ) -> Iterator[Statement]:
        """Let the writer answer; decline if nothing of it can be shown."""
        if found.encoded is None:
            reply.decline("nothing was found")
        elif self._writer is None:
            excerpts = self._quoting.write(found.question, found.encoded, found.hits)
            yield from map(Statement.quoting, excerpts)
            if not excerpts:
                reason = "the papers found say nothing that could be quoted"
                reply.decline(reason, nearest=found.hits)
        else:
            transcript = recalled(asked.conversation, self._index)
            outcome = yield from self._writer.write(question, found, transcript=transcript)
            reply.wrote(outcome)

    def _reviewed(self, asked: Asked, reply: Reply) -> Iterator[Statement]:
        """Give an overview of the work on a subject."""
        follow_up = self._stands_alone(asked)
        if follow_up.question != asked.request.words:
            reply.understood = follow_up.question
        subject = FollowUp(asked=follow_up.question, question=follow_up.question, context=None)
        found = self._searched(subject, replace(asked, limit=max(asked.limit, REVIEWED)), reply)
        if found.encoded is None:
            reply.decline("nothing was found")
            return
        hits = surveyed(found.question, found.encoded, found.hits)[: asked.request.count]
        if not hits:
            reply.decline("no paper that was found is on the subject", nearest=found.hits)
        elif self._reviewer is None:
            yield from review(found.question, found.encoded, hits)
        else:
            reply.writer = self._reviewer.signature
            outcome = yield from self._reviewer.write(found.question, found.encoded, hits)
            reply.wrote(outcome)


def asked_words(question: str) -> str:
    """Tidy a question.

    Raises:
        QuestionError: It holds no word to search for.
    """
    words = tidy(question[:LONGEST_QUESTION])
    if not words:
        raise QuestionError(
            "The question is empty",
            hint='ask in words: `footnote ask "What makes SOAP better than Adam and Shampoo?"`',
        )
    if not any(len(word) > 1 and re.search(r"[^\W\d_]", word) for word in content_words(words)):
        raise QuestionError(
            f"`{words[:60]}` holds no word to search for",
            hint="ask a whole question, with the words that a paper on it would use",
        )
    return words
