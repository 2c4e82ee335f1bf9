"""Messages that are no question on papers, and what is replied."""

from __future__ import annotations

import re
from typing import NamedTuple

from assistant.understanding.phrases import any_of, bare, compiled

LONGEST_CHATTER = 160
"""Letters of a sentence that may be a greeting or thanks and nothing else."""

LONGEST_META = 600
"""Letters of a sentence that are looked at otherwise."""

OFFER = (
    "Ask me a question and I answer it from the abstracts in your corpus, with a footnote on every "
    "sentence; or ask for the papers of a day or a week."
)
ASK = f"What would you like to know? {OFFER}"
ABOUT_WHAT = (
    "What is your question about? Name the method, the subject or the paper, for example: "
    '"Why does weight decay help generalisation?"'
)


class Talk(NamedTuple):
    """A kind of small talk."""

    name: str
    phrases: str
    """A table for `any_of`, of sentences as `bare` gives them."""
    reply: str


WAS = "( really| has| have| was| were| is| s| re| ve| been| very| so| super)"

CHATTER = (
    Talk(
        "thanks",
        rf"""
        (many )?than(ks?|x)( you)?( again)?
        thx|ty|cheers|much appreciated|i appreciate (it|that)
        (so|very) much|a (lot|bunch|million)
        for (that|this|it|everything|(your|the) \w+( \w+)?|\w+ing( me| this| that| it)?)
        (that|this|it|you){WAS}* help(ed|ful|s)( me)?
        (that|this|it|you){WAS}+ (useful|great|perfect|good|nice|awesome|excellent|interesting)
        well done|good (job|answer|work|bot)|nice (one|work|job)
        """,
        "You are welcome. If anything is left open, ask on.",
    ),
    Talk(
        "goodbye",
        """
        (good ?)?bye( bye)?|see (you|ya)( later| soon| tomorrow)?|good night|farewell|ciao
        have a (nice|good|great) (day|evening|night|weekend|one)
        that( is| s) all|i m done
        """,
        "Goodbye. The papers stay here for your next question.",
    ),
    Talk(
        "how are you",
        """
        how (are|r) (you|u)( doing| feeling)?( today)?|how (is it|s it) going|what s up|sup
        how do you do|how have you been|nice to meet you
        """,
        f"I am ready to read. {OFFER}",
    ),
    Talk(
        "greeting",
        """
        hi|hello|hey|hiya|heya|howdy|yo|greetings|welcome|hallo|hola|bonjour
        good ?(morning|afternoon|evening|day)
        (dear )?(footnote|assistant)|there|everyone|everybody|all|folks|friend|again
        test(ing)?|is (anybody|anyone) (there|here)|are you there
        """,
        f"Hello. {OFFER}",
    ),
    Talk(
        "all right",
        """
        o ?k(ay)?|k|all ?right|fine|sure|great|cool|nice|perfect|awesome|wow|lol|ha(ha)+|good
        i see|i understand|understood|got it|makes sense|interesting|never ?mind|no problem
        yes|yeah|yep|no|nope|amazing|excellent|wonderful|please|sorry
        oh|ah|hm+|then|so|and|well|too
        """,
        f"All right. {OFFER}",
    ),
)
"""What a sentence of chatter is put together from; the first kind in it gives the reply."""

META = (
    Talk(
        "who are you",
        """
        (so )?(who|what)( are|re| r) (you|u)( exactly| really| called)?
        (what is|what s) your name|do you have a name|introduce yourself|tell me about yourself
        are you (an? )?(real |human |ai )?(bot|robot|human|person|ai|machine|program|assistant)
        are you real
        """,
        "I am Footnote, a program that answers questions from the paper abstracts in your corpus, "
        "with a footnote on every sentence. What would you like to know?",
    ),
    Talk(
        "what can you do",
        """
        what (all )?(can|could|do) (you|u) do( for me)?|(how )?can you help( me)?( out)?
        (i need )?help( me)?( out)?|how do (i use (you|this)|you work)|usage|commands|menu
        what can i (ask|do)( you| here)?
        what (kinds? of )?questions can (i ask|you answer)( you)?
        what (are|is) (your|you) (abilities|capabilities|purpose|for|functions?)
        """,
        "I answer questions from the paper abstracts in your corpus, compare what several papers "
        "say, sum up the papers of a day, a week or a month, and find papers by subject, author, "
        "title or arXiv id. Every sentence has a footnote. What would you like to know?",
    ),
    Talk(
        "how sure are you",
        """
        how (confident|sure|certain|accurate|reliable) (are|were) (you|your)\\b.*
        are you (sure|certain|confident)( about (that|this|it))?|can i trust (you|your answers?)
        do you (ever )?(hallucinate|lie|make (things|stuff) up)
        """,
        "I do not put a percentage on an answer. Each sentence of it names the paper it rests on, "
        "and shows whether that paper's words support it; please check the quote where it matters. "
        "Which writer wrote it, and which model if any, stands with the answer.",
    ),
    Talk(
        "which model are you",
        """
        (which|what) ((large|language|ai|base) )*(model|llm|ai|version|gpt) (are|r) you\\b.*
        (which|what) ((large|language|ai|base) )*(model|llm) (do|did|have) you (use|run|used)\\b.*
        (which|what) ((large|language|ai|base) )*(model|llm) is this
        (which|what) ((large|language|ai|base) )*(model|llm) (powers|runs) (you|this)
        are you (based on )?(chat ?gpt|gpt ?\\d?\\w*|claude|gemini|llama|mistral|qwen|deepseek)
        are you an? (large )?(language model|llm)|who (made|built|trained|created|developed) you
        """,
        "I am Footnote. Which writer wrote an answer, and which model if any, stands with the "
        "answer. What would you like to know from the papers?",
    ),
    Talk(
        "how many worldwide",
        r"""
        (so )?how many (\w+ )?(papers|articles|publications|preprints|studies)\b.*\bworldwide\b.*
        (so )?how many (\w+ )?(papers|articles|publications|preprints|studies)\b.*\bglobally\b.*
        (so )?how many (\w+ )?(papers|articles|publications|preprints)\b.*\bin the world\b.*
        (so )?how many (\w+ )?(papers|articles|publications|preprints)\b.*\bon arxiv\b.*
        (so )?how many (\w+ )?(papers|articles|publications|preprints)\b.*\b(exist|in total)
        """,
        "I know only the papers in your corpus and cannot count those published elsewhere. Ask me "
        "what the papers here say on the subject.",
    ),
    Talk(
        "tell me a joke",
        """
        (please |can you |could you )?(tell|give)( me| us)?( a| another| some)( \\w+)? (joke|jokes)
        (please |can you |could you )?(tell|write)( me)?( a| another)( \\w+)? (story|poem|riddle)
        sing( me)? a song|what( is| s) the (time|weather|date)( now| like| today)*
        do you (love|like|hate) me|i (love|like|hate) you
        """,
        f"That is not in the papers. {OFFER}",
    ),
)
"""Questions about the assistant and about what no corpus can tell."""

ALONE = any_of("""
    why( not| so| is (that|this|it)( so)?| does it| do they)?
    how( so| come| exactly| does (it|that|this) work)?
    and|so|but|more|really|what|who|when|where|which( ones?)?|since when|then what|next|both|meaning
    (tell|give|show) me (some )?more( about (it|that|this|them))?|go on|continue|elaborate
    (please )?(explain|summari[sz]e|repeat|rephrase|shorten|simplify)( (that|this|it|them))?
    (please )?elaborate on (that|this|it|them)
    (please )?translate (that|this|it)( (in)?to \\w+)?|compare( (them|both))?|survey|related work
    what else|anything else|in what way|(in )?more details?|shorter|longer|simpler
    (any |an |for )?examples?|for (example|instance)|such as|(any )?(sources?|evidence|proof)
    what does (that|this|it) mean|is (that|this|it) (so|true|right|correct|all)
    what (about|is|s) (it|that|this|them)
    (the )?(first|second|third|last|other)( one)?
""")
NEEDS_HISTORY = (
    rf"((and|but|so|ok|okay|then) )*{ALONE}( please| though| exactly| again| in (more )?detail)*"
)
"""Messages that say nothing alone and may say all within a conversation."""

OPENING_WORD = any_of(r"""
    hi|hello|hey|hiya|howdy|greetings|good (morning|afternoon|evening|day)|dear \w+
    (many )?thanks( a lot| so much| again)?|thank you( (so|very) much)?|thx
    ok(ay)?|k|great|cool|nice|perfect|awesome|alright|all right|well|sorry|excuse me|please|pls
    yes|no|yeah|right|good|sure|wow|interesting|i see|got it|footnote|everyone|all|there|hmm?
""")
ASKING_WORD = any_of("""
    what|how|why|which|who|where|when|is|are|does|do|did|can|could|would|should|has|have|please
    tell|explain|summari[sz]e|give|list|show|find|compare|there|footnote|everyone|everybody|all|again
""")
OPENING = rf"{OPENING_WORD}(?: ?[,.!;:…–—]+ ?| (?=((and|so|but|now|then) )?{ASKING_WORD}\b))"
"""What may stand before a question in its sentence."""

LINK = re.compile(r"^(?:and|so|but|now|then),? ", re.IGNORECASE)
"""Joins a question to the pleasantry before it."""


def chatter(sentence: str) -> str | None:
    """Give the reply to a greeting, thanks and the like; None if the sentence says more."""
    words = bare(sentence)
    kinds = "|".join(any_of(talk.phrases) for talk in CHATTER)
    if len(words) > LONGEST_CHATTER or not compiled(rf"(?:(?:{kinds})(?: |$))+").fullmatch(words):
        return None
    said = (talk for talk in CHATTER if re.search(rf"\b{any_of(talk.phrases)}\b", words))
    return next(said).reply


def meta(sentence: str) -> str | None:
    """Give the reply to a question about the assistant or the world; None if it is another."""
    words = bare(sentence)[:LONGEST_META]
    return next(
        (talk.reply for talk in META if compiled(any_of(talk.phrases)).fullmatch(words)), None
    )


def without_opening(text: str) -> str:
    """Take off what a message begins with before its question.

    >>> without_opening("ok, thanks! how does SOAP work?")
    'how does SOAP work?'
    """
    rest = text
    while opening := compiled(OPENING).match(rest):
        rest = rest[opening.end() :]
    return rest


def without_link(text: str) -> str:
    """Take off the `and` that joined a question to the pleasantry before it."""
    return LINK.sub("", text, count=1)


def needs_history(message: str) -> bool:
    """Whether the message, such as `why?`, says nothing without what was said before."""
    return compiled(NEEDS_HISTORY).fullmatch(bare(message)) is not None
