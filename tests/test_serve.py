"""`footnote serve` as a process: where it listens, how it ends, and what it refuses to begin."""

from __future__ import annotations

import signal
import socket
from pathlib import Path
from typing import Any

import httpx2
import pytest

from assistant.serving.access import SHORTEST_KEY
from tests.served import served

KEY = "x" * SHORTEST_KEY


def test_health_is_told(served_url: str) -> None:
    told = httpx2.get(f"{served_url}/health")
    assert (told.status_code, told.json()) == (200, {"status": "ok"})


def test_what_was_done_is_told_to_prometheus(served_url: str) -> None:
    httpx2.post(f"{served_url}/api/ask", json={"question": "What is Pointer Networks?"})
    told = httpx2.get(f"{served_url}/metrics")
    assert told.headers["content-type"].startswith("text/plain")
    counts = dict(
        line.rsplit(" ", 1) for line in told.text.splitlines() if not line.startswith("#")
    )
    assert float(counts["footnote_papers"]) == 60
    assert float(counts['footnote_answers_total{outcome="answered"}']) >= 1
    assert float(counts['footnote_requests_total{place="api",status="200"}']) >= 1
    assert float(counts["process_resident_memory_bytes"]) > 0


def test_an_empty_home_is_served(tmp_path: Path) -> None:
    with served(tmp_path / "new") as url:
        told = httpx2.post(f"{url}/api/ask", json={"question": "How do kites fly?"}).json()
        assert told["answered"] is False
        assert httpx2.get(f"{url}/api/papers").json() == {"papers": [], "next": None}


def test_with_a_key_only_who_knows_it_is_answered(sample_home: Path) -> None:
    with served(sample_home, env={"FOOTNOTE_API_KEY": KEY}) as url:
        assert httpx2.get(f"{url}/health").status_code == 200
        assert httpx2.get(f"{url}/api/status").status_code == 401
        told = httpx2.get(f"{url}/api/status", headers={"Authorization": f"Bearer {KEY}"})
        assert told.json()["papers"] == 60
        assert httpx2.get(f"{url}/feed.xml").status_code == 401
        assert httpx2.get(url + told.json()["feed"]).status_code != 401
        with httpx2.Client(base_url=url, follow_redirects=False) as reader:
            page = reader.get("/login", headers={"Accept": "text/html"})
            assert "<form" in page.text
            assert "sha256-" in page.headers["content-security-policy"]
            wrong = reader.post("/login", data={"key": "no"})
            assert (wrong.status_code, "not the key" in wrong.text) == (401, True)
            right = reader.post("/login", data={"key": KEY})
            assert (right.status_code, right.headers["location"]) == (303, "/")
            cookie = right.headers["set-cookie"].lower()
            assert "httponly" in cookie
            assert "samesite=strict" in cookie
            assert reader.get("/api/status").status_code == 200
            reader.post("/login/out")
            assert reader.get("/api/status").status_code == 401


def error(ended: Any) -> str:
    assert ended.code == 1
    assert ended.err.startswith("error: ")
    assert "\n\nhint: " in ended.err
    return str(ended.err)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "example.org"])
def test_others_are_not_served_without_a_key(home: Path, footnote: Any, host: str) -> None:
    told = error(footnote("serve", "--host", host))
    assert host in told
    assert "FOOTNOTE_API_KEY" in told


@pytest.mark.parametrize("key", ["short", "a key with many spaces", "schlüssel" * 4])
def test_a_key_that_is_none_is_refused(
    home: Path, footnote: Any, monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    monkeypatch.setenv("FOOTNOTE_API_KEY", key)
    told = error(footnote("serve"))
    assert "FOOTNOTE_API_KEY" in told
    assert key not in told


def test_a_port_that_is_taken_is_told(home: Path, footnote: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert f"127.0.0.1:{port}" in error(footnote("serve", "--port", str(port)))


def test_ctrl_c_ends_it(sample_home: Path, started: Any) -> None:
    process = started("serve", "--port", "0", home=sample_home)
    for line in process.stderr:
        if b"Listening" in line:
            break
    process.send_signal(signal.SIGINT)
    _, talk = process.communicate(timeout=60)
    assert process.returncode == 130
    assert b"Traceback" not in talk
