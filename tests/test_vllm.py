"""The real server with a model of random weights: it writes noise, and really keeps to rules.

`python -m tests.test_vllm 1000 URL` reads a thousand answers of a server that runs.
"""

import re
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from assistant import assembling
from assistant.chat_model import Message, OpenAIChatModel
from assistant.citations import parse
from assistant.constraint import answer_grammar
from assistant.conversation import Conversation
from assistant.errors import ChatModelError, WindowError
from assistant.model_server import ModelServer, Patience
from assistant.settings import Settings
from eval.gold import Silence
from prompts import DECLINE
from tests.vllm_server import NAME, VllmServer, serving

pytestmark = pytest.mark.vllm

NUMBERS = (1, 2, 7, 12)
SENTENCES = 4
ASKED = [Message("user", "What is SOAP?")]
ENDLESS = 'root ::= "a" root | "b" root'

SENTENCE = re.compile(
    r"(?P<text>[^\W_a-z\u00df-\u00ff].*?|[\"'‘“].*?)[.?!] (?P<markers>(?:\[\d+\]){1,3})(?: |\Z)"
)
"""A sentence up to its markers: the grammar said in another way."""

SHORTENED = re.compile(r"(?: |\()(?:[ei]\.[eg]|al|vs|cf|approx|w\.r\.t|Figs?|Eqs?|Sec|Tab|Ref|No)$")


@pytest.fixture(scope="module")
def tiny(vllm_server: VllmServer) -> Iterator[OpenAIChatModel]:
    """The model of the server that all tests share."""
    connected = OpenAIChatModel.connect(vllm_server.url)
    yield connected
    connected.close()


def faults(answer: str, *, cut: bool) -> list[str]:
    """List what is wrong with an answer; of one that was cut, its last sentence may be torn."""
    if answer == DECLINE or (cut and DECLINE.startswith(answer)):
        return []
    found, place = [], 0
    while match := SENTENCE.match(answer, place):
        found += faults_of_sentence(match)
        place = match.end()
    rest = answer[place:]
    torn = cut and re.fullmatch(r"[^\[\]]*(?: (?:\[\d+\])*(?:\[\d*)?)?", rest)
    if rest and not torn:
        found.append(f"no sentence: `{rest}`")
    if answer[-1:] == " " and not cut:
        found.append("a blank at the end")
    if re.search(r"[\x00-\x1f\x7f-\x9f\ufffd]|  |[【】]", answer):
        found.append("a character that may not stand there")
    if sum(len(cited.unknown) for cited in parse(answer, NUMBERS)):
        found.append("a number that is not known")
    return found


def faults_of_sentence(match: re.Match[str]) -> list[str]:
    text, found = match["text"], []
    if set(re.findall(r"\d+", match["markers"])) - set(map(str, NUMBERS)):
        found.append(f"a paper that is not there: `{match.group()}`")
    if re.search(r"[\[\]]", text):
        found.append(f"a bracket inside: `{text}`")
    if text.count(" ") < 2:
        found.append(f"too short: `{text}`")
    for stop in re.finditer(r"[.?!…][\"'’”)}]? ", text):
        if not SHORTENED.search(text[: stop.start()]):
            found.append(f"two sentences: `{text}`")
    return found


def written(server: ModelServer, model: str, seed: int) -> tuple[str, bool]:
    """Let a model write a constrained answer of its own; also say whether it was cut."""
    limit = (8, 40, 120, 400)[seed % 4]
    request = {
        "model": model,
        "messages": [{"role": "user", "content": f"Question {seed}?"}],
        "max_tokens": limit,
        "temperature": (1.0, 0.0, 0.7, 1.5)[seed // 4 % 4],
        "seed": seed,
        "extra_body": {
            "structured_outputs": {
                "grammar": answer_grammar(NUMBERS, decline=DECLINE, sentences=SENTENCES)
            }
        },
    }
    answer = "".join(server.answer(request))
    whole = answer == DECLINE or len(re.findall(r"\[\d+\](?!\[)", answer)) == SENTENCES
    return answer, not whole


def read(url: str, *, answers: int) -> list[str]:
    """Let a model write answers, 16 at once, and list what is wrong with them."""
    # Three of four are cut by their token limit, in every place where that can happen.
    server = ModelServer(url, patience=Patience())
    model = server.models()[0].name

    def checked(seed: int) -> list[str]:
        answer, cut = written(server, model, seed)
        return [f"{seed}: {fault}" for fault in faults(answer, cut=cut)]

    with ThreadPoolExecutor(16) as pool:
        found = [fault for each in pool.map(checked, range(answers)) for fault in each]
    server.close()
    return found


def test_what_is_wrong_with_an_answer_is_found() -> None:
    wrong = [
        "SOAP is fast. [3]",
        "SOAP is [1] fast. [1]",
        "SOAP is fast. It is Adam. [1]",
        "SOAP is fast. [1][1][1][1]",
        "soap is fast. [1]",
        "SOAP is fast (3). [1]",
        "SOAP is\nfast. [1]",
        "SOAP is fast. [1] and",
    ]
    assert [answer for answer in wrong if not faults(answer, cut=False)] == []
    right = "SOAP is fast, e.g. for v2.0. [1][12] Is it? So it is. [2]"
    assert faults(right.replace("Is it? ", ""), cut=False) == []


def test_noise_keeps_to_the_grammar(vllm_server: VllmServer) -> None:
    assert read(vllm_server.url, answers=48) == []


def test_the_server_tells_what_is_asked_of_it(tiny: OpenAIChatModel) -> None:
    assert (tiny.name, tiny.window, tiny.constrained) == (NAME, 4096, True)


def test_an_answer_comes_in_pieces_and_the_same_again(tiny: OpenAIChatModel) -> None:
    first, second = (list(tiny.stream(ASKED, max_tokens=24)) for _ in range(2))
    assert len(first) > 4
    assert "".join(first) == "".join(second)


def test_tokens_are_counted_alike_here_and_there(
    tiny: OpenAIChatModel, vllm_server: VllmServer
) -> None:
    server = ModelServer(vllm_server.url, patience=Patience())
    text = "Naïve α-scaling fails: 模型 [1]. <s> \n"
    assert tiny.counted_by == "tokenizer"
    assert tiny.count(text) == server.count(text, model=NAME)
    server.close()


def test_closing_an_answer_frees_the_server(tiny: OpenAIChatModel, vllm_server: VllmServer) -> None:
    pieces = tiny.stream(ASKED, max_tokens=4000, grammar=ENDLESS)
    next(pieces)
    assert until(lambda: vllm_server.metric("num_requests_running") == 1)
    pieces.close()
    assert until(lambda: vllm_server.metric("num_requests_running") == 0)
    assert vllm_server.metric("generation_tokens_total") < 100_000


def test_a_shared_beginning_is_read_once(tiny: OpenAIChatModel, vllm_server: VllmServer) -> None:
    long = Message("system", "SOAP runs Adam in the eigenbasis of Shampoo. " * 40)
    hits = vllm_server.metric("prefix_cache_hits_total")
    list(tiny.stream([long, *ASKED], max_tokens=2))
    list(tiny.stream([long, Message("user", "And Muon?")], max_tokens=2))
    assert vllm_server.metric("prefix_cache_hits_total") >= hits + 256


def test_a_prompt_that_does_not_fit_is_told(tiny: OpenAIChatModel) -> None:
    long = [Message("user", "word " * 5000)]
    with pytest.raises(WindowError, match="`tiny` reads 4096 tokens; the prompt has about"):
        list(tiny.stream(long, max_tokens=16, grammar=ENDLESS))
    with pytest.raises(WindowError):
        list(tiny.stream(ASKED, max_tokens=5000))
    assert tiny.constrained


def test_a_grammar_that_is_none_costs_the_constraint_only(vllm_server: VllmServer) -> None:
    connected = OpenAIChatModel.connect(vllm_server.url)
    assert list(connected.stream(ASKED, max_tokens=4, grammar="root ::= nobody"))
    assert not connected.constrained
    connected.close()


def test_a_model_that_is_not_served_is_told(vllm_server: VllmServer) -> None:
    with pytest.raises(ChatModelError, match="has no model `large`; it has `tiny`"):
        OpenAIChatModel.connect(vllm_server.url, model="large")


def test_a_key_and_a_death_in_the_middle_of_an_answer(tiny_model: Path, tmp_path: Path) -> None:
    with serving(tiny_model, tmp_path / "log", "--api-key", "sk-right") as server:
        with pytest.raises(ChatModelError, match="wants a key"):
            OpenAIChatModel.connect(server.url)
        with pytest.raises(ChatModelError, match="refuses the key"):
            OpenAIChatModel.connect(server.url, key="sk-wrong")
        connected = OpenAIChatModel.connect(server.url, key="sk-right")
        pieces = connected.stream(ASKED, max_tokens=4000, grammar=ENDLESS)
        assert next(pieces)
        server.kill()
        with pytest.raises(ChatModelError, match="broke off"):
            list(pieces)
        connected.close()


@pytest.mark.parametrize("unsupported", ["flag", "rewrite"])
def test_noise_becomes_answers_whose_citations_all_exist(
    unsupported: str, vllm_server: VllmServer, sample_home: Path
) -> None:
    environment = {"FOOTNOTE_MODEL_URL": vllm_server.url, "FOOTNOTE_UNSUPPORTED": unsupported}
    settings = Settings.read(environment, home=sample_home)
    conversation = Conversation()
    with assembling.assistant(settings, Silence()) as assistant:
        for question in ("How do model soups work?", "What do Pointer Networks choose from?"):
            answer = assistant.ask(question, conversation=conversation)
            numbers = [citation.number for citation in answer.citations]
            assert answer.writer.name == "model"
            assert answer.answered == bool(answer.citations) == bool(answer.sentences)
            assert numbers == list(range(1, len(numbers) + 1))
            for sentence in answer.sentences:
                assert sentence.citations
                assert set(sentence.citations) <= set(numbers)
                assert not parse(sentence.text, NUMBERS)[0].numbers


def until(holds: Callable[[], bool]) -> bool:
    """Ask until it holds, a thousand times at most; each time asks the server."""
    return any(holds() for _ in range(1000))


if __name__ == "__main__":
    wrong = read(sys.argv[2], answers=int(sys.argv[1]))
    print(*wrong, f"{len(wrong)} faults", sep="\n")
