"""The real server of language models, vLLM, as a process of its own with a tiny model."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

ROOT = Path(__file__).parents[1]

STARTS_WITHIN = 300
"""Seconds; 15 to 45 were seen with two cores."""

NAME = "tiny"


@dataclass(frozen=True)
class VllmServer:
    """A server that runs."""

    url: str
    folder: Path
    """Its model's."""
    process: subprocess.Popen[bytes]

    def kill(self) -> None:
        """End it at once, with the processes it has started."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def metric(self, name: str) -> float:
        """Read one of its numbers, such as `num_requests_running`."""
        with urlopen(f"{self.url}/metrics", timeout=30) as page:
            lines = page.read().decode().splitlines()
        told = [line for line in lines if line.startswith(f"vllm:{name}{{")]
        return sum(float(line.rsplit(maxsplit=1)[1]) for line in told)


@cache
def python() -> Path | None:
    """Find the Python that has vLLM: $VLLM_PYTHON, else what `make vllm-install` made."""
    place = Path(os.environ.get("VLLM_PYTHON") or ROOT / ".vllm/bin/python")
    return place if place.exists() else None


def vllm_python() -> Path:
    """Find the Python that has vLLM, or skip the test."""
    found = python()
    if found is None:
        pytest.skip("vLLM is not installed: `make vllm-install`")
    return found


def make_model(folder: Path) -> Path:
    """Make the tiny model."""
    command = [vllm_python(), ROOT / "tests/tiny_model.py", folder]
    made = subprocess.run(command, capture_output=True, text=True, check=False, env=_environment())
    assert made.returncode == 0, made.stderr
    return folder


@contextmanager
def serving(model: Path, log: Path, *options: str) -> Iterator[VllmServer]:
    """Serve a model on a free port, until the end of the block."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [vllm_python(), "-m", "vllm.entrypoints.openai.api_server", "--model", model]
    command += ["--served-model-name", NAME, "--host", "127.0.0.1", "--port", str(port)]
    command += ["--enforce-eager", "--max-num-seqs", "16", "--enable-prefix-caching", *options]
    with log.open("wb") as written:
        process = subprocess.Popen(
            command, stdout=written, stderr=written, env=_environment(), start_new_session=True
        )
    server = VllmServer(f"http://127.0.0.1:{port}", model, process)
    try:
        _wait(server, log)
        yield server
    finally:
        if process.poll() is None:
            server.kill()


def _wait(server: VllmServer, log: Path) -> None:
    for _ in range(4 * STARTS_WITHIN):
        try:
            urlopen(f"{server.url}/health", timeout=5).close()
        except (URLError, ConnectionError, TimeoutError):
            try:
                code = server.process.wait(timeout=0.25)
            except subprocess.TimeoutExpired:
                continue
            pytest.fail(f"vLLM ended with {code}:\n{_end_of(log)}")
        else:
            return
    pytest.fail(f"vLLM did not start:\n{_end_of(log)}")


def _end_of(log: Path) -> str:
    return log.read_text(encoding="utf-8", errors="replace")[-8000:]


def _environment() -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return {
        **kept,
        "VLLM_TARGET_DEVICE": "cpu",
        "VLLM_CPU_KVCACHE_SPACE": "1",
        "VLLM_NO_USAGE_STATS": "1",
        "DO_NOT_TRACK": "1",
        "HF_HUB_OFFLINE": "1",
    }
