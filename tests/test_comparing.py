"""Two runs compared: by hand, by what must hold of any two, and through the command."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from eval.comparing import Comparison, compare
from eval.comparison_markdown import MOST, comparison_in_markdown
from eval.errors import RegressionError, ReportError
from eval.gates import Gate, check_gates, see_passed
from eval.intervals import interval
from eval.metric_names import NAMES
from eval.read_reports import read_agreements, read_report
from eval.results import Result
from tests.run_reports import answered, declined, hit, nugget, write_report
from tests.test_markdown import HOSTILE
from tests.test_page import DANCED, FAILED, WRONG


@pytest.fixture
def compared(tmp_path: Path) -> Any:
    """Compare two runs with these results, `before` and `after`."""

    made = count()

    def comparison(before: list[Result], after: list[Result], **settings: Any) -> Comparison:
        folder = tmp_path / str(next(made))
        folder.mkdir()
        write_report(folder / "before", *before)
        write_report(folder / "after", *after, **settings)
        return compare(read_report(folder / "before"), read_report(folder / "after"))

    return comparison


def about(paper: str, *claims: Any, **more: Any) -> Result:
    """Give an answer to a question about one paper."""
    return answered(f"q-{paper}", *(claims or (DANCED,)), cluster=paper, **more)


def at_rank(paper: str, rank: int) -> Result:
    """Give an answer whose right paper was found at a rank."""
    return about(paper, hits=tuple(hit(n, relevant=n == rank) for n in range(1, 6)))


def test_a_change_is_the_mean_over_the_pairs(compared: Any) -> None:
    before = [at_rank("a", 1), at_rank("b", 1), at_rank("c", 2), at_rank("d", 4)]
    after = [at_rank("a", 1), at_rank("b", 2), at_rank("c", 2), at_rank("d", 2)]
    found = compared(before, after).differences
    assert (found["recall@1"].a, found["recall@1"].b, found["recall@1"].change) == (
        0.5,
        0.25,
        -0.25,
    )
    assert (found["recall@3"].change, found["recall@5"].change) == (0.25, 0)
    assert found["mrr"].change == pytest.approx(((1 + 0.5 + 0.5 + 0.5) - (1 + 1 + 0.5 + 0.25)) / 4)
    assert found["mrr"].cases == 4


def test_the_interval_is_that_of_the_pairs(compared: Any) -> None:
    """Beside a bootstrap of the differences of each case, which is the same for equal counts."""
    ranks = np.random.default_rng(1).integers(1, 5, (2, 40))
    before, after = ([at_rank(f"{n % 15}x{n}", int(r)) for n, r in enumerate(row)] for row in ranks)
    clusters = [f"{n % 15}" for n in range(40)]
    before, after = (
        [replace(each, cluster=own) for each, own in zip(some, clusters, strict=True)]
        for some in (before, after)
    )
    found = compared(before, after).differences["mrr"]
    expected = interval([1 / b - 1 / a for a, b in ranks.T], clusters)
    assert found.change == pytest.approx(expected.mean, abs=1e-5)
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high), abs=0.03)
    assert found.detectable == pytest.approx((found.high - found.low) * 0.714, abs=0.001)


def test_pairs_show_what_two_separate_intervals_hide(compared: Any) -> None:
    """Every case gains, while the cases differ more from each other."""
    names, ranks = list("abcdef"), {"before": [5, 2] * 3, "after": [4, 1] * 3}
    before, after = (
        [at_rank(name, rank) for name, rank in zip(names, ranks[run], strict=True)] for run in ranks
    )
    first, second = (interval([1 / rank for rank in ranks[run]], names) for run in ranks)
    assert first.high > second.low
    assert compared(before, after).differences["mrr"].distinguishable


@settings(deadline=None)
@given(ranks=st.lists(st.integers(1, 5), min_size=1, max_size=8))
def test_a_run_does_not_differ_from_itself(
    tmp_path_factory: pytest.TempPathFactory, ranks: list[int]
) -> None:
    results = [at_rank(f"{n}", rank) for n, rank in enumerate(ranks)]
    report = read_report(write_report(tmp_path_factory.mktemp("r") / "same", *results))
    comparison = compare(report, report)
    assert {each.change for each in comparison.differences.values()} == {0}
    assert not any(each.distinguishable for each in comparison.differences.values())
    assert {each.detectable for each in comparison.differences.values()} == {None}
    assert comparison.moves == ()
    assert comparison.settings == {}


def test_the_other_way_round_the_signs_are_others(tmp_path: Path) -> None:
    a = read_report(write_report(tmp_path / "a", at_rank("a", 1), at_rank("b", 3), at_rank("c", 2)))
    b = read_report(write_report(tmp_path / "b", at_rank("a", 2), at_rank("b", 1), at_rank("c", 2)))
    there, back = compare(a, b).differences["mrr"], compare(b, a).differences["mrr"]
    assert (there.change, there.low, there.high) == (-back.change, -back.high, -back.low)


def test_cases_about_one_paper_tell_nothing_of_chance(compared: Any) -> None:
    results = [replace(at_rank("a", rank), id=f"{rank}") for rank in (1, 2, 3)]
    after = [replace(each, hits=()) for each in results]
    found = compared(results, after).differences["mrr"]
    assert (found.low, found.high, found.distinguishable, found.detectable) == (
        None,
        None,
        False,
        None,
    )


def test_sentences_count_alike_where_a_metric_is_about_them(compared: Any) -> None:
    """1 of 1 and 1 of 3 supported are 2 of 4; then 1 of 2 and 1 of 1 are 2 of 3."""
    before = [about("a", DANCED), about("b", DANCED, WRONG, WRONG)]
    after = [about("a", DANCED, WRONG), about("b", DANCED)]
    found = compared(before, after).differences["claim_faithfulness"]
    assert (found.a, found.b) == (0.5, pytest.approx(2 / 3, abs=1e-6))


def test_what_only_one_run_has_is_said_and_left_out(compared: Any) -> None:
    asked = at_rank("altered", 2)
    known = at_rank("known", 2)
    before = [at_rank("both", 1), at_rank("gone", 1), asked, known]
    after = [
        *(at_rank("both", 2), at_rank("new", 5)),
        *(replace(asked, question="Who?"), replace(known, nuggets=(nugget(True),))),
    ]
    found = compared(before, after)
    assert (found.cases, found.only_a, found.only_b) == (1, ("q-gone",), ("q-new",))
    assert found.altered == ("q-altered", "q-known")
    assert found.differences["mrr"].change == -0.5


def test_whether_a_fact_is_held_does_not_make_another_case(compared: Any) -> None:
    found = compared([about("a", nuggets=(nugget(True),))], [about("a", nuggets=(nugget(False),))])
    assert found.altered == ()
    assert found.differences["nugget_recall"].change == -1


def test_a_value_that_only_one_run_has_is_counted_and_left_out(compared: Any) -> None:
    before = [about("a", DANCED), about("b", WRONG)]
    after = [about("a", DANCED), replace(declined("q-b"), cluster="b")]
    found = compared(before, after).differences
    assert (found["faithfulness"].a, found["faithfulness"].b) == (1, 1)
    assert (found["faithfulness"].cases, found["faithfulness"].apart) == (1, 1)
    assert found["answerable_answered"].change == -0.5


def test_a_metric_without_a_pair_is_named(compared: Any) -> None:
    found = compared([about("a", WRONG)], [about("a", DANCED, writer="quotes")])
    assert {"faithfulness", "verbatim"} <= set(found.unpaired)
    assert "faithfulness" not in found.differences


def test_the_cases_that_moved_furthest_come_first(compared: Any) -> None:
    before = [at_rank("a", 1), at_rank("b", 1), at_rank("c", 2), at_rank("d", 1), at_rank("e", 5)]
    fell = replace(declined("q-d"), cluster="d", hits=(hit(1),))
    after = [at_rank("a", 2), at_rank("b", 1), at_rank("c", 1), fell, at_rank("e", 4)]
    found = compared(before, after)
    assert [move.id for move in found.worse] == ["q-d", "q-a"]
    assert [move.id for move in found.better] == ["q-c", "q-e"]
    assert found.worse[0].outcomes == ("answered", "declined")
    assert found.worse[1].values == (
        ("recall@1", 1, 0),
        ("mrr", 1, 0.5),
        ("ndcg@10", 1, pytest.approx(0.63093, abs=1e-5)),
    )


def test_a_case_that_failed_got_worse(compared: Any) -> None:
    failed = replace(FAILED, id="q-a", question=about("a").question)
    (move,) = compared([about("a")], [failed]).worse
    assert move.outcomes == ("answered", "error")
    assert {after for _, _, after in move.values} == {None}


def test_settings_that_differ_are_named(compared: Any) -> None:
    found = compared([about("a")], [about("a")], corpus={"papers": 3}, limit=4)
    assert found.settings == {"corpus papers": ("2", "3"), "limit": (None, "4")}


def test_runs_of_other_suites_cannot_be_compared(compared: Any) -> None:
    with pytest.raises(ReportError, match="`before` and `after` have no case in common"):
        compared([about("a")], [about("b")])


@pytest.mark.parametrize(
    ("gate", "passed"),
    [
        ("recall@1:-0.2", False),
        ("recall@1:-0.25", True),
        ("recall@1:-0.3", True),
        ("recall@3:0", True),
        ("recall@3:0.1", False),
        ("words:-5", True),
    ],
)
def test_a_gate_permits_a_change_down_to_its_bound(compared: Any, gate: str, passed: bool) -> None:
    comparison = compared(
        [at_rank(name, 1) for name in "abcd"],
        [at_rank(name, 2 if name == "a" else 1) for name in "abcd"],
    )
    _, check = check_gates(comparison, [Gate.of(gate)])
    assert check.passed is passed
    assert check.gate == gate.rpartition(":")[0]


def test_a_bound_is_met_although_a_float_misses_it(compared: Any) -> None:
    """0.7 - 0.8 is a little less than -0.1."""
    before = [at_rank(f"{n}", 1 if n < 8 else 2) for n in range(10)]
    after = [at_rank(f"{n}", 1 if n < 7 else 2) for n in range(10)]
    assert all(c.passed for c in check_gates(compared(before, after), [Gate.of("recall@1:-0.1")]))


def test_coverage_that_fell_is_a_gate_that_is_always_there(compared: Any) -> None:
    failed = replace(FAILED, id="q-b", question=about("b").question)
    comparison = compared([about("a"), about("b")], [about("a"), failed])
    assert comparison.coverage == (1, 0.5)
    with pytest.raises(RegressionError, match=r"coverage: 0\.500 of the cases could be scored"):
        see_passed(check_gates(comparison, []))


def test_coverage_that_rose_passes(compared: Any) -> None:
    failed = replace(FAILED, id="q-b", question=about("b").question)
    comparison = compared([about("a"), failed], [about("a"), about("b")])
    see_passed(check_gates(comparison, []))


def test_a_gate_on_a_metric_that_is_missing_is_an_error(compared: Any) -> None:
    comparison = compared([about("a", writer="quotes")], [about("a", writer="quotes")])
    with pytest.raises(ReportError, match="`faithfulness` was not measured in both runs"):
        check_gates(comparison, [Gate.of("faithfulness:-1")])


@pytest.mark.parametrize("text", ["recall@10", "recall@10:", ":-1", "recall@10:much", "a:nan", ""])
def test_a_gate_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="METRIC:DELTA"):
        Gate.of(text)


def test_markdown_shows_the_table_the_gates_and_the_cases(compared: Any) -> None:
    before = [at_rank(f"{n:02}", 1) for n in range(20)]
    after = [at_rank(f"{n:02}", 2) for n in range(20)]
    comparison = compared(before, after)
    written = comparison_in_markdown(comparison, check_gates(comparison, [Gate.of("mrr:-0.1")]))
    page = MarkdownIt("commonmark").enable("table").render(written)
    assert "<h2>before → after: worse than is permitted</h2>" in page
    assert "✗ <strong>mrr</strong>: −0.500 where −0.1 is permitted" in page
    row = next(line for line in written.split("\n") if "`recall@1`" in line)
    assert row.split(" | ")[1:6] == ["1.000", "0.000", "−1.000", "", "**lower**"]
    assert page.count("answered; recall@\u20601 1 → 0") == MOST
    assert f"and {20 - MOST} more" in page


@pytest.mark.parametrize("text", [*HOSTILE, "@everyone look at #1 and GH-2", "a\nb\r\n\nc"])
def test_nothing_of_a_report_acts_as_markdown(compared: Any, text: str) -> None:
    tame, hostile = (markdown_about(compared, each) for each in ("tame", text))
    assert parts_of(hostile) == parts_of(tame)
    assert "@everyone" not in hostile
    assert "#1" not in hostile


def markdown_about(compared: Any, text: str) -> str:
    """Write a comparison that holds a text wherever a suite, a model or a setting is told."""
    about_it = {"question": f"Q {text}", "id": f"I {text}"}
    before, after = (replace(at_rank("a", rank), **about_it) for rank in (1, 2))
    comparison = compared([before], [after], writer=f"W {text}")
    return comparison_in_markdown(comparison, check_gates(comparison, []))


def parts_of(written: str) -> list[str]:
    """Give the kinds of what Markdown consists of, less how its text is cut."""
    tokens = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(written)
    kinds = [each.type for token in tokens for each in [token, *(token.children or ())]]
    return [kind for kind in kinds if kind not in ("text", "text_special")]


def test_the_command_prints_a_table_and_passes(footnote: Any, tmp_path: Path) -> None:
    a = write_report(tmp_path / "a", at_rank("a", 1), at_rank("b", 1))
    b = write_report(tmp_path / "b", at_rank("a", 1), at_rank("b", 2))
    ended = footnote("eval", "compare", a, b / "report.json", "--fail-on", "recall@3:-0.01")
    assert (ended.code, ended.err) == (0, "")
    assert "a → b: 2 cases in both" in ended.out
    assert "right papers at rank 1                       1.000   0.500   −0.500" in ended.out
    assert "Got worse: 1\n  q-b         How do bees dance (q-b)?\n" in ended.out
    assert "passed  recall@3: 0.000 where −0.01 is permitted" in ended.out


def test_the_command_fails_where_a_gate_does_and_writes_all_the_same(
    footnote: Any, tmp_path: Path
) -> None:
    a = write_report(tmp_path / "a", at_rank("a", 1), at_rank("b", 1))
    b = write_report(tmp_path / "b", at_rank("a", 1), at_rank("b", 2))
    gates = ("--fail-on", "recall@1:-0.01", "--fail-on", "mrr:-1")
    ended = footnote("eval", "compare", a, b, *gates, "--json", "--out", tmp_path / "c.md")
    told = json.loads(ended.out)
    assert ended.code == 1
    assert "error: Worse than is permitted: recall@1: −0.500 where −0.01" in ended.err
    assert [gate["passed"] for gate in told["gates"]] == [True, False, True]
    assert told["differences"]["mrr"]["change"] == -0.25
    assert {"low", "high", "distinguishable", "detectable"} <= set(told["differences"]["mrr"])
    assert (tmp_path / "c.md").read_text(encoding="utf-8").startswith("## a → b: worse")
    assert footnote("eval", "compare", a, b, "--out", tmp_path / "c.html").code == 0
    assert (tmp_path / "c.html").read_text(encoding="utf-8").startswith("<!doctype html>")


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("--fail-on", "recall@1"), 2, "no METRIC:DELTA"),
        (("--fail-on", "recall@1:x"), 2, "no METRIC:DELTA"),
        (("--out", "c.pdf"), 2, "neither in .html nor in .md"),
        (("--fail-on", "recall@7:-0.1"), 1, "`recall@7` was not measured in both runs"),
    ],
)
def test_wrong_usage_is_told(
    footnote: Any, tmp_path: Path, words: tuple[str, ...], code: int, said: str
) -> None:
    a = write_report(tmp_path / "a", at_rank("a", 1))
    ended = footnote("eval", "compare", a, a, *words)
    assert ended.code == code
    assert said in " ".join(re.sub("[│╭╮╰╯─]", " ", ended.err).split())


@pytest.mark.parametrize(
    "text", [None, "", "no JSON", "[1]", "{}", '{"results": [{}]}', "\x00\xff"]
)
def test_what_is_no_report_is_an_error(footnote: Any, tmp_path: Path, text: str | None) -> None:
    a = write_report(tmp_path / "a", at_rank("a", 1))
    broken = tmp_path / "broken.json"
    if text is not None:
        broken.write_text(text, encoding="latin-1")
    ended = footnote("eval", "compare", a, broken)
    assert ended.code == 1
    assert re.match(r"error: `\S+broken\.json` (is no report of a run|cannot be read: )", ended.err)


def test_a_report_of_an_older_version_can_be_compared(tmp_path: Path) -> None:
    """Only what is compared is read: more of it, or less of the rest, does not matter."""
    a = write_report(tmp_path / "a", at_rank("a", 1))
    told = json.loads((a / "report.json").read_text(encoding="utf-8"))
    del told["curves"], told["kinds"], told["results"][0]["hits"], told["results"][0]["weights"]
    told["results"][0]["later"] = 1
    (a / "report.json").write_text(json.dumps(told), encoding="utf-8")
    report = read_report(a)
    assert compare(report, report).cases == 1


def test_an_agreement_is_read_as_the_command_prints_it(tmp_path: Path) -> None:
    file = tmp_path / "agreement.json"
    point = {"support": 0.5, "supported": 1, "count": 2}
    file.write_text(json.dumps({"set": "s", "reliability": [point], "more": 1}), encoding="utf-8")
    expected = {"set": "s", "reliability": [point]}
    assert read_agreements(file) == [expected]
    file.write_text(json.dumps([expected, expected]), encoding="utf-8")
    assert read_agreements(file) == [expected, expected]
    for text in ("[1]", "{}", "x", '{"set": 1, "reliability": [{}]}'):
        file.write_text(text, encoding="utf-8")
        with pytest.raises(ReportError, match="holds no agreement"):
            read_agreements(file)
    with pytest.raises(ReportError, match="cannot be read"):
        read_agreements(tmp_path / "missing")


def test_the_gates_of_a_change_are_metrics_and_its_suites_are_there() -> None:
    root = Path(__file__).parents[1]
    steps = (root / ".github" / "workflows" / "quality.yml").read_text(encoding="utf-8")
    gates = [Gate.of(text) for text in re.findall(r"--fail-on (\S+)", steps)]
    (suites,) = re.findall(r"after/(eval/suites/)\{(.+)\}\.jsonl", steps)
    assert len(gates) == 5
    assert {gate.metric for gate in gates} <= set(NAMES)
    assert all((root / suites[0] / f"{name}.jsonl").is_file() for name in suites[1].split(","))
