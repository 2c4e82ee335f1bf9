"""`footnote digest`: what scripts and timers rely on."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from lxml import etree, html

from tests.mail_server import Post, mail_server


@pytest.fixture(autouse=True)
def of_lists(listed_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands read the home with lists, on a Monday."""
    monkeypatch.setenv("FOOTNOTE_HOME", str(listed_home))
    monkeypatch.setenv("FOOTNOTE_NOW", "2025-11-03T08:00:00+00:00")


def test_the_json_has_the_public_shape(footnote: Any) -> None:
    ended = footnote("digest", "--date", "2025-10-30", "--json")
    assert (ended.code, ended.err) == (0, "")
    data = json.loads(ended.out)
    assert (data["from"], data["to"], data["papers"]) == ("2025-10-30", "2025-10-30", 40)
    assert data["writer"]["name"] == "quotes"
    assert sum(len(topic["papers"]) for topic in data["topics"]) == 40


@pytest.mark.parametrize(
    ("form", "check"),
    [
        ("md", lambda text: text.startswith("# Papers of Friday, 31 October 2025\n")),
        ("html", lambda text: len(html.fromstring(text).xpath("//h3")) == 8),
        ("atom", lambda text: len(etree.fromstring(text.encode()).findall("{*}entry")) == 9),
        ("text", lambda text: text.startswith("Papers of Friday, 31 October 2025\n")),
    ],
)
def test_every_form_is_written_of_the_latest_list(
    form: str, check: Callable[[str], bool], footnote: Any, tmp_path: Path
) -> None:
    out = tmp_path / "digest"
    ended = footnote("digest", "--format", form, "--out", out)
    assert (ended.code, ended.out, ended.err) == (0, "", "")
    assert check(out.read_text(encoding="utf-8"))
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith("digest")] == [
        "digest"
    ]


def test_interests_say_why_each_paper_is_there(footnote: Any, tmp_path: Path) -> None:
    mine = tmp_path / "mine.toml"
    mine.write_text('authors = ["Ada Lovelace"]')
    ended = footnote("digest", "--week", "2025-W44", "--interests", mine, "--json")
    papers = [paper for topic in json.loads(ended.out)["topics"] for paper in topic["papers"]]
    assert len(papers) == 3
    assert {paper["why"] for paper in papers} == {"because you follow Ada Lovelace"}


@pytest.mark.parametrize(
    ("words", "names"),
    [
        (["--date", "someday"], "`someday` is no day"),
        (["--date", "today", "--month", "2025-10"], "name two periods"),
        (["--rank", "interest"], "Without interests"),
        (["--interests", "/no/such/file"], "`/no/such/file` cannot be read"),
        (["--page", "/no/such/page"], "`/no/such/page` does not exist"),
        (["--out", "/no/such/folder/digest"], "cannot be written"),
        (["--email", "ada@example.org"], "No server for e-mail is named"),
    ],
)
def test_errors_are_two_lines(words: list[str], names: str, footnote: Any) -> None:
    ended = footnote("digest", *words)
    assert ended.code == 1
    first, empty, hint, *rest = ended.err.splitlines()
    assert first.startswith("error: ")
    assert names in first
    assert (empty, rest) == ("", [])
    assert hint.startswith("hint: ")


def mailed(home: Path, port: int, *, started: Any) -> subprocess.Popen[bytes]:
    process: subprocess.Popen[bytes] = started(
        *("digest", "--email", "ada@example.org"),
        home=home,
        env={
            "FOOTNOTE_SMTP_URL": f"smtp://127.0.0.1:{port}",
            "FOOTNOTE_MAIL_FROM": "papers@example.org",
        },
    )
    return process


def test_a_run_that_is_killed_while_the_server_has_the_mail_sends_nothing_twice(
    listed_home: Path, tmp_path: Path, started: Any
) -> None:
    home = shutil.copytree(listed_home, tmp_path / "home")
    post = Post()
    with mail_server(post) as port:
        process = mailed(home, port, started=started)
        post.kills = process.pid
        process.communicate(timeout=120)
        assert process.returncode == -9
        post.kills = None
        again = mailed(home, port, started=started)
        _, talk = again.communicate(timeout=120)
    assert again.returncode == 1
    assert "A run before broke off" in talk.decode()
    assert post.readers == ["ada@example.org"]
