"""Chatting in a terminal: questions and follow-ups, and commands that begin with a slash."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

from assistant import terminal
from assistant.answering import Assistant
from assistant.answers import Answer, Citation
from assistant.conversation import Conversation
from assistant.errors import CommandError
from assistant.markdown import conversation_in_markdown
from index.errors import FootnoteError

PROMPT = "› "

HELP = """\
/sources        the papers that the last answer cites
/open N         paper N of the last answer: its abstract, the words that were used marked
/clear          forget what was said
/export [FILE]  the conversation as Markdown, on the screen or into a new file
/quit           or Ctrl-D"""


class Chat:
    """One conversation."""

    def __init__(self, assistant: Assistant) -> None:
        """Begin it."""
        self._assistant = assistant
        self._conversation = Conversation()
        self._commands: dict[str, Callable[[str], None]] = {
            "/sources": self._sources,
            "/open": self._open,
            "/clear": self._clear,
            "/export": self._export,
            "/help": lambda _: terminal.print_plain(HELP),
        }

    def run(self, lines: Iterator[str]) -> None:
        """Answer line by line, until there are no more or one says `/quit`."""
        for line in lines:
            if line.strip() in ("/quit", "/exit"):
                return
            try:
                self._respond(line)
            except FootnoteError as error:
                terminal.print_error(error)
            except KeyboardInterrupt:
                terminal.print_plain("\nStopped.")

    def _respond(self, line: str) -> None:
        name, _, rest = line.strip().partition(" ")
        if name.startswith("/") and name not in self._commands:
            raise CommandError(f"`{name}` is no command", hint="`/help` lists the commands")
        if command := self._commands.get(name):
            command(rest.strip())
        else:
            events = self._assistant.stream(line, conversation=self._conversation)
            with closing(events):
                terminal.print_answer(events)

    def _last(self) -> Answer:
        cited = [answer for answer in self._conversation.answers if answer.citations]
        if not cited:
            raise CommandError("No answer has cited a paper yet", hint="ask something first")
        return cited[-1]

    def _sources(self, _: str) -> None:
        terminal.print_citations(self._last())

    def _open(self, number: str) -> None:
        answer = self._last()
        found = [each for each in answer.citations if str(each.number) == number.strip("[]")]
        if not found:
            raise CommandError(
                f"The last answer cites no paper `{number}`",
                hint=f"give a number from 1 to {len(answer.citations)}, such as `/open 1`",
            )
        terminal.print_cited(found[0], _used(answer, found[0]))

    def _clear(self, _: str) -> None:
        self._conversation = Conversation()
        terminal.print_plain("Forgotten.")

    def _export(self, name: str) -> None:
        text = conversation_in_markdown(self._conversation.answers)
        if not name:
            terminal.print_plain(text)
            return
        try:
            with Path(name).expanduser().open("x", encoding="utf-8") as file:
                file.write(text)
        except (OSError, RuntimeError, ValueError) as error:
            raise CommandError(
                f"`{name}` cannot be written: {error}", hint="name a new file in a folder of yours"
            ) from error
        terminal.print_plain(f"Written to {name}")


def typed_lines() -> Iterator[str]:
    """Give what the user types, line by line, to the end of standard input."""
    if not sys.stdin.isatty():
        yield from sys.stdin
        return
    import readline  # noqa: F401  # lines can be edited and called back

    while True:
        try:
            yield input(PROMPT)
        except KeyboardInterrupt:
            print()  # the line is dropped, as in a shell
        except EOFError:
            print()
            return


def _used(answer: Answer, citation: Citation) -> list[tuple[int, int]]:
    """Give the places in a paper's abstract that support the answer, in order."""
    quotes = [quote for sentence in answer.sentences for quote in sentence.evidence]
    return sorted({(q.start, q.end) for q in quotes if q.citation == citation.number})
