"""Where a sentence of an answer ends."""

import pytest

from assistant.citations import parse

SPLIT = [
    "One is it.| Two is it.",
    "One is it!| Two is it?| Three?!| Four.",
    "This is, e.g. SOAP, fast.| It is, i.e. Adam, slow.",
    "Vyas et al. show it.| Vyas et al. (2020) show it.| By Vyas et al.| The rest is new.",
    "SOAP vs. Adam, cf. Fig. 3 and Eq. (2).| It takes approx. Ten steps.",
    "Dr. Smith met J. A. Smith and Prof. Wu in the U.S. Senate.| He left the U.S.",
    "He left the U.S.| The rest stayed.",
    "It is 3.5 times faster.| It needs v1.2 of it.| GPT-3.5 is 3.5.| Then it ends.",
    "It reads setup.py and model.safetensors.| It uses Node.js.| It runs.",
    "Wait... it goes on.| Wait…| It does not...| Then it does.",
    'He said "It works."| Then he left.| (It works.)| It does “so.”| So.',
    "It is fast (really!) and cheap.| It is fast (as seen. in this) too.",
    '"Why?" he asked.| Yahoo! is a name.',
    "It costs 5 ms.| The rest is free.| It is in Sec. 3, etc. and so on.| And so on, etc.| Then.",
    "It was Smith, 26.| He was backed 1:1.| He left.",
    "There are two: 1. Fast ones, 2. Cheap ones.| Then 42.| Then 5.",
    "One is faster.| vLLM is faster still.| two is lower case.",
    "A line\n|another line\n|e.g.\n|last",
    "Smith et al. [1] show it.| It holds, etc. [2]| The rest [3].",
    "文章。|更多！|还有？",
    "The Ph.D. thesis and the a.k.a. name.| It asks no. 5.| The answer is no.| We stop.",
    "Is it so?| (It is.)| “It is.”",
    "It is the end of plan B.| The rest follows.| In Oct. 2020 it came.",
    "It is faster.|The rest is not.| It is in setup.py and Node.js.| It ends.",
    "There are three: (1) one that works.| (2) One that fails.| (3) One that is unknown.",
    "Use `a. b` and $x. Y$ so.| The `b`.| It ends.",
]


@pytest.mark.parametrize("marked", SPLIT)
def test_a_text_is_split_as_a_careful_reader_would(marked: str) -> None:
    expected = [part.strip() for part in marked.split("|")]
    found = parse(marked.replace("|", ""), {1, 2, 3})
    without = [
        text.replace(" [1]", "").replace(" [2]", "").replace(" [3]", "") for text in expected
    ]
    assert [each.text for each in found] == without
