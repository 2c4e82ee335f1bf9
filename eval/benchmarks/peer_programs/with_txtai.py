"""txtai as its documentation starts: an embeddings database with content; it searches, no more."""

from __future__ import annotations

from eval.benchmarks.peer_programs.protocol import Ask, Text, run


def build(papers: list[Text], model: str, folder: str) -> None:
    """Embed and store the papers."""
    from txtai import Embeddings

    embeddings = Embeddings(path=model, content=True)
    embeddings.index({"id": title, "text": f"{title}\n\n{abstract}"} for title, abstract in papers)
    embeddings.save(folder)


def opened(model: str, folder: str) -> Ask:
    """Open what was built; the model's folder is kept with it."""
    from txtai import Embeddings

    embeddings = Embeddings()
    embeddings.load(folder)

    def ask(question: str) -> str:
        found = embeddings.search(question, 4)
        return str(found[0]["id"]) if found else ""

    return ask


if __name__ == "__main__":
    run(build, opened)
