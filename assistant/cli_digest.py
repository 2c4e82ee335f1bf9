"""The command `footnote digest`: what the papers of some days say, by topic."""

from __future__ import annotations

from assistant.options import (
    AgainOption,
    DateOption,
    DigestFormatOption,
    EmailOption,
    FromOption,
    HomeOption,
    InterestsOption,
    JsonOption,
    MonthOption,
    OutOption,
    PageOption,
    RankOption,
    ToOption,
    WeekOption,
)
from assistant.settings import Settings


def digest(
    date: DateOption = None,
    week: WeekOption = None,
    month: MonthOption = None,
    since: FromOption = None,
    until: ToOption = None,
    page: PageOption = None,
    interests: InterestsOption = None,
    rank: RankOption = None,
    format: DigestFormatOption = "text",
    email: EmailOption = None,
    again: AgainOption = False,
    out: OutOption = None,
    home: HomeOption = None,
    json: JsonOption = False,
) -> None:
    """Say by topic what the papers of a day, a week, a month or a page are about.

    Without days, those of the latest list.

    \b
    Try: footnote digest --from 2015-01-01
    """
    from assistant import terminal
    from assistant.delivery.delivering import deliver, readers_named, sender_of
    from assistant.delivery.forms import digest_as, put
    from assistant.digest.interests import Interests
    from assistant.digest.opening import digester as opened
    from assistant.digest.periods import Named, period_named, wanted

    settings = Settings.read(home=home)
    readers = readers_named(email or [])
    sender = sender_of(settings) if readers else None
    followed = Interests.read(interests) if interests else None
    named = Named(day=date, week=week, month=month, since=since, until=until, page=page)
    with terminal.TerminalTalk() as talk, opened(settings, talk) as digester:
        period = period_named(named, digester.index.corpus, today=settings.today)
        made = digester.digest(
            wanted(period, interests=followed, interests_from=interests, rank=rank)
        )
        if out or not sender:
            put(digest_as("json" if json else format, made, moment=settings.now), out)
        if sender:
            deliver(made, readers, sender=sender, settings=settings, talk=talk, again=again)
