"""The command `footnote`: each command a few lines over what a program can call."""

from __future__ import annotations

import io
import os
import sys
from importlib.metadata import version
from typing import Annotated, Literal

import typer

from assistant.cli_digest import digest
from assistant.cli_serve import mcp, serve
from assistant.cli_sources import complete, ingest, watch
from assistant.options import (
    BibtexOption,
    Day,
    HistoryOption,
    HomeOption,
    JsonOption,
    LimitOption,
    ListDay,
    LiteratureOption,
    PaperArgument,
    day,
)
from assistant.settings import Settings
from eval.cli import app as evaluation
from index.errors import FootnoteError

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="Answers from paper abstracts, with a footnote on every sentence.\n\n\b\nTry:\n  footnote "
    'ingest sample:\n  footnote ask "What makes SOAP better than Adam and Shampoo?"',
)

app.add_typer(evaluation, name="eval")
for command in (ingest, watch, complete, digest, serve, mcp):
    app.command()(command)

INTERRUPTED = 130
"""The exit status of a command ended by Ctrl-C, as shells have it; Typer gives the same."""


def main() -> None:
    """Run the command; an error the user can act on is two lines and exit status 1."""
    # Our products are small: a second thread of OpenBLAS costs them more than it saves (a question
    # took 31 ms with it, 21 ms without). numpy reads this when it is first imported.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # a path may hold any bytes
    try:
        app(prog_name="footnote")
    except FootnoteError as error:
        from assistant.terminal import print_error

        print_error(error)
        sys.exit(1)
    except (KeyboardInterrupt, SystemExit) as end:
        if isinstance(end, SystemExit) and end.code != INTERRUPTED:
            raise
        print("Interrupted; what was stored stays stored", file=sys.stderr)
        sys.exit(INTERRUPTED)
    except BrokenPipeError:
        sys.stderr.close()  # whoever read our output has had enough
        sys.exit(1)


def _print_version(wanted: bool) -> None:
    if wanted:
        print(version("footnote"))
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="Print the version."
        ),
    ] = False,
) -> None:
    """Hold the options that stand before a command."""


@app.command()
def ask(
    question: Annotated[str, typer.Argument(help="A question; `-` reads it from standard input.")],
    limit: LimitOption = 10,
    since: Day = None,
    until: Day = None,
    history: HistoryOption = None,
    literature: LiteratureOption = False,
    format: Annotated[Literal["text", "md", "bibtex"], typer.Option()] = "text",
    home: HomeOption = None,
    json: JsonOption = False,
) -> None:
    """Answer a question, each sentence with a footnote to the paper that says so.

    \b
    Try: footnote ask "What makes SOAP better than Adam and Shampoo?"
    """
    from assistant import assembling, terminal
    from assistant.answers import Answer
    from assistant.conversation import Conversation, read_history

    if question == "-":
        question = sys.stdin.buffer.read(100_000).decode("utf-8", "replace")
    settings = Settings.read(home=home)
    said = read_history(history.read_text(encoding="utf-8", errors="replace")) if history else ()
    with terminal.TerminalTalk() as talk, assembling.assistant(settings, talk) as assistant:
        events = assistant.stream(
            question,
            conversation=Conversation(said),
            limit=limit,
            since=day(since),
            until=day(until),
            literature=literature,
        )
        if json or format != "text":
            *_, answer = events
            assert isinstance(answer, Answer)
        else:
            answer = terminal.print_answer(events)
        if format == "bibtex" and not (json or answer.citations):
            talk.say(answer.text)
        terminal.say_limits(talk, answer)
    if json:
        terminal.print_json(answer.as_json())
    elif format != "text":
        terminal.print_formatted(answer, format)


@app.command()
def chat(home: HomeOption = None) -> None:
    """Ask and ask on: answers in the terminal, with follow-ups; `/help` lists what else there is.

    \b
    Try: footnote chat
    """
    from assistant import assembling, terminal
    from assistant.chatting import Chat, typed_lines

    settings = Settings.read(home=home)
    with terminal.TerminalTalk() as talk, assembling.assistant(settings, talk) as assistant:
        Chat(assistant).run(typed_lines())


@app.command()
def search(
    query: str,
    limit: LimitOption = 10,
    since: Day = None,
    until: Day = None,
    home: HomeOption = None,
    json: JsonOption = False,
) -> None:
    """Find papers, best first, each with the passage that fits best.

    \b
    Try: footnote search "averaging the weights of fine-tuned models"
    """
    from assistant import assembling, terminal
    from assistant.answering import asked_words

    words = asked_words(query)
    settings = Settings.read(home=home)
    with terminal.TerminalTalk() as talk, assembling.searcher(settings, talk) as searcher:
        found = searcher.search(words, limit=limit, since=day(since), until=day(until))
        terminal.say_limits(talk, found)
    if json:
        terminal.print_json(found.as_json())
    else:
        terminal.print_found(found)


@app.command()
def papers(
    date: ListDay = None,
    home: HomeOption = None,
    json: JsonOption = False,
) -> None:
    """List the papers of the corpus.

    \b
    Try: footnote papers --json
    """
    from assistant import assembling, terminal

    with assembling.reader(Settings.read(home=home)) as corpus:
        listed = corpus.papers(day=day(date))
        if json:
            terminal.print_json([paper.as_json() for paper in listed])
        else:
            terminal.print_papers(listed)


@app.command()
def show(
    paper: PaperArgument,
    bibtex: BibtexOption = False,
    home: HomeOption = None,
    json: JsonOption = False,
) -> None:
    """Show a paper: title, abstract, and where and when it was listed.

    \b
    Try: footnote show "Pointer Networks"
    """
    from assistant import assembling, terminal
    from assistant.bibtex import bibliography

    with assembling.reader(Settings.read(home=home)) as corpus:
        found = corpus.paper(paper)
    if json:
        terminal.print_json(found.as_json())
    elif bibtex:
        print(bibliography([found]), end="")
    else:
        terminal.print_paper(found)


@app.command()
def remove(paper: PaperArgument, home: HomeOption = None) -> None:
    """Take a paper that is wrong or poisoned out of the corpus, and keep its text out.

    \b
    Try: footnote remove "Pointer Networks"
    """
    from assistant import assembling, terminal

    settings = Settings.read(home=home)
    with assembling.reader(settings) as corpus:
        corpus.paper(paper)
    with terminal.TerminalTalk() as talk, assembling.writer(settings, talk) as writer:
        removed = writer.remove(paper)
        talk.say(f"Removed `{removed.title}`; this text stays out if a source tells it again")


@app.command()
def status(home: HomeOption = None, json: JsonOption = False) -> None:
    """Say what the corpus holds and where it is.

    \b
    Try: footnote status
    """
    from assistant import terminal
    from assistant.status import status as told

    about = told(Settings.read(home=home))
    if json:
        terminal.print_json(about)
    else:
        terminal.print_status(about)


@app.command()
def reindex(home: HomeOption = None) -> None:
    """Build the vectors again, after another embedding model was set or the folder was damaged.

    \b
    Try: footnote reindex
    """
    from assistant import assembling, terminal

    settings = Settings.read(home=home)
    with assembling.reader(settings):
        pass  # a home without corpus is an error, not a new home
    with terminal.TerminalTalk() as talk, assembling.writer(settings, talk) as writer:
        passages = writer.rebuild()
        talk.say(f"Rebuilt the vectors of {passages} passages")


if __name__ == "__main__":
    main()
