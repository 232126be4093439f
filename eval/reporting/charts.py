"""Charts as SVG to be set into a page: text stays text, colours are the page's own, so they follow dark and light."""

from __future__ import annotations

import io
import logging
import re
import threading
import warnings
import zlib
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from markupsafe import Markup, escape

from eval.running.compare import BETTER, SAME, WORSE, Comparison
from eval.scoring.confidence import Confidence
from eval.scoring.floors import LEAST
from eval.scoring.metrics import METRICS, label, type_label
from eval.scoring.significance import Interval

if TYPE_CHECKING:
    from matplotlib.axes import Axes

WIDTH = (
    5.2  # inches; at 72 to the inch the picture is as wide as a phone's screen, and its letters as large as the page's
)
ROW = 0.27
# matplotlib knows no CSS: these stand for the page's colours while it draws.
INK, SOFT, LINE, ACCENT, GOOD, BAD = "#010101", "#020202", "#030303", "#040404", "#050505", "#060606"
_COLOURS = {INK: "--ink", SOFT: "--ink-soft", LINE: "--line-strong", ACCENT: "--accent", GOOD: "--ok", BAD: "--bad"}
_FONTS = ["Noto Sans CJK SC", "Microsoft YaHei", "PingFang SC", "sans-serif"]
# matplotlib's settings are global to the process, and pages are drawn by several threads.
_DRAWING = threading.Lock()


def types_chart(
    types: Mapping[str, Mapping[str, Interval]], before: Mapping[str, Mapping[str, Interval]] | None = None
) -> Markup:
    """How well each type of case is served: refusals for those that ask for one, key points for the others. `before` are
    the same of an earlier run, drawn as rings."""
    rows = [
        (name, found[metric], metric)
        for metric in ("key_points_capped", "refused")
        for name, found in types.items()
        if metric in found
    ]
    rows.sort(key=lambda row: (row[2] == "refused", -row[1].mean, type_label(row[0])))

    def draw(axes: Axes) -> None:
        for place, (name, one, metric) in enumerate(rows):
            colour = ACCENT if metric == "key_points_capped" else GOOD
            earlier = (before or {}).get(name, {}).get(metric)
            if earlier:
                axes.plot([earlier.mean], [place], "o", color=SOFT, fillstyle="none", markersize=7, clip_on=False)
            if one.low is not None and one.high is not None:
                axes.plot([one.low, one.high], [place, place], color=colour, linewidth=2, alpha=0.45, clip_on=False)
            axes.plot([one.mean], [place], "o", color=colour, markersize=5, clip_on=False)
            axes.text(1.03, place, f"{one.mean:.0%}", va="center", fontsize=9, color=SOFT)
        axes.set_xlim(0, 1)
        _rows(axes, [f"{type_label(name)}（{one.cases}）" for name, one, _ in rows])
        _percent(axes)

    return _svg("types", "各类题的得分与 95% 区间", draw, len(rows) * ROW + 0.6)


def reliability_chart(found: Confidence) -> Markup:
    """Stated confidence against the share that is answerable; on the diagonal, 80 % means 80 %."""

    def draw(axes: Axes) -> None:
        axes.plot([0, 1], [0, 1], color=LINE, linewidth=1, linestyle="--")
        axes.plot(
            [one.stated for one in found.bins],
            [one.answerable for one in found.bins],
            "o-",
            color=ACCENT,
            markersize=5,
            linewidth=1.6,
        )
        axes.set(xlim=(0, 1), ylim=(0, 1.02), xlabel="回答的把握", ylabel="确实能答的占比")
        _percent(axes)
        axes.set_yticks([0, 0.5, 1], ["0", "50%", "100%"])

    return _svg("reliability", "把握与实际：越靠近虚线越可信", draw, 3.1)


def coverage_chart(found: Confidence) -> Markup:
    """Accuracy of the answers when only the most confident share is kept."""

    def draw(axes: Axes) -> None:
        shares, accuracies = zip(*found.curve, strict=True)
        axes.plot(shares, accuracies, color=ACCENT, linewidth=1.6)
        axes.set(xlim=(0, 1), ylim=(0, 1.02), xlabel="只留把握最大的多少回答", ylabel="这些回答的要点得分")
        _percent(axes)
        axes.set_yticks([0, 0.5, 1], ["0", "50%", "100%"])

    return _svg("coverage", "只留有把握的回答，得分是多少", draw, 3.1)


def differences_chart(comparison: Comparison) -> Markup:
    """The mean difference of each metric that moved, with its interval; right of the line is better."""
    moved = [change for change in comparison.changes if change.moved]
    colours = {BETTER: GOOD, WORSE: BAD, SAME: SOFT}

    def draw(axes: Axes) -> None:
        axes.axvline(0, color=LINE, linewidth=1)
        for place, change in enumerate(moved):
            one, colour = change.difference, colours[change.verdict]
            if one.low is not None and one.high is not None:
                axes.plot([one.low, one.high], [place, place], color=colour, linewidth=2, alpha=0.5)
            axes.plot([one.mean], [place], "o", color=colour, markersize=5)
        widest = max(abs(edge) for one in moved for edge in (one.difference.low or 0, one.difference.high or 0, 0.02))
        axes.set_xlim(-widest * 1.1, widest * 1.1)
        axes.xaxis.set_major_formatter(lambda value, _: f"{value * 100:+.0f}" if value else "0")
        axes.set_xlabel("变化（百分点；线右为变好）")
        _rows(axes, [label(change.metric) for change in moved])

    return _svg("differences", "各项指标的变化与 95% 区间", draw, len(moved) * ROW + 0.9)


def trend_chart(title: str, runs: Sequence[tuple[str, Mapping[str, Interval]]]) -> Markup:
    """How the metrics that have a floor went from run to run, oldest first; `runs` are (name, metric → mean)."""
    kinds = [metric for metric in METRICS if metric.name in LEAST and any(metric.name in means for _, means in runs)]

    def draw(*panels: Axes) -> None:
        for axes, metric in zip(panels, kinds, strict=True):
            found = [(place, means[metric.name]) for place, (_, means) in enumerate(runs) if metric.name in means]
            places = [place for place, _ in found]
            lows = [one.mean if one.low is None else one.low for _, one in found]
            highs = [one.mean if one.high is None else one.high for _, one in found]
            axes.fill_between(places, lows, highs, color=ACCENT, alpha=0.12, linewidth=0)
            axes.plot(places, [one.mean for _, one in found], "o-", color=ACCENT, markersize=4, linewidth=1.4)
            axes.axhline(LEAST[metric.name], color=SOFT, linewidth=0.8, linestyle="--")
            axes.set_title(f"{metric.label}（虚线是底线 {LEAST[metric.name]:.0%}）", loc="left", fontsize=10, color=INK)
            axes.set(xlim=(-0.3, len(runs) - 0.7), ylim=(0, 1.05))
            axes.set_yticks([0, 0.5, 1], ["0", "50%", "100%"])
            axes.grid(axis="y", color=LINE, linewidth=0.5, alpha=0.6)
            axes.set_xticks([])
        shown = sorted({0, len(runs) - 1})
        panels[-1].set_xticks(shown, [runs[place][0] for place in shown])
        panels[-1].get_xticklabels()[0].set_horizontalalignment("left")
        panels[-1].get_xticklabels()[-1].set_horizontalalignment("right")

    return _svg(f"trend-{zlib.crc32(title.encode())}", title, draw, 1.15 * len(kinds) + 0.3, len(kinds))


def _rows(axes: Axes, names: Sequence[str]) -> None:
    axes.set_yticks(range(len(names)), names)
    axes.set_ylim(len(names) - 0.4, -0.6)
    axes.grid(axis="x", color=LINE, linewidth=0.5, alpha=0.6)


def _percent(axes: Axes) -> None:
    axes.set_xticks([0, 0.5, 1], ["0", "50%", "100%"])
    axes.grid(color=LINE, linewidth=0.5, alpha=0.6)


def _svg(name: str, title: str, draw: Callable[..., None], height: float, panels: int = 1) -> Markup:
    """One picture, `height` inches high, of `panels` below each other. `name` keeps its ids apart from those of others on
    the page."""
    import matplotlib
    from matplotlib.figure import Figure

    settings: dict[Any, Any] = {
        "svg.fonttype": "none",
        "svg.hashsalt": name,
        "font.family": _FONTS,
        "font.size": 10,
        "text.parse_math": False,
        "text.color": INK,
        "axes.labelcolor": SOFT,
        "axes.edgecolor": LINE,
        "xtick.color": SOFT,
        "ytick.color": INK,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.unicode_minus": False,
    }
    written = io.StringIO()
    # A machine without a Chinese font only measures the letters less well: the browser draws them.
    logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)
    with _DRAWING, matplotlib.rc_context(settings), warnings.catch_warnings(action="ignore"):
        figure = Figure(figsize=(WIDTH, height), layout="constrained")
        column = figure.subplots(panels, squeeze=False)[:, 0]
        for axes in column:
            axes.tick_params(length=0)
        draw(*column)
        figure.savefig(written, format="svg", transparent=True, metadata={"Date": None})
    return _for_page(written.getvalue(), name, title)


def _for_page(svg: str, name: str, title: str) -> Markup:
    """The `<svg>` element alone, with ids of its own, the page's colours and font, and a title for those who listen."""
    body = svg[svg.index("<svg") :]
    body = re.sub(r"<metadata>.*?</metadata>|<style.*?</style>", "", body, flags=re.DOTALL)
    box = re.search(r'viewBox="([^"]*)"', body)
    opening = f'<svg viewBox="{box[1] if box else ""}" role="img" aria-label="{escape(title)}">'
    body = opening + body[body.index(">") + 1 :]
    body = re.sub(r"font-family: [^;\"]*;? ?", "", body)
    body = re.sub(r'(id="|href="#|url\(#)', rf"\1{name}-", body)
    for colour, token in _COLOURS.items():
        body = body.replace(colour, f"var({token})")
    return Markup(body)
