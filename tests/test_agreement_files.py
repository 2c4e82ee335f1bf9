"""Labelled claims and answers as they are read, what is refused, and what is found suspicious."""

import json
from pathlib import Path

import pytest

from eval.agreement_checks import check, unseen
from eval.agreement_files import papers_of, read_labelled
from eval.errors import SuiteError
from eval.fingerprints import fingerprint

CLAIM = {
    "id": "c1",
    "group": "moths",
    "source": "Moths at Night\nWe count moths.",
    "claim": "Moths are counted.",
    "label": "supported",
}


@pytest.fixture
def labelled(tmp_path: Path):
    """Write rows and read them."""

    def read(*rows, **options):
        path = tmp_path / "some.jsonl"
        lines = [row if isinstance(row, str) else json.dumps(row) for row in rows]
        path.write_text("\n".join(lines), encoding="utf-8")
        return read_labelled(path, **options)

    return read


def test_a_source_of_two_lines_is_a_title_and_its_text(labelled):
    [claim] = labelled(CLAIM).claims

    assert (claim.title, claim.text) == ("Moths at Night", "We count moths.")
    assert (claim.group, claim.claim, claim.supported) == ("moths", "Moths are counted.", True)


def test_a_source_of_one_line_or_many_is_text(labelled):
    one = CLAIM | {"source": "We count moths."}
    many = CLAIM | {"id": "c2", "source": "Title?\nWe count.\nMoths.", "title": "Moths"}

    first, second = labelled(one, many).claims

    assert (first.title, first.text) == ("", "We count moths.")
    assert (second.title, second.text) == ("Moths", "Title?\nWe count.\nMoths.")


def test_a_claim_without_a_group_is_drawn_with_those_of_its_source(labelled):
    told = {key: value for key, value in CLAIM.items() if key != "group"}

    first, second, other = labelled(
        told, told | {"id": "c2"}, told | {"id": "c3", "source": "Birds."}
    ).claims

    assert first.group == second.group != other.group


def test_the_sentences_of_an_answer_are_claims_that_keep_the_answer(labelled):
    sentences = [
        {"text": "Moths are counted.", "label": "supported"},
        {"text": "Birds are.", "label": "unsupported", "type": "not-mentioned"},
    ]
    answer = {
        "id": "a1",
        "question": "What is counted?",
        "source": "Moths.",
        "sentences": sentences,
    }

    first, second = labelled(answer).claims

    assert (first.id, second.id) == ("a1/1", "a1/2")
    assert first.answer == second.answer == "a1"
    assert (first.types, second.types) == ((), ("not-mentioned",))
    assert first.group == second.group


def test_a_paper_that_is_named_is_looked_up_by_title_or_id(labelled):
    find = papers_of(["sample:"])
    by_title = {"id": "1", "paper": "pointer networks", "claim": "It points.", "label": "supported"}

    [first] = labelled(by_title, find=find).claims
    paper = find("Pointer Networks")
    [second] = labelled(by_title | {"paper": paper.id}, find=find).claims

    assert first.title == second.title == "Pointer Networks"
    assert first.text == second.text == paper.abstract
    assert first.group == second.group == "pointer networks"


@pytest.mark.parametrize(
    ("key", "types"),
    [
        ({"type": "number"}, ("number",)),
        ({"error_type": "scope", "raw_label": "x"}, ("scope",)),
        ({"error_types": ["antonym_swap", "number"]}, ("antonym_swap", "number")),
        ({"raw_label": "Refutes"}, ("Refutes",)),
        ({"type": None}, ()),
    ],
)
def test_the_type_of_a_claim_stands_under_several_names(labelled, key, types):
    assert labelled(CLAIM | key).claims[0].types == types


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ({"claim": " "}, "`claim` is empty"),
        ({"source": "\n"}, "`source` is empty"),
        ({"label": "yes"}, "`label` is `yes`, not `supported` or `unsupported`"),
        ({"label": None}, "not `supported`"),
        ({"human": 1}, "`human` is `1`"),
        ({"id": 7}, "`id` is not text"),
        ({"sentences": []}, "`sentences` is empty"),
        ({"sentences": [{"text": "", "label": "supported"}]}, "`claim` is empty"),
        ({"type": {}, "wording": 3}, "`wording` is not text"),
    ],
)
def test_what_is_no_labelled_claim_is_refused_with_its_line(labelled, row, why):
    with pytest.raises(SuiteError, match=r"some\.jsonl`, line 3: ") as refused:
        labelled(CLAIM, "", CLAIM | {"id": "c2"} | row)

    assert why in str(refused.value)
    assert "supported" in refused.value.hint


@pytest.mark.parametrize("key", ["id", "claim", "source"])
def test_what_is_missing_is_named(labelled, key):
    with pytest.raises(SuiteError, match=f"line 1: `{key}` is missing"):
        labelled({name: value for name, value in CLAIM.items() if name != key})


@pytest.mark.parametrize("line", ["{", "[]", '"text"', "[" * 100_000])
def test_what_is_no_json_object_is_refused_with_its_line(labelled, line):
    with pytest.raises(SuiteError, match="line 2"):
        labelled(CLAIM, line)


def test_an_id_stands_once(labelled):
    with pytest.raises(SuiteError, match="line 2: the id `c1` is also that of line 1"):
        labelled(CLAIM, CLAIM)


def test_a_paper_that_is_not_there_is_named(labelled):
    row = {"id": "1", "paper": "No Such Paper", "claim": "It points.", "label": "supported"}
    with pytest.raises(SuiteError, match="line 1: there is no paper `No Such Paper`"):
        labelled(row, find=papers_of(["sample:"]))


def test_a_file_must_hold_a_claim_and_be_text(tmp_path: Path):
    empty, latin = tmp_path / "empty.jsonl", tmp_path / "latin.jsonl"
    empty.write_text("\n")
    latin.write_bytes(b"\xe9")
    for path, why in (
        (empty, "holds no claim"),
        (latin, "not UTF-8"),
        (tmp_path / "none.jsonl", "cannot be read: No such file"),
        (tmp_path, "cannot be read"),
    ):
        with pytest.raises(SuiteError, match=why):
            read_labelled(path)


def findings(labelled, *changes, seen=None):
    rows = [CLAIM | {"id": f"c{place}"} | change for place, change in enumerate(changes)]
    return check(labelled(*rows), seen=seen)


def test_a_file_without_fault_is_found_without(labelled):
    found = findings(
        labelled, {"pair": "p"}, {"pair": "p", "claim": "Not.", "label": "unsupported"}
    )
    assert found.remarks() == []


def test_the_same_claim_twice_is_found(labelled):
    found = findings(labelled, {}, {"claim": "Other."}, {})
    assert found.doubled == (3,)
    assert found.contradicted == ()


def test_a_claim_with_two_labels_is_found_and_one_about_two_sources_is_not(labelled):
    found = findings(
        labelled, {}, {"label": "unsupported"}, {"source": "B.", "label": "unsupported"}
    )
    assert found.contradicted == (1, 2)
    assert "2 have both labels" in found.remarks()[0]


def test_a_pair_that_lacks_its_twin_is_found(labelled):
    found = findings(labelled, {"pair": "p"}, {"claim": "Other.", "pair": "p"})
    assert found.odd_pairs == ("p",)


def test_a_group_in_two_splits_is_found(labelled):
    found = findings(labelled, {"split": "train"}, {"claim": "Other.", "split": "test"})
    assert found.split_groups == ("moths",)


def test_what_the_scorer_was_trained_on_is_counted_once_a_text(labelled):
    changes = ({}, {"claim": "Other."}, {"source": "Birds sing.", "claim": "Birds  SING."})
    seen = frozenset({fingerprint("we  count moths."), fingerprint("birds sing.")})

    found = findings(labelled, *changes, seen=seen).seen

    assert (found.sources, found.of_sources) == (2, 2)
    assert (found.claims, found.of_claims) == (1, 3)


def test_what_was_trained_on_can_be_left_out(labelled):
    changes = ({"id": "a"}, {"id": "b", "claim": "Birds sing."}, {"id": "c", "source": "Ants dig."})
    given = labelled(*({**CLAIM, **change} for change in changes))

    by_claim = unseen(given, seen=frozenset({fingerprint("Birds sing.")}))
    by_source = unseen(given, seen=frozenset({fingerprint("Ants dig.")}))

    assert [claim.id for claim in by_claim.claims] == ["a", "c"]
    assert [claim.id for claim in by_source.claims] == ["a", "b"]


def test_a_source_counts_as_seen_with_its_title_too(labelled):
    seen = frozenset({fingerprint(CLAIM["source"])})
    assert findings(labelled, {}, seen=seen).seen.sources == 1


def test_without_a_record_of_the_training_nothing_is_said_of_it(labelled):
    found = findings(labelled, {})
    assert found.seen is None
    assert found.as_json()["seen_in_training"] is None


def test_what_would_act_on_a_terminal_is_gone_from_names(labelled):
    found = findings(labelled, {"pair": "a\x1b[31m", "type": "b\x07"})
    assert found.odd_pairs == ("a [31m",)
