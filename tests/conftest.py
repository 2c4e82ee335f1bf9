"""What several tests share: the sample's home, the command, and servers of language models."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

import pytest

from assistant import assembling
from assistant.cli import main
from assistant.settings import Settings
from eval.gold import Silence
from index.minilm import MiniLM
from index.search import Searcher
from tests.chat_server import ChatServer
from tests.listed_papers import make_listed_home
from tests.live_reading import LiveReading, live_reading
from tests.paper_server import PaperServer
from tests.standing_clock import StandingClock
from tests.vllm_server import VllmServer, make_model, serving

ROOT = Path(__file__).parents[1]


class Ended(NamedTuple):
    """How a command ended."""

    code: int
    out: str
    err: str


Command = Callable[..., Ended]


def started(
    *words: str | Path,
    home: Path,
    stdin: int = subprocess.DEVNULL,
    env: Mapping[str, str] = MappingProxyType({}),
    before: Sequence[str] = (),
) -> subprocess.Popen[bytes]:
    """Start the command as a process that knows none of the settings around the tests.

    Args:
        env: Added to its environment.
        before: A command that runs it, and its options.
    """
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return subprocess.Popen(
        [*before, sys.executable, "-m", "assistant.cli", *words],
        stdin=stdin,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=ROOT,
        env={**kept, "FOOTNOTE_HOME": str(home), **env},
        preexec_fn=_heed_ctrl_c,
    )


def _heed_ctrl_c() -> None:
    """Undo what a shell does to programs in its background, where these tests may run."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(name="started", scope="session")
def _started() -> Callable[..., subprocess.Popen[bytes]]:
    return started


@pytest.fixture(scope="session")
def model() -> MiniLM:
    """The real embedding model, loaded once."""
    return MiniLM.load()


@pytest.fixture(scope="session")
def sample_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the bundled sample; not to be changed."""
    home = tmp_path_factory.mktemp("sample") / "home"
    process = started("ingest", "sample:", home=home)
    _, talk = process.communicate(timeout=120)
    assert process.returncode == 0, talk.decode()
    return home


@pytest.fixture(scope="session")
def searcher(sample_home: Path) -> Iterator[Searcher]:
    """The search over the sample; it changes nothing."""
    with assembling.searcher(Settings.read({}, home=sample_home), Silence()) as searcher:
        yield searcher


@pytest.fixture(scope="session")
def listed_home(sample_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the sample's papers on the lists of three days, with votes; not to be changed."""
    folder = tmp_path_factory.mktemp("listed")
    make_listed_home(folder / "home", cache=sample_home / "cache.db")
    return folder / "home"


@pytest.fixture(scope="session")
def listed(listed_home: Path) -> Iterator[Searcher]:
    """The search over these papers."""
    with assembling.searcher(Settings.read({}, home=listed_home), Silence()) as searcher:
        yield searcher


@pytest.fixture(scope="session")
def served_url(sample_home: Path) -> Iterator[str]:
    """Where the sample's home is served, without a key; not to be changed."""
    from tests.served import served  # which starts processes as this file does

    with served(sample_home) as url:
        yield url


@pytest.fixture(scope="session")
def web_url(listed_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where a page is served that browsers visit; each may add to its papers, and none takes away.

    A paper that means harm is among them.
    """
    from tests.served import served
    from tests.web_page import make_web_home

    home = tmp_path_factory.mktemp("web") / "home"
    make_web_home(home, listed=listed_home)
    with served(home) as url:
        yield url


@pytest.fixture(scope="module")
def web_browser() -> Iterator[Any]:
    """A browser for the tests of a file; it holds the thread's event loop as long as it lasts."""
    from tests.web_page import chromium

    with chromium() as browser:
        yield browser


@pytest.fixture
def page(web_browser: Any, web_url: str) -> Iterator[Any]:
    """The page in a fresh window; in the end nothing was complained of."""
    from tests.web_page import visiting

    with visiting(web_browser, web_url) as page:
        yield page


@pytest.fixture
def home(sample_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the sample's home, which commands use unless they are told another."""
    copy = shutil.copytree(sample_home, tmp_path / "home")
    for name in [name for name in os.environ if name.startswith("FOOTNOTE_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("FOOTNOTE_HOME", str(copy))
    return copy


@pytest.fixture
def footnote(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    """Run the command in this process."""

    def run(*words: str | Path) -> Ended:
        monkeypatch.setattr(sys, "argv", ["footnote", *map(str, words)])
        capsys.readouterr()
        code: object = 0
        try:
            main()
        except SystemExit as end:
            code = end.code
        return Ended(int(str(code or 0)), *capsys.readouterr())

    return run


@pytest.fixture
def footnote_process() -> Command:
    """Run the command as a process of its own; `input` is what it reads."""

    def run(*words: str | Path, home: Path, input: bytes = b"", **options: Any) -> Ended:
        process = started(*words, home=home, stdin=subprocess.PIPE, **options)
        out, err = process.communicate(input, timeout=120)
        return Ended(process.returncode, out.decode(), err.decode())

    return run


@pytest.fixture
def chat_server() -> Iterator[ChatServer]:
    """A stand-in for a server of language models, which says what the test tells it."""
    with ChatServer() as server:
        yield server


@pytest.fixture
def paper_server() -> Iterator[PaperServer]:
    """A stand-in for Hugging Face and arXiv, with a clock that stands."""
    with PaperServer(StandingClock()) as server:
        yield server


@pytest.fixture
def live(paper_server: PaperServer, tmp_path: Path) -> Iterator[LiveReading]:
    """An empty corpus that reads from that server."""
    with live_reading(tmp_path / "live", paper_server) as reading:
        yield reading


@pytest.fixture(scope="session")
def tiny_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a language model of random weights."""
    return make_model(tmp_path_factory.mktemp("tiny"))


@pytest.fixture(scope="session")
def vllm_server(tiny_model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[VllmServer]:
    """The real server, with a model of random weights."""
    with serving(tiny_model, tmp_path_factory.mktemp("vllm") / "log") as server:
        yield server
