"""Environments of their own for peers, made from the package registry and kept for the next run."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

TORCH = "torch==2.13.0"


def python_with(needs: Sequence[str], folder: Path, *, index: str | None) -> Path:
    """Give the Python of an environment in `folder` that has `needs`; make it if it is not there.

    Args:
        index: One more place of packages; on Linux one of torch for the CPU saves gigabytes.
    """
    python, installed = folder / "bin" / "python", folder / ".installed"
    wanted = "\n".join(needs)
    if not installed.exists() or installed.read_text(encoding="utf-8") != wanted:
        print(f"installing {', '.join(needs)} into {folder}", file=sys.stderr)
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(folder)], check=True)
        more = ["--extra-index-url", index] if index else []
        pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, *more, *needs], check=True)
        installed.write_text(wanted, encoding="utf-8")
    return python


def versions(python: Path, names: Sequence[str]) -> str:
    """Name the versions of some packages of an environment."""
    program = """
import importlib.metadata, sys
for name in sys.argv[1:]:
    print(name, importlib.metadata.version(name))
"""
    done = subprocess.run([str(python), "-c", program, *names], check=True, capture_output=True)
    return ", ".join(done.stdout.decode().splitlines())
