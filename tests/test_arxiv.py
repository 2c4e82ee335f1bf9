"""arXiv's Atom feeds and its metadata dump."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.arxiv import is_metadata, looks_like_feed, metadata_row, read_feed
from index.papers import Problem, Reading
from index.rows import RowError

ENTRY = """
  <entry>
    <id>http://arxiv.org/abs/{id}</id>
    <updated>2025-10-29T01:00:00Z</updated>
    <published>2025-10-27T23:30:00Z</published>
    <title>Owls That
      Count</title>
    <summary>  {summary}
    </summary>
    <author><name>Ada Owl</name></author>
    <author><name>Bo Bee</name><arxiv:affiliation>The Hive</arxiv:affiliation></author>
    <arxiv:comment>5 pages</arxiv:comment>
    <category term="cs.LG" scheme="http://arxiv.org/schemas/atom"/>
    <category term="cs.CL" scheme="http://arxiv.org/schemas/atom"/>
    <arxiv:primary_category term="cs.CL"/>
  </entry>
"""


def entry(identity="2510.01234v2", summary="We study owls &amp; bees.\n They count."):
    return ENTRY.format(id=identity, summary=summary)


def feed(*entries):
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:arxiv="http://arxiv.org/schemas/atom"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/">\n'
        f"  <title>arXiv Query</title>{''.join(entries)}</feed>"
    )


def read(text):
    return list(read_feed(text, origin="feed.xml"))


def test_entry_is_read_with_all_it_tells():
    (one,) = read(feed(entry()))
    paper = one.paper
    assert (paper.arxiv_id, paper.title) == ("2510.01234", "Owls That Count")
    assert paper.abstract == "We study owls & bees. They count."
    assert (paper.authors, paper.author_count) == (("Ada Owl", "Bo Bee"), 2)
    assert paper.categories == ("cs.CL", "cs.LG")
    assert paper.published == date(2025, 10, 27)
    assert (paper.source, paper.url) == ("arxiv", "https://arxiv.org/abs/2510.01234")
    assert (one.listing, one.line, paper.comments) == (None, 4, None)


def test_old_id_keeps_its_archive_and_loses_its_version():
    assert read(feed(entry("quant-ph/0201082v1")))[0].paper.arxiv_id == "quant-ph/0201082"


@pytest.mark.parametrize(
    "summary",
    [
        "This paper has been withdrawn by the author due to a crucial error in equation 1.",
        "This paper has been withdrawn",
        "This submission was withdrawn.",
    ],
)
def test_withdrawn_paper_is_a_problem(summary):
    (problem,) = read(feed(entry(summary=summary)))
    assert problem == Problem(origin="feed.xml", line=4, why="`Owls That Count` is withdrawn")


def test_abstract_about_withdrawn_papers_is_an_abstract():
    summary = "Papers are withdrawn for many reasons. This paper has been withdrawn is one phrase."
    assert isinstance(read(feed(entry(summary=summary)))[0], Reading)


def test_abstract_of_the_daily_feed_loses_its_announcement_and_its_day():
    announced = "arXiv:2510.01234v1 Announce Type: new \nAbstract: We study owls."
    text = feed(entry(summary=announced)).replace("http://arxiv.org/abs/", "oai:arXiv.org:")
    (one,) = read(text)
    assert (one.paper.arxiv_id, one.paper.abstract) == ("2510.01234", "We study owls.")
    assert one.paper.published is None


def test_authors_of_the_daily_feed_are_read_from_one_line():
    plain = entry().replace("<author><name>Ada Owl</name></author>", "")
    plain = plain.replace("<author>", "<dc:creator>Ada Owl, Cy Fish</dc:creator><other>")
    plain = plain.replace("</author>", "</other>")
    assert read(feed(plain))[0].paper.authors == ("Ada Owl", "Cy Fish")


def test_error_that_the_api_answers_is_a_problem():
    (problem,) = read(feed(entry("x").replace("abs/x", "api/errors#incorrect_id_format")))
    assert "api/errors#incorrect_id_format` is not an arXiv id" in problem.why


def test_entry_without_id_or_abstract_is_a_problem_and_costs_no_other():
    broken = entry().replace("<id>", "<i>").replace("</id>", "</i>")
    found = read(feed(broken, entry(summary=""), entry()))
    assert [type(one) for one in found] == [Problem, Problem, Reading]
    assert found[0].why == "`Owls That Count` has no id"
    assert found[1].why == "`Owls That Count` has no abstract"


def test_entries_before_the_feed_breaks_off_are_read():
    found = read(feed(entry(), entry())[:-300])
    assert [type(one) for one in found] == [Reading, Problem]
    assert "breaks off" in found[1].why
    assert found[1].line > 20


def test_feed_without_entries_is_a_problem():
    assert [one.why for one in read(feed())] == ["the feed holds no papers"]


def test_feed_that_defines_entities_is_refused(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("secret", encoding="utf-8")
    evil = f'<!DOCTYPE feed [<!ENTITY owl SYSTEM "file://{secret}">]>'
    text = feed(entry(summary="&owl;")).replace("<feed", evil + "<feed", 1)
    (problem,) = read(text)
    assert "declares a document type" in problem.why


def test_feed_is_told_from_other_xml():
    assert looks_like_feed(feed())
    assert looks_like_feed("<!-- saved -->\n<atom:feed xmlns:atom='x'>")
    assert not looks_like_feed('<?xml version="1.0"?><rss><channel/></rss>')
    assert not looks_like_feed("<!doctype html><html>")


@given(st.text(max_size=100), st.integers(0, 1200))
@settings(max_examples=60, deadline=None)
def test_no_damaged_feed_raises(noise, place):
    text = feed(entry())
    read(text[:place] + noise + text[place:])


METADATA = {
    "id": "0704.0001",
    "submitter": None,
    "authors": "Ada Owl and Bo Bee, Jr",
    "title": "Owls That\n  Count",
    "comments": "5 pages",
    "categories": "cs.CL cs.LG",
    "abstract": "  We study owls.\nThey count.\n",
    "versions": [
        {"version": "v1", "created": "Mon, 2 Apr 2007 23:18:42 GMT"},
        {"version": "v2", "created": "Tue, 3 Apr 2007 19:18:42 GMT"},
    ],
    "update_date": "2015-05-13",
    "authors_parsed": [["Owl", "Ada", ""], ["Bee", "Bo", "Jr"], ["Aesop", "", ""]],
}


def test_row_of_the_metadata_dump_is_read_with_all_it_tells():
    paper = metadata_row(METADATA).paper
    assert (paper.arxiv_id, paper.title) == ("0704.0001", "Owls That Count")
    assert paper.abstract == "We study owls. They count."
    assert (paper.authors, paper.author_count) == (("Ada Owl", "Bo Bee Jr", "Aesop"), 3)
    assert paper.categories == ("cs.CL", "cs.LG")
    assert paper.published == date(2007, 4, 2)
    assert paper.comments is None
    assert metadata_row(METADATA).listings == (None,)


def test_row_of_the_other_dump_has_lists_and_no_day():
    row = METADATA | {"categories": ["cs.CL"], "versions": ["v1"]}
    assert metadata_row(row).paper.categories == ("cs.CL",)
    assert metadata_row(row).paper.published is None


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"id": "nothing"}, "`nothing` is not an arXiv id"),
        ({"versions": [{"created": "Feb 30"}]}, "`versions` begins on `Feb 30`"),
        ({"versions": [{"created": "Mon, 30 Feb 2007 19:18:42 GMT"}]}, "which is no date"),
        ({"versions": [{"created": f"Mon, 2 Apr {'9' * 30} 19:18:42 GMT"}]}, "which is no date"),
        ({"authors_parsed": ["Owl"]}, "`authors_parsed` is not a list of names"),
        ({"authors_parsed": [[]]}, "`authors_parsed` is not a list of names"),
        ({"abstract": "This article has been withdrawn."}, "is withdrawn"),
        ({"categories": 7}, "`categories` is not text but `7`"),
    ],
)
def test_wrong_field_of_the_metadata_dump_is_named_with_its_value(changes, why):
    with pytest.raises(RowError) as caught:
        metadata_row(METADATA | changes)
    assert why in str(caught.value)


def test_metadata_is_told_from_other_json():
    assert is_metadata(METADATA)
    assert not is_metadata({"title": "Owls", "abstract": "We study owls."})
