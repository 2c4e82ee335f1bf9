"""REST: what `/api` keeps, papers that are sent and what people say of answers."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from assistant.serving import shapes
from tests.served import served

HEMP = {
    "title": "Hemp felt under metal roofs",
    "abstract": "Felt of hemp lowers the noise of rain on metal roofs by 14 decibels. It is cheap.",
    "id": "2510.12345",
}
HEMP_QUESTION = "How much does felt of hemp lower the noise of rain on metal roofs?"


@pytest.fixture(scope="module")
def copied_home(sample_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return shutil.copytree(sample_home, tmp_path_factory.mktemp("served") / "home")


@pytest.fixture(scope="module")
def api(copied_home: Path) -> Iterator[httpx2.Client]:
    with served(copied_home) as url, httpx2.Client(base_url=f"{url}/api", timeout=120) as client:
        yield client


def sent(api: httpx2.Client, rows: list[Any], *, name: str = "rows.jsonl") -> Any:
    lines = "".join(json.dumps(row) + "\n" for row in rows).encode()
    return api.post("/ingest", files={"file": (name, lines)})


def test_a_paper_that_is_sent_can_be_asked_about(api: httpx2.Client) -> None:
    before = api.post("/ask", json={"question": HEMP_QUESTION}).json()
    assert "14 decibels" not in before["text"]
    report = sent(api, [HEMP, {}]).json()
    shapes.IngestedShape.model_validate(report)
    assert (report["added"], report["rejected"]) == (1, 1)
    assert [(each["source"], each["line"]) for each in report["problems"]] == [("rows.jsonl", 2)]
    after = api.post("/ask", json={"question": HEMP_QUESTION}).json()
    assert "14 decibels" in after["text"]
    assert after["degraded"] is False


def test_sending_it_again_changes_nothing(api: httpx2.Client) -> None:
    sent(api, [HEMP])
    report = sent(api, [HEMP]).json()
    assert (report["added"], report["updated"], report["unchanged"]) == (0, 0, 1)


def events_of(text: str) -> list[tuple[str, Any]]:
    blocks = [block for block in text.split("\n\n") if block and not block.startswith(":")]
    pairs = [block.split("\n", 1) for block in blocks]
    return [(name[7:], json.loads(data.removeprefix("data: "))) for name, data in pairs]


SSE = {"Accept": "text/event-stream"}


def test_how_far_an_upload_has_come_is_told(api: httpx2.Client) -> None:
    rows = [
        {"title": f"Owls of valley {n}", "abstract": f"Owl {n} sleeps by day. It hunts by night."}
        for n in range(150)
    ]
    lines = "".join(json.dumps(row) + "\n" for row in [*rows, {}]).encode()
    told = api.post("/ingest", files={"file": ("owls.jsonl", lines)}, headers=SSE)
    assert told.headers["content-type"].startswith("text/event-stream")
    *steps, (last, report) = events_of(told.text)
    assert {name for name, _ in steps} == {"progress"}
    assert {step["step"] for _, step in steps} == {"reading", "indexing"}
    counts = [step["done"] for _, step in steps if step["step"] == "indexing"]
    assert counts == sorted(counts)
    assert steps[-1][1] == {"step": "indexing", "done": 150, "total": 150}
    assert last == "report"
    shapes.IngestedShape.model_validate(report)
    assert (report["added"], report["problems"][0]["source"]) == (150, "owls.jsonl")


def test_an_upload_is_read_to_its_end_when_nobody_listens_any_more(api: httpx2.Client) -> None:
    rows = [
        {"title": f"Moles of field {n}", "abstract": f"Mole {n} digs. It likes worms."}
        for n in range(150)
    ]
    lines = "".join(json.dumps(row) + "\n" for row in rows).encode()
    with api.stream("POST", "/ingest", files={"file": ("m.jsonl", lines)}, headers=SSE) as told:
        assert next(told.iter_bytes())
    report = sent(api, rows[-1:]).json()  # whose turn comes when the first has ended
    assert report["unchanged"] == 1


def test_an_upload_that_fails_at_once_has_a_status(sample_home: Path, tmp_path: Path) -> None:
    home = shutil.copytree(sample_home, tmp_path / "home")
    with served(home) as url, httpx2.Client(base_url=f"{url}/api", timeout=60) as api:
        (home / "corpus.db").write_bytes(b"no database at all" * 100)
        refused = api.post("/ingest", files={"file": ("a.jsonl", b"{}")}, headers=SSE)
        assert refused.status_code == 503
        assert refused.json()["hint"]


def test_another_process_may_write_while_it_is_served(
    api: httpx2.Client, copied_home: Path, tmp_path: Path, footnote_process: Any
) -> None:
    file = tmp_path / "rows.jsonl"
    kites = "Kites lift cameras over mud flats at low water. Gulls do not mind kites at all."
    file.write_text(json.dumps({"title": "Kites over mud", "abstract": kites}), encoding="utf-8")
    ended = footnote_process("ingest", file, home=copied_home)
    assert ended.code == 0, ended.err
    found = api.get("/search", params={"query": "gulls that do not mind kites"}).json()
    assert found["hits"][0]["paper"]["title"] == "Kites over mud"


@pytest.mark.parametrize("name", ["../../etc/passwd", "<img onerror=alert(1)>", "n" * 900])
def test_a_files_name_is_only_repeated(api: httpx2.Client, name: str) -> None:
    report = api.post("/ingest", files={"file": (name, b"nothing of use")}).json()
    assert report["rejected"] == 1
    assert report["problems"][0]["source"] == name[:200]
    assert "no format that Footnote reads" in report["problems"][0]["why"]


def test_an_upload_without_a_file_is_refused(api: httpx2.Client) -> None:
    refused = api.post("/ingest", data={"other": "x"})
    assert refused.status_code == 422
    assert "file" in refused.json()["detail"]


def test_what_people_say_is_kept(api: httpx2.Client, copied_home: Path) -> None:
    opinion = {
        "rating": "down",
        "reason": "'); DROP TABLE feedback; --",
        "question": HEMP_QUESTION,
        "answer": "By 14 decibels. [1]",
        "papers": ["2510.12345"],
    }
    numbers = [api.post("/feedback", json=opinion) for _ in range(3)]
    assert {each.status_code for each in numbers} == {201}
    first = numbers[0].json()["number"]
    kept = api.get("/feedback", params={"after": first - 1, "limit": 2}).json()
    shapes.OpinionsShape.model_validate(kept)
    assert len(kept["feedback"]) == 2
    assert {key: kept["feedback"][0][key] for key in opinion} == opinion
    assert (copied_home / "feedback.db").exists()


@pytest.mark.parametrize(
    "wrong", [{"rating": "sideways"}, {"question": ""}, {"reason": "x" * 5_001}, {"more": 1}]
)
def test_feedback_is_bounded(api: httpx2.Client, wrong: Any) -> None:
    opinion = {"rating": "up", "question": "What?", "answer": "That.", **wrong}
    refused = api.post("/feedback", json=opinion)
    assert refused.status_code == 422
    assert next(iter(wrong)) in refused.json()["detail"]
