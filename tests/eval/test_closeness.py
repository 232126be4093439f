"""The pairs that the matching of curated questions is measured on, and how they are counted."""

from __future__ import annotations

from assistant.curated_answers.similarity import NAMES, Calibration, Likeness
from eval.scoring.closeness import SPLITS, Pair, fit, load_pairs, rates, with_saved

NEAR, FAR = Likeness(0.99, 0.4, 0.9, 0.0), Likeness(0.93, 0.6, 0.1, 0.3)
ALWAYS = Calibration(dict.fromkeys(NAMES, 0.0) | {"nearness": 1.0}, -4.0, 0.5)


def test_every_question_has_other_wordings_and_questions_that_look_like_it() -> None:
    pairs = load_pairs()
    assert {pair.split for pair in pairs} == {*SPLITS}
    assert sum(pair.same for pair in pairs) >= 380
    assert sum(not pair.same for pair in pairs) >= 1100
    assert not [pair for pair in pairs if pair.one == pair.other]
    halves = [{pair.one for pair in pairs if pair.split == split} for split in SPLITS]
    assert sum(map(len, halves)) == len(set().union(*halves))


def test_rates_count_what_is_taken_for_the_same() -> None:
    pairs = [Pair("甲", "乙", True, "dev"), Pair("甲", "丙", True, "dev"), Pair("甲", "丁", False, "dev")]
    found = rates(pairs, [NEAR, FAR, None], ALWAYS)
    assert (found.pairs, found.found, found.mistaken) == (3, 0.5, 0.0)


def test_a_fit_keeps_most_of_what_only_looks_alike_apart() -> None:
    pairs = [Pair(str(i), f"另{i}", i % 2 == 0, "dev") for i in range(40)]
    likenesses = [NEAR if pair.same else FAR for pair in pairs]
    fitted = fit(pairs, likenesses)
    calibration = Calibration(fitted["weights"], fitted["bias"], fitted["threshold"])  # type: ignore[arg-type]
    found = rates(pairs, likenesses, calibration)
    assert (found.found, found.mistaken) == (1.0, 0.0)


def test_what_is_found_with_the_other_wordings_saved_counts_the_best_of_them() -> None:
    pairs = [
        Pair("甲", "乙", True, "dev"),
        Pair("甲", "丙", True, "dev"),
        Pair("乙", "丙", True, "dev"),
        Pair("甲", "丁", False, "dev"),
        Pair("乙", "丁", False, "dev"),
    ]
    found = with_saved(pairs, [NEAR, None, FAR, None, None], ALWAYS)
    assert round(found["found"], 2) == 0.67
    assert found["mistaken"] == 0.0
