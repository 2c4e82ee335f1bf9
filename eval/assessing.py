"""Assessing: an answer, and all that a measure needs to know of it, as a result."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

from assistant.answers import Answer, Sentence
from assistant.quotations import quotations
from assistant.support import Source, Support
from assistant.understanding.followups import answered
from eval.asking import Asked
from eval.cases import Case
from eval.held_nuggets import NuggetJudge
from eval.long_texts import token_vectors
from eval.metrics.relevance import relevance
from eval.metrics.standalone import Read, dangling
from eval.results import Claim, HeldNugget, Outcome, Place, RankedPaper, Result, ShownPaper
from eval.verdicts import Said, judged
from index.papers import Paper
from index.search import Searcher

READ = 256
"""Papers kept as they were read."""


class Assessor:
    """Assesses answers; several threads may use it at once."""

    def __init__(self, support: Support, searcher: Searcher) -> None:
        """Judge with `support`; find papers and read texts with `searcher`."""
        self._support = support
        self._searcher = searcher
        self._nuggets = NuggetJudge(support)
        self._read = lru_cache(READ)(Source)

    def result(self, case: Case, asked: Asked) -> Result:
        """Say what became of a case."""
        answer = asked.answer
        papers = {each.number: each.paper for each in answer.citations}
        said = list(sentences_said(answer))
        claims, error = judged(said, given=self._given(papers), support=self._support)
        nuggets = self._nuggets.held(case.nuggets, claims, papers.values())
        claims = [
            replace(claim, dangling=words, nuggets=places)
            for claim, words, places in zip(
                claims, dangling(_reads(said)), nuggets.by_claim, strict=True
            )
        ]
        error = error or nuggets.error
        return replace(
            blank_result(case, writer=answer.writer.name),
            outcome="error" if error else _outcome(answer, claims),
            error=error,
            understood=answer.understood,
            text=answer.text,
            declined_because=answer.declined_because,
            answerability=_answerability(asked),
            relevance=self._relevance(answer) if claims else None,
            left_out=answer.left_out,
            hits=tuple(
                RankedPaper(
                    rank=hit.rank,
                    score=hit.score,
                    id=hit.paper.id,
                    title=hit.paper.title,
                    relevant=hit.paper.id in case.relevant,
                )
                for hit in asked.hits
            ),
            papers=tuple(self._shown(papers, case)),
            claims=tuple(claims),
            nuggets=nuggets.held,
        )

    def _given(self, papers: Mapping[int, Paper]) -> dict[str, Source]:
        """Make the papers that are cited ready."""
        return {paper.id: self._read(paper.title, paper.abstract) for paper in papers.values()}

    def _shown(self, papers: Mapping[int, Paper], case: Case) -> Iterator[ShownPaper]:
        """Give the papers that are cited, and after them those that should have been."""
        shown = {paper.id: (number, paper) for number, paper in papers.items()}
        named = [*case.relevant, *(nugget.paper for nugget in case.nuggets if nugget.paper)]
        missing = self._searcher.papers(dict.fromkeys(n for n in named if n not in shown))
        for number, paper in [*shown.values(), *((None, paper) for paper in missing.values())]:
            yield ShownPaper(id=paper.id, title=paper.title, abstract=paper.abstract, number=number)

    def _relevance(self, answer: Answer) -> float:
        (question,) = self._searcher.model.encode([answer.understood or answer.question])
        said = " ".join(sentence.text for sentence in answer.sentences)
        return relevance(question, token_vectors(said, self._searcher.model))


def blank_result(case: Case, *, writer: str) -> Result:
    """Give what is known of a case before anything became of it: an error, so far."""
    return Result(
        id=case.id,
        question=case.question,
        kind=case.kind,
        relevant=case.relevant,
        answerable=case.answerable,
        cluster=case.cluster,
        outcome="error",
        writer=writer,
        nuggets=tuple(
            HeldNugget(fact=each.fact, evidence=each.evidence, paper=each.paper, held=None)
            for each in case.nuggets
        ),
    )


def sentences_said(answer: Answer) -> Iterator[Said]:
    """Give the sentences of an answer that claim something: not a question that cites nothing."""
    ids = {each.number: each.paper.id for each in answer.citations}
    start = 0
    for sentence in answer.sentences:
        cited = tuple(ids.get(number, f"[{number}]") for number in sentence.citations)
        if cited or not sentence.text.endswith("?"):
            yield Said(
                text=sentence.text,
                start=start,
                cited=tuple(dict.fromkeys(cited)),
                quote=_quote(sentence, answer),
            )
        start += len(sentence.marked) + 1


def _quote(sentence: Sentence, answer: Answer) -> Place | None:
    """Give the words that a sentence quotes, if it does nothing else but name their paper."""
    papers = {each.number: each.paper for each in answer.citations}
    if len(sentence.evidence) != 1 or sentence.evidence[0].citation not in papers:
        return None
    (evidence,) = sentence.evidence
    paper = papers[evidence.citation]
    quote = paper.abstract[evidence.start : evidence.end]
    lead = sentence.text.removesuffix(quote)
    named = quotations(lead)
    if not quote or lead == sentence.text or lead != "".join(f"“{name}”: " for name in named):
        return None
    if len(named) > 1 or any(name not in paper.title for name in named):
        return None
    return Place(paper.id, evidence.start, evidence.end)


def _reads(said: Sequence[Said]) -> list[Read]:
    """Give sentences as a reader meets them, one after the other."""
    before = [None, *said][:-1]
    return [
        Read(each.text, lead=_lead(each), follows=other is not None and _follows(each, other))
        for each, other in zip(said, before, strict=True)
    ]


def _lead(said: Said) -> str:
    """Give what stands before a quote and names its paper."""
    return said.text[: said.quote.start - said.quote.end] if said.quote else ""


def _follows(said: Said, before: Said) -> bool:
    """Whether a sentence goes on from the one shown before it; quotes only from the very next."""
    if said.quote and before.quote:
        gap = said.quote.start - before.quote.end
        return said.quote.id == before.quote.id and 0 <= gap <= 1
    return bool(set(said.cited) & set(before.cited))


def _outcome(answer: Answer, claims: Sequence[Claim]) -> Outcome:
    if claims:
        return "answered"
    return "declined" if answer.declined_because else "no_claims"


def _answerability(asked: Asked) -> float | None:
    """Give the probability on which the assistant declines, where it asks itself for one."""
    reviewed = any(sentence.section is not None for sentence in asked.answer.sentences)
    if asked.found is None or not asked.searched or asked.answer.kind != "answer" or reviewed:
        return None
    return answered(asked.found)
