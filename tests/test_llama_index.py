"""Our index and our scorer in a small application of LlamaIndex."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
from llama_index.core.base.response.schema import Response
from llama_index.core.bridge.pydantic import Field
from llama_index.core.evaluation import BatchEvalRunner, EvaluationResult
from llama_index.core.llms import CompletionResponse, CustomLLM, LLMMetadata
from llama_index.core.query_engine import RetrieverQueryEngine
from llama_index.core.schema import MetadataMode, NodeRelationship, QueryBundle

from assistant.errors import SupportError
from assistant.support import Judgement, Source
from eval.llama_index_evaluator import SupportEvaluator
from index.llama_index_retriever import PaperRetriever
from index.minilm import MiniLM
from index.search import Searcher
from prompts import DECLINE
from tests.shipped_support import shipped_support

QUESTION = "What makes SOAP better than Adam and Shampoo?"
CONTEXT = re.compile(r"-{5,}\n(.*?)\n-{5,}", re.DOTALL)


class Reader(CustomLLM):
    """Answers with the first sentence of the context that it is given, and what it is told to."""

    adds: str = ""
    asked: list[str] = Field(default_factory=list)

    @property
    def metadata(self) -> LLMMetadata:
        return LLMMetadata()

    def complete(self, prompt: str, formatted: bool = False, **kwargs: Any) -> CompletionResponse:
        self.asked.append(prompt)
        found = CONTEXT.search(prompt)
        assert found
        text = found[1].split("\n\n")[1]
        return CompletionResponse(text=text[: text.index(". ") + 1] + self.adds)

    def stream_complete(self, prompt: str, formatted: bool = False, **kwargs: Any) -> Any:
        raise NotImplementedError


class Broken:
    """A scorer that cannot judge."""

    low, high = 0.1, 0.5

    def judge(self, claim: str, sources: Sequence[Source]) -> Judgement:
        raise SupportError("The scorer is gone", hint="bring it back")

    def judge_all(self, claims: Sequence[tuple[str, Sequence[Source]]]) -> list[Judgement]:
        raise SupportError("The scorer is gone", hint="bring it back")


@pytest.fixture(scope="module")
def evaluator(model: MiniLM) -> SupportEvaluator:
    return SupportEvaluator(shipped_support())


def engine(searcher: Searcher, *, adds: str = "") -> tuple[RetrieverQueryEngine, Reader]:
    reader = Reader(adds=adds)
    return RetrieverQueryEngine.from_args(PaperRetriever(searcher, limit=3), llm=reader), reader


def test_a_node_carries_its_paper_its_place_and_its_score(searcher: Searcher) -> None:
    nodes = PaperRetriever(searcher, limit=3).retrieve(QUESTION)
    papers = searcher.papers([str(node.metadata["paper"]) for node in nodes])
    assert len(papers) == 3
    for node in nodes:
        paper = papers[node.metadata["paper"]]
        start, end = node.metadata["start"], node.metadata["end"]
        assert node.metadata["title"] == paper.title
        assert paper.abstract[start:end] == node.text
        source = node.node.relationships[NodeRelationship.SOURCE]
        assert source.node_id == paper.id  # type: ignore[union-attr]
    assert nodes[0].metadata["title"].startswith("SOAP")
    scores = [node.get_score(raise_error=True) for node in nodes]
    assert scores == sorted(scores, reverse=True)
    assert len({node.node_id for node in nodes}) == len(nodes)


def test_papers_are_found_in_the_order_of_search(searcher: Searcher) -> None:
    nodes = PaperRetriever(searcher, limit=5, whole=True).retrieve(QUESTION)
    hits = searcher.search(QUESTION, limit=5).hits
    assert [node.metadata["paper"] for node in nodes] == [hit.paper.id for hit in hits]
    assert [node.text for node in nodes] == [hit.paper.abstract for hit in hits]
    assert [node.score for node in nodes] == [hit.score for hit in hits]


def test_days_narrow_what_is_found(searcher: Searcher) -> None:
    assert PaperRetriever(searcher, since=date(2100, 1, 1)).retrieve(QUESTION) == []


def test_the_loop_goes_on_while_papers_are_sought(searcher: Searcher) -> None:
    retriever = PaperRetriever(searcher, limit=2)

    async def both() -> list[list[str]]:
        found = await asyncio.gather(*(retriever.aretrieve(QUESTION) for _ in range(4)))
        return [[node.node_id for node in nodes] for nodes in found]

    wanted = [node.node_id for node in retriever.retrieve(QueryBundle(QUESTION))]
    assert asyncio.run(both()) == [wanted] * 4


def test_a_language_model_is_given_titles_and_texts_only(searcher: Searcher) -> None:
    application, reader = engine(searcher)
    response = application.query(QUESTION)
    shown = response.source_nodes[0].node.get_content(metadata_mode=MetadataMode.LLM)
    assert shown in reader.asked[0]
    assert shown.startswith("title: SOAP")
    assert "rank" not in shown


def test_what_a_paper_says_passes_and_what_it_does_not_say_fails(
    searcher: Searcher, evaluator: SupportEvaluator
) -> None:
    response = engine(searcher)[0].query(QUESTION)
    good = evaluator.evaluate_response(query=QUESTION, response=response)  # type: ignore[arg-type]
    assert (good.passing, good.score, good.query) == (True, 1.0, QUESTION)
    assert good.contexts == [node.text for node in response.source_nodes]
    adds = " Moreover, 40 giraffes in Peru have learned to play the violin."
    response = engine(searcher, adds=adds)[0].query(QUESTION)
    bad = evaluator.evaluate_response(query=QUESTION, response=response)  # type: ignore[arg-type]
    assert (bad.passing, bad.score) == (False, 0.5)
    assert bad.feedback is not None
    verbatim, unsupported = bad.feedback.splitlines()
    assert verbatim.startswith("verbatim (1.00): ")
    assert unsupported.startswith("unsupported (0.")
    assert unsupported.endswith("giraffes in Peru have learned to play the violin.")


def test_an_application_that_is_asked_in_a_loop_is_evaluated_in_it(
    searcher: Searcher, evaluator: SupportEvaluator
) -> None:
    async def run() -> tuple[EvaluationResult, EvaluationResult, EvaluationResult]:
        response = await engine(searcher)[0].aquery(QUESTION)
        contexts = [node.text for node in response.source_nodes]
        return (
            await evaluator.aevaluate_response(query=QUESTION, response=response),  # type: ignore[arg-type]
            await evaluator.aevaluate(QUESTION, str(response), contexts),
            evaluator.evaluate(QUESTION, str(response), contexts),
        )

    results = asyncio.run(run())
    assert [result.score for result in results] == [1.0] * 3
    assert [result.passing for result in results] == [True] * 3


@pytest.mark.filterwarnings("ignore:asyncio_module:DeprecationWarning")  # theirs, of their own
def test_llama_index_runs_the_evaluator_over_many_answers(
    searcher: Searcher, evaluator: SupportEvaluator
) -> None:
    response = engine(searcher)[0].query(QUESTION)
    runner = BatchEvalRunner({"faithfulness": evaluator}, workers=2)
    results = asyncio.run(runner.aevaluate_responses([QUESTION] * 3, [response] * 3))  # type: ignore[list-item]
    assert [result.score for result in results["faithfulness"]] == [1.0] * 3


def test_all_that_is_said_without_a_context_is_unsupported(evaluator: SupportEvaluator) -> None:
    result = evaluator.evaluate("Why?", "Bees dance. They also sing.", [])
    assert (result.passing, result.score, result.invalid_result) == (False, 0.0, False)


def test_a_quotation_that_no_context_has_is_unsupported(evaluator: SupportEvaluator) -> None:
    context = "How bees dance\nBees dance on their combs to tell others where the flowers are."
    said = "They write that “bees always sing on their combs”. Bees dance on their combs. [1]"
    result = evaluator.evaluate("Why?", said, [context])
    assert result.feedback is not None
    misquote, other = result.feedback.splitlines()
    assert misquote.startswith("unsupported (0.00)")
    assert not other.startswith("unsupported")
    assert other.endswith("Bees dance on their combs.")


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (DECLINE, "declined"),
        ("Empty Response", "declined"),
        ("", "no_claims"),
        (None, "no_claims"),
        ("What would you like to know?", "no_claims"),
    ],
)
def test_what_claims_nothing_has_no_score(
    said: str | None, why: str, evaluator: SupportEvaluator
) -> None:
    result = evaluator.evaluate("Why?", said, ["Bees dance."])
    assert (result.score, result.passing) == (None, None)
    assert (result.invalid_result, result.invalid_reason) == (True, why)


def test_an_application_that_finds_nothing_declines(
    searcher: Searcher, evaluator: SupportEvaluator
) -> None:
    retriever = PaperRetriever(searcher, since=date(2100, 1, 1))
    response = RetrieverQueryEngine.from_args(retriever, llm=Reader()).query(QUESTION)
    result = evaluator.evaluate_response(query=QUESTION, response=response)  # type: ignore[arg-type]
    assert result.invalid_reason == "declined"


def test_a_scorer_that_fails_is_an_error_and_no_score(model: MiniLM) -> None:
    broken = SupportEvaluator(Broken())
    result = broken.evaluate_response("Why?", Response("Bees dance.", source_nodes=[]))
    assert (result.score, result.passing) == (None, None)
    assert (result.invalid_result, result.invalid_reason) == (True, "error: The scorer is gone")
