"""The command `footnote eval`: how good is the assistant? Each a few lines over a function."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from json import dumps
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.options import Day, HomeOption, JsonOption, LimitOption, day
from assistant.settings import Settings

if TYPE_CHECKING:
    from eval.comparing import Comparison
    from eval.gates import Check, Gate

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="Measure the assistant: on a suite of questions, or the check of support on claims.",
)

PapersOption = Annotated[
    list[str] | None,
    typer.Option(
        metavar="SOURCE",
        help="Ask these papers and not those of the home: `sample:`, a file or a folder; may stand "
        "several times.",
    ),
]
OutOption = Annotated[
    Path | None,
    typer.Option(
        metavar="DIR",
        file_okay=False,
        help="Write report.json, report.html and timing.json into this folder.",
    ),
]
CacheOption = Annotated[
    Path | None,
    typer.Option(
        metavar="DIR", file_okay=False, help="Where results are kept; else in the home folder."
    ),
]
TRAINED = "trained"
ScorerOption = Annotated[
    str,
    typer.Option(
        metavar="NAME",
        callback=lambda name: _scorer(name),
        help="Judge with `trained`, by which answers are checked; `hub:MODEL`, a model of the hub "
        "by its name or folder; or `judge`, the language model of FOOTNOTE_MODEL_URL.",
    ),
]
AgreementOption = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE", help="Draw in report.html what `footnote eval agreement --json` printed."
    ),
]


@app.command()
def run(
    suite: Annotated[Path, typer.Argument(help="A file of cases, as JSON lines.")],
    papers: PapersOption = None,
    out: OutOption = None,
    limit: LimitOption = 10,
    jobs: Annotated[
        int | None,
        typer.Option(min=1, max=256, help="Cases at once, if a server writes the answers."),
    ] = None,
    min_coverage: Annotated[
        float,
        typer.Option(min=0, max=1, help="Exit with status 1 if less of a metric could be scored."),
    ] = 0.95,
    scorer: ScorerOption = TRAINED,
    cache: CacheOption = None,
    agreement: AgreementOption = None,
    as_of: Day = None,
    home: HomeOption = None,
    json: JsonOption = False,
) -> None:
    """Ask every question of a suite and measure the answers.

    What is done is kept: a run that was broken off goes on, and one that changes nothing is over at
    once.

    \b
    Try: footnote eval run eval/suites/questions.jsonl --papers sample:
    """
    from assistant import terminal
    from eval.cases import read_suite
    from eval.evaluating import CACHE, check_coverage, evaluate, home_of
    from eval.measuring import write_text
    from eval.page import PAGE, report_page
    from eval.read_reports import read_agreements
    from eval.report import make_folder, problems
    from eval.scorers import open_scorer, remark
    from eval.terminal_table import print_run

    cases = read_suite(suite)
    if out:
        make_folder(out)
    measured = read_agreements(agreement) if agreement else []
    settings = Settings.read(home=home)
    read_on = day(as_of) or settings.today
    with (
        terminal.TerminalTalk() as talk,
        open_scorer(scorer, settings=settings) as support,
        home_of(papers or [], settings=settings, talk=talk, as_of=read_on) as asked,
    ):
        kept = cache or settings.home / CACHE
        report = evaluate(
            cases, settings=asked, talk=talk, limit=limit, scorer=support, cache=kept, jobs=jobs
        )
        if said := remark(support):
            talk.say(said)
        if report.kept:
            talk.say(f"{report.kept} of {len(report.ran)} results were kept from before")
        for problem in problems(report.ran):
            talk.say(problem)
    if out:
        report.save(out)
        write_text(out / PAGE, report_page(report.as_json(), agreements=measured))
    if json:
        terminal.print_json(report.summary())
    else:
        print_run(report.summary())
    check_coverage(report, least=min_coverage)


@app.command()
def support(
    file: Annotated[
        Path, typer.Argument(help="Claims and sources, as JSON lines; `-` reads them.")
    ],
    scorer: ScorerOption = TRAINED,
    json: JsonOption = False,
) -> None:
    """Say of each claim how far its sources support it, and which words do.

    \b
    Try: footnote eval support claims.jsonl, each line such as
      {"id": "c-1", "claim": "Bees dance.", "source": "On their combs, bees dance."}
    """
    from assistant import terminal
    from eval.scorers import open_scorer, remark
    from eval.support_lines import judge_lines, read_support_lines
    from eval.terminal_table import print_judged

    lines = read_support_lines(file)
    with (
        terminal.TerminalTalk() as talk,
        open_scorer(scorer, settings=Settings.read()) as support,
    ):
        progress = partial(talk.progress, "judging")
        for judged in judge_lines(lines, support=support, progress=progress):
            if json:
                print(dumps(judged.as_json(), ensure_ascii=False))
            else:
                print_judged(judged)
        if said := remark(support):
            talk.say(said)


@app.command()
def agreement(
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE", help="Labelled claims or answers, or folders.")
    ],
    papers: Annotated[
        list[str] | None,
        typer.Option(metavar="SOURCE", help="What holds the papers that files name; else sample:."),
    ] = None,
    metamorphic: Annotated[
        bool, typer.Option("--metamorphic", help="Check too what must not change a verdict.")
    ] = False,
    unseen: Annotated[
        bool, typer.Option("--unseen", help="Leave out what the shipped scorer was trained on.")
    ] = False,
    markdown: Annotated[
        Path | None, typer.Option(metavar="FILE", dir_okay=False, help="Write a page of tables.")
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(metavar="DIR", file_okay=False, help="Write figures and each judgement here."),
    ] = None,
    scorer: ScorerOption = TRAINED,
    json: JsonOption = False,
) -> None:
    """Measure how far the check of support agrees with people's labels.

    \b
    Try: footnote eval agreement eval/suites/claims.jsonl
    """
    from assistant import terminal
    from eval.agreement_markdown import agreement_in_markdown
    from eval.agreement_table import print_agreements
    from eval.judging import ClaimJudge
    from eval.measuring import measure_files, read_files, unseen_only, write_text
    from eval.scorers import open_scorer, remark

    sets = read_files(files, papers=papers or ["sample:"])
    sets = unseen_only(sets) if unseen else sets
    measured = []
    with (
        terminal.TerminalTalk() as talk,
        open_scorer(scorer, settings=Settings.read()) as support,
    ):
        judge = ClaimJudge(support)
        for each in measure_files(sets, judge, talk, out=out, metamorphic=metamorphic):
            measured.append(each)
            if markdown:  # whole after each file: many take long, and may be broken off
                write_text(markdown, agreement_in_markdown(measured))
        if said := remark(support):
            talk.say(said)
    if json:
        told = [each.as_json() for each in measured]
        terminal.print_json(told[0] if len(told) == 1 else told)
    else:
        print_agreements(measured)


@app.command()
def compare(
    before: Annotated[Path, typer.Argument(metavar="A", help="A report or its folder: what was.")],
    after: Annotated[
        Path, typer.Argument(metavar="B", help="Another of the same cases: what is now.")
    ],
    fail_on: Annotated[
        list[str] | None,
        typer.Option(
            metavar="METRIC:DELTA",
            help="Exit with status 1 if B - A is below DELTA, as in recall@10:-0.01; may stand "
            "several times.",
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(metavar="FILE", dir_okay=False, help="Write it too, as .html or as .md."),
    ] = None,
    json: JsonOption = False,
) -> None:
    """Compare two runs of the same cases: what differs by more than chance, and where.

    \b
    Try: footnote eval compare before/ after/ --fail-on nugget_recall:-0.02
    """
    from assistant import terminal
    from eval.comparing import compare as compared
    from eval.comparison_table import print_comparison
    from eval.gates import check_gates, see_passed
    from eval.measuring import write_text
    from eval.read_reports import read_report

    gates = [_gate(text) for text in fail_on or []]
    written = _form(out) if out else None
    comparison = compared(read_report(before), read_report(after))
    checks = check_gates(comparison, gates)
    if out and written:
        write_text(out, written(comparison, checks))
    if json:
        terminal.print_json(comparison.as_json() | {"gates": [each.as_json() for each in checks]})
    else:
        print_comparison(comparison, checks)
    see_passed(checks)


def _scorer(name: str) -> str:
    if re.fullmatch(rf"{TRAINED}|judge|hub:.+", name):
        return name
    raise typer.BadParameter(f"`{name}` is neither `{TRAINED}` nor `judge` nor `hub:` and a model")


def _gate(text: str) -> Gate:
    from eval.gates import Gate

    try:
        return Gate.of(text)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--fail-on") from error


def _form(out: Path) -> Callable[[Comparison, list[Check]], str]:
    """Give what writes a comparison in the form that the ending of a file names."""
    from eval.comparison_markdown import comparison_in_markdown
    from eval.comparison_page import comparison_page

    forms = {".html": comparison_page, ".md": comparison_in_markdown}
    if out.suffix not in forms:
        raise typer.BadParameter(f"`{out}` ends neither in .html nor in .md", param_hint="--out")
    return forms[out.suffix]
