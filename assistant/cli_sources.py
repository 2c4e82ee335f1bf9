"""The commands that read sources: `ingest`, `watch` and `complete`."""

from __future__ import annotations

import signal
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.options import (
    AddressOption,
    Day,
    EngineOption,
    HomeOption,
    JsonOption,
    ProgressOption,
    SourcesArgument,
    WatchedArgument,
    day,
)
from assistant.settings import Settings
from index.errors import FootnoteError

if TYPE_CHECKING:
    from index.ray_engine import RayEngine


def ingest(
    sources: SourcesArgument,
    as_of: Day = None,
    home: HomeOption = None,
    json: JsonOption = False,
    progress: ProgressOption = False,
    engine: EngineOption = "here",
    address: AddressOption = None,
) -> None:
    """Read papers into the corpus: from files, or fetched from Hugging Face and arXiv.

    \b
    Try: footnote ingest sample:
    hf:today  hf:2025-10-30  hf:2025-W44  hf:2025-10  hf:2025-10-01..2025-10-15
    arxiv:2510.12345  arxiv:cs.CL@2025-10  "arxiv:au:hinton AND ti:distillation"
    arxiv-rss:cs.CL+cs.LG  arxiv-oai:cs.CL@2025-10
    In bulk, on a cluster: arxiv-metadata-oai-snapshot.json --engine ray --address 10.0.0.1:6379
    """
    from assistant import assembling, terminal, terminal_reports
    from assistant.talk_in_lines import LineTalk, tell_failure

    if address and engine != "ray":
        raise typer.BadParameter("`--address` names a cluster, and needs `--engine ray`")
    settings = Settings.read(home=home)
    today = day(as_of) or settings.today
    if progress:
        lines = LineTalk()  # before Ray takes standard output for itself
        try:
            with (
                _engine(engine, address) as cluster,
                assembling.writer(settings, lines) as writer,
            ):
                report = writer.ingest(sources, as_of=today, engine=cluster)
        except FootnoteError as error:
            tell_failure(error)
            raise typer.Exit(1) from error
        terminal.print_json_line(report.as_json())
        return
    with (
        _engine(engine, address) as cluster,
        terminal.TerminalTalk() as talk,
        assembling.writer(settings, talk) as writer,
    ):
        report = writer.ingest(sources, as_of=today, engine=cluster)
    if json:
        terminal.print_json(report.as_json())
    else:
        terminal_reports.print_report(report)


def _engine(name: str, address: str | None) -> AbstractContextManager[RayEngine | None]:
    from index import ray_engine

    return ray_engine.connected(address) if name == "ray" else nullcontext()


def watch(
    sources: WatchedArgument = None,
    every: Annotated[
        int, typer.Option(min=5, metavar="MINUTES", help="From one round to the next.")
    ] = 60,
    once: Annotated[bool, typer.Option("--once", help="Do one round, then end.")] = False,
    home: HomeOption = None,
    json: JsonOption = False,
) -> None:
    """Keep the corpus current: fetch what is new, the days missed since the last time included.

    \b
    Try: footnote watch --once
    Ctrl-C ends it. A round that fails is told, and the next one tries again.
    """
    from assistant import assembling, terminal, terminal_reports, watching
    from index.sources.clock import SystemClock
    from index.sources.names import TODAY, LiveName, live_name

    names = [live_name(source) for source in sources or [TODAY]]

    def catch_up(name: LiveName) -> None:
        settings = Settings.read(home=home)  # today is another day than when it began
        with terminal.TerminalTalk() as talk, assembling.writer(settings, talk) as writer:
            report = writer.catch_up(name, today=settings.today)
        terminal_reports.print_round(name.text, report, at=datetime.now().astimezone(), json=json)

    if once:
        if not watching.watch_once(names, catch_up=catch_up, on_failure=terminal.print_error):
            raise typer.Exit(1)
        return
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # how systemd and Docker end it
    try:
        watching.watch(
            names,
            every=timedelta(minutes=every),
            clock=SystemClock(),
            catch_up=catch_up,
            on_failure=terminal.print_error,
            on_pause=terminal_reports.say_pause,
        )
    except KeyboardInterrupt:
        terminal_reports.say_ended()


def complete(home: HomeOption = None, json: JsonOption = False) -> None:
    """Find id, authors and votes of papers of which only the title is known, by exactly that title.

    \b
    Try: footnote complete
    """
    from assistant import assembling, terminal, terminal_reports

    settings = Settings.read(home=home)
    with assembling.reader(settings):
        pass  # a home without corpus is an error, not a new home
    with terminal.TerminalTalk() as talk, assembling.writer(settings, talk) as writer:
        completion = writer.complete_titles()
    if json:
        terminal.print_json(completion.as_json())
    else:
        terminal_reports.print_completion(completion)
