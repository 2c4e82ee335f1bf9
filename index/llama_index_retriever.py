"""The index as a retriever of LlamaIndex: a question in, the passages found out, as its nodes.

Import this file only where LlamaIndex is used: its class is one of LlamaIndex's.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import date

from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.schema import (
    NodeRelationship,
    NodeWithScore,
    QueryBundle,
    RelatedNodeInfo,
    TextNode,
)

from index.search import Hit, Searcher

LIMIT = 5
"""Papers that a question brings, unless another number is given."""

FOR_PEOPLE = ["paper", "url", "published", "rank", "start", "end"]
"""What a node tells of its paper that neither a language model nor an embedder is given."""


class PaperRetriever(BaseRetriever):
    """Finds papers as `footnote search` does, and gives their best passages or whole abstracts."""

    def __init__(
        self,
        searcher: Searcher,
        *,
        limit: int = LIMIT,
        whole: bool = False,
        since: date | None = None,
        until: date | None = None,
    ) -> None:
        """Search with `searcher`.

        Args:
            searcher: An open index; see `assistant.assembling.searcher`.
            limit: Papers, at most.
            whole: Whether a paper is one node with its abstract, and not one for each of its best
                passages.
            since: The first day, included, of a paper's list or publication.
            until: The last day, included.
        """
        super().__init__()
        self._searcher = searcher
        self._limit = limit
        self._whole = whole
        self._since, self._until = since, until

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        """Give nodes, best first; those of a paper have its score and stand together."""
        found = self._searcher.search(
            query_bundle.query_str, limit=self._limit, since=self._since, until=self._until
        )
        return [
            NodeWithScore(node=node, score=hit.score)
            for hit in found.hits
            for node in self._nodes(hit)
        ]

    async def _aretrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        """Search in a thread, so that the loop goes on."""
        return await asyncio.to_thread(self._retrieve, query_bundle)

    def _nodes(self, hit: Hit) -> Iterator[TextNode]:
        paper = hit.paper
        spans = [(each.start, each.end) for each in hit.passages]
        for start, end in [(0, len(paper.abstract))] if self._whole else spans:
            yield TextNode(
                id_=f"{paper.id}:{start}-{end}",
                text=paper.abstract[start:end],
                start_char_idx=start,
                end_char_idx=end,
                metadata={
                    "title": paper.title,
                    "paper": paper.id,
                    "url": paper.url,
                    "published": paper.published.isoformat() if paper.published else None,
                    "rank": hit.rank,
                    "start": start,
                    "end": end,
                },
                excluded_llm_metadata_keys=FOR_PEOPLE,
                excluded_embed_metadata_keys=FOR_PEOPLE,
                relationships={NodeRelationship.SOURCE: RelatedNodeInfo(node_id=paper.id)},
            )
