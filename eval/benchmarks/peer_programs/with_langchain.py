"""LangChain as its documentation starts: characters split, Chroma, a prompt for a fake model."""

from __future__ import annotations

from typing import Any

from eval.benchmarks.peer_programs.protocol import Ask, Text, run

SYSTEM = "Answer from these passages of papers and cite them by number."


def build(papers: list[Text], model: str, folder: str) -> None:
    """Split, embed and store the papers."""
    from langchain_core.documents import Document
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    splitter = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200)
    documents = [
        Document(page_content=f"{title}\n\n{abstract}", metadata={"title": title})
        for title, abstract in papers
    ]
    _store(model, folder).add_documents(splitter.split_documents(documents))


def opened(model: str, folder: str) -> Ask:
    """Open what was built as a retriever, a prompt and a model in a row."""
    from langchain_core.language_models.fake_chat_models import FakeListChatModel
    from langchain_core.prompts import ChatPromptTemplate

    store = _store(model, folder)
    prompt = ChatPromptTemplate.from_messages(
        [("system", SYSTEM), ("human", "{passages}\n\n{question}")]
    )
    chain = prompt | FakeListChatModel(responses=["I do not know."])

    def ask(question: str) -> str:
        found = store.similarity_search(question, k=4)
        passages = "\n\n".join(each.page_content for each in found)
        chain.invoke({"passages": passages, "question": question})
        return str(found[0].metadata["title"]) if found else ""

    return ask


def _store(model: str, folder: str) -> Any:
    from langchain_chroma import Chroma
    from langchain_huggingface import HuggingFaceEmbeddings

    embeddings = HuggingFaceEmbeddings(model_name=model)
    return Chroma("papers", embedding_function=embeddings, persist_directory=folder)


if __name__ == "__main__":
    run(build, opened)
