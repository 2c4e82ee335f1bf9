"""LlamaIndex as its documentation starts: sentences split, Chroma, cited answers of a mock."""

from __future__ import annotations

from eval.benchmarks.peer_programs.protocol import Ask, Text, run


def build(papers: list[Text], model: str, folder: str) -> None:
    """Split, embed and store the papers."""
    from llama_index.core import Document, StorageContext, VectorStoreIndex
    from llama_index.core.node_parser import SentenceSplitter
    from llama_index.embeddings.huggingface import HuggingFaceEmbedding
    from llama_index.vector_stores.chroma import ChromaVectorStore

    store = ChromaVectorStore.from_params(collection_name="papers", persist_dir=folder)
    VectorStoreIndex.from_documents(
        [Document(text=abstract, metadata={"title": title}) for title, abstract in papers],
        storage_context=StorageContext.from_defaults(vector_store=store),
        embed_model=HuggingFaceEmbedding(model_name=model),
        transformations=[SentenceSplitter()],
    )


def opened(model: str, folder: str) -> Ask:
    """Open what was built as a query engine that cites."""
    from llama_index.core import VectorStoreIndex
    from llama_index.core.llms import MockLLM
    from llama_index.core.query_engine import CitationQueryEngine
    from llama_index.embeddings.huggingface import HuggingFaceEmbedding
    from llama_index.vector_stores.chroma import ChromaVectorStore

    store = ChromaVectorStore.from_params(collection_name="papers", persist_dir=folder)
    index = VectorStoreIndex.from_vector_store(
        store, embed_model=HuggingFaceEmbedding(model_name=model)
    )
    engine = CitationQueryEngine.from_args(
        index, llm=MockLLM(), similarity_top_k=3, citation_chunk_size=512
    )

    def ask(question: str) -> str:
        nodes = engine.query(question).source_nodes
        return str(nodes[0].metadata["title"]) if nodes else ""

    return ask


if __name__ == "__main__":
    run(build, opened)
