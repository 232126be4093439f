"""Reading scanned pages with RapidOCR when that package is installed (its wheel brings the models along)."""

from __future__ import annotations

import importlib
import importlib.util
from functools import cache
from typing import Any

from knowledge.parsing.loaders.pdf.geometry import Line

#: The word that begins the note of a file of which pages were recognised; readers see the note beside its quotes.
RECOGNISED = "识别文字"
_DPI = 200
_SURE = 0.5  # RapidOCR's own score of a line, 0 to 1


def available() -> bool:
    return importlib.util.find_spec("rapidocr") is not None


def recognise(page: Any) -> list[Line] | None:
    """Lines of a pdfium page from its picture, from top to bottom; None when no OCR is installed."""
    if not available():
        return None
    scale = _DPI / 72
    result = _engine()(page.render(scale=scale).to_numpy())
    if result.boxes is None:
        return []
    height = page.get_size()[1]
    lines = []
    for box, text, score in zip(result.boxes, result.txts, result.scores, strict=True):
        if score >= _SURE:
            xs, ys = [float(point[0]) / scale for point in box], [float(point[1]) / scale for point in box]
            lines.append(Line(text, min(xs), max(xs), height - (min(ys) + max(ys)) / 2))
    return sorted(lines, key=lambda line: (-round(line.y / 6), line.left))


@cache
def _engine() -> Any:
    # Its progress messages would land between our own lines.
    return importlib.import_module("rapidocr").RapidOCR(params={"Global.log_level": "critical"})
