"""The home: a folder that can be used, and one writer at a time."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.errors import BusyError, HomeError
from index.home import Holder, Home

ROOT = Path(__file__).parents[1]

HOLD = """
import sys
from index.home import Home
with Home.open(sys.argv[1]).writer_lock(0):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home.open(tmp_path / "home")


@pytest.fixture
def holding(home: Home) -> Iterator[subprocess.Popen[str]]:
    """Another process that holds the lock until its standard input is closed."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(home.path)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def test_opening_makes_the_folder_and_its_parents(tmp_path: Path) -> None:
    home = Home.open(tmp_path / "a" / "b")
    assert home.path.is_dir()
    assert {home.corpus.parent, home.vectors.parent, home.cache.parent} == {home.path}


def test_opening_an_existing_home_leaves_it_as_it_is(home: Home) -> None:
    home.corpus.write_text("kept", encoding="utf-8")
    assert Home.open(str(home.path)) == home
    assert home.corpus.read_text(encoding="utf-8") == "kept"


def test_tilde_means_the_users_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert Home.open("~/footnote").path == tmp_path / "footnote"


@pytest.mark.parametrize("name", ["file", "file/below"])
def test_a_file_is_not_a_home(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(HomeError, match="is not a folder") as caught:
        Home.open(tmp_path / name)
    assert name in str(caught.value)
    assert "--home" in caught.value.hint


@pytest.mark.parametrize("name", ["x" * 300, "a\0b"])
def test_an_impossible_name_is_not_a_home(tmp_path: Path, name: str) -> None:
    with pytest.raises(HomeError, match="cannot be used as a home"):
        Home.open(tmp_path / name)


@pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="needs a folder nobody may write")
def test_a_place_that_nobody_may_write_is_not_a_home() -> None:
    with pytest.raises(HomeError, match=r"/proc/self/home` cannot be used"):
        Home.open("/proc/self/home")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_lock_that_cannot_be_signed_on_a_full_disk_says_so(home: Home) -> None:
    (home.path / "lock.new").symlink_to("/dev/full")
    with pytest.raises(HomeError, match="No room is left"), home.writer_lock(0):
        pytest.fail("the lock was given")
    (home.path / "lock.new").unlink()
    with home.writer_lock(0):
        pass


def test_the_lock_can_be_taken_again_after_it_was_given_back(home: Home) -> None:
    for _ in range(2):
        with home.writer_lock(0):
            pass
    assert home.holder is None


def test_an_exception_under_the_lock_gives_it_back(home: Home) -> None:
    with pytest.raises(ZeroDivisionError), home.writer_lock(0):
        _ = 1 / 0
    with home.writer_lock(0):
        pass


def test_a_second_thread_is_kept_out(home: Home) -> None:
    errors: list[BusyError] = []

    def intrude() -> None:
        try:
            with home.writer_lock(0):
                pass
        except BusyError as error:
            errors.append(error)

    with home.writer_lock(0):
        thread = threading.Thread(target=intrude)
        thread.start()
        thread.join()
    assert len(errors) == 1
    assert f"process {os.getpid()}" in str(errors[0])


def test_a_second_process_is_kept_out_and_told_by_whom(
    home: Home, holding: subprocess.Popen[str]
) -> None:
    waited: list[Holder | None] = []
    with pytest.raises(BusyError) as caught, home.writer_lock(0.1, on_wait=waited.append):
        pytest.fail("the lock was given twice")
    assert f"process {holding.pid}, since 2" in str(caught.value)
    assert f"end process {holding.pid}" in caught.value.hint
    assert [holder and holder.pid for holder in waited] == [holding.pid]


def test_who_waits_gets_the_lock_once_it_is_free(
    home: Home, holding: subprocess.Popen[str]
) -> None:
    def let_go(_: Holder | None) -> None:
        assert holding.stdin is not None
        holding.stdin.close()

    with home.writer_lock(60, on_wait=let_go):
        assert home.holder is not None
        assert home.holder.pid == os.getpid()


def test_a_killed_process_holds_no_lock(home: Home, holding: subprocess.Popen[str]) -> None:
    holding.kill()
    holding.wait()
    with home.writer_lock(0):
        assert home.holder is not None
        assert home.holder.pid == os.getpid()


def test_an_unreadable_signature_does_not_matter(
    home: Home, holding: subprocess.Popen[str]
) -> None:
    (home.path / "lock.json").write_text('{"pid": "half', encoding="utf-8")
    with pytest.raises(BusyError, match="another process"), home.writer_lock(0):
        pytest.fail(f"the lock of {holding.pid} was given twice")
