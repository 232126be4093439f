"""The picture of a bench run, for docs/: who indexes how fast, how long a question takes, memory, quality, and growth."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from eval.benchmarks.growth import Growth
from eval.benchmarks.side_by_side import NAMES, Measured

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_OURS, _OTHERS, _LIMIT = "#b3261e", "#9aa5b1", "#3d4852"
_FONTS = ["Noto Sans CJK SC", "Microsoft YaHei", "PingFang SC", "sans-serif"]


def draw(found: Sequence[Measured], growth: Growth | None, path: Path) -> None:
    """Write an SVG to `path`."""
    import matplotlib
    from matplotlib.figure import Figure

    settings: dict[Any, Any] = {
        "font.family": _FONTS,
        "font.size": 9,
        "svg.hashsalt": "bench",
        "axes.unicode_minus": False,
    }
    logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)
    with matplotlib.rc_context(settings):
        figure = Figure(figsize=(9, 5.6 if growth else 3.6), layout="constrained")
        layout = "AB;CD;EE" if growth else "AB;CD"
        panels = figure.subplot_mosaic(layout)
        _bars(panels["A"], "每秒入库字数（越长越好）", [(one, one.rate) for one in found], "{:,.0f}")
        _bars(panels["B"], "一次检索的毫秒数，中位（越短越好）", [(one, one.p50) for one in found], "{:.1f}")
        _bars(panels["C"], "占用内存 MB（越短越好）", [(one, one.mb) for one in found], "{:,.0f}")
        scored = [(one, one.ndcg) for one in found if one.ndcg is not None]
        _bars(panels["D"], "检索质量 nDCG@10（越长越好）", scored, "{:.3f}")
        if growth:
            _growth(panels["E"], growth)
        figure.savefig(path, format="svg", metadata={"Date": None})


def _bars(axes: Axes, title: str, rows: Sequence[tuple[Measured, float]], written: str) -> None:
    for place, (one, value) in enumerate(rows):
        axes.barh(place, value, color=_OURS if one.name == "xuesi" else _OTHERS, height=0.6)
        axes.text(value, place, " " + written.format(value), va="center")
    axes.set_yticks(range(len(rows)), [NAMES[one.name] for one, _ in rows])
    axes.set_xlim(0, max(value for _, value in rows) * 1.18)
    axes.invert_yaxis()
    axes.set_xticks([])
    axes.set_title(title, loc="left", fontsize=10)
    axes.tick_params(length=0)
    axes.spines[["top", "right", "bottom"]].set_visible(False)


def _growth(axes: Axes, growth: Growth) -> None:
    places = range(len(growth.sizes))
    axes.plot(places, [one.p95 for one in growth.sizes], "o-", color=_OURS, label="95% 的检索不超过")
    axes.plot(places, [one.p50 for one in growth.sizes], "o--", color=_OURS, alpha=0.6, label="中位")
    axes.axhline(growth.encoding_p50, color=_LIMIT, linewidth=0.8, linestyle=":", label="只编码问题，中位")
    axes.set_xticks(places, [f"{one.passages:,} 段" for one in growth.sizes])
    axes.set_ylim(0)
    axes.set_title("段落越来越多时，学思一次检索的毫秒数", loc="left", fontsize=10)
    axes.legend(frameon=False, ncols=3, loc="lower right")
    axes.spines[["top", "right"]].set_visible(False)
