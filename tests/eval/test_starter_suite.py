"""The suite `starter` is well formed, balanced, spread over the study guides, and true to what they say."""

from __future__ import annotations

import functools
import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from eval.scoring.scores import says
from eval.suite import load_suite
from knowledge.metadata.validity import series_key
from knowledge.parsing.loaders import read
from knowledge.text.quantities import to_int

ROOT = Path(__file__).resolve().parents[2]
SUITES = ROOT / "eval" / "suites"
LIBRARY = ROOT / "knowledge" / "library"

ANSWERABLE_TYPES = {
    "list", "definition", "number", "article", "situation", "comparison", "typo", "multi_turn", "who", "procedure",
    "time_limit",
}  # fmt: skip
UNANSWERABLE_TYPES = {
    "not_in_library", "missing_article", "false_premise", "other_field", "prediction", "personal_case",
    "under_specified", "missing_edition",
}  # fmt: skip
FIELDS = {
    "id", "split", "type", "question", "history", "answerable", "as_of", "evidence", "key_points", "forbidden",
}  # fmt: skip
OPTIONAL = {"also", "expect", "accept", "missing_document"}
LONGEST_COPY = 13
ARTICLE = r"《([^》]+)》(?:（\d{4}年[^）]*）)?(第[一二三四五六七八九十百零]+条)"
Case = dict[str, Any]


def load(name: str) -> list[Case]:
    """The cases of one file, in order."""
    return [json.loads(line) for line in (SUITES / name).read_text("utf-8").splitlines() if line.strip()]


ANSWERABLE = load("starter.jsonl")
UNANSWERABLE = load("starter_unanswerable.jsonl")
EVERY = ANSWERABLE + UNANSWERABLE


@functools.cache
def guides() -> dict[str, Path]:
    """The study guides by the title in their front matter."""
    found = {}
    for path in sorted(LIBRARY.glob("*.md")):
        title = re.search(r"^title: (.+)$", path.read_text("utf-8"), re.MULTILINE)
        assert title is not None, path
        found[title[1].strip()] = path
    return found


@functools.cache
def text_of(guide: str) -> str:
    """The canonical text of a guide, in which quotes are sought."""
    return read(guides()[guide]).text


@functools.cache
def sections_of(guide: str) -> tuple[str, ...]:
    """The canonical text of a guide, cut at its `##` headings."""
    headings = re.findall(r"^## (.+)$", guides()[guide].read_text("utf-8"), re.MULTILINE)
    pattern = "|".join(rf"^{re.escape(heading.strip())}$" for heading in headings)
    return tuple(re.split(pattern, text_of(guide), flags=re.MULTILINE))


def around(evidence: Case) -> str:
    """The section of a guide in which a quote stands; "" when it stands nowhere."""
    return "".join(part for part in sections_of(evidence["document"]) if evidence["quote"] in part)


def longest_run(text: str, within: str) -> int:
    """The length of the longest run of letters and figures that both texts have."""
    sought, found = re.sub(r"\W", "", text), re.sub(r"\W", "", within)
    return max(n for n in range(len(sought) + 1) for i in range(len(sought) - n + 1) if sought[i : i + n] in found)


def test_the_packaged_suite_loads_both_halves() -> None:
    suite = load_suite("starter")
    assert len(suite.cases) == len(EVERY)
    assert all(place.quote for case in suite.cases for place in case.evidence)


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
            for place in [*case["evidence"], *case.get("also", [])]:
                assert place["document"] in guides(), place["document"]
                assert (place["edition"], place["address"]) == (None, None), "a guide has neither editions nor articles"


def test_every_quote_stands_in_its_guide(subtests: pytest.Subtests) -> None:
    for case in EVERY:
        with subtests.test(case["id"]):
            for place in case["evidence"]:
                assert 10 <= len(place["quote"]) <= 60
                assert place["quote"] in text_of(place["document"])


def test_every_answerable_case_says_what_a_right_answer_holds(subtests: pytest.Subtests) -> None:
    for case in ANSWERABLE:
        with subtests.test(case["id"]):
            assert case["answerable"] is True
            assert case["type"] in ANSWERABLE_TYPES
            assert case["evidence"]
            assert 1 <= len(case["key_points"]) <= 8
            assert all(2 <= len(wording) <= 14 for wording in "|".join(case["key_points"]).split("|"))
            assert bool(case["history"]) == (case["type"] == "multi_turn")


def test_every_key_point_stands_in_the_section_of_a_quote(subtests: pytest.Subtests) -> None:
    for case in ANSWERABLE:
        with subtests.test(case["id"]):
            found = "".join(around(place) for place in case["evidence"])
            missing = [point for point in case["key_points"] if not any(says(found, form) for form in point.split("|"))]
            assert missing == []
            assert [wrong for wrong in case["forbidden"] if says(found, wrong)] == []


def test_every_unanswerable_case_says_what_a_good_refusal_says(subtests: pytest.Subtests) -> None:
    for case in UNANSWERABLE:
        with subtests.test(case["id"]):
            assert case["answerable"] is False
            assert case["type"] in UNANSWERABLE_TYPES
            assert case["expect"].strip()
            assert not case["key_points"], "a refusal has nothing to recall"
            cautious = case["type"] in {"personal_case", "false_premise"}
            assert case["accept"] == (["refuse", "caution"] if cautious else ["refuse"])
            assert bool(case["evidence"]) == cautious


def test_no_guide_reports_an_article_said_to_be_missing(subtests: pytest.Subtests) -> None:
    for case in [c for c in UNANSWERABLE if c["type"] == "missing_article"]:
        with subtests.test(case["id"]):
            asked = re.fullmatch(r"(?:\d{4}年)?(.+?)第(\d+|[一二三四五六七八九十百零]+)条.*", case["question"])
            assert asked is not None
            number = to_int(asked[2])
            reported = {pair for guide in guides() for pair in re.findall(ARTICLE, text_of(guide))}
            assert not any(name.endswith(asked[1]) and to_int(article[1:-1]) == number for name, article in reported)


def test_ids_are_unique_across_both_suites_and_questions_within_this_one() -> None:
    both = EVERY + load("official.jsonl") + load("official_unanswerable.jsonl")
    assert max(Counter(case["id"] for case in both).values()) == 1
    assert max(Counter(json.dumps([case["history"], case["question"]]) for case in EVERY).values()) == 1


def test_there_are_enough_cases_of_every_kind() -> None:
    kinds = Counter(case["type"] for case in EVERY)
    assert len(ANSWERABLE) >= 190
    assert len(UNANSWERABLE) >= 160
    assert kinds["multi_turn"] >= 25
    assert kinds["article"] >= 15
    assert kinds["not_in_library"] > len(UNANSWERABLE) / 2, "most are inside the field, document not in the library"
    assert set(kinds) == ANSWERABLE_TYPES | UNANSWERABLE_TYPES
    named = [case for case in UNANSWERABLE if case["type"] == "not_in_library" and case.get("missing_document")]
    assert len(named) >= 0.9 * kinds["not_in_library"]


def test_the_answerable_cases_are_spread_over_the_guides() -> None:
    asked = Counter(place["document"] for case in ANSWERABLE for place in case["evidence"])
    assert len(asked) >= 0.9 * len(guides())
    assert max(asked.values()) <= 0.05 * sum(asked.values())


@pytest.mark.parametrize("cases", [ANSWERABLE, UNANSWERABLE], ids=["answerable", "unanswerable"])
def test_the_two_halves_are_about_equal(cases: list[Case]) -> None:
    assert 0.4 <= sum(case["split"] == "dev" for case in cases) / len(cases) <= 0.6


def test_all_cases_about_one_guide_or_one_missing_document_stand_in_the_same_half() -> None:
    halves: dict[str, set[str]] = {}
    for case in EVERY:
        names = [place["document"] for place in case["evidence"]]
        for name in [*names, *filter(None, [case.get("missing_document")])]:
            halves.setdefault(series_key(name), set()).add(case["split"])
    assert {name: split for name, split in halves.items() if len(split) > 1} == {}


def test_a_document_said_to_be_missing_is_in_the_same_half_as_in_the_suite_official() -> None:
    def halves(cases: list[Case]) -> dict[str, str]:
        return {case["missing_document"]: case["split"] for case in cases if case.get("missing_document")}

    ours, official = halves(UNANSWERABLE), halves(load("official_unanswerable.jsonl"))
    assert {name for name in ours.keys() & official.keys() if ours[name] != official[name]} == set()


def test_no_question_copies_the_wording_of_a_guide() -> None:
    guide_texts = {guide: text_of(guide) for guide in guides()}
    copied = [
        (case["id"], guide)
        for case in ANSWERABLE
        for guide in {place["document"] for place in case["evidence"]}
        if longest_run(case["question"], guide_texts[guide]) > LONGEST_COPY
    ]
    assert copied == []
