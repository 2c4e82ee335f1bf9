"""The client of a server of language models, against a stand-in that fails in every way."""

import re
import threading
from collections.abc import Callable, Iterator
from itertools import count

import pytest

from assistant.chat_model import WINDOW, Message, OpenAIChatModel
from assistant.errors import ChatModelError, RefusedError, WindowError
from assistant.model_server import Patience, api_url
from assistant.token_counting import estimate
from tests.chat_server import HANG_UP, SILENCE, TOKEN_LIMIT, ChatServer, Failure, Refusal, model

PATIENCE = Patience(connect=5, silence=30, retries=2)
BUSY = Refusal(429, "too many", headers=(("Retry-After", "0.01"),))
BROKEN = Refusal(500, "a bug", headers=(("Retry-After", "0.01"),))
ASKED = [Message("system", "Be brief."), Message("user", "What is SOAP?")]

Connect = Callable[..., OpenAIChatModel]


@pytest.fixture
def connect(chat_server: ChatServer) -> Iterator[Connect]:
    """Connect to the stand-in; at the end, disconnect."""
    connected: list[OpenAIChatModel] = []

    def made(**options: str) -> OpenAIChatModel:
        connected.append(OpenAIChatModel.connect(chat_server.url, patience=PATIENCE, **options))
        return connected[-1]

    yield made
    for each in connected:
        each.close()


def said(model: OpenAIChatModel, **options: str) -> str:
    return "".join(model.stream(ASKED, max_tokens=64, **options))  # type: ignore[arg-type]


def test_the_pieces_of_an_answer_come_one_by_one(chat_server: ChatServer, connect: Connect) -> None:
    chat_server.steps(["SOAP ", "is Adam.", "", " [1]"])
    assert list(connect().stream(ASKED, max_tokens=64)) == ["SOAP ", "is Adam.", " [1]"]


def test_a_request_is_as_deterministic_as_can_be(chat_server: ChatServer, connect: Connect) -> None:
    said(connect())
    body = chat_server.requests[0].body
    assert (body["temperature"], body["seed"], body["max_tokens"]) == (0, 0, 64)
    assert chat_server.requests[0].said == ["Be brief.", "What is SOAP?"]


def test_a_grammar_is_sent_in_the_form_of_vllm(chat_server: ChatServer, connect: Connect) -> None:
    connected = connect()
    assert connected.constrained
    said(connected, grammar='root ::= "a"')
    assert chat_server.requests[0].body["structured_outputs"] == {"grammar": 'root ::= "a"'}
    assert "extra_body" not in chat_server.requests[0].body


def test_other_servers_get_nothing_that_only_vllm_knows(
    chat_server: ChatServer, connect: Connect
) -> None:
    chat_server.models = [model(owner="llamacpp")]
    connected = connect()
    said(connected, grammar='root ::= "a"')
    assert not connected.constrained
    assert set(chat_server.requests[0].body) == {
        "model",
        "messages",
        "max_tokens",
        "temperature",
        "seed",
        "stream",
    }


@pytest.mark.parametrize("refusal", [Refusal(400, "bad grammar"), Failure("bad grammar", 400)])
def test_a_server_that_refuses_the_grammar_is_asked_without_it_from_then_on(
    chat_server: ChatServer, connect: Connect, refusal: Refusal | Failure
) -> None:
    chat_server.script(lambda request: [refusal] if request.grammar else ["Hello."])
    connected = connect()
    assert [said(connected, grammar='root ::= "a"') for _ in range(2)] == ["Hello."] * 2
    assert not connected.constrained
    assert len(chat_server.requests) == 3


def test_a_refusal_with_and_without_a_grammar_is_told(
    chat_server: ChatServer, connect: Connect
) -> None:
    chat_server.steps([Refusal(400, "no `seed` here")])
    connected = connect()
    with pytest.raises(RefusedError, match="refuses the request: `no 'seed' here`"):
        said(connected, grammar='root ::= "a"')
    assert connected.constrained


@pytest.mark.parametrize("busy", [BUSY, BROKEN])
def test_a_busy_server_is_asked_again(
    chat_server: ChatServer, connect: Connect, busy: Refusal
) -> None:
    chat_server.steps([busy], [busy], ["Here."])
    assert said(connect()) == "Here."


def test_a_server_that_stays_busy_is_told(chat_server: ChatServer, connect: Connect) -> None:
    chat_server.steps([BUSY])
    with pytest.raises(ChatModelError, match=r"/v1` is busy: `too many`"):
        said(connect())
    assert len(chat_server.requests) == 1 + PATIENCE.retries


def test_a_fault_of_the_server_is_told(chat_server: ChatServer, connect: Connect) -> None:
    chat_server.steps([BROKEN])
    with pytest.raises(ChatModelError, match=r"/v1` failed: `a bug`"):
        said(connect())


def test_a_connection_lost_before_the_first_piece_is_tried_once_more(
    chat_server: ChatServer, connect: Connect
) -> None:
    chat_server.steps([HANG_UP], ["Here."])
    assert said(connect()) == "Here."


def test_an_answer_that_breaks_off_gives_what_was_said_and_an_error(
    chat_server: ChatServer, connect: Connect
) -> None:
    chat_server.steps(["SOAP ", "is", HANG_UP])
    pieces = connect().stream(ASKED, max_tokens=64)
    assert [next(pieces), next(pieces)] == ["SOAP ", "is"]
    with pytest.raises(ChatModelError, match="broke off"):
        next(pieces)
    assert len(chat_server.requests) == 1


def test_an_error_in_the_middle_of_an_answer_is_told(
    chat_server: ChatServer, connect: Connect
) -> None:
    chat_server.steps(["SOAP ", Failure("the engine died")])
    with pytest.raises(ChatModelError, match="failed: `the engine died`"):
        said(connect())


def test_a_silent_server_is_told_in_the_seconds_it_had(
    chat_server: ChatServer,
) -> None:
    chat_server.steps(["SOAP ", SILENCE])
    connected = OpenAIChatModel.connect(chat_server.url, patience=Patience(silence=0.5, retries=0))
    with pytest.raises(ChatModelError, match=r"was silent for 0\.5 seconds"):
        said(connected)
    connected.close()


def test_an_answer_at_its_token_limit_ends_as_any_other(
    chat_server: ChatServer, connect: Connect
) -> None:
    chat_server.steps(["SOAP is", TOKEN_LIMIT])
    assert said(connect()) == "SOAP is"


def test_bytes_that_are_no_text_stop_nothing(chat_server: ChatServer, connect: Connect) -> None:
    broken = b'{"choices":[{"index":0,"delta":{"content":"na\xef ve\\ud83d"}}]}'
    chat_server.steps(["A ", broken, " b."])
    assert said(connect()) == "A na\ufffd ve\ufffd b."


def test_line_breaks_that_only_unicode_knows_split_no_piece(
    chat_server: ChatServer, connect: Connect
) -> None:
    chat_server.steps(["one\u2028two\x85three"])
    assert said(connect()) == "one\u2028two\x85three"


def test_an_event_that_is_no_json_ends_the_answer_with_an_error(
    chat_server: ChatServer, connect: Connect
) -> None:
    chat_server.steps(["A ", b"{..."])
    with pytest.raises(ChatModelError, match="broke off"):
        said(connect())


def test_events_without_text_are_passed_over(chat_server: ChatServer, connect: Connect) -> None:
    others = [b'{"choices":[]}', b"[]", b'{"choices":[{"delta":{"reasoning":"hm"}}]}']
    chat_server.steps(["A ", *others, "b."])
    assert said(connect()) == "A b."


def test_closing_the_answer_ends_it_at_the_server(
    chat_server: ChatServer, connect: Connect
) -> None:
    chat_server.script(lambda _: (f"word{n} " for n in count()))
    pieces = connect().stream(ASKED, max_tokens=64)
    assert next(pieces) == "word0 "
    pieces.close()
    assert chat_server.left.wait(timeout=10)


def test_several_threads_may_ask_at_once(chat_server: ChatServer, connect: Connect) -> None:
    together = threading.Barrier(4, timeout=10)

    def script(_: object) -> Iterator[str]:
        together.wait()
        yield "Here."

    chat_server.script(script)
    connected = connect()
    answers: list[str] = []
    threads = [threading.Thread(target=lambda: answers.append(said(connected))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == ["Here."] * 4


def test_the_only_model_needs_no_name(connect: Connect) -> None:
    connected = connect()
    assert (connected.name, connected.window, connected.counted_by) == ("stand-in", 4096, "server")


def test_several_models_are_named_so_that_one_can_be_chosen(
    chat_server: ChatServer, connect: Connect
) -> None:
    chat_server.models = [model("small"), model("large")]
    with pytest.raises(ChatModelError, match="several models: `small`, `large`"):
        connect()
    assert connect(model="large").name == "large"


def test_a_model_that_is_not_there_is_told_with_those_that_are(connect: Connect) -> None:
    with pytest.raises(ChatModelError, match="has no model `large`; it has `stand-in`") as told:
        connect(model="large")
    assert told.value.hint == "set FOOTNOTE_MODEL to one that is there"


def test_a_server_without_models_is_told(chat_server: ChatServer, connect: Connect) -> None:
    chat_server.models = []
    with pytest.raises(ChatModelError, match="has no model"):
        connect()


def test_an_adapter_reads_as_much_as_the_model_it_adapts(
    chat_server: ChatServer, connect: Connect
) -> None:
    chat_server.models = [model("large", window=512), model("adapter", window=None)]
    assert connect(model="adapter").window == 512


def test_a_server_that_tells_no_window_is_taken_to_have_a_usual_one(
    chat_server: ChatServer, connect: Connect
) -> None:
    chat_server.models = [model(window=None)]
    assert connect().window == WINDOW


def test_a_prompt_that_does_not_fit_is_told_in_numbers(
    chat_server: ChatServer, connect: Connect
) -> None:
    chat_server.steps([Refusal(400, "maximum context length is 4096 tokens")])
    with pytest.raises(WindowError, match="reads 4096 tokens; the prompt has about 7 and") as told:
        said(connect(), grammar='root ::= "a"')
    assert "--max-model-len" in told.value.hint


@pytest.mark.parametrize(("key", "what"), [(None, "wants a key"), ("sk-wrong", "refuses the key")])
def test_a_key_that_is_refused_is_not_repeated(
    chat_server: ChatServer, connect: Connect, key: str | None, what: str
) -> None:
    chat_server.key = "sk-right"
    with pytest.raises(ChatModelError, match=what) as told:
        connect(**({"key": key} if key else {}))
    assert "sk-" not in str(told.value) + told.value.hint
    assert "FOOTNOTE_MODEL_KEY" in told.value.hint


def test_a_key_that_the_server_repeats_is_not_shown(
    chat_server: ChatServer, connect: Connect
) -> None:
    chat_server.steps([Refusal(400, "no credit for sk-mine")])
    with pytest.raises(ChatModelError, match="no credit for …"):
        said(connect(key="sk-mine"))


def test_the_key_of_another_service_stays_here(
    chat_server: ChatServer, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-other")
    said(connect())
    assert "sk-other" not in str(chat_server.requests[0].headers)


def test_nobody_at_the_address_is_told_with_the_cure(chat_server: ChatServer) -> None:
    chat_server.close()
    with pytest.raises(
        ChatModelError, match=f"no language model answers at `{chat_server.url}/v1`"
    ) as told:
        OpenAIChatModel.connect(chat_server.url, patience=PATIENCE)
    assert "make vllm" in told.value.hint


@pytest.mark.parametrize("path", ["/v1beta", "/elsewhere"])
def test_what_is_no_server_of_language_models_is_told(chat_server: ChatServer, path: str) -> None:
    with pytest.raises(ChatModelError, match="is no server of language models"):
        OpenAIChatModel.connect(chat_server.url + path, patience=PATIENCE)


def test_a_page_in_place_of_an_answer_is_told(chat_server: ChatServer, connect: Connect) -> None:
    chat_server.steps([Refusal(200, html=True)])
    with pytest.raises(ChatModelError, match="is no server of language models"):
        said(connect())


@pytest.mark.parametrize(
    ("given", "complete"),
    [
        ("localhost:8000", "http://localhost:8000/v1"),
        ("http://localhost:8000/", "http://localhost:8000/v1"),
        ("http://localhost:8000/v1", "http://localhost:8000/v1"),
        ("http://localhost:8000/v1/", "http://localhost:8000/v1"),
        ("http://localhost:8000/v1/chat/completions", "http://localhost:8000/v1"),
        ("https://example.org/models", "https://example.org/models/v1"),
        ("https://example.org/v1beta/openai", "https://example.org/v1beta/openai"),
        (" http://[::1]:8000 ", "http://[::1]:8000/v1"),
    ],
)
def test_an_address_is_completed(given: str, complete: str) -> None:
    assert api_url(given) == complete


@pytest.mark.parametrize(
    "given", ["", "ftp://host", "http://", "host:port", "my host:80", "http://["]
)
def test_what_is_no_address_is_told(given: str) -> None:
    with pytest.raises(ChatModelError, match=re.escape(f"`{given}` is no address")):
        api_url(given)


def test_an_address_with_a_password_is_refused_without_repeating_it() -> None:
    with pytest.raises(ChatModelError) as told:
        api_url("http://me:secret@example.org")
    assert "secret" not in str(told.value) + told.value.hint


def test_the_server_counts_tokens_each_text_once(chat_server: ChatServer, connect: Connect) -> None:
    connected = connect()
    assert connected.count("SOAP is Adam.") == 4
    chat_server.tokenizes = False
    assert connected.count("SOAP is Adam.") == 4


def test_tokens_are_estimated_where_the_server_does_not_count(
    chat_server: ChatServer, connect: Connect
) -> None:
    chat_server.tokenizes = False
    connected = connect()
    assert connected.counted_by == "estimate"
    assert connected.count("SOAP is Adam.") == estimate("SOAP is Adam.") > 4


def test_an_estimate_takes_special_tokens_for_text() -> None:
    assert estimate("<|endoftext|>") > 1
