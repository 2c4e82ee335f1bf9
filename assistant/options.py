"""Options that several commands take, each told and checked in one way."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Literal

import typer

HomeOption = Annotated[
    Path | None,
    typer.Option(help="Folder with everything; else FOOTNOTE_HOME or the platform's data folder."),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for a script.")]
ProgressOption = Annotated[
    bool,
    typer.Option("--progress", help="Print lines of JSON as it goes on, the report as the last."),
]
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
EngineOption = Annotated[
    Literal["here", "ray"],
    typer.Option(help="Who reads long files and embeds: this process, or Ray (`footnote[ray]`)."),
]
AddressOption = Annotated[
    str | None,
    typer.Option(metavar="HOST:PORT", help="The head of a Ray cluster; else one is started here."),
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
HostOption = Annotated[
    str, typer.Option(help="Where to listen; elsewhere than on this machine with a key only.")
]
PortOption = Annotated[int, typer.Option(min=0, max=65535, help="0 takes a free one.")]
BibtexOption = Annotated[bool, typer.Option("--bibtex", help="Print a BibTeX entry.")]

DateOption = Annotated[
    str | None, typer.Option("--date", metavar="DATE", help="A day: `2025-10-30`, `yesterday`.")
]
WeekOption = Annotated[
    str | None, typer.Option(metavar="WEEK", help="A week: `2025-W44`, `last week`.")
]
MonthOption = Annotated[
    str | None, typer.Option(metavar="MONTH", help="A month: `2025-10`, `last month`.")
]
FromOption = Annotated[
    str | None, typer.Option("--from", metavar="DATE", help="The first of several days.")
]
ToOption = Annotated[
    str | None, typer.Option("--to", metavar="DATE", help="The last of them; else today.")
]
PageOption = Annotated[
    Path | None, typer.Option(help="All papers of a saved page that was ingested.")
]
InterestsOption = Annotated[
    Path | None, typer.Option(help="TOML of what you follow: only what suits is given, with why.")
]
RankOption = Annotated[
    Literal["votes", "interest", "novelty"] | None,
    typer.Option(help="What comes first; with interests what suits them best, else votes."),
]
DigestFormatOption = Annotated[Literal["text", "md", "html", "json", "atom"], typer.Option()]
EmailOption = Annotated[
    list[str] | None,
    typer.Option(metavar="TO", help="Send it to a reader, once; may be given several times."),
]
AgainOption = Annotated[
    bool, typer.Option("--again", help="Send it even to those to whom it may have been sent.")
]
OutOption = Annotated[Path | None, typer.Option(help="A file to write it to.")]


def day(moment: datetime | None) -> date | None:
    """Give the day of an option that names one."""
    return moment.date() if moment else None
