"""`footnote eval agreement`: from labelled files to a table, JSON, a page, and each judgement."""

import json
import re
from pathlib import Path

import pytest

QUOTE = "treats attention as a pointer that picks one element of the input as the output"
CLAIMS = [
    {
        "id": "1",
        "pair": "p",
        "claim": "Attention is used to pick one element.",
        "label": "supported",
    },
    {"id": "2", "pair": "p", "claim": "Moths dance on the moon.", "label": "unsupported"},
    {"id": "3", "paper": "SOAP", "claim": "SOAP adds one hyperparameter.", "label": "supported"},
    {"id": "4", "paper": "SOAP", "claim": "SOAP adds 17 engines.", "label": "unsupported"},
]
PAPERS = {"SOAP": "SOAP: Improving and Stabilizing Shampoo using Adam"}
ANSWER = {
    "id": "a",
    "question": "What does it do?",
    "paper": "Pointer Networks",
    "sentences": [{"text": QUOTE, "label": "supported"}, {"text": "No.", "label": "unsupported"}],
}


@pytest.fixture
def files(tmp_path: Path) -> Path:
    folder = tmp_path / "files"
    folder.mkdir()
    rows = [row | {"paper": PAPERS.get(row.get("paper"), "Pointer Networks")} for row in CLAIMS]
    (folder / "claims.jsonl").write_text("\n".join(map(json.dumps, rows)))
    (folder / "answers.jsonl").write_text(json.dumps(ANSWER))
    return folder


def test_a_file_gives_a_table(footnote, files):
    done = footnote("eval", "agreement", files / "claims.jsonl")

    assert done.code == 0
    assert "claims: 2 supported and 2 unsupported claims about 2 sources" in done.out
    assert "AUROC" in done.out
    assert "right one of a pair scores higher               1.000" in done.out


def test_a_file_gives_json_that_a_script_can_read(footnote, files):
    told = json.loads(footnote("eval", "agreement", files / "answers.jsonl", "--json").out)

    assert (told["set"], told["claims"], told["groups"]) == ("answers", 2, 1)
    assert told["metrics"]["auroc"] == {"value": 1.0, "low": None, "high": None, "count": 2}
    assert told["answers"]["good"]["value"] == 0.0
    assert told["checks"]["doubled"] == {"count": 0, "first": []}


def test_a_folder_gives_a_line_a_file_and_a_page(footnote, files, tmp_path):
    page = tmp_path / "new" / "AGREEMENT.md"

    done = footnote("eval", "agreement", files, "--markdown", page)

    assert [line.split()[0] for line in done.out.splitlines()] == ["set", "answers", "claims"]
    assert "| `claims` | 2/2 | 2 |" in page.read_text("utf-8")
    assert "## Whole answers" in page.read_text("utf-8")


def test_two_runs_write_the_same_bytes(footnote, files, tmp_path):
    first, second = tmp_path / "first", tmp_path / "second"
    for out in (first, second):
        page = out / "page.md"
        assert footnote("eval", "agreement", files, "--out", out, "--markdown", page).code == 0

    names = {path.name for path in first.iterdir()}
    assert names == {
        "answers.json",
        "answers.judgements.jsonl",
        "claims.json",
        "claims.judgements.jsonl",
        "page.md",
    }
    for name in names:
        assert (first / name).read_bytes() == (second / name).read_bytes()


def test_each_judgement_says_what_carries_it(footnote, files, tmp_path):
    footnote("eval", "agreement", files / "answers.jsonl", "--out", tmp_path / "out")

    lines = (tmp_path / "out" / "answers.judgements.jsonl").read_text("utf-8").splitlines()
    first = json.loads(lines[0])

    assert (first["id"], first["label"], first["support"]) == ("a/1", "supported", 1.0)
    assert first["verdict"] == "verbatim"
    assert first["evidence"]["end"] > first["evidence"]["start"]


def test_what_must_not_change_a_verdict_is_checked_on_demand(footnote, files):
    told = json.loads(
        footnote("eval", "agreement", files / "claims.jsonl", "--metamorphic", "--json").out
    )

    assert [check["change"] for check in told["metamorphic"]] == [
        "two irrelevant sources added",
        "their order changed",
        "the source given twice",
    ]
    assert told["metamorphic"][2]["unchanged"]["value"] == 1.0


def test_what_must_not_change_a_verdict_is_told_of_every_file(files, footnote):
    told = footnote("eval", "agreement", files, "--metamorphic").out

    for name in ("answers", "claims"):
        assert re.search(rf"^{name}\nverdicts kept, two irrelevant sources added", told, re.M)


def test_papers_may_come_from_elsewhere(footnote, tmp_path):
    paper = {"title": "Moths", "abstract": "We count moths at night, one by one, in orchards."}
    (tmp_path / "papers.jsonl").write_text(json.dumps(paper))
    claim = {"id": "1", "paper": "Moths", "claim": "Moths are counted.", "label": "supported"}
    (tmp_path / "claims.jsonl").write_text(json.dumps(claim))

    without = footnote("eval", "agreement", tmp_path / "claims.jsonl")
    done = footnote(
        "eval", "agreement", tmp_path / "claims.jsonl", "--papers", tmp_path / "papers.jsonl"
    )

    assert (without.code, done.code) == (1, 0)
    assert "there is no paper `Moths` among those of `--papers`" in without.err
    assert "1 supported and 0 unsupported" in done.out


def test_wrong_files_are_named_before_anything_is_judged(footnote, files, tmp_path):
    (files / "wrong.jsonl").write_text('{"id": "1"}')
    empty, taken = tmp_path / "empty", tmp_path / "taken"
    empty.mkdir()
    taken.write_text("")
    claims = files / "claims.jsonl"

    for words, why in (
        ([files], "wrong.jsonl`, line 1: `source` is missing"),
        ([empty], "holds no `.jsonl` file"),
        ([claims, claims], "Two files are called `claims.jsonl`"),
        ([claims, "--markdown", taken / "page.md"], "cannot be written"),
    ):
        done = footnote("eval", "agreement", *words)
        assert done.code == 1
        assert why in done.err
        assert "hint: " in done.err
        assert done.out == ""
