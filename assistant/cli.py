"""The command `footnote`: each command a few lines over what a program can call."""

from __future__ import annotations

import io
import os
import sys
from datetime import date, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from assistant.settings import Settings
from index.errors import FootnoteError

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="Answers from paper abstracts, with a footnote on every sentence.\n\n\b\nTry:\n  footnote "
    'ingest sample:\n  footnote ask "What makes SOAP better than Adam and Shampoo?"',
)

HomeOption = Annotated[
    Path | None,
    typer.Option(help="Folder with everything; else FOOTNOTE_HOME or the platform's data folder."),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for a script.")]
LimitOption = Annotated[int, typer.Option(min=1, max=32, help="How many papers to look at.")]
Day = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], metavar="DATE")]
INTERRUPTED = 130
"""The exit status of a command ended by Ctrl-C, as shells have it; Typer gives the same."""

PaperArgument = Annotated[str, typer.Argument(help="An id, an address or a title.")]


def main() -> None:
    """Run the command; an error the user can act on is two lines and exit status 1."""
    # Our products are small: a second thread of OpenBLAS costs them more than it saves (a question
    # took 31 ms with it, 21 ms without). numpy reads this when it is first imported.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # a path may hold any bytes
    try:
        app()
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
def ingest(
    sources: Annotated[
        list[str],
        typer.Argument(help="Files, folders, `-` for standard input, or `sample:`."),
    ],
    as_of: Day = None,
    home: HomeOption = None,
    json: JsonOption = False,
) -> None:
    """Read papers into the corpus: saved Daily Papers pages, arXiv or JSON files.

    \b
    Try: footnote ingest sample:
    """
    from assistant import assembling, terminal

    settings = Settings.read(home=home)
    with terminal.TerminalTalk() as talk, assembling.writer(settings, talk) as writer:
        report = writer.ingest(sources, as_of=_day(as_of) or settings.today)
    if json:
        terminal.print_json(report.as_json())
    else:
        terminal.print_report(report)


@app.command()
def ask(
    question: Annotated[str, typer.Argument(help="A question; `-` reads it from standard input.")],
    limit: LimitOption = 10,
    since: Day = None,
    until: Day = None,
    history: Annotated[
        Path | None,
        typer.Option(
            help="JSON lines of what was said before.", exists=True, dir_okay=False, readable=True
        ),
    ] = None,
    literature: Annotated[
        bool, typer.Option("--literature", help="Give an overview of the work on the subject.")
    ] = False,
    format: Annotated[Literal["text", "md", "bibtex"], typer.Option()] = "text",
    home: HomeOption = None,
    json: JsonOption = False,
) -> None:
    """Answer a question, each sentence with a footnote to the paper that says so.

    \b
    Try: footnote ask "What makes SOAP better than Adam and Shampoo?"
    """
    from assistant import assembling, terminal
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
            since=_day(since),
            until=_day(until),
            literature=literature,
        )
        if json or format != "text":
            *_, answer = events
        else:
            answer = terminal.print_answer(events)
        if format == "bibtex" and not (json or answer.citations):
            talk.say(answer.text)
        _say_limits(talk, answer)
    if json:
        terminal.print_json(answer.as_json())
    elif format != "text":
        _print_formatted(answer, format)


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
        found = searcher.search(words, limit=limit, since=_day(since), until=_day(until))
        _say_limits(talk, found)
    if json:
        terminal.print_json(found.as_json())
    else:
        terminal.print_found(found)


@app.command()
def papers(
    date: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], metavar="DATE", help="Only those listed on that day."),
    ] = None,
    home: HomeOption = None,
    json: JsonOption = False,
) -> None:
    """List the papers of the corpus.

    \b
    Try: footnote papers --json
    """
    from assistant import assembling, terminal

    with assembling.reader(Settings.read(home=home)) as corpus:
        listed = corpus.papers(day=_day(date))
        if json:
            terminal.print_json([paper.as_json() for paper in listed])
        else:
            terminal.print_papers(listed)


@app.command()
def show(
    paper: PaperArgument,
    bibtex: Annotated[bool, typer.Option("--bibtex", help="Print a BibTeX entry.")] = False,
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
    from assistant import assembling, terminal

    settings = Settings.read(home=home)
    with assembling.reader(settings) as corpus:
        counts = corpus.status()
    about: dict[str, Any] = {
        "home": str(settings.home.absolute()),
        "papers": counts.papers,
        "listings": counts.listings,
        "by_source": dict(counts.by_source),
        "first_day": counts.first_day and counts.first_day.isoformat(),
        "last_day": counts.last_day and counts.last_day.isoformat(),
        "embedding_model": settings.embedding_model or "all-MiniLM-L6-v2",
        "writer": "model" if settings.model_url else "quotes",
        "model": assembling.model_status(settings),
    }
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


def _print_formatted(answer: Any, format: str) -> None:
    from assistant.bibtex import bibliography
    from assistant.markdown import answer_in_markdown

    if format == "md":
        print(answer_in_markdown(answer), end="")
    else:
        print(bibliography(citation.paper for citation in answer.citations), end="")


def _say_limits(talk: Any, said: Any) -> None:
    if said.degraded:
        talk.say("The vectors cannot be used at the moment: found by words alone")
    if said.undated_left_out:
        talk.say(f"{said.undated_left_out} papers without a date were left out")
    if left_out := getattr(said, "left_out", 0):
        were = "sentence that no paper supports was" if left_out == 1 else None
        talk.say(f"{left_out} {were or 'sentences that no paper supports were'} left out")


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment else None


if __name__ == "__main__":
    main()
