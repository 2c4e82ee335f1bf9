"""Provenance: everything that decides the results of a run, as a report tells it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import Any

from assistant.chat_model import ChatModel
from assistant.settings import Settings
from assistant.support import Support
from eval.scorers import describe, state
from index.corpus import Corpus
from index.papers import Paper
from prompts import load

PACKAGES = ("assistant", "eval", "index", "prompts")

NO_CODE = frozenset(["__pycache__", "suites", "templates", "training"])
"""Folders of the packages that decide nothing."""

LIBRARIES = ("chromadb", "nltk", "numpy", "openvino", "tokenizers")
"""Those that compute; another version of one may round otherwise."""


@dataclass(frozen=True, kw_only=True)
class Provenance:
    """What was run: equal ones give equal results, as far as a language model can."""

    settings: dict[str, Any]
    """As the report has them: nothing in them depends on the clock or the machine."""
    key: str
    """The checksum of all that, of the day that "today" means, and of the libraries' versions."""

    @classmethod
    def of(
        cls,
        corpus: Corpus,
        model: ChatModel | None,
        *,
        support: Support,
        settings: Settings,
        limit: int,
    ) -> Provenance:
        """Describe a run over the papers of `corpus`."""
        told = {
            "code": code_checksum(),
            "corpus": {"papers": corpus.count(), "sha256": corpus_checksum(corpus.papers())},
            "embedding_model": settings.embedding_model or "all-MiniLM-L6-v2",
            "limit": limit,
            "model": model.name if model else None,
            "prompts": prompt_versions() if model else {},
            "support": describe(support),
            "unsupported": settings.unsupported if model else None,
            "version": version("footnote"),
            "writer": "model" if model else "quotes",
        }
        beside = {
            "today": settings.today.isoformat(),
            "server": settings.model_url,
            "scorer": state(support),
            "libraries": {name: version(name) for name in LIBRARIES},
        }
        return cls(settings=told, key=checksum([json.dumps([told, beside], sort_keys=True)]))


def corpus_checksum(papers: Iterable[Paper]) -> str:
    """Give the checksum of all that is known of papers, in their order."""
    return checksum(json.dumps(paper.as_json(), sort_keys=True) for paper in papers)


def code_checksum() -> str:
    """Give the checksum of our packages, weights and prompts included."""
    found = hashlib.sha256()
    for package in PACKAGES:
        root = Path(str(files(package)))
        for path in sorted(root.rglob("*")):
            if path.is_file() and not NO_CODE.intersection(path.relative_to(root).parts):
                found.update(f"{package}/{path.relative_to(root).as_posix()}\n".encode())
                found.update(hashlib.sha256(path.read_bytes()).digest())
    return found.hexdigest()


def prompt_versions() -> dict[str, str]:
    """Give the version of every prompt, by its name."""
    names = sorted(Path(each.name).stem for each in files("prompts").iterdir())
    return {
        name: load(name).version for name in names if (files("prompts") / f"{name}.md").is_file()
    }


def checksum(texts: Iterable[str]) -> str:
    """Give the SHA-256 of texts, each on a line."""
    found = hashlib.sha256()
    for text in texts:
        found.update(text.encode() + b"\n")
    return found.hexdigest()
