"""The command line: what scripts rely on."""

from __future__ import annotations

import json
import re
import shlex
import signal
import subprocess
from collections.abc import Callable
from importlib import resources
from pathlib import Path
from typing import Any

import pytest

QUESTION = "How does Cut Cross-Entropy save memory?"
NO_ANSWER = "Who won the football world cup in 2018?"
POINTERS = "Pointer Networks"

PAPER_KEYS = [
    *("id", "title", "abstract", "authors", "author_count", "organization", "categories"),
    *("published", "listed", "url", "upvotes", "comments", "source"),
]
ASK_KEYS = {
    *("question", "kind", "answered", "declined_because", "text", "sentences", "citations"),
    *("hits", "left_out", "writer", "seconds"),
}
COMMANDS = (
    *("ingest", "ask", "search", "papers", "show", "remove", "status", "reindex", "digest"),
)

LISTED = {
    "title": "Hemp felt under metal roofs",
    "abstract": "Felt of hemp lowers the noise of rain on metal roofs by 14 decibels. It is cheap.",
    "id": "2510.12345v2",
    "authors": ["Ann Lee", "Bo Ek"],
    "published": "2025-10-14",
    "listed": ["2025-10-30"],
    "url": "https://arxiv.org/abs/2510.12345",
}
HEMP_QUESTION = "How much does felt of hemp lower the noise of rain on metal roofs?"


@pytest.fixture
def rows(tmp_path: Path) -> Path:
    """A file with one listed paper and one row that is none."""
    file = tmp_path / "rows.jsonl"
    file.write_text(f"{json.dumps(LISTED)}\n{{}}\n", encoding="utf-8")
    return file


def data(ended: Any) -> Any:
    assert ended.code == 0, ended.err
    assert ended.err == ""
    return json.loads(ended.out)


def check_error(ended: Any, message: str) -> None:
    """An error is `error: …`, an empty line, `hint: …`, all on standard error."""
    assert ended.code == 1
    assert ended.out == ""
    assert re.fullmatch(r"error: [^\n]+\n\nhint: [^\n]+\n", ended.err), ended.err
    assert message in ended.err


def test_ingest_counts_what_became_of_the_rows(home: Path, rows: Path, footnote: Any) -> None:
    report = data(footnote("ingest", rows, "--json"))
    counts = {name: report[name] for name in ("read", "added", "updated", "unchanged", "rejected")}
    assert counts == {"read": 2, "added": 1, "updated": 0, "unchanged": 0, "rejected": 1}
    assert [(each["source"], each["line"]) for each in report["problems"]] == [(str(rows), 2)]
    assert report["problems"][0]["why"]
    assert report["papers"] == 61
    assert report["passages"] > 200
    assert report["seconds"] > 0


def test_ingest_says_which_rows_it_rejected_on_standard_error(
    home: Path, rows: Path, footnote: Any
) -> None:
    ended = footnote("ingest", rows)
    assert ended.code == 0
    assert "1 added" in ended.out
    assert "The corpus holds 61 papers" in ended.out
    assert ended.err.startswith(f"{rows}:2: ")


def test_ingest_of_the_same_again_changes_nothing(home: Path, rows: Path, footnote: Any) -> None:
    footnote("ingest", rows)
    again = data(footnote("ingest", rows, "sample:", "--json"))
    assert (again["added"], again["updated"], again["unchanged"]) == (0, 0, 61)


def test_ingest_reads_standard_input(
    home: Path, rows: Path, footnote_process: Callable[..., Any]
) -> None:
    ended = footnote_process("ingest", "-", "--json", home=home, input=rows.read_bytes())
    assert data(ended)["added"] == 1


def test_missing_source_stores_nothing_of_the_others(home: Path, rows: Path, footnote: Any) -> None:
    check_error(footnote("ingest", rows, "not-there.jsonl"), "`not-there.jsonl` does not exist")
    assert data(footnote("status", "--json"))["papers"] == 60


def test_answer_as_json_has_the_documented_shape(home: Path, footnote: Any) -> None:
    answer = data(footnote("ask", QUESTION, "--json"))
    assert set(answer) >= ASK_KEYS
    assert answer["question"] == QUESTION
    assert answer["kind"] == "answer"
    assert answer["answered"] is True
    assert answer["declined_because"] is None
    assert answer["writer"] == {"name": "quotes", "model": None, "prompts": {}}
    assert list(answer["seconds"]) == ["search", "write", "check", "total"]
    for sentence in answer["sentences"]:
        assert list(sentence) == [
            *("text", "citations", "verdict", "support", "evidence", "section", "item"),
        ]
        assert sentence["verdict"] == "verbatim"
    for hit in answer["hits"]:
        assert list(hit) == ["rank", "score", "paper"]
        assert list(hit["paper"]) == ["id", "title"]
    for citation in answer["citations"]:
        assert list(citation) == ["number", "paper"]
        assert list(citation["paper"]) == PAPER_KEYS


def test_evidence_as_json_points_into_the_cited_abstract(home: Path, footnote: Any) -> None:
    answer = data(footnote("ask", QUESTION, "--json"))
    abstracts = {each["number"]: each["paper"]["abstract"] for each in answer["citations"]}
    for sentence in answer["sentences"]:
        for piece in sentence["evidence"]:
            assert list(piece) == ["citation", "start", "end", "quote"]
            abstract = abstracts[piece["citation"]]
            assert abstract[piece["start"] : piece["end"]] == piece["quote"]


def test_declined_answer_is_no_error(home: Path, footnote: Any) -> None:
    answer = data(footnote("ask", NO_ANSWER, "--json"))
    assert answer["answered"] is False
    assert answer["sentences"] == answer["citations"] == []
    assert answer["declined_because"]
    assert answer["hits"][0]["paper"]["title"] in answer["text"]


def test_follow_up_is_answered_from_what_the_history_is_about(
    home: Path, footnote: Any, tmp_path: Path
) -> None:
    paper = data(footnote("ask", QUESTION, "--json"))["citations"][0]["paper"]
    history = tmp_path / "said.jsonl"
    said = [
        {"role": "user", "text": QUESTION},
        {"role": "assistant", "text": "It does. [1]", "papers": [paper["id"]]},
    ]
    history.write_text("".join(json.dumps(turn) + "\n" for turn in said), encoding="utf-8")
    answer = data(footnote("ask", "How much memory does it save?", "--history", history, "--json"))
    assert answer["citations"][0]["paper"]["id"] == paper["id"]
    assert paper["title"] in answer["understood"]


def test_history_that_cannot_be_read_is_an_error_that_names_its_line(
    home: Path, footnote: Any, tmp_path: Path
) -> None:
    history = tmp_path / "said.jsonl"
    history.write_text('{"role": "user", "text": "hello"}\n{"role": "robot"}\n', encoding="utf-8")
    ended = footnote("ask", QUESTION, "--history", history)
    assert ended.code == 1
    assert re.match(r"error: Line 2 of the history .*\n\nhint: .*\n$", ended.err)


def test_a_folder_as_history_is_wrong_usage(home: Path, footnote: Any, tmp_path: Path) -> None:
    ended = footnote("ask", QUESTION, "--history", tmp_path)
    assert ended.code == 2
    assert "--history" in ended.err


def test_declined_answer_as_bibtex_says_so_beside_the_data(home: Path, footnote: Any) -> None:
    ended = footnote("ask", NO_ANSWER, "--format", "bibtex")
    assert ended.out == ""
    assert "does not answer this" in ended.err


def test_overview_of_a_subject_has_headings(home: Path, footnote: Any) -> None:
    answer = data(footnote("ask", "data pruning and scaling laws", "--literature", "--json"))
    assert answer["answered"]
    assert all(sentence["section"] for sentence in answer["sentences"])
    ended = footnote("ask", "data pruning and scaling laws", "--literature", "--format", "md")
    assert "## " in ended.out


def test_answer_as_text_ends_with_the_cited_papers(home: Path, footnote: Any) -> None:
    ended = footnote("ask", QUESTION)
    answer, papers = ended.out.split("\n\n")
    assert "[1]" in answer
    assert papers.startswith("[1] Cut Your Losses in Large-Vocabulary Language Models")
    assert ended.err == ""


def test_answer_as_markdown_has_footnotes(home: Path, footnote: Any) -> None:
    ended = footnote("ask", QUESTION, "--format", "md")
    assert "[^1]" in ended.out
    assert "\n[^1]: Cut Your Losses" in ended.out


def test_answer_as_bibtex_is_the_cited_papers(home: Path, footnote: Any) -> None:
    ended = footnote("ask", QUESTION, "--format", "bibtex")
    assert ended.out.startswith("@misc{")
    assert ended.out.count("@misc{") == 1
    assert "Cut Your Losses" in ended.out


def test_question_is_read_from_standard_input_whatever_its_bytes(
    home: Path, footnote_process: Callable[..., Any]
) -> None:
    strict = {"PYTHONIOENCODING": "utf-8:strict"}
    question = b"\xff\x00 " + QUESTION.encode()
    ended = footnote_process("ask", "-", home=home, input=question, env=strict)
    assert ended.code == 0
    assert "[1] Cut Your Losses" in ended.out
    assert ended.err == ""


def test_search_as_json_has_the_documented_shape(home: Path, footnote: Any) -> None:
    found = data(footnote("search", "averaging the weights of models", "--json", "--limit", 3))
    assert list(found) == ["query", "degraded", "undated_left_out", "hits"]
    assert found["degraded"] is False
    assert [hit["rank"] for hit in found["hits"]] == [1, 2, 3]
    for hit in found["hits"]:
        assert list(hit) == ["rank", "score", "paper", "passages"]
        assert list(hit["paper"]) == PAPER_KEYS
        for passage in hit["passages"]:
            assert list(passage) == ["start", "end", "text", "score"]
            shown = hit["paper"]["abstract"][passage["start"] : passage["end"]]
            assert shown == passage["text"]


def test_search_in_a_pipe_prints_passages_whole(home: Path, footnote: Any) -> None:
    words = ("search", "averaging the weights of models", "--limit", 1)
    (hit,) = data(footnote(*words, "--json"))["hits"]
    assert hit["passages"][0]["text"][-60:] in footnote(*words).out


def test_days_bound_a_search(home: Path, rows: Path, footnote: Any) -> None:
    footnote("ingest", rows)
    days = ("--since", "2025-10-30", "--until", "2025-10-30")
    found = json.loads(footnote("search", HEMP_QUESTION, *days, "--json").out)
    assert [hit["paper"]["id"] for hit in found["hits"]] == ["2510.12345"]
    assert found["undated_left_out"] > 0
    found = json.loads(footnote("search", HEMP_QUESTION, "--until", "2025-10-29", "--json").out)
    assert "2510.12345" not in [hit["paper"]["id"] for hit in found["hits"]]


def test_papers_left_out_for_want_of_a_date_are_counted_on_standard_error(
    home: Path, footnote: Any
) -> None:
    ended = footnote("ask", QUESTION, "--since", "2031-01-01")
    assert ended.code == 0
    assert re.fullmatch(r"\d+ papers without a date were left out\n", ended.err)


def test_papers_of_a_day_are_those_on_its_lists(home: Path, rows: Path, footnote: Any) -> None:
    footnote("ingest", rows)
    (listed,) = data(footnote("papers", "--date", "2025-10-30", "--json"))
    assert list(listed) == PAPER_KEYS
    assert listed["listed"] == ["2025-10-30"]
    assert data(footnote("papers", "--date", "2025-10-14", "--json")) == []
    assert len(data(footnote("papers", "--json"))) == 61


def test_papers_as_text_are_a_line_each(home: Path, footnote: Any) -> None:
    lines = footnote("papers").out.splitlines()
    assert len(lines) == 60
    assert all(re.match(r"t-[0-9a-f]{12}  \S", line) for line in lines)


def test_paper_is_shown_by_id_address_or_title(home: Path, rows: Path, footnote: Any) -> None:
    footnote("ingest", rows)
    names = ("2510.12345", "https://arxiv.org/abs/2510.12345v1", LISTED["title"].upper())
    shown = [data(footnote("show", name, "--json")) for name in names]
    assert shown[0] == shown[1] == shown[2]
    assert list(shown[0]) == PAPER_KEYS
    assert shown[0]["abstract"] == LISTED["abstract"]


def test_paper_is_shown_as_text_with_its_facts(home: Path, rows: Path, footnote: Any) -> None:
    footnote("ingest", rows)
    title, facts, _, abstract = footnote("show", "2510.12345").out.splitlines()
    assert title == LISTED["title"]
    assert facts.startswith("2510.12345, Ann Lee, Bo Ek, published 2025-10-14, listed 2025-10-30")
    assert abstract == LISTED["abstract"]


def test_paper_is_shown_as_bibtex(home: Path, rows: Path, footnote: Any) -> None:
    footnote("ingest", rows)
    shown = footnote("show", "2510.12345", "--bibtex").out
    assert shown.startswith("@misc{lee2025hemp,\n")
    assert "author = {Ann Lee and Bo Ek}" in shown


def test_unknown_paper_is_an_error_that_names_near_titles(home: Path, footnote: Any) -> None:
    ended = footnote("show", "Pointer Network")
    check_error(ended, "No paper is called `Pointer Network`")
    assert "`Pointer Networks`" in ended.err


def test_removed_paper_is_never_cited_again(home: Path, rows: Path, footnote: Any) -> None:
    footnote("ingest", rows)
    assert "2510.12345" in footnote("ask", HEMP_QUESTION).out
    ended = footnote("remove", "2510.12345")
    assert (ended.code, ended.out) == (0, "")
    assert LISTED["title"] in ended.err
    answer = data(footnote("ask", HEMP_QUESTION, "--json"))
    assert "2510.12345" not in json.dumps(answer)
    check_error(footnote("show", "2510.12345"), "No paper is called")


def test_removed_paper_stays_out_when_a_source_tells_it_again(
    home: Path, rows: Path, footnote: Any
) -> None:
    footnote("ingest", rows)
    footnote("remove", LISTED["title"])
    report = data(footnote("ingest", rows, "--json"))
    assert (report["added"], report["rejected"], report["papers"]) == (0, 2, 60)
    assert "`2510.12345` was removed" in report["problems"][0]["why"]


def test_remove_of_an_unknown_paper_is_an_error(home: Path, footnote: Any) -> None:
    check_error(footnote("remove", "no such paper"), "No paper is called `no such paper`")


def test_status_says_what_is_there(home: Path, rows: Path, footnote: Any) -> None:
    footnote("ingest", rows)
    status = data(footnote("status", "--json"))
    assert status["home"] == str(home)
    assert (status["papers"], status["listings"]) == (61, 1)
    assert status["by_source"] == {"sample": 60, "text": 1}
    assert status["first_day"] == status["last_day"] == "2025-10-30"
    assert footnote("status").out.splitlines()[1].split() == ["papers", "61"]


def test_reindex_answers_the_same_afterwards(home: Path, footnote: Any) -> None:
    before = data(footnote("search", QUESTION, "--json"))
    ended = footnote("reindex")
    assert (ended.code, ended.out) == (0, "")
    assert re.fullmatch(r"Rebuilt the vectors of \d+ passages\n", ended.err)
    assert data(footnote("search", QUESTION, "--json")) == before


def test_first_examples_of_help_work(tmp_path: Path, footnote: Any) -> None:
    examples = re.findall(r"^ +footnote (.+)$", footnote("--help").out, flags=re.M)
    assert [example.split()[0] for example in examples] == ["ingest", "ask"]
    for example in examples:
        ended = footnote(*shlex.split(example), "--home", tmp_path / "new")
        assert ended.code == 0
    assert "[1]" in ended.out


@pytest.mark.parametrize("command", COMMANDS)
def test_example_in_the_help_of_a_command_works(command: str, home: Path, footnote: Any) -> None:
    (example,) = re.findall(r"Try: footnote (.+)$", footnote(command, "--help").out, flags=re.M)
    ended = footnote(*shlex.split(example))
    assert ended.code == 0
    assert ended.out + ended.err


@pytest.mark.parametrize("words", [(), *[(command,) for command in ("ask", "search", "show")]])
def test_command_that_lacks_words_is_wrong_usage(words: tuple[str, ...], footnote: Any) -> None:
    assert footnote(*words).code == 2


@pytest.mark.parametrize(
    "words",
    [
        ("ask", "Why?", "--limit", "0"),
        ("ask", "Why?", "--limit", "many"),
        ("ask", "Why?", "--format", "pdf"),
        ("ask", "Why?", "--since", "2025-13-01"),
        ("papers", "--date", "yesterday"),
        ("papers", "--no-such-option"),
        ("no-such-command",),
        ("ingest",),
    ],
)
def test_wrong_usage_ends_with_2_and_says_why(words: tuple[str, ...], footnote: Any) -> None:
    ended = footnote(*words)
    assert (ended.code, ended.out) == (2, "")
    assert "Usage: footnote" in ended.err
    assert "Traceback" not in ended.err


@pytest.mark.parametrize("command", [name for name in COMMANDS if name != "ingest"])
def test_home_without_corpus_is_an_error_and_stays_unmade(
    command: str, tmp_path: Path, footnote: Any
) -> None:
    words = {"papers": (), "status": (), "reindex": (), "digest": ()}.get(command, (QUESTION,))
    missing = tmp_path / "missing"
    ended = footnote(command, *words, "--home", missing)
    check_error(ended, f"`{missing}` holds no corpus yet")
    assert "footnote ingest sample:" in ended.err
    assert not missing.exists()


def test_bad_setting_is_an_error(
    home: Path, footnote: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FOOTNOTE_NOW", "soon")
    check_error(footnote("status"), "FOOTNOTE_NOW is `soon`")


def test_model_that_is_not_there_is_an_error(
    home: Path, footnote: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("FOOTNOTE_EMBEDDING_MODEL", str(tmp_path / "no-model"))
    check_error(footnote("ask", QUESTION), "no-model")


def test_process_prints_no_colour_and_no_talk_where_no_terminal_is(
    home: Path, footnote_process: Callable[..., Any]
) -> None:
    ended = footnote_process("ask", QUESTION, home=home, env={"TERM": "xterm-256color"})
    assert ended.code == 0
    assert "[1]" in ended.out
    assert "\x1b" not in ended.out
    assert ended.err == ""


def test_process_with_an_error_ends_with_1_and_no_traceback(
    tmp_path: Path, footnote_process: Callable[..., Any]
) -> None:
    ended = footnote_process("ask", QUESTION, home=tmp_path / "missing")
    check_error(ended, "holds no corpus yet")


def test_nothing_is_written_outside_the_home(
    home: Path, tmp_path: Path, footnote_process: Callable[..., Any], rows: Path
) -> None:
    user = tmp_path / "user"
    user.mkdir()
    places = {"HOME": str(user), "XDG_DATA_HOME": str(user), "XDG_CACHE_HOME": str(user)}
    assert footnote_process("ingest", rows, home=home, env=places).code == 0
    assert footnote_process("ask", QUESTION, home=home, env=places).code == 0
    assert list(user.rglob("*")) == []


def test_reader_that_has_had_enough_leaves_no_traceback(
    home: Path, started: Callable[..., subprocess.Popen[bytes]]
) -> None:
    process = started("papers", home=home)
    assert process.stdout
    assert process.stderr
    process.stdout.close()
    assert process.stderr.read() == b""
    process.stderr.close()
    assert process.wait() == 1


def test_ctrl_c_ends_an_ingest_in_one_line_and_keeps_the_home_sound(
    home: Path,
    tmp_path: Path,
    started: Callable[..., subprocess.Popen[bytes]],
    footnote: Any,
) -> None:
    process = started("ingest", "-", home=home, stdin=subprocess.PIPE)
    assert process.stdin is not None
    known = resources.files("index").joinpath("sample.jsonl").read_bytes().splitlines()[0]
    # More than a pipe holds: once all is written, the command has begun to read.
    process.stdin.write(known + b"\n" * 300_000)
    process.stdin.flush()
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert (out, err.decode()) == (b"", "Interrupted; what was stored stays stored\n")
    assert data(footnote("status", "--json"))["papers"] == 60
    assert "[1]" in footnote("ask", QUESTION).out
