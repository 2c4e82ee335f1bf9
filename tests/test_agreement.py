"""Agreement of a scorer with labels: from a file's claims to all that is said of them."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from assistant.support import Judgement, Source
from eval.agreement import measure
from eval.agreement_files import LabelledClaim, LabelledSet, read_labelled
from eval.agreement_markdown import agreement_in_markdown
from eval.agreement_table import lines
from eval.errors import ScorerError
from eval.judging import BATCH, ClaimJudge
from eval.metamorphic import unchanged
from eval.published import published
from index.minilm import MiniLM
from tests.shipped_support import shipped_support


class Told:
    """A scorer that says of each claim what it was told, less a little for each further source."""

    low, high = 0.2, 0.6

    def __init__(self, supports: dict[str, float], *, less: float = 0.0) -> None:
        self.supports, self.less = supports, less
        self.batches: list[int] = []
        self.sources: set[int] = set()

    def judge(self, claim: str, sources: Sequence[Source]) -> Judgement:
        [judgement] = self.judge_all([(claim, sources)])
        return judgement

    def judge_all(self, claims: Sequence[tuple[str, Sequence[Source]]]) -> list[Judgement]:
        self.batches.append(len(claims))
        self.sources |= {id(source) for _, sources in claims for source in sources}
        return [
            Judgement(self.supports[claim] - self.less * (len(sources) - 1), 0, 0, 1)
            for claim, sources in claims
        ]


def claim(number: int, *, supported: bool, group: str = "", **more) -> LabelledClaim:
    return LabelledClaim(
        id=f"c{number}",
        group=group or f"g{number}",
        title="",
        text=f"Source {group or number}.",
        claim=f"Claim {number}.",
        supported=supported,
        line=number,
        **more,
    )


def measured(claims: Sequence[LabelledClaim], supports: Sequence[float], name: str = "some"):
    told = Told({each.claim: support for each, support in zip(claims, supports, strict=True)})
    judgements = [told.judge(each.claim, [None]) for each in claims]
    return measure(LabelledSet(name, tuple(claims)), judgements, told)


SOME = [
    claim(1, supported=True, pair="p", wording="free"),
    claim(2, supported=False, pair="p", wording="free", types=("number", "scope")),
    claim(3, supported=True, pair="q", wording="close"),
    claim(4, supported=False, pair="q", wording="close", types=("number",)),
    claim(5, supported=True),
    claim(6, supported=False, types=("scope",)),
]
SUPPORTS = [0.7, 0.3, 0.5, 0.5, 0.1, 0.0]


def values(metrics):
    return {name: each and round(each.value, 4) for name, each in metrics.items()}


def test_every_figure_is_what_a_hand_would_count():
    found = values(measured(SOME, SUPPORTS).metrics)

    assert found.pop("balanced_accuracy") is not None  # halves by lot; see test_cross_fitting
    assert found == {
        "balanced_accuracy_low": round((2 / 3 + 1 / 3) / 2, 4),  # 0.1 is lost, 0.0 is found
        "balanced_accuracy_high": round((1 / 3 + 1) / 2, 4),  # only 0.7 is above
        "auroc": round((3 + 2.5 + 1) / 9, 4),
        "f1_unsupported_low": 0.4,  # of two below one is, of three: precision 1/2, recall 1/3
        "f1_unsupported_high": 0.75,  # of five below three are: precision 3/5, recall 1
        "within_pairs": 0.75,  # one won, one tied
        "calibration_error": round((0.3 + 0.3 + 0 + 0.9 + 0) / 6, 4),
        "removed": 0.3333,
        "found": 0.3333,
        "found_at_3_removed": 0.3333,  # below 0.1 is 0.0 alone
        "unchecked": 0.5,
        "right_of_supported": 1.0,
    }


def test_types_and_wordings_are_counted_apart():
    found = measured(SOME, SUPPORTS)

    number, scope = found.by_type
    close, free = found.by_wording
    assert (number.name, number.supported, number.unsupported) == ("number", 0, 2)
    assert values(number.metrics)["within_pairs"] == 0.75
    assert values(number.metrics)["found"] == 0.0
    assert values(scope.metrics)["found"] == 0.5
    assert values(scope.metrics)["removed"] is None
    assert values(close.metrics)["auroc"] == 0.5
    assert values(free.metrics)["within_pairs"] == 1.0


def test_an_answer_is_as_good_as_its_weakest_sentence():
    sentences = [
        claim(1, supported=True, group="a", answer="a1"),
        claim(2, supported=True, group="a", answer="a1"),
        claim(3, supported=True, group="b", answer="a2"),
        claim(4, supported=False, group="b", answer="a2"),
    ]

    answers = values(measured(sentences, [0.9, 0.7, 0.9, 0.4]).answers)

    assert answers["good"] == 0.5
    assert answers["balanced_accuracy_high"] == answers["kappa_high"] == answers["auroc"] == 1.0
    assert answers["balanced_accuracy_low"] == 0.5
    assert answers["kappa_low"] == 0.0


def test_claims_that_stand_alone_make_no_answer():
    assert measured(SOME, SUPPORTS).answers is None


def test_a_second_person_is_measured_like_a_scorer():
    asked = [
        claim(1, supported=True, human=True),
        claim(2, supported=True, human=False),
        claim(3, supported=False, human=False),
        claim(4, supported=False),
    ]

    human = measured(asked, [0.9, 0.9, 0.1, 0.9]).human

    assert (human.value, human.count) == (0.75, 3)


def test_the_reliability_curve_says_what_was_found_of_what_was_said():
    curve = measured(SOME, SUPPORTS).reliability

    assert [(point.support, point.supported, point.count) for point in curve] == [
        (0.0, 0.0, 1),
        (0.1, 1.0, 1),
        (0.3, 0.0, 1),
        (0.5, 0.5, 2),
        (0.7, 1.0, 1),
    ]


def test_one_label_alone_leaves_the_comparisons_out():
    found = values(measured([each for each in SOME if each.supported], [0.7, 0.5, 0.1]).metrics)

    assert found["auroc"] is None
    assert found["balanced_accuracy"] is None
    assert found["removed"] == 0.3333


def test_figures_of_others_stand_beside_a_set_of_theirs():
    found = measured(SOME, SUPPORTS, name="wice_claim").published

    assert {"Bespoke-MiniCheck-7B", "SummaC-ZS (0.1B)"} <= {figure.system for figure in found}
    assert all(figure.source and 0 < figure.value < 1 for figure in found)
    assert published("some") == ()
    assert published("summedits_news")[0].system == "human"


def test_what_is_said_as_json_is_said_alike_each_time():
    first, second = (json.dumps(measured(SOME, SUPPORTS).as_json()) for _ in range(2))

    assert first == second
    assert json.loads(first)["metrics"]["auroc"]["value"] == round(6.5 / 9, 6)


def test_the_table_shows_figures_floor_parts_and_doubts():
    table = "\n".join(
        lines(measured([*SOME, claim(7, supported=True, pair="r")], [*SUPPORTS, 0.9]))
    )

    assert "some: 4 supported and 3 unsupported claims about 7 sources" in table
    assert "Told, low 0.2, high 0.6" in table
    assert "right one of a pair scores higher               0.750" in table
    assert "! 1 pairs lack a right or a wrong claim: r" in table


def test_the_page_of_a_scorer_names_every_set_and_nothing_in_a_name_acts():
    strange = [claim(1, supported=True, types=("a`|b",)), claim(2, supported=False)]
    page = agreement_in_markdown(
        [measured(SOME, SUPPORTS, name="wice_claim"), measured(strange, [0.9, 0.1])]
    )

    assert "| `wice_claim` | 3/3 | 6 |" in page
    assert "Bespoke-MiniCheck-7B ≈ 0.819" in page
    assert "`a  b`" in page
    assert "## Whole answers" not in page


def test_sources_are_read_once_and_claims_judged_in_batches(model: MiniLM):
    claims = [claim(place, supported=True, group=f"g{place % 3}") for place in range(BATCH + 10)]
    told, done = Told({each.claim: 0.5 for each in claims}), []

    judgements = ClaimJudge(told).judge(
        claims, progress=lambda some, total: done.append((some, total))
    )

    assert len(told.sources) == 3
    assert told.batches == [BATCH, 10]
    assert done == [(BATCH, BATCH + 10), (BATCH + 10, BATCH + 10)]
    assert len(judgements) == len(claims)


def test_judgements_are_in_the_order_of_the_claims(model: MiniLM):
    claims = [claim(place, supported=True, group=f"g{place % 2}") for place in range(6)]
    told = Told({each.claim: place / 10 for place, each in enumerate(claims)})

    judgements = ClaimJudge(told).judge(claims)

    assert [each.support for each in judgements] == [0.0, 0.1, 0.2, 0.3, 0.4, 0.5]


@pytest.mark.parametrize("support", [float("nan"), 1.5, -0.1])
def test_a_support_beyond_its_range_is_no_measurement(model: MiniLM, support: float):
    claims = [claim(1, supported=True)]
    with pytest.raises(ScorerError, match=f"a support of {support}"):
        ClaimJudge(Told({"Claim 1.": support})).judge(claims)


def test_a_scorer_that_minds_further_sources_is_told_of(model: MiniLM):
    claims = [claim(place, supported=True) for place in range(4)]
    told = Told({each.claim: 0.65 + 0.1 * place for place, each in enumerate(claims)}, less=0.1)
    judge = ClaimJudge(told)

    added, shuffled, twice = unchanged(judge, claims, judge.judge(claims))

    assert (added.verdicts.value, round(added.largest_move, 6)) == (0.5, 0.2)  # 0.65 and 0.75 fall
    assert (shuffled.verdicts.value, shuffled.largest_move) == (1.0, 0.0)
    assert (twice.verdicts.value, round(twice.largest_move, 6)) == (0.75, 0.1)


def test_the_shipped_scorer_keeps_its_verdicts(model: MiniLM, tmp_path: Path):
    texts = {
        "moths": "We count moths with microphones in orchards. Birds are heard as well.",
        "links": "We route packets by their size. Latency falls by 12%.",
        "bread": "Sourdough rises slowly in the cold. We bake it after two days.",
    }
    rows = [
        {"id": "1", "source": texts["moths"], "claim": "Moths are counted.", "label": "supported"},
        {
            "id": "2",
            "source": texts["links"],
            "claim": "Latency falls by 12%.",
            "label": "supported",
        },
        {"id": "3", "source": texts["bread"], "claim": "It rises fast.", "label": "unsupported"},
    ]
    path = tmp_path / "some.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)))
    judge = ClaimJudge(shipped_support())
    claims = read_labelled(path).claims

    checks = unchanged(judge, claims, judge.judge(claims))

    assert [check.verdicts.value for check in checks[1:]] == [1.0, 1.0]
