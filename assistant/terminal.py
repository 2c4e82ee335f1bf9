"""What is shown in a terminal: colours only there, never an escape sequence from a paper."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from types import TracebackType
from typing import Any, Literal, Self, TextIO

from rich.console import Console
from rich.padding import Padding
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.text import Text

from assistant.answers import Answer, Citation, Sentence
from assistant.bibtex import bibliography
from assistant.latex import readable
from assistant.markdown import about, answer_in_markdown
from assistant.talk import Talk
from index.errors import FootnoteError
from index.papers import Paper
from index.search import Found

NUMBER = "bold cyan"
FAINT = "dim"
USED = "black on yellow"


def output() -> Console:
    """Give the console for data: standard output."""
    return Console(highlight=False, soft_wrap=not sys.stdout.isatty())


def print_json(data: dict[str, Any] | list[dict[str, Any]]) -> None:
    """Print data for a script."""
    print(json.dumps(data, ensure_ascii=False, indent=2))


def print_json_line(data: dict[str, Any], stream: TextIO | None = None) -> None:
    """Print data for a script that reads line by line, at once; to standard output if not told."""
    print(json.dumps(data, ensure_ascii=False), file=stream, flush=True)


def print_error(error: FootnoteError) -> None:
    """Say what went wrong and the cure, in two lines."""
    console = Console(stderr=True, highlight=False, soft_wrap=True)
    console.print(Text("error: ", "bold red") + Text(shown(str(error))))
    console.print()
    console.print(Text("hint: ", "bold") + Text(shown(error.hint)))


class TerminalTalk:
    """Talk on standard error, with a progress bar on a terminal; use it in `with`."""

    def __init__(self) -> None:
        self._console = Console(stderr=True, highlight=False)
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.completed}"),
            TimeElapsedColumn(),
            console=self._console,
            transient=True,
            disable=not self._console.is_terminal,
        )
        self._tasks: dict[str, TaskID] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._progress.stop()

    def say(self, line: str) -> None:
        """Say one line."""
        self._console.print(Text(shown(line), FAINT), soft_wrap=True)

    def progress(self, task: str, done: int, total: int | None) -> None:
        """Show how far a task has come."""
        if task not in self._tasks:
            self._progress.start()
            self._tasks[task] = self._progress.add_task(task, total=total)
        self._progress.update(self._tasks[task], completed=done, total=total)


def print_answer(events: Iterable[Sentence | Answer]) -> Answer:
    """Print each sentence of an answer as it comes, the cited papers below; give the answer."""
    console = output()
    flow = _Flow(console)
    section, answer = None, None
    try:
        for event in events:
            if isinstance(event, Answer):
                answer = event
                break
            if event.section != section:
                flow.heading(shown(event.section or ""))
                section = event.section
            flow.write(_marked(event), item=event.item)
    finally:
        flow.end()  # also where a model breaks off
    assert answer is not None
    if answer.remark:
        console.print(Text(shown(answer.remark)))
    if answer.understood:
        console.print(Text(f"Understood as: {shown(answer.understood)}", FAINT))
    if answer.citations:
        console.print()
        print_citations(answer)
    return answer


def print_formatted(answer: Answer, format: Literal["md", "bibtex"]) -> None:
    """Print an answer as Markdown, or what it cites as BibTeX."""
    if format == "md":
        print(answer_in_markdown(answer), end="")
    else:
        print(bibliography(citation.paper for citation in answer.citations), end="")


def say_limits(talk: Talk, said: Answer | Found) -> None:
    """Say what an answer or a search did without."""
    if said.degraded:
        talk.say("The vectors cannot be used at the moment: found by words alone")
    if said.undated_left_out:
        talk.say(f"{said.undated_left_out} papers without a date were left out")
    if left_out := said.left_out if isinstance(said, Answer) else 0:
        were = "sentence that no paper supports was" if left_out == 1 else None
        talk.say(f"{left_out} {were or 'sentences that no paper supports were'} left out")


def print_citations(answer: Answer) -> None:
    """Print a line for each paper that the answer cites."""
    console = output()
    for citation in answer.citations:
        console.print(Text(f"[{citation.number}] ", NUMBER) + _paper(citation.paper))


def print_cited(citation: Citation, used: Sequence[tuple[int, int]]) -> None:
    """Print a cited paper, the parts of its abstract that were used marked."""
    console = output()
    paper = citation.paper
    console.print(Text(f"[{citation.number}] ", NUMBER) + Text(shown(paper.title), "bold"))
    console.print(Text(shown(", ".join(_facts(paper))), FAINT))
    console.print()
    text, last = Text(), 0
    for start, end in used:
        text.append(shown(paper.abstract[last:start]))
        text.append(f"»{shown(paper.abstract[start:end])}«", USED)
        last = max(last, end)
    console.print(text + Text(shown(paper.abstract[last:])))


def print_plain(text: str) -> None:
    """Print text that is not ours as it is, without what a terminal would act on."""
    for line in text.split("\n"):
        output().print(Text(shown(line)))


class _Flow:
    """A paragraph that grows sentence by sentence; on a terminal its lines break between words."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._column = 0
        self._in_list = False

    def write(self, text: Text, *, item: bool = False) -> None:
        if item or self._in_list:
            self.end()
        self._in_list = item
        text = Text("• ") + text if item else text
        width = self._console.width if self._console.is_terminal else sys.maxsize
        for word in text.split(" "):
            if self._column and self._column + 1 + word.cell_len > width:
                self.end()
            gap = " " if self._column else ""
            self._console.print(Text(gap) + word, end="", soft_wrap=True)
            self._column += len(gap) + word.cell_len

    def heading(self, words: str) -> None:
        if self._column:
            self.end()
            self._console.print()
        self._console.print(Text(words, "bold"))

    def end(self) -> None:
        if self._column:
            self._console.print()
        self._column = 0


def _marked(sentence: Sentence) -> Text:
    text = Text(shown(sentence.text))
    for number in sentence.citations:
        text.append(f" [{number}]", NUMBER)
    if sentence.verdict in ("unchecked", "unsupported"):
        text.append(f" ({sentence.verdict})", FAINT)
    return text


def print_found(found: Found) -> None:
    """Print the papers found, each with its best passage."""
    console = output()
    if not found.hits:
        console.print("Nothing was found.")
    for hit in found.hits:
        console.print(Text(f"{hit.rank:>2}. ", NUMBER) + _paper(hit.paper))
        for start, end, _ in hit.passages[:1]:
            passage = Text(shown(hit.paper.abstract[start:end]), FAINT)
            if console.is_terminal:
                console.print(Padding(passage, (0, 0, 0, 4)))
            else:
                console.print(Text("    ") + passage)


def print_papers(papers: Iterable[Paper]) -> None:
    """Print a line for each paper."""
    console = output()
    for paper in papers:
        console.print(Text(paper.id.ljust(16), NUMBER) + _paper(paper, named=False))


def print_paper(paper: Paper) -> None:
    """Print all that is known of a paper."""
    console = output()
    console.print(Text(shown(paper.title), "bold"))
    console.print(Text(shown(", ".join(_facts(paper))), FAINT))
    console.print()
    console.print(Text(shown(paper.abstract)))


def print_status(status: dict[str, Any]) -> None:
    """Print names and values in two columns."""
    console = output()
    for name, value in status.items():
        told = ", ".join(f"{k} {v}" for k, v in value.items()) if isinstance(value, dict) else value
        console.print(Text(f"{name.replace('_', ' '):<18}", FAINT) + Text(shown(str(told))))


def _paper(paper: Paper, *, named: bool = True) -> Text:
    pieces = about(paper)[: None if named else -1]
    title = Text(shown(paper.title), "bold")
    return title + Text(shown(f" · {', '.join(pieces)}"), FAINT) if pieces else title


def _facts(paper: Paper) -> list[str]:
    facts = [paper.id, *paper.authors]
    if not paper.authors and paper.author_count:
        facts.append(f"{paper.author_count} authors")
    facts += [paper.organization] if paper.organization else []
    facts += [f"published {paper.published}"] if paper.published else []
    facts += [f"listed {day}" for day in paper.listed]
    facts += [paper.url] if paper.url else []
    facts += [f"unknown: {' and '.join(paper.unknown)}"] if paper.unknown else []
    return [*facts, "summary by Footnote" if paper.source == "sample" else f"from {paper.source}"]


def shown(text: str) -> str:
    """Make LaTeX readable and drop what a terminal would act on."""
    return "".join(letter if letter.isprintable() else " " for letter in readable(text))
