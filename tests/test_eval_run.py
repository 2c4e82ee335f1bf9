"""`footnote eval run`: a suite through the assistant, as scripts and people meet it."""

from __future__ import annotations

import json
import os
import re
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.chat_server import ChatServer, Refusal

SOUPS = (
    "Model soups: averaging weights of multiple fine-tuned models improves accuracy without "
    "increasing inference time"
)
ROWS = [
    {
        "id": "pointers",
        "kind": "described",
        "question": "Which network points at positions of its input with attention?",
        "relevant": ["Pointer Networks"],
        "nuggets": [
            {
                "fact": "Attention picks an element of the input",
                "evidence": "a Ptr-Net treats attention as a pointer that picks one element",
            }
        ],
    },
    {
        "id": "soups",
        "question": "How do model soups combine fine-tuned models?",
        "relevant": [SOUPS],
    },
    {"id": "cup", "question": "Who won the football world cup in 2018?", "answerable": False},
    {"id": "hello", "question": "Hello!"},
]
METRIC = ["mean", "low", "high", "scored", "attempted", "worst", "best"]


@pytest.fixture
def suite(tmp_path: Path) -> Path:
    """A suite over the sample."""
    return written(tmp_path / "small.jsonl", ROWS)


def written(path: Path, rows: list[dict[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


@pytest.fixture
def model_home(home: Path, chat_server: ChatServer, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home whose answers the scripted server writes, all of which are shown."""
    monkeypatch.setenv("FOOTNOTE_MODEL_URL", chat_server.url)
    monkeypatch.setenv("FOOTNOTE_UNSUPPORTED", "flag")
    return home


def report_in(folder: Path) -> Any:
    return json.loads((folder / "report.json").read_text(encoding="utf-8"))


def sentence_of(title: str, footnote: Any) -> str:
    """The first sentence of the abstract of a paper."""
    abstract = json.loads(footnote("show", title, "--json").out)["abstract"]
    found = re.match(r".+?\.(?= [A-Z])", abstract)
    assert found
    return found[0]


def test_the_summary_for_a_script_has_the_documented_shape(
    home: Path, footnote: Any, suite: Path
) -> None:
    ended = footnote("eval", "run", suite, "--json")
    report = json.loads(ended.out)

    assert ended.code == 0
    assert ended.err == ""
    assert (report["suite"], report["cases"]) == ("small", 4)
    assert list(report["metrics"]["recall@10"]) == METRIC
    assert report["metrics"]["recall@10"]["mean"] == 1.0
    assert report["metrics"]["unanswerable_declined"]["mean"] == 1.0
    assert report["outcomes"] == {"answered": 2, "declined": 1, "no_claims": 1, "error": 0}
    assert report["table"]["unanswerable"]["declined"] == 1
    assert report["settings"]["writer"] == "quotes"
    assert report["coverage"] == 1.0
    assert "results" not in report


def test_the_report_holds_all_that_became_of_a_case(
    home: Path, footnote: Any, suite: Path, tmp_path: Path
) -> None:
    footnote("eval", "run", suite, "--out", tmp_path / "out")
    report = report_in(tmp_path / "out")
    pointers, _, cup, hello = report["results"]

    assert [row["outcome"] for row in report["results"]] == [
        *("answered", "answered", "declined", "no_claims"),
    ]
    assert (len(pointers["hits"]), hello["hits"]) == (20, [])
    assert pointers["hits"][0]["relevant"] is True
    assert cup["declined_because"]
    assert hello["values"] == {}
    papers = {paper["id"]: paper["abstract"] for paper in pointers["papers"]}
    for claim in pointers["claims"]:
        (place,) = claim["evidence"]
        assert pointers["text"][claim["start"] : claim["end"]] == claim["text"]
        assert claim["text"].endswith(papers[place["id"]][place["start"] : place["end"]])
        assert (claim["verdict"], claim["support"], claim["reason"]) == ("verbatim", 1.0, None)
    held = any(claim["nuggets"] == [0] for claim in pointers["claims"])
    assert pointers["nuggets"][0]["held"] is held
    assert pointers["values"]["verbatim"] == 1.0
    assert not {"faithfulness", "citation_recall"} & set(report["metrics"])


def test_the_same_inputs_give_the_same_bytes(
    home: Path, footnote: Any, suite: Path, tmp_path: Path
) -> None:
    """Twice over papers that are ingested anew, and once from what was kept."""
    for out, cache in (("one", "a"), ("two", "b"), ("three", "b")):
        ended = footnote(
            *("eval", "run", suite, "--papers", "sample:"),
            *("--out", tmp_path / out, "--cache", tmp_path / cache),
        )
        assert ended.code == 0, ended.err
    reports = {(tmp_path / out / "report.json").read_bytes() for out in ("one", "two", "three")}
    timing = json.loads((tmp_path / "three" / "timing.json").read_text(encoding="utf-8"))

    assert len(reports) == 1
    assert str(tmp_path).encode() not in reports.pop()
    assert timing["kept"] == 4
    assert timing["started"].startswith("20")


def test_a_run_writes_a_page_with_its_figures_and_its_cases(
    home: Path, footnote: Any, suite: Path, tmp_path: Path
) -> None:
    measured = tmp_path / "agreement.json"
    point = {"support": 0.5, "supported": 0.75, "count": 4}
    measured.write_text(json.dumps({"set": "my-claims", "reliability": [point]}), encoding="utf-8")
    ended = footnote("eval", "run", suite, "--out", tmp_path / "run", "--agreement", measured)
    page = (tmp_path / "run" / "report.html").read_text(encoding="utf-8")

    assert ended.code == 0, ended.err
    assert all(row["question"] in page for row in ROWS)
    assert "How far the scorer can be believed, on my-claims" in page
    assert str(tmp_path) not in page
    assert footnote("eval", "run", suite, "--agreement", tmp_path / "missing").code == 1


def test_a_person_sees_a_table_in_which_quotes_are_no_headline(
    home: Path, footnote: Any, suite: Path
) -> None:
    out = footnote("eval", "run", suite).out

    assert "small: 4 cases, 2 answered, 1 declined, 1 no claims" in out
    assert re.search(r"nDCG@10 +1\.000 \[1\.000, 1\.000\] 2/2", out)
    assert re.search(r"answers +verbatim 2/2", out)
    assert not re.search(r"faithfulness.*1\.000", out)
    assert re.search(r"unanswerable +0 +1 +0 +0", out)


def test_written_answers_are_judged_claim_by_claim(
    model_home: Path, footnote: Any, chat_server: ChatServer, suite: Path, tmp_path: Path
) -> None:
    quote = sentence_of("Pointer Networks", footnote)
    answer = f"{quote} [1] Nightingales “sing loudest in May” near rivers. [1]"
    chat_server.script(lambda request: [answer])
    written(suite, ROWS[:1])

    footnote("eval", "run", suite, "--out", tmp_path)
    report = report_in(tmp_path)
    (result,) = report["results"]
    first, second = result["claims"]

    assert (first["verdict"], first["needed"]) == ("verbatim", first["cited"])
    assert (second["verdict"], second["reason"]) == ("unsupported", "misquote")
    assert result["values"]["faithfulness"] == 0.5
    assert result["values"]["citation_precision"] == 0.5
    assert result["weights"] == {"claim_faithfulness": 2}
    assert report["metrics"]["faithfulness"]["mean"] == 0.5
    assert set(report["settings"]["prompts"]) >= {"answer", "question"}
    tokens = json.loads((tmp_path / "timing.json").read_text(encoding="utf-8"))["tokens"]
    assert tokens["read"] > tokens["written"] > 10


def test_a_case_that_fails_stops_nothing_and_is_tried_again(
    model_home: Path, footnote: Any, chat_server: ChatServer, suite: Path, tmp_path: Path
) -> None:
    quote = sentence_of(SOUPS, footnote)
    pointers = [Refusal(400, "no such thing")]
    chat_server.script(
        lambda request: list(pointers) if "points at" in request.said[-1] else [f"{quote} [1]"]
    )
    ended = footnote("eval", "run", suite, "--out", tmp_path)
    report = report_in(tmp_path)
    asked = len(chat_server.requests)

    assert ended.code == 1
    assert "error: Only 0.000 of a metric could be scored, less than 0.95" in ended.err
    assert "no such thing" in ended.err
    assert "between 0.500 and 1.000" in ended.out
    assert report["outcomes"]["error"] == 1
    assert report["results"][0]["outcome"] == "error"
    assert "no such thing" in report["results"][0]["error"]
    assert report["metrics"]["faithfulness"] == {
        **dict(mean=1.0, low=None, high=None, scored=1, attempted=2, worst=0.5, best=1.0)
    }
    assert report["metrics"]["nugget_recall"] == {
        **dict(mean=None, low=None, high=None, scored=0, attempted=1, worst=0.0, best=1.0)
    }
    assert footnote("eval", "run", suite, "--min-coverage", "0").code == 0

    pointers[:] = [f"{sentence_of('Pointer Networks', footnote)} [1]"]
    chat_server.requests.clear()
    assert footnote("eval", "run", suite, "--out", tmp_path).code == 0
    assert report_in(tmp_path)["outcomes"]["error"] == 0
    assert 0 < len(chat_server.requests) < asked
    assert all("points at" in request.said[-1] for request in chat_server.requests)


def test_a_run_that_was_interrupted_goes_on_where_it_was(
    home: Path,
    started: Callable[..., Any],
    footnote: Any,
    chat_server: ChatServer,
    tmp_path: Path,
) -> None:
    rows = [{"id": str(n), "question": f"How do model soups combine {n} models?"} for n in range(6)]
    suite = written(tmp_path / "many.jsonl", rows)
    answer = [f"{sentence_of(SOUPS, footnote)} [1]"]
    process: list[Any] = []

    def script(request: Any) -> list[str]:
        if "combine 3 models" in request.said[-1]:
            os.kill(process[0].pid, signal.SIGINT)
        return answer

    chat_server.script(script)
    settings = {"FOOTNOTE_MODEL_URL": chat_server.url}
    process.append(started("eval", "run", suite, "--jobs", "1", home=home, env=settings))
    _, talk = process[0].communicate(timeout=120)
    before = len(chat_server.requests)

    assert process[0].returncode == 130
    assert b"what was stored stays stored" in talk
    assert before >= 4

    again = started("eval", "run", suite, "--out", tmp_path / "out", home=home, env=settings)
    chat_server.script(lambda request: answer)
    _, talk = again.communicate(timeout=120)
    timing = json.loads((tmp_path / "out" / "timing.json").read_text(encoding="utf-8"))

    assert again.returncode == 0, talk
    assert timing["kept"] >= 3
    assert report_in(tmp_path / "out")["outcomes"]["answered"] == 6


def test_what_was_said_before_a_question_is_told_to_the_assistant(
    home: Path, footnote: Any, tmp_path: Path
) -> None:
    said = [
        {"role": "user", "text": "How do model soups combine fine-tuned models?"},
        {"role": "assistant", "text": "By averaging. [1]", "papers": [SOUPS]},
    ]
    row = {"id": "a", "question": "How accurate is it?", "relevant": [SOUPS], "history": said}
    suite = written(tmp_path / "talk.jsonl", [row])

    footnote("eval", "run", suite, "--out", tmp_path)
    (result,) = report_in(tmp_path)["results"]

    assert SOUPS in result["understood"]
    assert result["values"]["recall@1"] == 1.0


def test_a_suite_about_other_papers_is_an_error_that_names_the_line(
    home: Path, footnote: Any, tmp_path: Path
) -> None:
    suite = written(tmp_path / "other.jsonl", [ROWS[0], {**ROWS[1], "relevant": ["No Such Paper"]}])
    ended = footnote("eval", "run", suite)

    assert ended.code == 1
    assert ended.out == ""
    assert re.match(r"error: .*other\.jsonl`, line 2: .*`No Such Paper`\n\nhint: .+\n$", ended.err)


def test_a_suite_that_is_not_there_is_an_error(home: Path, footnote: Any, tmp_path: Path) -> None:
    ended = footnote("eval", "run", tmp_path / "none.jsonl")
    assert (ended.code, "cannot be read" in ended.err) == (1, True)


def test_the_number_of_papers_looked_at_changes_the_answer_and_not_what_is_measured(
    home: Path, footnote: Any, suite: Path, tmp_path: Path
) -> None:
    written(suite, [{"id": "a", "question": "Which papers are about retrieval?"}])
    shown = {}
    for limit in ("1", "10"):
        footnote("eval", "run", suite, "--limit", limit, "--out", tmp_path)
        (shown[limit],) = report_in(tmp_path)["results"]

    assert [len(shown[limit]["hits"]) for limit in ("1", "10")] == [20, 20]
    assert len(shown["1"]["claims"]) < len(shown["10"]["claims"])


@pytest.mark.parametrize("option", ["--cache", "--out"])
def test_a_folder_that_cannot_be_written_is_an_error_before_anything_is_asked(
    home: Path, footnote: Any, suite: Path, tmp_path: Path, option: str
) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    ended = footnote("eval", "run", suite, option, tmp_path / "file" / "below")

    assert (ended.code, ended.out, "cannot be written" in ended.err) == (1, "", True)


def test_how_much_was_kept_is_told(home: Path, footnote: Any, suite: Path) -> None:
    first, again = (footnote("eval", "run", suite) for _ in range(2))

    assert "kept" not in first.err
    assert "4 of 4 results were kept from before" in again.err
    assert again.out == first.out
