"""Running the cases of a suite: at once, in order, broken off, and kept."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from threading import Barrier, Event
from typing import Any

import pytest

from assistant.chat_model import Message
from assistant.settings import Settings
from eval.asking import Asker, MeteredModel, StoppedError
from eval.assessing import Assessor, blank_result
from eval.cases import Case
from eval.kept_results import RUNS, KeptResults, Spent
from eval.provenance import Provenance
from eval.results import Result
from eval.running import Runner
from index.search import Searcher
from tests.scripted_model import ScriptedModel
from tests.shipped_support import shipped_support

SETTINGS = Settings(home=Path("nowhere"), now=datetime(2026, 11, 21))
QUESTIONS = [
    "How do model soups combine fine-tuned models?",
    "Which network points at positions of its input with attention?",
    "How does Cut Cross-Entropy save memory?",
]


def case(number: int, **known: Any) -> Case:
    question = QUESTIONS[number % len(QUESTIONS)]
    parts = {"relevant": (), "nuggets": (), "answerable": None, "history": (), "kind": ""}
    return Case(id=str(number), question=question, line=number, **{**parts, **known})


@pytest.fixture
def runner(searcher: Searcher, tmp_path: Path) -> Callable[..., Runner]:
    """Make a runner with a language model, or without."""

    def made(model: Any = None, *, key: str = "k") -> Runner:
        support = shipped_support()
        asker = Asker(searcher=searcher, model=model, support=support, settings=SETTINGS, limit=10)
        return Runner(asker, Assessor(support, searcher), KeptResults(tmp_path, key=key))

    return made


class MeetingModel(ScriptedModel):
    """Says nothing before so many answers as `meeting` waits for are asked of it at once."""

    def __init__(self, meeting: Barrier) -> None:
        super().__init__("The papers do not answer this.")
        self._meeting = meeting

    def stream(self, messages: Sequence[Message], **options: Any) -> Generator[str, None, None]:
        """Wait for the others."""
        self._meeting.wait(timeout=60)
        yield from super().stream(messages, **options)


def test_several_cases_are_asked_at_once_and_told_in_their_order(runner: Any) -> None:
    cases = [case(number) for number in range(6)]
    seen: list[tuple[int, int]] = []

    ran = runner(MeetingModel(Barrier(3))).run(
        cases, jobs=3, progress=lambda done, total: seen.append((done, total))
    )

    assert [each.result.id for each in ran] == [case.id for case in cases]
    assert [each.result.outcome for each in ran] == ["declined"] * 6
    assert seen == [(done, 6) for done in range(1, 7)]


def test_a_fault_of_any_kind_is_a_result(runner: Any) -> None:
    def fault(messages: Sequence[Message]) -> str:
        raise RuntimeError("boom")

    (ran,) = runner(ScriptedModel(fault)).run([case(0)])

    assert (ran.result.outcome, ran.result.error) == ("error", "RuntimeError: boom")
    assert ran.result.writer == "model"


def test_what_is_done_before_a_run_is_broken_off_is_kept(runner: Any) -> None:
    model = ScriptedModel("The papers do not answer this.")
    cases = [case(number) for number in range(20)]

    def interrupt(done: int, total: int) -> None:
        raise KeyboardInterrupt

    broken = runner(model)
    with pytest.raises(KeyboardInterrupt):
        broken.run(cases, progress=interrupt)
    asked = len(model.asked)
    ran = runner(model).run(cases)

    kept = sum(each.kept for each in ran)
    assert ran[0].kept
    assert 0 < kept <= asked < len(cases)  # one may have been stopped while it was written
    assert len(model.asked) - asked == len(cases) - kept
    with pytest.raises(StoppedError):
        broken.run_one(case(99))


def test_an_answer_that_is_being_written_ends_when_the_run_is_broken_off() -> None:
    stop = Event()
    model = MeteredModel(ScriptedModel("one two three"), stop)
    pieces = model.stream([Message("user", "Say it.")], max_tokens=10)

    next(pieces)
    stop.set()
    with pytest.raises(StoppedError):
        next(pieces)
    assert model.read > 0
    assert model.written > 0


RESULT = replace(
    blank_result(case(0), writer="quotes"), outcome="declined", declined_because="x", text="y"
)
SPENT = Spent(0.5, 0.25, (10, 2))


def test_a_result_is_kept_for_its_case_and_its_run_only(tmp_path: Path) -> None:
    KeptResults(tmp_path, key="one").put(case(0), RESULT, SPENT)
    kept = KeptResults(tmp_path, key="one")

    assert kept.get(case(0)) == (RESULT, SPENT)
    assert kept.get(replace(case(0), line=7)) == (RESULT, SPENT)
    assert kept.get(replace(case(0), kind="near")) is None
    assert kept.get(case(1)) is None
    assert KeptResults(tmp_path, key="two").get(case(0)) is None


def test_an_error_is_not_kept(tmp_path: Path) -> None:
    kept = KeptResults(tmp_path, key="one")
    kept.put(case(0), replace(RESULT, outcome="error", error="gone"), SPENT)

    assert kept.get(case(0)) is None


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"result": {}}', b"\xff\xfe"])
def test_what_cannot_be_read_is_not_there(tmp_path: Path, content: bytes) -> None:
    kept = KeptResults(tmp_path, key="one")
    kept.put(case(0), RESULT, SPENT)
    (file,) = tmp_path.glob("*/*.json")
    file.write_bytes(content)

    assert kept.get(case(0)) is None
    kept.put(case(0), RESULT, SPENT)
    assert kept.get(case(0)) == (RESULT, SPENT)
    assert [path.suffix for path in tmp_path.glob("*/*")] == [".json"]


def test_only_the_last_runs_are_kept(tmp_path: Path) -> None:
    (tmp_path / "notes").mkdir()
    for number in range(RUNS + 3):
        KeptResults(tmp_path, key=f"{number:064x}"[::-1]).put(case(0), RESULT, SPENT)

    assert len(list(tmp_path.glob("*/*.json"))) == RUNS
    assert (tmp_path / "notes").is_dir()


def test_a_result_is_kept_as_it_is(tmp_path: Path, runner: Any) -> None:
    first, again = (runner().run([case(0)])[0] for _ in range(2))

    assert (first.kept, again.kept) == (False, True)
    assert isinstance(again.result, Result)
    assert again.result == first.result


def test_whatever_decides_a_result_decides_where_it_is_kept(searcher: Searcher) -> None:
    support = shipped_support()

    def provenance(settings: Settings = SETTINGS, limit: int = 10, model: Any = None) -> Provenance:
        return Provenance.of(
            searcher.corpus, model, support=support, settings=settings, limit=limit
        )

    same, tomorrow = provenance(), provenance(replace(SETTINGS, now=datetime(2026, 11, 22)))
    others = [
        provenance(limit=5),
        provenance(model=ScriptedModel("x")),
        provenance(replace(SETTINGS, embedding_model="other")),
        provenance(replace(SETTINGS, unsupported="flag"), model=ScriptedModel("x")),
    ]

    assert same == provenance()
    assert tomorrow.settings == same.settings
    assert len({each.key for each in (same, tomorrow, *others)}) == 6
    assert same.settings["corpus"]["papers"] == 60
    assert others[1].settings["prompts"]["answer"]
