"""Orders to the assistant: to forget its rules, to tell them, to invent. None is followed."""

from __future__ import annotations

from assistant.understanding.phrases import any_of, bare, compiled

LONGEST_ORDER = 600
"""Letters of a sentence that are looked at."""

INVENTS_NOTHING = (
    "I make nothing up: I quote only what the papers in your corpus say, and name the paper. "
    "Ask me what they say on a subject."
)
PAPERS_ONLY = (
    "I only answer questions on the papers in your corpus, with a footnote on every sentence. "
    "What would you like to know?"
)

PLEASE = "(?:(?:please|now|just|and|then|so|but|ok|okay|can|could|would|will|you|must|should) )*"
OWN = "(?:(?:your|my|the|all|any|every|of|these|those|this|full|exact|entire|whole|own) )*"
SECRET = "(?:system|developer|hidden|initial|secret|internal|custom|previous|prior|above|earlier)"
RULES = "(?:prompts?|instructions?|rules?|guidelines|messages?|directives|configuration|settings)"
FORGET = "(?:ignore|disregard|forget|override|bypass|overrule)"
BE = "(?:you are|you re|act|behave|be)(?: now)?(?: in| an?| the| as)*"
TELL = any_of("""
    (print|reveal|show|repeat|output|display|tell|give|write)( me| us| out| back)?
    (list|say|echo|dump|leak|share|quote|summari[sz]e|translate|describe)( me| us| out| back)?
    what (is|are|were|was|s)|what
""")
PUT = any_of("""
    ((always|never|do not|don t) )?(put|add|append|insert|attach|place|include|end|begin|start)
    ((always|never|do not|don t) )?(finish|prefix|mark|cite|use|follow)
""")

ORDERS = any_of(rf"""
    {FORGET} {OWN}({SECRET} )*({RULES}|everything|anything)\b.*
    {FORGET} what (you|i|we)\b.*
    {BE} (developer|debug|admin|god|dan|root|sudo|maintenance|evil|jailbr\w+|unfiltered)\b.*
    (enter|activate|enable|switch (in)?to|turn on|go into|start) (the )?\w+ mode.*
    (you are now|role ?play|pretend (to be|you|that you)|from now on|act as|behave (as|like)) .*
    {TELL} {OWN}({SECRET} )+{RULES}( above| verbatim| word for word| exactly)*
    {TELL} {OWN}(everything|anything|text|words?|lines?|sentences?|{RULES}) (written )?above.*
    {TELL} {OWN}your (\w+ )?{RULES}\b.*
    what were you (told|instructed|given)\b.*
    how were you (instructed|prompted)
    what {RULES} (were|are) you (given|following).*
    repeat after me.*
    do you have an? ({SECRET} )*{RULES}
""")

WISHES = any_of(rf"""
    {PUT}\b.*\b(every|each|any) (sentence|line|answer|paragraph|word|reply|claim)\b.*
    {PUT}\b.*\byour (answer|reply|response)s?\b.*
    (always|never|do not|don t) (use|add|give|show|put) (any )?(citations?|footnotes?|sources?)
    (answer|reply|respond|write|speak) (\w+ )?(in|with|as|like|using|without|only)( \w+){{1,6}}
    (be|keep it) (very )?(brief|short|concise|precise|honest)
    answer (fast|quickly|briefly)
""")
"""How an answer should be written; with a question mark it is a question on something else."""

INVENTION = any_of(r"""
    (pretend|make up|invent|fabricate|fake)\b.*\b(papers?|stud(y|ies)|abstracts?|prov\w+)\b.*
    (pretend|make up|invent|fabricate|fake)\b.*\b(citations?|quot\w+|sources?|references?)\b.*
""")


def order(sentence: str) -> str | None:
    """Give the reply to a sentence that is an order to the assistant; None if it is none."""
    words = bare(sentence)[:LONGEST_ORDER]
    if compiled(PLEASE + INVENTION).fullmatch(words):
        return INVENTS_NOTHING
    kinds = (ORDERS,) if sentence.rstrip().endswith("?") else (ORDERS, WISHES)
    ordered = any(compiled(PLEASE + kind).fullmatch(words) for kind in kinds)
    return PAPERS_ONLY if ordered else None
