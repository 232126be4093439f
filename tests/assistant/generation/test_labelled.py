"""How many unsupported sentences the checker catches and how often it cries wolf, on sentences labelled by hand."""

from __future__ import annotations

from collections import Counter

import pytest
from labelled_pairs import Pair, curve, outcome, pairs, rates

from assistant.verification.checker import Checked, Support

STEPS = (0.4, 0.5, 0.6, 0.7, 0.72, 0.8, 0.85, 0.9)


@pytest.fixture(scope="module", params=["dev", "test"])
def judged(request: pytest.FixtureRequest) -> list[tuple[Pair, Checked]]:
    return [(pair, outcome(pair)) for pair in pairs(request.param)]


def test_there_are_enough_pairs_and_the_halves_share_no_document() -> None:
    dev, test = pairs("dev"), pairs("test")
    assert len(dev) + len(test) >= 300
    assert not {one.sources[0].document for one in dev} & {one.sources[0].document for one in test}
    assert all(any(one.supported is wanted for one in some) for some in (dev, test) for wanted in (True, False))


def test_unsupported_sentences_are_caught_and_supported_ones_let_through(judged: list[tuple[Pair, Checked]]) -> None:
    recall, alarms = rates(judged)
    wrong = Counter(pair.kind for pair, one in judged if (one.support is Support.SUPPORTED) is not pair.supported)
    assert recall >= 0.95, wrong
    assert alarms <= 0.10, wrong


def test_altered_numbers_dates_and_articles_are_not_shown_at_all(judged: list[tuple[Pair, Checked]]) -> None:
    altered = [(pair, one) for pair, one in judged if pair.kind in ("number", "date", "article", "reference")]
    removed = [one.support is Support.REMOVED for pair, one in altered if not pair.supported]
    assert sum(removed) / len(removed) >= 0.95


def test_errors_are_caught_however_freely_a_sentence_is_worded(capsys: pytest.CaptureFixture[str]) -> None:
    """No floor for false alarms here: most free rewordings are marked (docs/verifier.md), which must not be forgotten."""
    recall, alarms = rates((pair, outcome(pair)) for pair in pairs("free"))
    with capsys.disabled():
        print(f"\nfreely worded: recall {recall:.3f}, false alarms {alarms:.3f}")
    assert recall >= 0.88


def test_a_stricter_threshold_catches_more_and_cries_wolf_more(capsys: pytest.CaptureFixture[str]) -> None:
    found = curve(pairs("test"), STEPS)
    with capsys.disabled():
        print("\nenough  recall  false alarms")
        for step, recall, alarms in found:
            print(f"{step:6.2f}  {recall:6.3f}  {alarms:6.3f}")
    assert [recall for _, recall, _ in found] == sorted(recall for _, recall, _ in found)
    assert [alarms for _, _, alarms in found] == sorted(alarms for _, _, alarms in found)
