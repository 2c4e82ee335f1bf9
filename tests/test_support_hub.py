"""Models of the hub as scorers, by tiny ones of random weights: what they are asked and say."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from assistant.errors import SupportError
from assistant.hub_families import Entailment, LettuceDetect, MiniCheck, family_of
from assistant.hub_model import HubModel
from assistant.support import Source, verdict
from assistant.support_hub import HubSupport
from eval.scorers import describe, state
from index.minilm import MiniLM
from tests import tiny_scorers

torch = pytest.importorskip("torch", reason="torch is not installed: `footnote[hub]`")
transformers = pytest.importorskip(
    "transformers", reason="transformers is not installed: `footnote[hub]`"
)

LABELS = {0: "contradiction", 1: "ENTAILMENT", 2: "neutral"}
BEES = "Bees dance on their combs."
SOUP = "Model soups average weights."
CLAIM = "Bees dance to tell others of flowers."

MAKERS: dict[str, Callable[[Path], Path]] = {
    "inference": lambda folder: tiny_scorers.inference(folder, LABELS),
    "minicheck": tiny_scorers.minicheck,
    "minicheck-t5": tiny_scorers.minicheck_t5,
    "hhem": tiny_scorers.hhem,
    "lettucedect": tiny_scorers.lettuce,
}


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A model of each family."""
    place = tmp_path_factory.mktemp("hub")
    return {name: make(place / name) for name, make in MAKERS.items()}


@pytest.fixture(scope="module", params=MAKERS)
def folder(request: pytest.FixtureRequest, folders: dict[str, Path]) -> Path:
    return folders[request.param]


@pytest.fixture(scope="module")
def hub(folder: Path) -> HubModel:
    return HubModel.load(str(folder), device="cpu")


def by_hand(folder: Path, text: str, claim: str) -> float:
    """Ask a model as its authors do, one step after the other."""
    loaded = folder / "../t5" if folder.name == "hhem" else folder
    tokenizer = transformers.AutoTokenizer.from_pretrained(loaded)
    ids = lambda said: tokenizer(said, add_special_tokens=False)["input_ids"]  # noqa: E731
    with torch.no_grad():
        match folder.name:
            case "inference":
                model = transformers.BertForSequenceClassification.from_pretrained(loaded)
                both = [2, *ids(text), 3, *ids(claim), 3]
                kinds = [0] * (len(ids(text)) + 2) + [1] * (len(ids(claim)) + 1)
                said = model(torch.tensor([both]), token_type_ids=torch.tensor([kinds])).logits[0]
                return float(said.softmax(-1)[1])
            case "minicheck":
                model = transformers.RobertaForSequenceClassification.from_pretrained(loaded)
                both = [0, *ids(text), 2, *ids(claim), 2]
                return float(model(torch.tensor([both])).logits[0].softmax(-1)[1])
            case "minicheck-t5":
                model = transformers.T5ForConditionalGeneration.from_pretrained(loaded)
                both = [*ids(f"predict: {text}"), 1, *ids(claim), 1]
                said = model(torch.tensor([both]), decoder_input_ids=torch.tensor([[0]])).logits
                no, yes = said[0, 0, [3, 209]].exp()
                return float(yes / (no + yes))
            case "hhem":
                model = transformers.T5ForTokenClassification.from_pretrained(loaded)
                prompt = "Determine if the hypothesis is true given the premise?"
                asked = f"{prompt}\n\nPremise: {text}\n\nHypothesis: {claim}"
                both = [0, *ids(asked), 1]
                return float(model(torch.tensor([both])).logits[0, 0].softmax(-1)[1])
            case _:
                model = transformers.ModernBertForTokenClassification.from_pretrained(loaded)
                prompt = f"\nSummarize the following text:\npassage 1: {text}\noutput:\n"
                claimed = ids(claim)
                both = [2, *ids(prompt), 3, *claimed, 3]
                said = model(torch.tensor([both])).logits[0].softmax(-1)[:, 1]
                return 1 - float(said[-len(claimed) - 1 : -1].max())


def test_a_model_is_asked_in_the_form_it_was_trained_with(hub: HubModel, folder: Path) -> None:
    for text, claim in [(BEES, CLAIM), (SOUP, CLAIM), (CLAIM, BEES)]:
        (support,) = hub.supports([(text, claim)])
        assert support == pytest.approx(by_hand(folder, text, claim), abs=1e-5)


def test_many_are_judged_as_one_by_one(hub: HubModel) -> None:
    pairs = [(" ".join([BEES] * (1 + n % 3)), f"{CLAIM} {'Bees. ' * (n % 4)}") for n in range(24)]
    alone = [support for pair in pairs for support in hub.supports([pair])]
    assert hub.supports(pairs) == pytest.approx(alone, abs=1e-5)
    assert len({round(support, 4) for support in alone}) > 2
    assert all(0 <= support <= 1 for support in alone)


def test_the_tokens_counted_are_those_that_the_model_reads(hub: HubModel) -> None:
    assert hub.tokens(BEES, CLAIM) < hub.tokens(f"{BEES} {SOUP}", CLAIM) <= hub.limit


def test_a_long_source_is_read_in_windows_of_whole_sentences(hub: HubModel, model: MiniLM) -> None:
    sentences = [*(f"Soup {number} averages weights." for number in range(30)), BEES]
    source = Source("Soups", " ".join(sentences))
    asked = Recording(hub)
    judgement = HubSupport(asked).judge(CLAIM, [source])  # type: ignore[arg-type]
    assert len(asked.pairs) > 2
    read = []
    for text, claim in asked.pairs:
        assert claim == CLAIM
        assert hub.tokens(text, claim) <= hub.limit
        assert text.startswith("Soups. ")
        read += text.removeprefix("Soups. ").replace(". ", ".\n").split("\n")
    assert read == sentences
    assert judgement.support == max(hub.supports(asked.pairs))
    best = asked.pairs[hub.supports(asked.pairs).index(judgement.support)][0]
    assert source.text[judgement.start : judgement.end] in best


def test_a_sentence_that_no_window_holds_is_parted_at_a_blank(hub: HubModel, model: MiniLM) -> None:
    words = [f"soup{number}" for number in range(200)]
    asked = Recording(hub)
    HubSupport(asked).judge(CLAIM, [Source("", " ".join(words))])  # type: ignore[arg-type]
    assert [word for text, _ in asked.pairs for word in text.split()] == words
    assert all(hub.tokens(*pair) <= hub.limit for pair in asked.pairs)


def test_marks_of_the_tokenizer_in_a_text_are_plain_text(hub: HubModel, folder: Path) -> None:
    loaded = folder / "../t5" if folder.name == "hhem" else folder
    for mark in transformers.AutoTokenizer.from_pretrained(loaded).all_special_tokens:
        for text, claim in [(f"{BEES} {mark}", CLAIM), (BEES, f"{CLAIM} {mark}")]:
            assert hub.tokens(text, claim) > hub.tokens(BEES, CLAIM) + 1  # a mark is one token


def test_half_a_character_is_read_as_an_unknown_one(hub: HubModel) -> None:
    pairs = [("\ud800 bees", CLAIM), (BEES, "\udfff bees")]
    assert hub.supports(pairs) == hub.supports([("? bees", CLAIM), (BEES, "? bees")])


def test_a_claim_is_never_cut(hub: HubModel, model: MiniLM) -> None:
    with pytest.raises(SupportError, match=r"does not fit the \d+ tokens") as caught:
        HubSupport(hub).judge(CLAIM * 60, [Source("", BEES)])
    assert "part the claim" in caught.value.hint


def test_a_title_that_leaves_no_room_is_left_out(hub: HubModel, model: MiniLM) -> None:
    asked = Recording(hub)
    source = Source("Bees and soups " * 40, f"{BEES} {SOUP}")
    HubSupport(asked).judge(CLAIM, [source])  # type: ignore[arg-type]
    assert "Bees and soups" not in "".join(text for text, _ in asked.pairs)


def test_several_sources_are_read_alone_and_together(hub: HubModel, model: MiniLM) -> None:
    first, second = Source("B", BEES), Source("S", SOUP)
    asked = Recording(hub)
    both = HubSupport(asked).judge(CLAIM, [first, second])  # type: ignore[arg-type]
    texts = [text for text, _ in asked.pairs]
    assert texts[:2] == [f"B. {BEES}", f"S. {SOUP}"]
    assert f"B. {BEES}\nS. {SOUP}" in texts or len(texts) == 2
    alone = [HubSupport(hub).judge(CLAIM, [each]).support for each in (first, second)]
    assert both.support >= max(alone) - 1e-5
    other = HubSupport(hub).judge(CLAIM, [second, first, second])
    assert other.support == pytest.approx(both.support, abs=1e-6)
    assert (other.source, both.source) in ((0, 1), (1, 0))


def test_quotes_and_what_is_empty_need_no_model(hub: HubModel, model: MiniLM) -> None:
    asked = Recording(hub)
    support = HubSupport(asked, low=0.3, high=0.6)  # type: ignore[arg-type]
    source = Source("", f"{SOUP} {BEES}")
    quote = support.judge(BEES, [source])
    assert (quote.support, source.text[quote.start : quote.end]) == (1.0, BEES)
    assert verdict(quote, support) == "verbatim"
    empty = [support.judge("…", [source]), support.judge(CLAIM, [])]
    assert [each.support for each in empty] == [0.0, 0.0]
    assert asked.pairs == []
    assert (support.low, support.high) == (0.3, 0.6)


def test_a_batch_keeps_its_order_and_reads_nothing_twice(hub: HubModel, model: MiniLM) -> None:
    bees, soup = Source("", BEES), Source("", SOUP)
    claims: list[tuple[str, list[Source]]] = [
        (CLAIM, [bees]),
        (BEES, [bees]),
        (CLAIM, [soup]),
        (CLAIM, [bees]),
    ]
    asked = Recording(hub)
    judged = HubSupport(asked).judge_all(claims)  # type: ignore[arg-type]
    one_by_one = [HubSupport(hub).judge(*each) for each in claims]
    alone = [each.support for each in one_by_one]
    assert [each.support for each in judged] == pytest.approx(alone, abs=1e-5)
    assert asked.pairs == [(BEES, CLAIM), (SOUP, CLAIM)]
    assert HubSupport(hub).judge_all([]) == []


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 0, 1), (1, 2, 0)])
def test_the_label_for_entailment_is_found_wherever_it_stands(
    order: tuple[int, ...], tmp_path: Path, folders: dict[str, Path]
) -> None:
    """The same weights, their last layer in another order, give the same support."""
    from safetensors.torch import load_file, save_file

    moved = shutil.copytree(folders["inference"], tmp_path / "moved")
    weights = load_file(moved / "model.safetensors")
    for name in ("classifier.weight", "classifier.bias"):
        weights[name] = weights[name][list(order)].contiguous()
    save_file(weights, moved / "model.safetensors", metadata={"format": "pt"})
    config = json.loads((moved / "config.json").read_text())
    config["id2label"] = {str(place): LABELS[old] for place, old in enumerate(order)}
    config["label2id"] = {label: int(place) for place, label in config["id2label"].items()}
    (moved / "config.json").write_text(json.dumps(config))
    same = HubModel.load(str(folders["inference"])).supports([(BEES, CLAIM)])
    assert HubModel.load(str(moved)).supports([(BEES, CLAIM)]) == pytest.approx(same)


def test_only_tokens_of_the_claim_count_for_lettuce(folders: dict[str, Path]) -> None:
    """Where all but the claim's tokens are held to be made up, all is supported, and inversely."""
    read = transformers.AutoTokenizer.from_pretrained(folders["lettucedect"])(
        [BEES, SOUP], [CLAIM, "Bees."], padding=True, return_tensors="pt"
    )
    claimed = torch.tensor([[part == 1 for part in read.sequence_ids(n)] for n in (0, 1)])

    def labelling(made_up: Any) -> Any:
        logits = torch.stack([-50.0 * made_up, 50.0 * made_up], -1)
        return lambda **_: type("Said", (), {"logits": logits})

    assert LettuceDetect().supports(labelling(~claimed * 2.0 - 1), read).tolist() == [1.0, 1.0]
    assert LettuceDetect().supports(labelling(claimed * 2.0 - 1), read).tolist() == [0.0, 0.0]
    first = torch.zeros_like(claimed, dtype=torch.float) - 1
    first[0, claimed[0].nonzero()[0]] = 1  # one token of one claim is enough
    assert LettuceDetect().supports(labelling(first), read).tolist() == [0.0, 1.0]


def test_the_labels_of_lettuce_may_stand_in_either_order(tmp_path: Path) -> None:
    labels = {0: "hallucinated", 1: "supported"}
    hub = HubModel.load(str(tiny_scorers.lettuce(tmp_path / "other", labels=labels)))
    assert hub._family == LettuceDetect(0)


@pytest.mark.parametrize(
    ("config", "name", "family"),
    [
        ({"architectures": ["RobertaForSequenceClassification"]}, "lytang/MiniCheck", MiniCheck()),
        (
            {"architectures": ["RobertaForSequenceClassification"], "_name_or_path": "MiniCheck"},
            "/models/mine",
            MiniCheck(),
        ),
        ({"architectures": ["RobertaForSequenceClassification"]}, "someone/sentiment", None),
        (
            {
                "architectures": ["DebertaV2ForSequenceClassification"],
                "id2label": {"0": "entailment", "1": "not_entailment"},
            },
            "any",
            Entailment(0),
        ),
        (
            {
                "architectures": ["BertForTokenClassification"],
                "id2label": {"0": "O", "1": "PER", "2": "LOC"},
            },
            "any/ner",
            None,
        ),
        ({"architectures": ["BertForTokenClassification"]}, "any", None),
        ({"architectures": ["T5ForConditionalGeneration"]}, "google/flan-t5-base", None),
        ({"architectures": ["LlamaForCausalLM"]}, "any", None),
        ({}, "any", None),
    ],
)
def test_the_family_is_told_by_configuration_and_name(
    config: dict[str, Any], name: str, family: object
) -> None:
    assert family_of(config, name=name) == family


def test_a_model_of_no_family_is_refused_by_its_labels(
    tmp_path: Path, folders: dict[str, Path]
) -> None:
    other = shutil.copytree(folders["inference"], tmp_path / "sentiment")
    config = json.loads((other / "config.json").read_text())
    config["id2label"] = {"0": "bad", "1": "good", "2": "neutral"}
    (other / "config.json").write_text(json.dumps(config))
    with pytest.raises(SupportError, match="its labels are `bad`, `good`, `neutral`") as caught:
        HubModel.load(str(other))
    assert "entailment" in caught.value.hint


def test_code_that_a_model_brings_is_not_run(tmp_path: Path, folders: dict[str, Path]) -> None:
    own = shutil.copytree(folders["inference"], tmp_path / "own")
    config = json.loads((own / "config.json").read_text())
    config |= {"model_type": "own", "auto_map": {"AutoConfig": "own.OwnConfig"}}
    (own / "config.json").write_text(json.dumps(config))
    (own / "own.py").write_text("raise SystemExit('run')")
    with pytest.raises(SupportError, match="cannot load"):
        HubModel.load(str(own))


def test_weights_that_are_not_there_are_told(tmp_path: Path, folders: dict[str, Path]) -> None:
    from safetensors.torch import load_file, save_file

    bare = shutil.copytree(folders["inference"], tmp_path / "bare")
    weights = load_file(bare / "model.safetensors")
    del weights["classifier.weight"]
    save_file(weights, bare / "model.safetensors", metadata={"format": "pt"})
    with pytest.raises(SupportError, match=r"lacks the weights `classifier\.weight`, 1 in all"):
        HubModel.load(str(bare))


def test_weights_that_are_no_numbers_give_no_support(
    tmp_path: Path, folders: dict[str, Path]
) -> None:
    from safetensors.torch import load_file, save_file

    broken = shutil.copytree(folders["inference"], tmp_path / "broken")
    weights = load_file(broken / "model.safetensors")
    weights["classifier.bias"][0] = float("nan")
    save_file(weights, broken / "model.safetensors", metadata={"format": "pt"})
    with pytest.raises(SupportError, match="a support of nan"):
        HubModel.load(str(broken)).supports([(BEES, CLAIM)])


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("/no/such/folder", "There is no folder `/no/such/folder`"),
        ("~/no/such/folder", "There is no folder `/"),
        ("./no", "There is no folder `no`"),
        ("no such name", "cannot load `no such name`"),
        ("a/b/c", "cannot load `a/b/c`"),
    ],
)
def test_a_model_that_is_not_there_is_told_with_its_cure(name: str, told: str) -> None:
    with pytest.raises(SupportError, match=told) as caught:
        HubModel.load(name)
    assert "\n" not in str(caught.value)
    assert caught.value.hint == "give the name of a model on the hub, or of a folder that holds one"


def test_a_model_without_a_limit_of_its_own_is_read_in_the_usual_one(
    tmp_path: Path, folders: dict[str, Path]
) -> None:
    endless = shutil.copytree(folders["minicheck-t5"], tmp_path / "minicheck")
    config = json.loads((endless / "tokenizer_config.json").read_text())
    del config["model_max_length"]
    (endless / "tokenizer_config.json").write_text(json.dumps(config))
    assert HubModel.load(str(endless)).limit == 512


def test_positions_before_the_first_word_are_not_counted(
    tmp_path: Path, folders: dict[str, Path]
) -> None:
    untold = shutil.copytree(folders["minicheck"], tmp_path / "minicheck")
    config = json.loads((untold / "tokenizer_config.json").read_text())
    del config["model_max_length"]
    (untold / "tokenizer_config.json").write_text(json.dumps(config))
    hub = HubModel.load(str(untold))
    assert hub.limit == tiny_scorers.LENGTH
    text = "a " * hub.limit
    while hub.tokens(text, "b") > hub.limit:
        text = text[:-2]
    assert hub.tokens(text, "b") == hub.limit
    assert hub.supports([(text, "b")])


@pytest.fixture
def claims(tmp_path: Path) -> Path:
    path = tmp_path / "claims.jsonl"
    rows = [
        {"id": "1", "claim": CLAIM, "source": f"{BEES} {SOUP}", "label": "supported"},
        {"id": "2", "claim": "Soups sing.", "source": f"{BEES} {SOUP}", "label": "unsupported"},
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def test_a_model_that_the_hub_does_not_give_is_told_with_its_cure(
    claims: Path, sample_home: Path, footnote_process: Any
) -> None:
    words = ["eval", "support", claims, "--scorer", "hub:no/such-model"]
    done = footnote_process(*words, home=sample_home, env={"HF_HUB_OFFLINE": "1"})
    assert (done.code, done.out) == (1, "")
    error, _, hint = done.err.splitlines()
    assert error.startswith("error: transformers cannot load `no/such-model`: ")
    assert hint == "hint: give the name of a model on the hub, or of a folder that holds one"


def test_commands_judge_by_a_model_from_a_folder(
    folders: dict[str, Path], claims: Path, home: Path, footnote: Any, tmp_path: Path
) -> None:
    scorer = f"hub:{folders['inference']}"
    done = footnote("eval", "support", claims, "--scorer", scorer, "--json")
    supports = [json.loads(line)["support"] for line in done.out.splitlines()]
    hub = HubModel.load(str(folders["inference"]), device="cpu")
    pairs = [(f"{BEES} {SOUP}", claim) for claim in (CLAIM, "Soups sing.")]
    assert supports == pytest.approx(hub.supports(pairs), abs=1e-5)
    done = footnote("eval", "agreement", claims, "--scorer", scorer, "--json")
    assert json.loads(done.out)["scorer"]["name"] == "hub:inference"
    suite = tmp_path / "suite.jsonl"
    suite.write_text('{"id": "p", "question": "What are Pointer Networks?"}\n', encoding="utf-8")
    assert footnote("eval", "run", suite, "--scorer", scorer, "--out", tmp_path / "out").code == 0
    report = (tmp_path / "out" / "report.json").read_text(encoding="utf-8")
    assert json.loads(report)["settings"]["support"]["scorer"] == "hub:inference"
    assert str(tmp_path) not in report


def test_another_model_in_the_same_folder_is_another_run(
    folders: dict[str, Path], tmp_path: Path
) -> None:
    folder = shutil.copytree(folders["inference"], tmp_path / "mine")
    support = HubSupport.load(str(folder))
    before = describe(support), state(support)
    assert (describe(support), state(support)) == before
    config = folder / "config.json"
    config.write_text(config.read_text() + " ")
    assert describe(support) == before[0]
    assert state(support) != before[1]


class Recording:
    """A model that notes what it is asked."""

    def __init__(self, hub: HubModel) -> None:
        self._hub = hub
        self.name, self.limit, self.tokens = hub.name, hub.limit, hub.tokens
        self.pairs: list[tuple[str, str]] = []

    def supports(self, pairs: list[tuple[str, str]]) -> list[float]:
        self.pairs += pairs
        return self._hub.supports(pairs)
