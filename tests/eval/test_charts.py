"""Charts are pieces of a page: their words can be read and searched, and their colours are the page's own."""

from __future__ import annotations

import re
from pathlib import Path

from borrowing import result

from eval.reporting.charts import differences_chart, reliability_chart, trend_chart, types_chart
from eval.running.compare import compare
from eval.running.folder import Run
from eval.running.run import aggregates, by_type
from eval.scoring.confidence import confidence
from eval.scoring.significance import Interval

MEAN = Interval(0.8, 0.7, 0.9, 20)


def test_words_stay_words_and_colours_are_the_pages() -> None:
    drawn = types_chart({"number": {"key_points_capped": MEAN}, "prediction": {"refused": MEAN}})
    assert "数字（20）" in drawn
    assert "预测（20）" in drawn
    assert "80%" in drawn
    assert "var(--accent)" in drawn
    assert not re.search(r"#[0-9a-f]{6}", drawn.replace("#types-", ""))
    assert "<style" not in drawn


def test_two_charts_on_a_page_share_no_id() -> None:
    judged = confidence([result(i, answered=1.0) for i in range(12)])
    assert judged
    one, two = types_chart({"number": {"key_points_capped": MEAN}}), reliability_chart(judged)
    assert not set(re.findall(r'id="([^"]+)"', one)) & set(re.findall(r'id="([^"]+)"', two))


def test_only_what_moved_is_drawn() -> None:
    def run(value: float) -> Run:
        results = [result(i, document=f"文件{i}", answered=1.0, evidence_recall=value) for i in range(8)]
        return Run(Path("r"), "s", "0", "2026-11-24T10:00:00", "0", tuple(results))

    drawn = differences_chart(compare(run(1.0), run(0.5)))
    assert "出处引全" in drawn
    assert "该回答的回答" not in drawn


def test_a_hostile_name_stays_a_name() -> None:
    means = aggregates([result(i, document=f"文件{i}", answered=1.0) for i in range(3)])
    drawn = trend_chart('"><script>x</script> $a$ \\1', [("<b>$x^2$", means), ("b", means)])
    assert "<script" not in drawn
    assert "<b>" not in drawn
    assert "&lt;b&gt;$x^2$" in drawn


def test_a_suite_without_such_cases_still_gives_a_picture() -> None:
    assert types_chart(by_type([result(1, quotes=1.0)])).startswith("<svg")
