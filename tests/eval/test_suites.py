"""The suite `official` is well formed, balanced, free of copied text, and true to the documents it asks about."""

from __future__ import annotations

import functools
import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

SUITES = Path(__file__).resolve().parents[2] / "eval" / "suites"
SHARED = Path(__file__).resolve().parents[2].parent / "shared"
OFFICIAL = SHARED / "corpus" / "official"
needs_corpus = pytest.mark.skipif(not OFFICIAL.is_dir(), reason="../shared/corpus/official is not here")

ANSWERABLE_TYPES = {
    "list", "definition", "number", "article", "situation", "comparison", "edition_current", "edition_old",
    "edition_changed", "typo", "multi_turn", "who", "procedure", "time_limit",
}  # fmt: skip
UNANSWERABLE_TYPES = {
    "not_in_library", "missing_article", "false_premise", "other_field", "prediction", "personal_case",
    "under_specified", "missing_edition", "not_stated",
}  # fmt: skip
FIELDS = {
    "id", "split", "type", "question", "history", "answerable", "as_of", "evidence", "key_points", "forbidden",
}  # fmt: skip
OPTIONAL = {"also", "expect", "accept", "missing_document"}
LONGEST_COPY = 30
Case = dict[str, Any]


def load(name: str) -> list[Case]:
    """The cases of one file, in order."""
    path = SUITES / name
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]


ANSWERABLE = load("official.jsonl")
UNANSWERABLE = load("official_unanswerable.jsonl")
EVERY = ANSWERABLE + UNANSWERABLE


def plain(text: str) -> str:
    """For comparing: NFKC and no white space, so that full-width brackets and padded lines do not matter."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


DIGIT = "[0-9一二三四五六七八九十百千零〇]"


def says(text: str, wording: str) -> bool:
    """Whether a plain text contains a wording with its numbers whole: `十日` is not found in `三十日`."""
    sought = plain(wording)
    before = rf"(?<!{DIGIT})" if re.match(DIGIT, sought) else ""
    after = rf"(?!{DIGIT})" if re.search(rf"{DIGIT}$", sought) else ""
    return re.search(before + re.escape(sought) + after, text) is not None


def title_key(title: str) -> str:
    """The characters of a title that tell it apart: no edition year, punctuation or name of the state."""
    bare = re.sub(r"\((?:19|20)\d\d[-\d]*\)", "", unicodedata.normalize("NFKC", title))
    return re.sub(r"\W|_", "", bare).removeprefix("中华人民共和国")


@functools.cache
def files() -> dict[str, list[Path]]:
    """Files of the corpus by the key of their names; several editions of one text share a key."""
    found: dict[str, list[Path]] = {}
    for path in sorted(OFFICIAL.glob("*/*.md")):
        found.setdefault(title_key(path.stem), []).append(path)
    return found


def file_of(document: str, edition: str) -> Path:
    """The file of a document named in a case; the edition decides when the corpus holds several."""
    key = title_key(document)
    paths = files().get(key) or [p for k, group in files().items() if key in k for p in group]
    if len(paths) > 1:
        paths = [p for p in paths if f"({edition}" in p.name] or [p for p in paths if p.stem == "宪法"]
    assert len(paths) == 1, f"{document} {edition}: {[p.name for p in paths]}"
    return paths[0]


@functools.cache
def lines_of(path: Path) -> tuple[str, ...]:
    return tuple(line for line in map(plain, path.read_text("utf-8").splitlines()) if line)


NUMERAL = "[一二三四五六七八九十百零〇]+"
LEVELS = [rf"第{NUMERAL}条", rf"{NUMERAL}、", rf"\({NUMERAL}\)", r"\d+[.、]", r"\(\d+\)"]


def level(line: str) -> int | None:
    """How deep the label at the start of a line stands; None for running text."""
    bare = line.lstrip("#*")
    return next((depth for depth, pattern in enumerate(LEVELS) if re.match(pattern, bare)), None)


def opens(line: str, label: str) -> bool:
    bare = line.lstrip("#*")
    marks = [label] if label.startswith(("第", "(")) else [f"{label}、", f"{label}."]
    return any(bare.startswith(mark) for mark in marks)


def part(lines: tuple[str, ...], address: str | None) -> str:
    """The text that stands at an address such as `第五条`, `第五条/第二款`, `三/（二）`; the whole text for None."""
    inside = list(lines)
    for label in plain(address).split("/") if address else []:
        if label.endswith("款"):
            paragraphs = [line for line in inside if level(line) in (None, 0) and not re.fullmatch(LEVELS[0], line)]
            number = "一二三四五六七八九十".index(label[1]) + 1
            assert len(paragraphs) >= number, f"{address}: only {len(paragraphs)} paragraphs"
            inside = [paragraphs[number - 1]]
            continue
        starts = [i for i, line in enumerate(inside) if opens(line, label)]
        assert starts, f"nothing stands at {address}"
        first = starts[0]
        depth = level(inside[first])
        assert depth is not None
        ends = (i for i in range(first + 1, len(inside)) if (d := level(inside[i])) is not None and d <= depth)
        inside = inside[first : next(ends, len(inside))]
    return "".join(inside)


def text_at(evidence: dict[str, str]) -> str:
    return part(lines_of(file_of(evidence["document"], evidence["edition"])), evidence["address"])


def problems(case: Case) -> Iterator[str]:
    """What is wrong with the evidence of an answerable case; nothing when all is well."""
    try:
        found = "".join(text_at(item) for item in case["evidence"])
        for item in case.get("also", []):
            text_at(item)
    except AssertionError as error:
        yield str(error)
        return
    for point in case["key_points"]:
        if not any(says(found, wording) for wording in point.split("|")):
            yield f"no wording of {point!r} stands in the evidence"
    for wrong in case["forbidden"]:
        if says(found, wrong):
            yield f"{wrong!r} is forbidden but stands in the evidence"


@functools.cache
def runs_of_the_corpus() -> frozenset[str]:
    """Every run of LONGEST_COPY + 1 characters of the corpus."""
    size = LONGEST_COPY + 1
    texts = ("".join(lines_of(path)) for group in files().values() for path in group)
    return frozenset(text[i : i + size] for text in texts for i in range(len(text) - size + 1))


def test_every_case_has_the_fields_of_the_contract(subtests: pytest.Subtests) -> None:
    for case in EVERY:
        with subtests.test(case["id"]):
            assert set(case) >= FIELDS
            assert set(case) <= FIELDS | OPTIONAL
            assert case["split"] in {"dev", "test"}
            assert case["question"].strip() == case["question"] != ""
            assert [message["role"] for message in case["history"]] == ["user", "assistant"] * (
                len(case["history"]) // 2
            )
            assert all(message["content"].strip() for message in case["history"])
            assert case["as_of"] is None or re.fullmatch(r"\d{4}-\d\d-\d\d", case["as_of"])
            for item in case["evidence"] + case.get("also", []):
                assert set(item) == {"document", "edition", "address"}, "evidence holds no quote: no text is copied"
                assert item["document"]
                assert item["address"] is None or item["address"].strip("/")
                assert re.fullmatch(r"(\d{4})?", item["edition"])


def test_every_answerable_case_says_what_a_right_answer_holds(subtests: pytest.Subtests) -> None:
    for case in ANSWERABLE:
        with subtests.test(case["id"]):
            assert case["answerable"] is True
            assert case["type"] in ANSWERABLE_TYPES
            assert case["evidence"]
            assert 1 <= len(case["key_points"]) <= 8
            for wording in "|".join(case["key_points"]).split("|"):
                assert 1 <= len(wording) <= 16, wording
            assert bool(case["history"]) == (case["type"] == "multi_turn")


def test_every_unanswerable_case_says_what_a_good_refusal_says(subtests: pytest.Subtests) -> None:
    for case in UNANSWERABLE:
        with subtests.test(case["id"]):
            assert case["answerable"] is False
            assert case["type"] in UNANSWERABLE_TYPES
            assert case["expect"].strip()
            assert set(case.get("accept", ["refuse"])) <= {"refuse", "caution"}
            assert not case["key_points"], "a refusal has nothing to recall"
            if case["type"] == "not_in_library":
                assert case["missing_document"].strip()
            if case["type"] in {"personal_case", "false_premise"}:
                assert case["accept"] == ["refuse", "caution"]


def test_ids_and_questions_are_unique() -> None:
    assert max(Counter(case["id"] for case in EVERY).values()) == 1
    asked = Counter(json.dumps([case["history"], case["question"], case["as_of"]]) for case in EVERY)
    assert max(asked.values()) == 1


def test_there_are_enough_cases_of_every_kind() -> None:
    kinds = Counter(case["type"] for case in EVERY)
    assert len(ANSWERABLE) >= 190
    assert len(UNANSWERABLE) >= 160
    assert kinds["edition_current"] + kinds["edition_old"] + kinds["edition_changed"] >= 25
    assert kinds["multi_turn"] >= 20
    assert kinds["article"] >= 15
    assert kinds["not_in_library"] >= 60
    assert set(kinds) == ANSWERABLE_TYPES | UNANSWERABLE_TYPES


def test_the_answerable_cases_are_spread_over_many_documents() -> None:
    assert len({title_key(item["document"]) for case in ANSWERABLE for item in case["evidence"]}) >= 60


@pytest.mark.parametrize("cases", [ANSWERABLE, UNANSWERABLE], ids=["answerable", "unanswerable"])
def test_the_two_halves_are_about_equal(cases: list[Case]) -> None:
    share = sum(case["split"] == "dev" for case in cases) / len(cases)
    assert 0.4 <= share <= 0.6


def test_all_cases_about_one_document_stand_in_the_same_half() -> None:
    halves: dict[str, set[str]] = {}
    for case in EVERY:
        names = [item["document"] for item in case["evidence"]]
        for name in [*names, *filter(None, [case.get("missing_document")])]:
            halves.setdefault(title_key(name), set()).add(case["split"])
    assert {name: split for name, split in halves.items() if len(split) > 1} == {}


@needs_corpus
def test_every_key_point_stands_at_the_address_given_as_evidence(subtests: pytest.Subtests) -> None:
    for case in ANSWERABLE:
        with subtests.test(case["id"]):
            assert list(problems(case)) == []


@needs_corpus
def test_the_provisions_named_beside_a_refusal_exist(subtests: pytest.Subtests) -> None:
    for case in UNANSWERABLE:
        with subtests.test(case["id"]):
            for item in case["evidence"] + case.get("also", []):
                assert text_at(item)


@needs_corpus
def test_a_document_said_to_be_missing_is_not_in_the_library(subtests: pytest.Subtests) -> None:
    for case in [c for c in UNANSWERABLE if c.get("missing_document")]:
        with subtests.test(case["id"]):
            assert title_key(case["missing_document"]) not in files()


@needs_corpus
def test_no_question_or_history_copies_a_run_of_official_text() -> None:
    runs = runs_of_the_corpus()
    size = LONGEST_COPY + 1
    copied = []
    for case in EVERY:
        for text in [case["question"], *(message["content"] for message in case["history"])]:
            asked = plain(text)
            copied += [case["id"] for i in range(len(asked) - size + 1) if asked[i : i + size] in runs][:1]
    assert copied == []
