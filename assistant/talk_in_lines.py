"""Talk in lines of JSON: what a command says, for a program that shows how far it has come."""

from __future__ import annotations

import sys
from time import monotonic

from assistant.terminal import print_json_line
from index.errors import FootnoteError

SECONDS = 0.2
"""From one line on a step to the next; its last is always told, if its end is known."""


class LineTalk:
    """Talk on standard output: `{"step", "done", "total"}`; what is only said is left out."""

    def __init__(self) -> None:
        """Begin; what is standard output now stays it, whoever takes the name meanwhile."""
        self._output = sys.stdout
        self._told: dict[str, float] = {}

    def say(self, line: str) -> None:
        """Say nothing: a program waits for numbers."""

    def progress(self, task: str, done: int, total: int | None) -> None:
        """Tell how far a step has come, if it is time."""
        now = monotonic()
        if done == total or now - self._told.get(task, -SECONDS) >= SECONDS:
            self._told[task] = now
            print_json_line({"step": task, "done": done, "total": total}, self._output)


def tell_failure(error: FootnoteError) -> None:
    """Tell an error by its kind: `{"failed", "error", "hint"}`."""
    print_json_line({"failed": type(error).__name__, "error": str(error), "hint": error.hint})
