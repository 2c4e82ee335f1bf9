"""`--scorer`: who judges, chosen by name for claims, for labelled files and for runs."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from math import log
from pathlib import Path
from typing import Any

import pytest

from tests.chat_server import ChatServer, Choices, Refusal, Request, model

ROOT = Path(__file__).parents[1]

BEES = "Bees tell each other where flowers are. They dance on their combs, and films show it."
ROWS = [
    {"id": "1", "claim": "Bees dance to talk of flowers.", "source": BEES},
    {"id": "2", "claim": "Bees sing to talk of flowers.", "source": BEES},
]
LABELS = ("supported", "unsupported")


@pytest.fixture
def claims(tmp_path: Path) -> Path:
    """Two claims, with people's labels."""
    rows = [{**row, "label": label} for row, label in zip(ROWS, LABELS, strict=True)]
    path = tmp_path / "claims.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


@pytest.fixture
def judge(home: Path, chat_server: ChatServer, monkeypatch: pytest.MonkeyPatch) -> ChatServer:
    """A judge who thinks that nothing sings, and is not sure."""
    monkeypatch.setenv("FOOTNOTE_MODEL_URL", chat_server.url)

    def script(request: Request) -> Any:
        if request.body.get("stream"):
            return ["Attention points at a position of the input. [1] Moths sing in May. [1]"]
        yes = 0.1 if "sing" in claim_of(request) else 0.9
        said = ("yes", "yes", "yes", "no", "yes") if yes > 0.5 else ("no",) * 5
        return [Choices(said[: request.body["n"]], (("yes", log(yes)), ("no", log(1 - yes))))]

    chat_server.script(script)
    return chat_server


def claim_of(request: Request) -> str:
    found = re.search(r"<claim>\n(.*)\n</claim>", request.said[-1])
    assert found
    return found[1]


def test_claims_are_judged_by_a_language_model_and_asked_once(
    judge: ChatServer, claims: Path, footnote: Any, home: Path
) -> None:
    first = footnote("eval", "support", claims, "--scorer", "judge", "--json")
    rows = [json.loads(line) for line in first.out.splitlines()]
    assert [row["support"] for row in rows] == pytest.approx([0.9, 0.1])
    assert [row["verdict"] for row in rows] == ["supported", "unchecked"]
    assert [row["variance"] for row in rows] == [0.16, 0.0]
    assert "asked 2 questions, and 0 were kept; the samples of 1 do not agree" in first.err
    again = footnote("eval", "support", claims, "--scorer", "judge", "--json")
    assert again.out == first.out
    assert len(judge.requests) == 2
    assert "asked 0 questions, and 2 were kept" in again.err
    assert (home / "judgements.jsonl").exists()


def test_agreement_is_measured_of_a_language_model(
    judge: ChatServer, claims: Path, footnote: Any, tmp_path: Path
) -> None:
    done = footnote(
        "eval", "agreement", claims, "--scorer", "judge", "--json", "--out", tmp_path / "out"
    )
    told = json.loads(done.out)
    assert told["scorer"] == {"name": "judge: stand-in", "low": 0.1, "high": 0.5}
    assert told["metrics"]["auroc"]["value"] == 1.0
    lines = (tmp_path / "out" / "claims.judgements.jsonl").read_text().splitlines()
    assert [json.loads(line)["variance"] for line in lines] == [0.16, 0.0]


def test_a_run_is_judged_by_a_language_model_that_may_be_another(
    judge: ChatServer, footnote: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FOOTNOTE_UNSUPPORTED", "flag")
    question = "Which network points at positions of its input with attention?"
    suite = tmp_path / "suite.jsonl"
    suite.write_text(json.dumps({"id": "p", "question": question}) + "\n", encoding="utf-8")
    done = footnote("eval", "run", suite, "--scorer", "judge", "--out", tmp_path / "out")
    assert done.code == 0, done.err
    report = json.loads((tmp_path / "out" / "report.json").read_text(encoding="utf-8"))
    assert report["settings"]["support"] == {
        "scorer": "judge: stand-in",
        "samples": 5,
        "temperature": 1.0,
        "low": 0.1,
        "high": 0.5,
    }
    first, second = report["results"][0]["claims"]
    assert (first["verdict"], second["verdict"]) == ("supported", "unchecked")
    assert report["results"][0]["values"]["faithfulness"] == 0.5
    trained = footnote("eval", "run", suite, "--out", tmp_path / "trained")
    assert trained.code == 0, trained.err
    other = json.loads((tmp_path / "trained" / "report.json").read_text(encoding="utf-8"))
    assert other["settings"]["support"]["scorer"] != "judge: stand-in"


def test_a_judge_that_says_no_verdict_is_an_error_that_stays_in_the_denominator(
    judge: ChatServer, footnote: Any, tmp_path: Path
) -> None:
    judge.models = [model(owner="llamacpp")]
    written = judge._script

    def script(request: Request) -> Any:
        return written(request) if request.body.get("stream") else ["It depends."]

    judge.script(script)
    suite = tmp_path / "suite.jsonl"
    suite.write_text('{"id": "p", "question": "What are Pointer Networks?"}\n', encoding="utf-8")
    done = footnote("eval", "run", suite, "--scorer", "judge", "--out", tmp_path / "out")
    report = json.loads((tmp_path / "out" / "report.json").read_text(encoding="utf-8"))
    assert done.code == 1
    assert "answers `It depends.`, which is neither `yes` nor `no`" in done.err
    assert report["outcomes"]["error"] == 1
    assert report["metrics"]["faithfulness"]["scored"] == 0
    assert report["metrics"]["faithfulness"]["attempted"] == 1


def test_what_was_judged_before_an_error_is_not_asked_again(
    judge: ChatServer, claims: Path, footnote: Any
) -> None:
    says = judge._script
    fails = [True]

    def script(request: Request) -> Any:
        if fails[0] and "sing" in claim_of(request):
            return [Refusal(400, "no such thing")]
        return says(request)

    judge.script(script)
    failed = footnote("eval", "support", claims, "--scorer", "judge", "--json")
    assert (failed.code, failed.out) == (1, "")
    assert "error: " in failed.err
    assert "no such thing" in failed.err
    asked, fails[0] = len(judge.requests), False
    assert footnote("eval", "support", claims, "--scorer", "judge", "--json").code == 0
    assert [claim_of(request) for request in judge.requests[asked:]] == [ROWS[1]["claim"]]


def test_a_judge_needs_a_language_model(home: Path, claims: Path, footnote: Any) -> None:
    done = footnote("eval", "support", claims, "--scorer", "judge")
    assert (done.code, done.out) == (1, "")
    assert done.err.splitlines() == [
        "error: The scorer `judge` is a language model, and none is named",
        "",
        "hint: set FOOTNOTE_MODEL_URL to the address of its server",
    ]


@pytest.mark.parametrize("name", ["", "hub", "hub:", "judge:x", "Trained", "minicheck"])
@pytest.mark.parametrize("command", ["support", "agreement", "run"])
def test_a_name_that_is_no_scorer_is_wrong_usage(
    name: str, command: str, claims: Path, footnote: Any
) -> None:
    done = footnote("eval", command, claims, "--scorer", name)
    assert done.code == 2
    assert f"`{name}` is neither `trained`" in done.err


@pytest.mark.parametrize("package", ["torch", "transformers"])
def test_a_package_that_is_not_installed_is_told_with_its_cure(
    package: str, claims: Path, home: Path
) -> None:
    program = (
        f"import sys; sys.modules[{package!r}] = None; sys.modules.setdefault('torch', None); "
        "from assistant.cli import main; main()"
    )
    words = ["eval", "support", claims, "--scorer", "hub:some/model"]
    done = subprocess.run(
        [sys.executable, "-c", program, *words], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 1
    assert re.fullmatch(
        r"error: The scorer `some/model` needs (torch|transformers), not installed here\n\n"
        r"hint: run `pip install 'footnote\[hub\]'`\n",
        done.stderr,
    )
