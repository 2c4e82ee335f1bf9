"""The corpus on a disk that is full, damaged or read-only, beside processes that die."""

from __future__ import annotations

import os
import resource
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from assistant import assembling
from assistant.settings import Settings
from index.corpus import Corpus
from index.errors import (
    BusyError,
    FootnoteError,
    HomeError,
    NewerCorpusError,
    OlderCorpusError,
)
from index.home import Home
from index.papers import Paper, Reading
from index.schema import MIGRATIONS

ROOT = Path(__file__).parents[1]

ADD_FOR_EVER = """
import sys
from itertools import count
from index.corpus import Corpus
from index.home import Home
from index.papers import Paper, Reading

def readings():
    for number in count():
        if number % 500 == 0:
            print(number, flush=True)
        paper = Paper(title=f"P{number}", abstract="words " * 200, source="api")
        yield Reading(paper=paper, listing=None, origin="api", line=None)

with Corpus.open(Home.open(sys.argv[1])) as corpus:
    corpus.add(readings())
"""


def readings(count: int) -> list[Reading]:
    papers = (
        Paper(title=f"P{number}", abstract="words " * 200, source="api") for number in range(count)
    )
    return [Reading(paper=paper, listing=None, origin="api", line=None) for paper in papers]


def check(corpus: Corpus) -> None:
    assert corpus.connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    words = "INSERT INTO papers_fts (papers_fts, rank) VALUES ('integrity-check', 1)"
    corpus.connection.execute(words)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home.open(tmp_path / "home")


@pytest.fixture
def stored(home: Home) -> Home:
    """A home with three papers."""
    with Corpus.open(home) as corpus:
        corpus.add(readings(3))
    return home


@contextmanager
def ordinary_user() -> Iterator[None]:
    """Root may write everywhere: become somebody else for a while."""
    if os.getuid() != 0:
        yield
        return
    os.setresuid(65534, 65534, 0)
    try:
        yield
    finally:
        os.setresuid(0, 0, 0)


@pytest.fixture
def public() -> Iterator[Path]:
    """A folder whose parents everybody may enter."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    folder.chmod(0o755)
    shutil.rmtree(folder)


def test_a_killed_ingest_keeps_what_was_committed_and_can_be_repeated(home: Home) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", ADD_FOR_EVER, str(home.path)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        for _ in range(4):  # the fourth line comes after three commits
            process.stdout.readline()
        process.kill()
    with Corpus.open(home) as corpus:
        kept = corpus.count()
        assert kept >= 1500
        assert kept % 500 == 0
        check(corpus)
        result = corpus.add(readings(kept + 7))
        assert (result.unchanged, result.added) == (kept, 7)


def test_a_full_disk_takes_back_only_the_batch_that_did_not_fit(home: Home) -> None:
    with Corpus.open(home) as corpus:
        corpus.add(readings(500))
        pages = corpus.connection.execute("PRAGMA page_count").fetchone()[0]
        corpus.connection.execute(f"PRAGMA max_page_count = {pages + 9}")
        with pytest.raises(HomeError, match="No room is left") as caught:
            corpus.add(readings(1200))
        assert "free some space" in caught.value.hint
        assert corpus.count() == 500
        corpus.connection.execute("PRAGMA max_page_count = 1000000")
        assert corpus.add(readings(1200)).added == 700
        check(corpus)


def test_a_file_that_may_not_grow_is_an_error_with_a_cure(stored: Home) -> None:
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    with Corpus.open(stored) as corpus:
        resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, limits[1]))
        try:
            with pytest.raises(HomeError) as caught:
                corpus.add(readings(1200))
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        assert "free" in caught.value.hint
        assert corpus.count() == 3
        assert corpus.add(readings(1200)).added == 1197
        check(corpus)


def test_a_newer_corpus_is_left_alone(stored: Home) -> None:
    with closing(sqlite3.connect(stored.corpus)) as connection:
        connection.execute("PRAGMA user_version = 999")
    for read_only in (True, False):
        with pytest.raises(NewerCorpusError, match="schema 999") as caught:
            Corpus.open(stored, read_only=read_only)
        assert "upgrade" in caught.value.hint


def test_an_older_corpus_is_brought_up_to_date_by_whoever_may_write_it(stored: Home) -> None:
    with closing(sqlite3.connect(stored.corpus)) as corpus:
        for table in ("cursors", "seen_answers", "paces"):
            corpus.execute(f"DROP TABLE {table}")
        corpus.execute("DROP INDEX papers_by_day")
        corpus.execute("PRAGMA user_version = 1")
    with pytest.raises(OlderCorpusError, match=f"older schema 1, not {len(MIGRATIONS)}"):
        Corpus.open(stored, read_only=True)
    with assembling.reader(Settings.read({}, home=stored.path)) as corpus:
        assert corpus.count() == 3
        assert corpus.visits.cursor("hf:2025-10").after is None


@pytest.mark.parametrize("read_only", [True, False])
def test_a_file_that_is_no_database_is_an_error_with_a_cure(home: Home, read_only: bool) -> None:
    home.corpus.write_bytes(b"This is not a corpus. " * 500)
    with pytest.raises(HomeError, match="damaged or is not a corpus") as caught:
        Corpus.open(home, read_only=read_only)
    assert "footnote restore" in caught.value.hint


@pytest.mark.parametrize("read_only", [True, False])
def test_a_damaged_corpus_is_an_error_with_a_cure(home: Home, read_only: bool) -> None:
    with Corpus.open(home) as corpus:
        corpus.add(readings(2000))
    with home.corpus.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * (home.corpus.stat().st_size - 4096))
    with pytest.raises(HomeError, match="damaged"):
        list_all(home, read_only=read_only)


def list_all(home: Home, *, read_only: bool) -> None:
    with Corpus.open(home, read_only=read_only) as corpus:
        list(corpus.papers())


@pytest.mark.parametrize("read_only", [True, False])
def test_the_database_of_another_program_is_left_alone(home: Home, read_only: bool) -> None:
    with closing(sqlite3.connect(home.corpus)) as connection:
        connection.execute("CREATE TABLE theirs (x)")
    with pytest.raises(HomeError, match="another program"):
        Corpus.open(home, read_only=read_only)


@pytest.mark.parametrize("read_only", [True, False])
def test_a_folder_in_place_of_the_database_is_an_error(home: Home, read_only: bool) -> None:
    home.corpus.mkdir()
    with pytest.raises(HomeError, match="cannot be"):
        Corpus.open(home, read_only=read_only)


def test_reading_makes_no_home(tmp_path: Path) -> None:
    with pytest.raises(HomeError, match="holds no corpus yet") as caught:
        Corpus.open(Home(tmp_path / "none"), read_only=True)
    assert "footnote ingest" in caught.value.hint
    assert not (tmp_path / "none").exists()


def test_reading_fills_no_empty_file(home: Home) -> None:
    home.corpus.touch()
    with pytest.raises(HomeError, match="holds no corpus yet"):
        Corpus.open(home, read_only=True)
    with Corpus.open(home) as corpus:
        assert corpus.count() == 0


def test_a_read_only_corpus_cannot_be_written(stored: Home) -> None:
    with Corpus.open(stored, read_only=True) as corpus:
        with pytest.raises(HomeError, match="cannot be opened or written"):
            corpus.add(readings(5))
        assert corpus.count() == 3


def test_readers_see_what_another_process_commits_while_it_writes(home: Home) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", ADD_FOR_EVER, str(home.path)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        process.stdout.readline()
        with Corpus.open(home, read_only=True) as corpus:
            first = corpus.status()
            process.stdout.readline()
            process.stdout.readline()
            second = corpus.status()
        process.kill()
    assert 500 <= first.papers < second.papers
    assert first.generation < second.generation


def test_a_second_writer_waits_for_a_transaction_and_then_gives_up(
    stored: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.database.BUSY_TIMEOUT", 0.05)
    with Corpus.open(stored) as one, Corpus.open(stored) as other:
        one.connection.execute("BEGIN IMMEDIATE")
        with pytest.raises(BusyError, match="Another process is writing"):
            other.add(readings(5))
        one.connection.execute("ROLLBACK")
        assert other.add(readings(5)).added == 2


def test_a_read_only_folder_can_be_read(public: Path) -> None:
    with Corpus.open(Home.open(public)) as corpus:
        corpus.add(readings(3))
    public.chmod(0o555)
    with ordinary_user(), Corpus.open(Home(public), read_only=True) as corpus:
        assert corpus.count() == 3
        assert corpus.paper("P1").title == "P1"


def test_a_read_only_folder_shows_what_a_running_writer_commits(public: Path) -> None:
    with Corpus.open(Home.open(public)) as writer:
        writer.add(readings(3))
        public.chmod(0o555)
        with ordinary_user():
            reader = Corpus.open(Home(public), read_only=True)
        with reader:
            assert reader.count() == 3
            writer.add(readings(5))
            with ordinary_user():
                assert reader.count() == 5


def test_a_read_only_folder_is_no_home_to_write_to(public: Path) -> None:
    public.chmod(0o555)
    with ordinary_user():
        with pytest.raises(HomeError, match="Permission denied"):
            Home.open(public)
        with pytest.raises(HomeError, match="cannot be opened or written"):
            Corpus.open(Home(public))


def test_a_corpus_that_may_not_be_read_is_an_error_with_a_cure(public: Path) -> None:
    with Corpus.open(Home.open(public)) as corpus:
        corpus.add(readings(1))
    (public / "corpus.db").chmod(0)
    with ordinary_user(), pytest.raises(HomeError, match="cannot be opened") as caught:
        Corpus.open(Home(public), read_only=True)
    assert "permissions" in caught.value.hint


def test_every_thread_may_use_the_corpus(stored: Home) -> None:
    counts: list[int] = []
    with Corpus.open(stored) as corpus:
        threads = [
            threading.Thread(target=lambda: counts.append(len(list(corpus.papers()))))
            for _ in range(8)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert counts == [3] * 8


def test_a_new_home_is_made_by_one_of_many_that_want_it_at_once(home: Home) -> None:
    errors: list[FootnoteError] = []
    start = threading.Barrier(4)

    def open_and_add() -> None:
        start.wait()
        try:
            with home.writer_lock(60), Corpus.open(home) as corpus:
                corpus.add(readings(20))
        except FootnoteError as error:
            errors.append(error)

    threads = [threading.Thread(target=open_and_add) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    with Corpus.open(home, read_only=True) as corpus:
        assert corpus.count() == 20


@pytest.fixture
def killed(public: Path) -> Home:
    """A home whose writer was killed after two commits, before it could fold in its log."""
    with subprocess.Popen(
        [sys.executable, "-c", ADD_FOR_EVER, str(public)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        for _ in range(3):
            process.stdout.readline()
        process.kill()
    return Home(public)


def test_a_read_only_folder_shows_what_a_killed_writer_committed(killed: Home) -> None:
    killed.path.chmod(0o555)
    with ordinary_user(), Corpus.open(killed, read_only=True) as corpus:
        assert corpus.count() >= 1000


def test_a_log_that_cannot_be_read_is_never_passed_over(killed: Home) -> None:
    killed.corpus.with_name("corpus.db-shm").unlink()
    killed.path.chmod(0o555)
    with ordinary_user(), pytest.raises(HomeError, match="cannot be opened"):
        Corpus.open(killed, read_only=True)
