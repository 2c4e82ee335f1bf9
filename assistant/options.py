"""Options that several commands take, each told and checked in one way."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

HomeOption = Annotated[
    Path | None,
    typer.Option(help="Folder with everything; else FOOTNOTE_HOME or the platform's data folder."),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for a script.")]
LimitOption = Annotated[int, typer.Option(min=1, max=32, help="How many papers to look at.")]
Day = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], metavar="DATE")]
ListDay = Annotated[
    datetime | None,
    typer.Option(formats=["%Y-%m-%d"], metavar="DATE", help="Only those listed on that day."),
]
SourcesArgument = Annotated[
    list[str],
    typer.Argument(
        metavar="SOURCE",
        help="Files, folders, `-` for standard input, `sample:`, or what is fetched.",
    ),
]
WatchedArgument = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="SOURCE", help="What is fetched: hf:today, arxiv-rss:cs.CL, arxiv:cs.CL, …"
    ),
]
PaperArgument = Annotated[str, typer.Argument(help="An id, an address or a title.")]
HistoryOption = Annotated[
    Path | None,
    typer.Option(
        help="JSON lines of what was said before.", exists=True, dir_okay=False, readable=True
    ),
]
LiteratureOption = Annotated[
    bool, typer.Option("--literature", help="Give an overview of the work on the subject.")
]
BibtexOption = Annotated[bool, typer.Option("--bibtex", help="Print a BibTeX entry.")]


def day(moment: datetime | None) -> date | None:
    """Give the day of an option that names one."""
    return moment.date() if moment else None
