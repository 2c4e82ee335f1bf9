"""The image and the services that run it: what compose.yaml and the Dockerfile decide."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
import yaml

from assistant.settings import Settings
from tests.chroma_server import ChromaServer

ROOT = Path(__file__).parents[1]
VARIABLES = {"FOOTNOTE_API_KEY": "k" * 32, "VLLM_MODEL": "Qwen/Qwen3-8B"}
"""Those without a default."""


@pytest.fixture(scope="module")
def services() -> Any:
    return yaml.safe_load(text_of("compose.yaml"))["services"]


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def test_there_are_three_services_with_pinned_images_that_say_whether_they_work(
    services: Any,
) -> None:
    assert set(services) == {"vllm", "chroma", "footnote"}
    assert services["vllm"]["image"] == "vllm/vllm-openai:v0.32.0"
    assert "healthcheck" in services["vllm"]
    assert "healthcheck" in services["chroma"]
    assert "HEALTHCHECK" in text_of("Dockerfile")
    waited_for = services["footnote"]["depends_on"]
    assert {name: each["condition"] for name, each in waited_for.items()} == {
        "vllm": "service_healthy",
        "chroma": "service_healthy",
    }


def test_vllm_is_the_one_that_the_makefile_installs(services: Any) -> None:
    installed = re.search(r"^VLLM +:= (\S+)$", text_of("Makefile"), re.MULTILINE)
    assert installed
    assert services["vllm"]["image"].endswith(f":v{installed[1]}")


def test_the_chroma_server_is_of_the_version_of_our_client(services: Any) -> None:
    image, _, tag = services["chroma"]["image"].partition(":")
    assert image == "chromadb/chroma"
    assert tag.split(".")[:2] == version("chromadb").split(".")[:2]


def test_vllm_is_told_how_to_serve(services: Any) -> None:
    flags = services["vllm"]["command"]
    assert "--enable-prefix-caching" in flags
    variables = {"max-model-len", "tensor-parallel-size", "gpu-memory-utilization"}
    told = {flag.split("=")[0][2:]: flag for flag in flags if "${" in flag and flag[:2] == "--"}
    assert variables <= set(told)


def test_the_assistant_is_given_settings_that_it_knows(services: Any) -> None:
    environment = services["footnote"]["environment"]
    known = {f"FOOTNOTE_{name.upper()}" for name in Settings.__dataclass_fields__}
    assert set(environment) <= known | {"FOOTNOTE_TIMEZONE"}
    assert environment["FOOTNOTE_CHROMA"] == "http://chroma:8000"
    assert environment["FOOTNOTE_MODEL_URL"] == "http://vllm:8000/v1"
    (served,) = [flag for flag in services["vllm"]["command"] if "served-model-name" in flag]
    assert served == f"--served-model-name={environment['FOOTNOTE_MODEL']}"


def test_no_secret_is_in_a_file_and_the_key_is_demanded(services: Any) -> None:
    key = services["footnote"]["environment"]["FOOTNOTE_API_KEY"]
    assert key.startswith("${FOOTNOTE_API_KEY:?")
    values = [line.partition("=") for line in text_of(".env.example").splitlines()]
    assert [value for name, _, value in values if name in VARIABLES] == ["", ""]
    assert "/.env" in text_of(".gitignore").splitlines()


def test_only_the_assistant_is_reached_from_outside(services: Any) -> None:
    assert [name for name, each in services.items() if "ports" in each] == ["footnote"]
    assert services["footnote"]["ports"] == ["${FOOTNOTE_LISTEN:-127.0.0.1:7860}:7860"]
    assert services["chroma"]["networks"] == ["inside"]


def test_the_assistant_may_do_little(services: Any) -> None:
    assistant = services["footnote"]
    assert assistant["read_only"] is True
    assert assistant["cap_drop"] == ["ALL"]
    assert assistant["security_opt"] == ["no-new-privileges:true"]


def test_every_variable_is_told_of(services: Any) -> None:
    used = set(re.findall(r"\$\{(\w+)", text_of("compose.yaml"))) - {"FOOTNOTE_TARGET"}
    told = set(re.findall(r"^#?(\w+)=", text_of(".env.example"), re.MULTILINE))
    assert used <= told
    assert told - used == {"HF_TOKEN"}


def test_the_look_at_chroma_tells_a_server_that_works(services: Any, tmp_path: Path) -> None:
    _, *command = services["chroma"]["healthcheck"]["test"]

    def look(server: ChromaServer) -> int:
        words = [word.replace("/8000", f"/{server.url.rpartition(':')[2]}") for word in command]
        return subprocess.run(words, stderr=subprocess.DEVNULL, timeout=30).returncode

    with ChromaServer(tmp_path / "data") as server:
        assert look(server) == 0
        server.kill()
        assert look(server) != 0


def stages() -> dict[str, str]:
    """Give the instructions of each stage of the Dockerfile."""
    parts = re.split(r"^FROM (\S+) AS (\S+)$", text_of("Dockerfile"), flags=re.MULTILINE)
    return {name: body for name, body in zip(parts[2::3], parts[3::3], strict=True)}


def test_the_image_has_a_target_for_a_cpu_and_one_for_a_gpu() -> None:
    assert {"cpu", "gpu"} <= set(stages())
    assert list(stages())[-1] == "cpu", "the last is built by default"
    assert "[any-model]" in stages()["built-for-gpu"]
    assert "any-model" not in stages()["built-for-cpu"]


def test_the_base_of_the_image_is_pinned() -> None:
    (base,) = re.findall(r"^FROM (\S+:\S+)", text_of("Dockerfile"), re.MULTILINE)
    assert re.fullmatch(r"python:3\.\d+\.\d+-slim-\w+", base)
    minor = base.removeprefix("python:").rpartition(".")[0]
    assert f'"{minor}"' in text_of(".github/workflows/test.yml"), "a Python that is tested"


def test_the_image_runs_as_nobody_special_and_holds_no_sources() -> None:
    assert "\nUSER 10001:10001\n" in stages()["runtime"]
    for name in ("runtime", "cpu", "gpu"):
        copied = re.findall(r"^COPY (.+)$", stages()[name], re.MULTILINE)
        assert all(each.startswith("--from=built-for-") for each in copied)
    taken = {line[1:] for line in text_of(".dockerignore").splitlines() if line.startswith("!")}
    wheel = set(" ".join(re.findall(r"^COPY (.+)$", stages()["wheel"], re.MULTILINE)).split())
    assert taken <= wheel


def client() -> list[str]:
    """Give the command of Docker Compose, or skip the test."""
    if docker := shutil.which("docker"):
        found = subprocess.run([docker, "compose", "version"], capture_output=True)
        if found.returncode == 0:
            return [docker, "compose"]
    if compose := shutil.which("docker-compose"):
        return [compose]
    pytest.skip("Docker Compose is not installed: `apt install docker-compose`")


def configured(*, without: str = "", **variables: str) -> subprocess.CompletedProcess[str]:
    given = {name: value for name, value in (VARIABLES | variables).items() if name != without}
    environment = {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/"), **given}
    command = [*client(), "--file", str(ROOT / "compose.yaml"), "config"]
    return subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120
    )


def test_docker_compose_reads_the_file() -> None:
    read = configured(VLLM_TENSOR_PARALLEL_SIZE="4")
    assert read.returncode == 0, read.stderr
    services = yaml.safe_load(read.stdout)["services"]
    assert "--tensor-parallel-size=4" in services["vllm"]["command"]
    assert services["vllm"]["command"][0] == VARIABLES["VLLM_MODEL"]
    assert services["footnote"]["environment"]["FOOTNOTE_API_KEY"] == "k" * 32


@pytest.mark.parametrize("name", VARIABLES)
def test_docker_compose_says_what_is_missing(name: str) -> None:
    refused = configured(without=name)
    assert refused.returncode != 0
    assert name in refused.stderr


def test_the_look_of_the_image_is_python_that_runs() -> None:
    look = re.search(r'CMD \["python", "-c", "(.+)"\]', text_of("Dockerfile"))
    assert look
    ended = subprocess.run([sys.executable, "-c", look[1]], capture_output=True, text=True)
    assert "SyntaxError" not in ended.stderr
