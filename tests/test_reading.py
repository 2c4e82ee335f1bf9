"""Files, folders, standard input and the sample, to papers and problems."""

import gzip
import io
import json
import os
import sys
import tracemalloc
from datetime import date
from html import escape
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.errors import SourceError
from index.formats import LIMIT
from index.papers import Problem, Reading
from index.reading import read_sources

REAL_PAGES = Path(__file__).parents[2] / "shared" / "corpus"
SAMPLE = Path(__file__).parents[1] / "index" / "sample.jsonl"
AS_OF = date(2025, 10, 30)

RECORD = {"title": "Owls That Count", "abstract": "We study owls."}
HUB_ROW = {"paper": {"id": "2510.01234", "title": "Owls That Count", "summary": "We study owls."}}
METADATA = RECORD | {"id": "0704.0001", "submitter": None, "categories": "cs.CL"}
PAGE = "Daily Papers\n\nOct 30\n\nOwls That Count\n\n" + "We study owls – often. " * 15 + "\n"
HTML = (
    '<!doctype html><div data-target="DailyPapers" data-props="'
    + escape(json.dumps({"dailyPapers": [HUB_ROW]}))
    + '"></div>'
)
FEED = (
    '<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><entry>'
    "<id>http://arxiv.org/abs/2510.01234v1</id><title>Owls That Count</title>"
    "<summary>We study owls.</summary></entry></feed>"
)


def lines(*rows):
    return "".join(json.dumps(row) + "\n" for row in rows)


def read(*sources):
    return list(read_sources([str(source) for source in sources], as_of=AS_OF))


@pytest.fixture
def written(tmp_path):
    def write(content, name="papers"):
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write


def titles(found):
    return [one.paper.title if isinstance(one, Reading) else one.why for one in found]


@pytest.mark.parametrize(
    ("content", "source"),
    [
        (PAGE, "text"),
        (HTML, "html"),
        (FEED, "arxiv"),
        (json.dumps([HUB_ROW]), "api"),
        (json.dumps(HUB_ROW["paper"], indent=2), "api"),
        (json.dumps({"dateString": "2025-10-30", "dailyPapers": [HUB_ROW]}), "api"),
        (lines(METADATA), "arxiv"),
        (lines(RECORD), "text"),
        (json.dumps([RECORD], indent=1), "text"),
        (json.dumps(RECORD, indent=1), "text"),
        (json.dumps(RECORD), "text"),
        ("\n\n  " + HTML, "html"),
    ],
)
@pytest.mark.parametrize("name", ["papers", "papers.jpg", "papers.json"])
def test_format_is_told_by_content_and_not_by_name(written, content, source, name):
    (one,) = read(written(content, name))
    assert one.paper.title == "Owls That Count"
    assert one.paper.source == source


@pytest.mark.parametrize("content", [PAGE, HTML, FEED, lines(RECORD), json.dumps([HUB_ROW])])
@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"]
)
def test_encoding_is_told_by_content(written, content, encoding):
    assert read(written(content.encode(encoding))) == read(written(content))


@pytest.mark.parametrize("content", [PAGE, HTML, FEED, lines(RECORD, RECORD)])
def test_windows_line_ends_change_nothing(written, content):
    windows = content.replace("\n", "\r\n")
    assert read(written(windows)) == read(written(content))


def test_single_bytes_of_windows_1252_in_utf_8_are_read(written):
    content = (
        lines({"title": "Ä", "abstract": "B"}).encode() + b'{"title":"\xc4","abstract":"\x93"}'
    )
    found = read(written(content))
    assert titles(found) == ["Ä", "Ä"]
    assert found[1].paper.abstract == "\u201c"


def test_bytes_that_no_encoding_knows_are_read_and_told(written):
    found = read(written(b'{"title":"Owl\x81s","abstract":"B"}\n'))
    assert found[0].paper.title == "Owl\ufffds"
    assert found[1].why == "damaged characters, read as `\ufffd`: 1"


@pytest.mark.parametrize(
    "content", [b"\x89PNG\r\n\x1a\n\0\0\0", b"\x01\x02\x03\x04", b"%PDF\x0e\x0f"]
)
def test_what_is_no_text_is_a_problem(written, content):
    assert titles(read(written(content))) == ["is not text"]


@pytest.mark.parametrize("content", ["", "\ufeff"])
def test_empty_file_is_a_problem(written, content):
    (problem,) = read(written(content))
    assert isinstance(problem, Problem)


@pytest.mark.parametrize("content", ["# Notes\n\nOn owls.\n", "a,b\n1,2\n", "<rss/>", "\n", "7"])
def test_text_in_no_known_format_is_a_problem(written, content):
    (problem,) = read(written(content))
    assert problem.why.startswith("is in no format that Footnote reads: a Daily Papers page")


def test_compressed_file_is_read(written):
    assert titles(read(written(gzip.compress(PAGE.encode())))) == ["Owls That Count"]


@pytest.mark.parametrize("cut", [3, 12, 60, -4])
def test_damaged_compressed_file_is_a_problem(written, cut):
    found = read(written(gzip.compress(lines(RECORD, RECORD).encode())[:cut]))
    assert found[-1].why.startswith("is a damaged gzip file")


def test_broken_line_is_a_problem_with_its_number_and_costs_no_other(written):
    content = '{"title": "Owl\n' + lines(RECORD) + "\n" + lines(7, {"title": "Bees"}, RECORD)
    found = read(written(content))
    assert [one.line for one in found] == [1, 2, 4, 5, 6]
    assert [type(one) for one in found] == [Problem, Reading, Problem, Problem, Reading]
    assert found[0].why.startswith("is not JSON: ")
    assert found[3].why == "`Bees` has no abstract"


def test_json_that_is_damaged_is_a_problem_with_its_line(written):
    (problem,) = read(written('[\n{"title": "Owls",\n"abstract" "We study owls."}]'))
    assert problem.line == 3


@pytest.mark.parametrize("content", ["[" * 100_000, '[{"upvotes": ' + "9" * 5000 + "}]"])
def test_json_beyond_what_can_be_parsed_is_a_problem(written, content):
    (problem,) = read(written(content))
    assert problem.why.startswith("is not JSON")


def test_page_of_the_api_gives_its_day_to_rows_that_name_none(written):
    content = json.dumps({"dateString": "2025-10-29", "dailyPapers": [HUB_ROW]})
    assert read(written(content))[0].listing.day == date(2025, 10, 29)


def test_formats_may_be_mixed_in_json_lines(written):
    found = read(written(lines(RECORD, HUB_ROW, METADATA)))
    assert [one.paper.source for one in found] == ["text", "api", "arxiv"]


def test_folder_is_read_in_order_with_all_below_it(tmp_path):
    (tmp_path / "b").mkdir()
    (tmp_path / ".git").mkdir()
    for name in ("c.txt", "a.txt", "b/d.txt", ".hidden", ".git/e.txt"):
        (tmp_path / name).write_text(lines(RECORD | {"title": name}), encoding="utf-8")
    found = read(tmp_path)
    assert titles(found) == ["a.txt", "c.txt", "b/d.txt"]
    assert found[2].origin == str(tmp_path / "b" / "d.txt")


def test_file_of_a_folder_that_cannot_be_taken_stops_no_other(tmp_path):
    (tmp_path / "a.png").write_bytes(b"\x89PNG\0")
    (tmp_path / "b.md").write_text("# Notes", encoding="utf-8")
    (tmp_path / "c.txt").symlink_to(tmp_path / "nowhere")
    (tmp_path / "d.txt").write_text(lines(RECORD), encoding="utf-8")
    assert [type(one) for one in read(tmp_path)] == [Problem, Problem, Problem, Reading]


def test_folder_that_links_to_itself_is_read_once(tmp_path):
    (tmp_path / "a.txt").write_text(lines(RECORD), encoding="utf-8")
    (tmp_path / "again").symlink_to(tmp_path, target_is_directory=True)
    assert titles(read(tmp_path)) == ["Owls That Count"]


def test_pipe_in_a_folder_is_a_problem_and_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    assert titles(read(tmp_path)) == ["is not a file: a broken link, a pipe or a device"]


def test_empty_folder_is_a_problem(tmp_path):
    assert titles(read(tmp_path)) == ["the folder holds no files"]


def test_file_whose_name_is_no_text_is_named_in_text(tmp_path):
    path = os.fsencode(tmp_path) + b"/owl\xff.txt"
    Path(os.fsdecode(path)).write_text(lines(RECORD), encoding="utf-8")
    assert read(tmp_path)[0].origin == f"{tmp_path}/owl\ufffd.txt"


def test_standard_input_is_read_and_left_open(monkeypatch):
    stream = io.BytesIO(PAGE.encode())
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(stream, encoding="utf-8"))
    (one,) = read("-")
    assert (one.origin, one.line) == ("-", 5)
    assert not stream.closed


def test_pipe_given_as_a_source_is_read():
    reader, writer = os.pipe()
    os.write(writer, lines(RECORD).encode())
    os.close(writer)
    assert titles(read(f"/dev/fd/{reader}")) == ["Owls That Count"]
    os.close(reader)


@pytest.mark.skipif(not SAMPLE.exists(), reason="the sample is not there yet")
def test_sample_is_read_without_a_problem():
    found = read("sample:")
    assert {type(one) for one in found} == {Reading}
    assert {one.paper.source for one in found} == {"sample"}
    assert {one.origin for one in found} == {"sample:"}


@pytest.mark.parametrize("source", ["nowhere", "", "a\0b", "nowhere/-"])
def test_source_that_does_not_exist_is_an_error_with_a_cure(source):
    with pytest.raises(SourceError, match="does not exist") as caught:
        read(source)
    assert "give a file, a folder" in caught.value.hint


@pytest.mark.parametrize("source", ["https://huggingface.co/papers", "doi:10.1000/1"])
def test_source_of_another_kind_is_an_error_that_names_those_that_are_known(source):
    with pytest.raises(SourceError, match="is no source that Footnote knows") as caught:
        read(source)
    assert "`hf:today`" in caught.value.hint


def test_file_named_like_a_live_source_is_read(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("hf:owls").write_text(lines(RECORD), encoding="utf-8")
    assert titles(read("hf:owls")) == ["Owls That Count"]


def test_source_that_is_missing_is_told_before_any_is_read(written):
    with pytest.raises(SourceError):
        read_sources([str(written(PAGE)), "nowhere"], as_of=AS_OF)


def test_file_name_that_is_too_long_is_an_error_with_a_cure():
    with pytest.raises(SourceError, match="cannot be read"):
        read("x" * 5000)


def test_document_beyond_the_limit_is_a_problem(written):
    (problem,) = read(written("Daily Papers\n" + "x" * LIMIT))
    assert problem.why.startswith(f"is longer than {LIMIT} characters")


def test_memory_does_not_grow_with_the_number_of_lines(written):
    path = written(lines(RECORD | {"padding": "owl " * 2000}) * 2500)
    assert path.stat().st_size > 19_000_000
    tracemalloc.start()
    try:
        count = sum(1 for _ in read_sources([str(path)], as_of=AS_OF))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert count == 2500
    assert peak < 3_000_000


SEEDS = [PAGE, HTML, FEED, lines(RECORD, HUB_ROW, METADATA), json.dumps([HUB_ROW], indent=1)]


@settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(content=st.binary(max_size=400) | st.text(max_size=200).map(str.encode))
def test_no_bytes_whatever_raise(written, content):
    for one in read(written(content)):
        assert isinstance(one, Problem | Reading)


@settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    seed=st.sampled_from(SEEDS),
    place=st.integers(0, 600),
    length=st.integers(0, 50),
    noise=st.binary(max_size=50),
    packed=st.booleans(),
)
def test_no_damage_to_a_file_raises(written, seed, place, length, noise, packed):
    content = gzip.compress(seed.encode()) if packed else seed.encode()
    for one in read(written(content[:place] + noise + content[place + length :])):
        assert "\n" not in (one.why if isinstance(one, Problem) else one.paper.abstract)
        str(one).encode()


@pytest.mark.skipif(not REAL_PAGES.is_dir(), reason="the real pages are not beside this checkout")
def test_real_pages_are_read_and_their_description_is_not():
    found = read(REAL_PAGES)
    assert sum(isinstance(one, Reading) for one in found) == 458
    assert [Path(one.origin).name for one in found if isinstance(one, Problem)] == ["README.md"]
