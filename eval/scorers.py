"""Scorers of support by name: the one that ships, a model of the hub, or a language model as judge.

`trained`, `hub:` and a model's name or folder, or `judge`, which needs FOOTNOTE_MODEL_URL.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any

from assistant.assembling import chat_model
from assistant.errors import SupportError
from assistant.settings import Settings
from assistant.support import Support, TrainedSupport
from assistant.support_hub import HubSupport
from assistant.support_judge import JudgedSupport

JUDGE, HUB = "judge", "hub:"

JUDGEMENTS = "judgements.jsonl"
"""The file in a home that keeps what a judge said."""

LIBRARIES = ("torch", "transformers")
"""Those that compute what a model of the hub says."""


@contextmanager
def open_scorer(name: str, *, settings: Settings) -> Iterator[Support]:
    """Open a scorer; what is no other's name is that of the one that ships.

    Raises:
        SupportError: It cannot be used.
        ModelError: The embedding model is missing.
        ChatModelError: The language model cannot be used.
        HomeError: What a judge said cannot be kept in the home.
    """
    if name.startswith(HUB):
        yield HubSupport.load(name.removeprefix(HUB))
    elif name == JUDGE:
        with chat_model(settings) as model:
            if model is None:
                raise SupportError(
                    "The scorer `judge` is a language model, and none is named",
                    hint="set FOOTNOTE_MODEL_URL to the address of its server",
                )
            with closing(JudgedSupport(model, kept=settings.home / JUDGEMENTS)) as judge:
                yield judge
    else:
        yield TrainedSupport()


def describe(support: Support) -> dict[str, Any]:
    """Say what a scorer is: nothing in it depends on the machine."""
    told: dict[str, Any] = {"scorer": type(support).__name__}
    if isinstance(support, HubSupport):
        folder = Path(support.name)
        told["scorer"] = f"{HUB}{folder.name if folder.exists() else support.name}"
    elif isinstance(support, JudgedSupport):
        told["scorer"] = f"{JUDGE}: {support.name}"
        told |= {"samples": support.samples, "temperature": support.temperature}
    return told | {"low": support.low, "high": support.high}


def state(support: Support) -> Any:
    """Give what else decides the judgements of a scorer: a folder's files, versions of libraries.

    It may differ between machines.
    """
    if not isinstance(support, HubSupport):
        return None
    files = [(path.name, path.stat()) for path in sorted(Path(support.name).glob("*"))]
    return [
        {library: version(library) for library in LIBRARIES},
        [(name, found.st_size, found.st_mtime_ns) for name, found in files],
    ]


def remark(support: Support) -> str | None:
    """Say what a scorer has to tell of its work when it is done; None if it has nothing."""
    if not isinstance(support, JudgedSupport):
        return None
    steady = support.steadiness
    return (
        f"The judge was asked {steady.asked} questions, and {steady.kept} were kept; the samples "
        f"of {steady.split} do not agree, their variance is {steady.variance:.3f}"
    )
