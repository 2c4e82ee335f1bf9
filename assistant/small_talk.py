"""Messages that are no question on papers, and what is replied; orders to the assistant."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

LONGEST_CHATTER = 160
"""Letters of a sentence that may be a greeting or thanks and nothing else."""

OFFER = (
    "Ask me a question and I answer it from the abstracts in your corpus, with a footnote on every "
    "sentence; or ask for the papers of a day or a week."
)
ASK = "What would you like to know? " + OFFER
ABOUT_WHAT = (
    "What is your question about? Name the method, the subject or the paper, for example: "
    '"Why does weight decay help generalisation?"'
)
INVENTS_NOTHING = (
    "I make nothing up: I quote only what the papers in your corpus say, and name the paper. "
    "Ask me what they say on a subject."
)
OWN_ORDERS = (
    "I only answer questions on the papers in your corpus, with a footnote on every sentence. "
    + "What would you like to know?"
)


class Talk(NamedTuple):
    """A kind of small talk."""

    name: str
    pattern: str
    """Of the whole sentence, as `bare` gives it."""
    reply: str


CHATTER = (
    Talk(
        "thanks",
        r"(?:many )?than(?:ks?|x)(?: you)?(?: again)?|thx|ty|cheers|much appreciated|i appreciate (?:it|that)"
        r"|(?:so|very) much|a (?:lot|bunch|million)|for (?:that|this|it|everything|(?:your|the) \w+(?: \w+)?)"
        r"|(?:that|this|it|you)(?: (?:really|has|have|was|were|is|s|ve|been))* (?:very |so |super |really )?"
        r"(?:help(?:ed|ful|s)|useful|great|perfect|nice|good|awesome|excellent|interesting)(?: me)?"
        r"|well done|good (?:job|answer|work|bot)|nice (?:one|work|job)",
        "You are welcome. If anything is left open, ask on.",
    ),
    Talk(
        "goodbye",
        r"(?:good ?)?bye(?: bye)?|see (?:you|ya)(?: (?:later|soon|tomorrow))?|good night|farewell"
        r"|have a (?:nice|good|great) (?:day|evening|night|weekend|one)|that(?: is| s) all|ciao|i m done",
        "Goodbye. The papers stay here for your next question.",
    ),
    Talk(
        "how are you",
        r"how (?:are|r) (?:you|u)(?: doing| feeling)?(?: today)?|how (?:is it|s it) going|what s up|sup"
        r"|how do you do|how have you been|nice to meet you",
        "I am ready to read. " + OFFER,
    ),
    Talk(
        "greeting",
        r"hi|hello|hey|hiya|heya|howdy|yo|greetings|welcome|good ?(?:morning|afternoon|evening|day)"
        r"|(?:dear )?(?:footnote|assistant)|there|everyone|everybody|all|folks|friend|again|hallo|hola|bonjour"
        r"|test(?:ing)?|is (?:anybody|anyone) (?:there|here)|are you there",
        "Hello. " + OFFER,
    ),
    Talk(
        "all right",
        r"o ?k(?:ay)?|k|all ?right|alright|fine|sure|great|cool|nice|perfect|awesome|wow|lol|ha(?:ha)+|good"
        r"|i see|i understand|understood|got it|makes sense|interesting|never ?mind|no problem"
        r"|yes|yeah|yep|no|nope|amazing|excellent|wonderful|please|sorry|oh|ah|hm+|then|so|and|well|too",
        "All right. " + OFFER,
    ),
)
"""What a sentence of chatter is put together from; the first kind in it gives the reply."""

META = (
    Talk(
        "who",
        r"(?:so )?(?:who|what)(?: are|re| r) (?:you|u)(?: exactly| really| called)?|(?:what is|what s) your name"
        r"|introduce yourself|tell me about yourself|do you have a name"
        r"|are you (?:an? )?(?:real |human |ai )?(?:bot|robot|human|person|ai|machine|real|program|assistant)",
        "I am Footnote, a program that answers questions from the paper abstracts in your corpus and "
        "puts a footnote on every sentence. " + "What would you like to know?",
    ),
    Talk(
        "abilities",
        r"what (?:all )?(?:can|could|do) (?:you|u) do(?: for me)?|(?:how )?can you help(?: me)?(?: out)?"
        r"|(?:i need )?help(?: me)?(?: out)?|how do (?:i|you) (?:use (?:you|this)|work)|what can i (?:ask|do)"
        r"(?: you| here)?|what (?:are|is) (?:your|you) (?:abilities|capabilities|purpose|for|functions?)"
        r"|what (?:questions|kinds? of questions) can (?:i ask|you answer)(?: you)?|usage|commands|menu",
        "I answer questions from the paper abstracts in your corpus, compare what several papers say, "
        "sum up the papers of a day, a week or a month, and find papers by subject, author, title or "
        "arXiv id. Every sentence has a footnote. " + "What would you like to know?",
    ),
    Talk(
        "confidence",
        r"how (?:confident|sure|certain|accurate|reliable) (?:are|were) (?:you|your)\b.*"
        r"|are you (?:sure|certain|confident)(?: about (?:that|this|it))?|can i trust (?:you|your answers?)"
        r"|do you (?:ever )?(?:hallucinate|lie|make (?:things|stuff) up)",
        "I do not put a percentage on an answer. Each sentence of it names the paper it rests on, and "
        "shows whether that paper's words support it; please check the quote where it matters. Which "
        "writer wrote it, and which model if any, stands with the answer.",
    ),
    Talk(
        "model",
        r"(?:which|what) (?:(?:large|language|ai|base|underlying) )*(?:model|llm|ai|version|gpt)"
        r" (?:are|r|do|is|did|powers|runs|was|have)\b.{0,20}\b(?:you|this|your|answer)\b.*"
        r"|(?:what|which) (?:model|llm) is this|are you (?:based on )?(?:chat ?gpt|gpt ?\d?\w*|claude|gemini"
        r"|llama|mistral|qwen|deepseek|openai|an? (?:large )?(?:language model|llm)).*"
        r"|who (?:made|built|trained|created|developed|programmed|owns) you",
        "I am Footnote. Which writer wrote an answer, and which model if any, stands with the answer. "
        "What would you like to know from the papers?",
    ),
    Talk(
        "worldwide",
        r"(?:so )?how many (?:\w+ )?(?:papers|articles|publications|preprints|studies)\b.*\b(?:worldwide"
        r"|globally|in the (?:whole )?world|around the world|across the world|on arxiv|ever (?:written|published)"
        r"|in (?:all|total)|exist)\b.*",
        "I know only the papers in your corpus and cannot count those published elsewhere. Ask me what "
        "the papers here say on the subject.",
    ),
    Talk(
        "jokes",
        r"(?:please |can you |could you )?(?:tell|give)(?: me| us)?(?: a| another| some)(?: \w+)? "
        r"(?:jokes?|story|poem|riddle)|sing(?: me)? a song|what(?: is| s) the (?:time|weather|date)"
        r"(?: (?:now|like|today))*|do you (?:love|like|hate) me|i (?:love|hate) you",
        "That is not in the papers. " + OFFER,
    ),
)
"""Questions about the assistant and about what no corpus can tell."""

PLEASE = r"(?:(?:please|now|just|and|then|so|but|ok|okay|can|could|would|will|you|must|should|i want you to) )*"
OWN = r"(?:your|my|the|all|any|every|of|these|those|this|full|exact|entire|complete|whole|original|own) "
SECRET = (
    r"(?:system|developer|hidden|initial|secret|internal|first|custom|previous|prior|above|earlier)"
)
RULES = r"(?:prompts?|instructions?|rules?|guidelines|messages?|directives|settings|configuration|training)"
TELL = (
    r"(?:print|reveal|show|repeat|output|display|tell|give|write|list|say|echo|dump|leak|share|quote"
    r"|summari[sz]e|translate|describe|what (?:is|are|were|was|s)|what)(?: me| us| out| back| down)?"
)
ORDERS = (
    Talk(
        "forget the rules",
        rf"{PLEASE}(?:ignore|disregard|forget|override|bypass|overrule) (?:{OWN})*(?:{SECRET} )*"
        rf"(?:{RULES}|everything|anything|what (?:you|i))\b.*",
        OWN_ORDERS,
    ),
    Talk(
        "another mode",
        rf"{PLEASE}(?:(?:you are|you re|act|behave|be) (?:now )?(?:in |an? |the |as )*(?:developer|debug|admin"
        r"|god|dan|jailbr\w+|unrestricted|unfiltered|sudo|root|maintenance|evil)\b.*|you are now .*"
        r"|(?:enter|activate|enable|switch (?:in)?to|turn on|go into|start) (?:the )?\w+ mode.*"
        r"|(?:role ?play|pretend (?:to be|you|that you)|from now on|act as|behave (?:as|like)) .*)",
        OWN_ORDERS,
    ),
    Talk(
        "tell the rules",
        rf"{PLEASE}{TELL} (?:{OWN})*(?:(?:{SECRET} )+{RULES}(?: (?:above|verbatim|word for word|exactly))*"
        rf"|(?:everything|anything|text|words?|lines?|sentences?|content|conversation|{RULES}) (?:written )?above.*)",
        OWN_ORDERS,
    ),
    Talk(
        "tell your rules",
        rf"{PLEASE}{TELL} (?:{OWN})*?your (?:\w+ )?{RULES}\b.*|how were you (?:instructed|prompted)"
        rf"|what were you (?:told|instructed|given)\b.*|do you have an? (?:{SECRET} )*{RULES}",
        OWN_ORDERS,
    ),
    Talk(
        "how to write",
        rf"{PLEASE}(?:(?:always|never|do not|don t) )?(?:put|add|append|insert|attach|place|include|end|begin"
        r"|start|finish|prefix|mark|cite|use|follow)\b.*\b(?:(?:every|each|any) (?:sentence|line|answer|paragraph"
        r"|word|reply|claim)|(?:your|the) (?:answer|reply|response)s?)\b.*",
        OWN_ORDERS,
    ),
    Talk(
        "how to answer",
        rf"{PLEASE}(?:(?:answer|reply|respond|write|speak) (?:\w+ )?(?:in|with|as|like|using|without|only) (?:\w+ ?)"
        r"{1,6}|(?:be|keep it) (?:very )?(?:brief|short|concise|precise|honest)|answer (?:fast|quickly|briefly))",
        OWN_ORDERS,
    ),
)
"""Sentences that order about the assistant: none is followed."""

INVENT = re.compile(
    rf"{PLEASE}(?:pretend|make up|invent|fabricate|fake|imagine that (?:one of your|a|the) papers?)\b"
    r".*\b(?:papers?|stud(?:y|ies)|citations?|quot\w+|sources?|evidence|references?|abstracts?|prov\w+|results?)\b.*"
)

OPENING = re.compile(
    r"""
    (?: hi|hello|hey|hiya|howdy|greetings|good\s+(?:morning|afternoon|evening|day)|dear\s+\w+
      | (?:many\s+)?thanks(?:\s+(?:a\s+lot|so\s+much|again))?|thank\s+you(?:\s+(?:so|very)\s+much)?|thx
      | ok(?:ay)?|k|great|cool|nice|perfect|awesome|alright|all\s+right|well|sorry|excuse\s+me|please|pls
      | yes|no|yeah|right|good|sure|wow|interesting|i\s+see|got\s+it|footnote|everyone|all|there|hmm?
    )
    (?: \s*[,.!;:…–—]+\s*
      | \s+(?=(?:(?:and|so|but|now|then)\s+)?(?:what|how|why|which|who|where|when|is|are|does|do|did|can
          |could|would|should|has|have|please|tell|explain|summari[sz]e|give|list|show|find|compare|there
          |footnote|everyone|everybody|all|again)\b)
    )
    """,
    re.IGNORECASE | re.VERBOSE,
)
"""What may stand before a question in its sentence."""

LINK = re.compile(r"(?:and|so|but|now|then)\s*,?\s+", re.IGNORECASE)
"""Joins a question to the pleasantry before it."""

ALONE = re.compile(
    r"(?:(?:and|but|so|ok|okay|then) )*(?:why(?: (?:not|so|is (?:that|this|it)(?: so)?|does it|do they))?|how(?: so"
    r"| come| exactly| does (?:it|that|this) work)?|and|so|but|more|(?:tell|give|show) me (?:some )?more(?: about (?:it|that|this|them))?|go on|continue|explain"
    r"|elaborate|really|what|who|when|where|which(?: ones?)?|what else|anything else|in what way"
    r"|(?:please )?(?:explain|summari[sz]e|elaborate(?: on)?|repeat|rephrase|shorten|simplify) (?:that|this|it|them)(?: again| please| further| in (?:more )?detail)*"
    r"|(?:in )?more details?|(?:any |an |for )?examples?|for (?:example|instance)|such as"
    r"|(?:any )?(?:sources?|evidence|proof)|shorter|longer|simpler|what does (?:that|this|it) mean"
    r"|is (?:that|this|it) (?:so|true|right|correct|all)|what about (?:it|that|this|them)|what (?:is|s) (?:it|that|this)"
    r"|(?:the )?(?:first|second|third|last|other)(?: one)?|both|next|then what|and then|meaning|since when)(?: please| though| then| exactly| again)*"
)
"""Messages that say nothing alone and may say all within a conversation."""


def bare(text: str) -> str:
    """Reduce a sentence to its words, in small letters: what the patterns here match."""
    return " ".join(re.findall(r"[^\W_]+", text.lower()))


def chatter(sentence: str) -> str | None:
    """Give the reply to a greeting, thanks and the like; None if the sentence says more."""
    words = bare(sentence)
    if not words or len(words) > LONGEST_CHATTER or not _chatter().fullmatch(words):
        return None
    kinds = (talk for talk in CHATTER if re.search(rf"\b(?:{talk.pattern})\b", words))
    return next(kinds).reply


def meta(sentence: str) -> str | None:
    """Give the reply to a question about the assistant or the world; None if it is another."""
    words = bare(sentence)
    return next((talk.reply for talk in META if re.fullmatch(talk.pattern, words)), None)


def order(sentence: str) -> str | None:
    """Give the reply to an order to the assistant; None if the sentence is none."""
    words = bare(sentence)
    if INVENT.fullmatch(words):
        return INVENTS_NOTHING
    return next((talk.reply for talk in ORDERS if re.fullmatch(talk.pattern, words)), None)


def without_opening(text: str) -> str:
    """Take off what a message begins with before its question.

    >>> without_opening("thanks! and how does SOAP work?")
    'how does SOAP work?'
    """
    rest = text
    while opening := OPENING.match(rest):
        rest = rest[opening.end() :]
    if rest == text:
        return text
    link = LINK.match(rest)
    return (rest[link.end() :] if link else rest) or text


def needs_history(message: str) -> bool:
    """Whether the message, such as `why?`, says nothing without what was said before."""
    return ALONE.fullmatch(bare(message)) is not None


@cache
def _chatter() -> re.Pattern[str]:
    kinds = "|".join(talk.pattern for talk in CHATTER)
    return re.compile(rf"(?:(?:{kinds})(?: |$))+")
