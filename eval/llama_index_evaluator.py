"""A scorer of support as an evaluator of LlamaIndex: does a response say what its contexts say?

Import this file only where LlamaIndex is used: its class is one of LlamaIndex's.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

from llama_index.core.base.response.schema import Response
from llama_index.core.evaluation.base import BaseEvaluator, EvaluationResult
from llama_index.core.prompts.mixin import PromptDictType

from assistant.citations import parse
from assistant.quotations import misquoted
from assistant.support import NOTHING, Judgement, Source, Support, verdict
from eval.agreement_files import titled
from eval.verdicts import judge_all, told
from prompts import DECLINE

DECLINED = (DECLINE, "Empty Response")
"""What is said in place of an answer; the second by LlamaIndex, where nothing was retrieved."""


class SupportEvaluator(BaseEvaluator):
    """Judges each sentence of a response by all contexts together."""

    def __init__(self, support: Support) -> None:
        """Judge with `support`."""
        self._support = support

    def evaluate(
        self,
        query: str | None = None,
        response: str | None = None,
        contexts: Sequence[str] | None = None,
        **kwargs: Any,
    ) -> EvaluationResult:
        """Give the share of the response's sentences that the contexts support, as the score.

        It passes if no sentence is unsupported; one between the scorer's two thresholds takes from
        the score only. A response that claims nothing or declines, and one that the scorer fails
        on, has no score, and `invalid_reason` says why. A context of two lines is a title and a
        text.
        """
        parted = [titled(context) for context in contexts or ()]
        return self._evaluated(query, response, parted, list(contexts or ()))

    async def aevaluate(
        self,
        query: str | None = None,
        response: str | None = None,
        contexts: Sequence[str] | None = None,
        **kwargs: Any,
    ) -> EvaluationResult:
        """Evaluate in a thread, so that the loop goes on."""
        return await asyncio.to_thread(self.evaluate, query, response, contexts)

    def evaluate_response(
        self, query: str | None = None, response: Response | None = None, **kwargs: Any
    ) -> EvaluationResult:
        """Evaluate a response by its source nodes; the metadata `title` is read with their text."""
        nodes = response.source_nodes if response else []
        texts = [node.get_content() for node in nodes]
        titles = [str(node.metadata.get("title") or "") for node in nodes]
        said = response.response if response else None
        return self._evaluated(query, said, list(zip(titles, texts, strict=True)), texts)

    async def aevaluate_response(
        self, query: str | None = None, response: Response | None = None, **kwargs: Any
    ) -> EvaluationResult:
        """Evaluate a response in a thread, so that the loop goes on."""
        return await asyncio.to_thread(self.evaluate_response, query, response)

    def _get_prompts(self) -> PromptDictType:
        return {}

    def _update_prompts(self, prompts: PromptDictType) -> None:
        """There are none."""

    def _evaluated(
        self,
        query: str | None,
        response: str | None,
        parted: Sequence[tuple[str, str]],
        contexts: Sequence[str],
    ) -> EvaluationResult:
        result = EvaluationResult(query=query, response=response, contexts=contexts)
        said = (response or "").strip()
        claims = [] if said in DECLINED else claims_of(said)
        if not claims:
            why = "declined" if said in DECLINED else "no_claims"
            return result.model_copy(update={"invalid_result": True, "invalid_reason": why})
        try:
            judged = self._judged(claims, [Source(*each) for each in parted])
        except Exception as error:  # noqa: BLE001 - a scorer is anybody's code, and this is one answer
            why = f"error: {told(error)}"
            return result.model_copy(update={"invalid_result": True, "invalid_reason": why})
        verdicts = [verdict(judgement, self._support) for judgement in judged]
        supported = [each in ("supported", "verbatim") for each in verdicts]
        lines = [
            f"{each} ({judgement.support:.2f}): {claim}"
            for each, judgement, claim in zip(verdicts, judged, claims, strict=True)
        ]
        return result.model_copy(
            update={
                "passing": "unsupported" not in verdicts,
                "score": sum(supported) / len(supported),
                "feedback": "\n".join(lines),
            }
        )

    def _judged(self, claims: Sequence[str], sources: Sequence[Source]) -> list[Judgement]:
        """Judge claims; one in whose quotation marks stands what no source has is not scored."""
        texts = [text for source in sources for text in (source.title, source.text)]
        scored = [claim for claim in claims if not misquoted(claim, texts)]
        asked = [(claim, sources) for claim in scored]
        judgements = dict(zip(scored, judge_all(self._support, asked), strict=True))
        return [judgements.get(claim, NOTHING) for claim in claims]


def claims_of(response: str) -> list[str]:
    """Give the sentences of a response that claim something, without marks such as `[1]`."""
    sentences = [each.text for each in parse(response, range(1, 1000))]
    return [each for each in sentences if not each.endswith("?")]
