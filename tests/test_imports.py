"""Who may import whom: the rules, as tables, against the source."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from fnmatch import fnmatch
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[1]

MAY_IMPORT = {
    "prompts": set(),
    "index": set(),
    "assistant": {"index", "prompts"},
    "eval": {"assistant", "index", "prompts"},
}
"""What each of our packages may import of the others."""

EXCEPTIONS = {("assistant/cli.py", "eval.cli")}
"""`footnote eval` is mounted beside the other commands."""

OWNERS = {
    "anyio": ["assistant/serving/*"],
    "chromadb": [
        "eval/benchmarks/scale.py",
        "index/vector_folder.py",
        "index/vector_server.py",
        "index/vectors.py",
    ],
    "fastapi": ["assistant/serving/*"],
    "filelock": ["index/home.py"],
    "gradio": ["assistant/serving/page/frame.py"],
    "httpx2": [
        "assistant/model_server.py",
        "eval/serving_benchmark.py",
        "index/sources/client.py",
        "index/sources/refusals.py",
        "index/vector_server.py",
    ],
    "jinja2": ["assistant/html_page.py"],
    "langchain_chroma": ["eval/benchmarks/peer_programs/with_langchain.py"],
    "langchain_core": ["eval/benchmarks/peer_programs/with_langchain.py"],
    "langchain_huggingface": ["eval/benchmarks/peer_programs/with_langchain.py"],
    "langchain_text_splitters": ["eval/benchmarks/peer_programs/with_langchain.py"],
    "llama_index": [
        "eval/benchmarks/peer_programs/with_llama_index.py",
        "eval/llama_index_evaluator.py",
        "index/llama_index_retriever.py",
    ],
    "lxml": [
        "assistant/delivery/digest_feed.py",
        "index/arxiv.py",
        "index/saved_html.py",
        "index/sources/documents.py",
    ],
    "mcp": ["assistant/serving/mcp_tools.py"],
    "nltk": ["index/passages.py"],
    "numpy": ["assistant/*", "eval/*", "index/*"],
    "openai": ["assistant/model_server.py", "eval/model_benchmarks.py"],
    "openvino": ["index/bert.py"],
    "platformdirs": ["assistant/settings.py"],
    "prometheus_client": ["assistant/serving/metrics.py"],
    "pydantic": ["assistant/serving/*"],
    "pylatexenc": ["assistant/latex.py"],
    "ray": ["index/ray_engine.py"],
    "rich": ["assistant/terminal*", "eval/comparison_table.py", "eval/terminal_table.py"],
    "safetensors": [
        "assistant/support_network.py",
        "eval/training/support/__main__.py",
        "index/minilm.py",
    ],
    "scipy": ["assistant/digest/topics.py"],
    "sentence_transformers": ["eval/benchmarks/speed.py", "index/embedding.py"],
    "sqlite3": [
        "assistant/delivery/sent.py",
        "assistant/serving/feedback.py",
        "assistant/serving/page/chats.py",
        "index/adding.py",
        "index/cache.py",
        "index/corpus.py",
        "index/database.py",
        "index/lexical.py",
    ],
    "starlette": ["assistant/serving/*"],
    "tantivy": ["index/large_lexical.py"],
    "tiktoken": ["assistant/token_counting.py"],
    "tokenizers": ["assistant/token_counting.py", "index/minilm.py"],
    "torch": [
        "assistant/hub_model.py",
        "eval/training/support/batches.py",
        "eval/training/support/fitting.py",
        "eval/training/support/network.py",
    ],
    "transformers": ["assistant/hub_model.py"],
    "txtai": ["eval/benchmarks/peer_programs/with_txtai.py"],
    "typer": ["assistant/cli*", "assistant/options.py", "eval/cli.py"],
    "uvicorn": ["assistant/serving/server.py"],
}
"""The files that speak to a library; its types stay there. Whatever else is not Python's own is
forbidden until it has a row. `sqlite3` has one although it is Python's own."""

HEAVY = {
    "chromadb",
    "fastapi",
    "gradio",
    "httpx2",
    "jinja2",
    "llama_index",
    "mcp",
    "nltk",
    "openai",
    "openvino",
    "prometheus_client",
    "pydantic",
    "ray",
    "scipy",
    "sentence_transformers",
    "starlette",
    "tantivy",
    "tiktoken",
    "torch",
    "transformers",
    "uvicorn",
}
"""What takes long to import: imported by the function that uses it, so that a command pays only
for what it needs."""

SERVING = "assistant/serving/"
"""Files whose functions are described to these libraries by their types, which so have to be there.
The folder as a whole is imported by the function that uses it."""

ADAPTERS = {"eval/llama_index_evaluator.py", "index/llama_index_retriever.py"}
"""Classes of another library, which has to be there for them to be defined. Nobody but its users
imports them."""

TRAINS = {file for file in OWNERS["torch"] if file.startswith("eval/training/")}
"""What is run to train and never else."""

SAYS_NOTHING = {"base", "common", "helpers", "misc", "shared", "tools", "util", "utils"}
"""Names for a file that could hold anything; a function lives with its noun."""


class Import(NamedTuple):
    file: str
    line: int
    module: str
    in_function: bool

    @property
    def library(self) -> str:
        return self.module.partition(".")[0]

    @property
    def parent(self) -> str:
        return self.module.rpartition(".")[0]

    def __str__(self) -> str:
        return f"{self.file}:{self.line} imports {self.module}"


def package_files(pattern: str = "*") -> list[Path]:
    return [
        path
        for package in MAY_IMPORT
        for path in sorted((ROOT / package).rglob(pattern))
        if path.is_file() and path.parent.name != "__pycache__"
    ]


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def imports_of(file: str, source: str) -> Iterator[Import]:
    def walk(node: ast.AST, in_function: bool) -> Iterator[Import]:
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(file, node.lineno, alias.name, in_function)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, (
                f"{file}:{node.lineno}: a relative import hides who imports whom"
            )
            for alias in node.names:  # `from eval import cli` imports eval.cli
                yield Import(file, node.lineno, f"{node.module}.{alias.name}", in_function)
        inside = in_function or isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        for child in ast.iter_child_nodes(node):
            yield from walk(child, inside)

    yield from walk(ast.parse(source), False)


@cache
def imports() -> tuple[Import, ...]:
    return tuple(
        each
        for path in package_files("*.py")
        for each in imports_of(relative(path), path.read_text(encoding="utf-8"))
    )


def owned(each: Import) -> bool:
    return any(fnmatch(each.file, owner) for owner in OWNERS[each.library])


def excepted(each: Import) -> bool:
    return any(
        each.file == file and f"{each.module}.".startswith(f"{module}.")
        for file, module in EXCEPTIONS
    )


def test_imports_are_found_wherever_they_stand() -> None:
    source = """
import a.b
from c import d
if True:
    import e
class Thing:
    import f
def function():
    import g
    from h.i import j
"""
    found = {each.module: each.in_function for each in imports_of("x.py", source)}
    outside = {"a.b": False, "c.d": False, "e": False, "f": False}
    assert found == {**outside, "g": True, "h.i.j": True}


def test_a_package_imports_only_those_below_it() -> None:
    forbidden = [
        str(each)
        for each in imports()
        if each.library in MAY_IMPORT
        and each.library not in {Path(each.file).parts[0]} | MAY_IMPORT[Path(each.file).parts[0]]
        and not excepted(each)
    ]
    assert not forbidden, "\n".join(forbidden)


def test_a_library_is_spoken_to_only_in_the_files_that_own_it() -> None:
    elsewhere = [str(each) for each in imports() if each.library in OWNERS and not owned(each)]
    assert not elsewhere, "\n".join(elsewhere)


def test_every_library_has_an_owner() -> None:
    known = set(sys.stdlib_module_names) | set(MAY_IMPORT) | set(OWNERS)
    unknown = [str(each) for each in imports() if each.library not in known]
    assert not unknown, "\n".join(unknown)


@pytest.mark.parametrize("library", OWNERS)
def test_an_owner_uses_what_it_owns(library: str) -> None:
    users = {each.file for each in imports() if each.library == library}
    idle = [owner for owner in OWNERS[library] if not any(fnmatch(user, owner) for user in users)]
    assert not idle, f"no import of {library} in {idle}: its row in OWNERS is out of date"


def test_a_heavy_library_is_imported_by_the_function_that_uses_it() -> None:
    early = [
        str(each)
        for each in imports()
        if each.library in HEAVY
        and not each.in_function
        and each.file not in ADAPTERS | TRAINS
        and not each.file.startswith(SERVING)
    ]
    assert not early, "\n".join(early)


def test_the_server_is_imported_by_the_function_that_uses_it() -> None:
    folder = SERVING.removesuffix("/").replace("/", ".")
    early = [
        str(each)
        for each in imports()
        if f"{each.module}.".startswith(f"{folder}.")
        and not each.in_function
        and not each.file.startswith(SERVING)
    ]
    assert not early, "\n".join(early)


def test_nothing_of_ours_imports_an_adapter() -> None:
    adapters = {adapter.removesuffix(".py").replace("/", ".") for adapter in ADAPTERS}
    users = [str(each) for each in imports() if adapters & {each.module, each.parent}]
    assert not users, "\n".join(users)


@pytest.mark.parametrize("modules", ["index, assistant, eval, prompts", "assistant.cli"])
def test_importing_loads_nothing_heavy(modules: str) -> None:
    program = f"import {modules}, sys; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.split()
    assert HEAVY.intersection(loaded) == set()


def test_no_file_has_a_name_that_says_nothing() -> None:
    assert not [relative(path) for path in package_files() if path.stem in SAYS_NOTHING]


def test_every_file_says_first_what_it_is() -> None:
    silent = [
        relative(path)
        for path in package_files("*.py")
        if not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert not silent, "\n".join(silent)


def test_no_package_reads_what_lies_beside_the_checkout() -> None:
    outside = re.compile(rb"\.\./shared\b|[\"']shared[/\"']")
    assert not [
        relative(path) for path in package_files("*.py") if outside.search(path.read_bytes())
    ]
