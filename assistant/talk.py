"""Talk: what is said to the user while the work goes on."""

from __future__ import annotations

from typing import Protocol


class Talk(Protocol):
    """What is said to the user while the work goes on."""

    def say(self, line: str) -> None:
        """Say one line."""
        ...

    def progress(self, task: str, done: int, total: int | None) -> None:
        """Show how far a task has come."""
        ...
