"""A server whose vectors are lost answers from words, and builds them again by itself."""

from __future__ import annotations

import shutil
from pathlib import Path
from time import monotonic

import httpx2

from index.corpus import Corpus
from index.home import Home
from tests.served import PATIENCE, served


def wait_until_degraded(api: httpx2.Client, degraded: bool) -> None:
    """Search until Chroma takes part again, or no longer does; words find papers all the while."""
    until = monotonic() + PATIENCE
    told = not degraded
    while told != degraded:
        assert monotonic() < until, f"degraded is {told} for too long"
        found = api.get("/search", params={"query": "averaging weights of models"}).json()
        assert found["hits"]
        told = found["degraded"]


def test_lost_vectors_are_built_again(sample_home: Path, tmp_path: Path) -> None:
    home = shutil.copytree(sample_home, tmp_path / "home")
    with served(home) as url, httpx2.Client(base_url=f"{url}/api", timeout=60) as api:
        wait_until_degraded(api, False)
        shutil.rmtree(home / "vectors")
        with Corpus.open(Home(home)) as corpus:
            corpus.remove("Pointer Networks")  # the server sees that something has changed
        wait_until_degraded(api, True)
        wait_until_degraded(api, False)
        assert (home / "vectors").is_dir()
