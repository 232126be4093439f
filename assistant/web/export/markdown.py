"""A sheet as Markdown with footnotes. What the library or a reader wrote is kept from being taken for markup."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable

from assistant.web.export.labelling import implicit_label
from assistant.web.export.sheet import GENERATED, SYSTEM, Grid, Kind, Line, Run, Sheet

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>|~$])")
_AT_START = re.compile(r"^(\s*)([#+-]|[0-9]+[.)](?=\s))")


def to_markdown(sheet: Sheet) -> str:
    """The whole file. The front matter carries the properties that Word keeps elsewhere."""
    properties = {"title": sheet.title, "subject": sheet.subject, "date": sheet.day.isoformat(), "generator": SYSTEM}
    matter = [f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in properties.items()]
    if sheet.model is not None:
        matter.append(f"AIGC: {implicit_label(sheet)}")
    lines = ["---", *matter, "---", "", f"# {escaped(sheet.title)}", ""]
    if sheet.model is not None:
        lines += [f"**{escaped(GENERATED)}**", ""]
    for part in sheet.parts:
        lines += [*_grid(part), ""] if isinstance(part, Grid) else [_line(part), ""]
    lines += [f"[^{number}]: {escaped(text)}" for number, text in enumerate(sheet.footnotes, start=1)]
    return "\n".join(lines).rstrip() + "\n"


def escaped(text: str) -> str:
    """`text` with every character that Markdown would read as markup taken literally."""
    return _AT_START.sub(r"\1\\\2", _SPECIAL.sub(r"\\\1", text.replace("&", "&amp;")))


def _line(line: Line) -> str:
    words = _runs(line.runs)
    match line.kind:
        case Kind.HEADING:
            return f"## {words}"
        case Kind.SUBHEADING:
            return f"### {words}"
        case Kind.LABEL | Kind.WARNING:
            return f"**{words}**"
        case Kind.ITEM:
            return f"- {words}"
        case Kind.QUOTE:
            return f"> {words}"
        case _:
            return words


def _grid(grid: Grid) -> Iterable[str]:
    corner = f"{escaped(grid.corner)} " if grid.corner else ""
    yield f"| {corner}| " + " | ".join(escaped(header) for header in grid.headers) + " |"
    yield "|" + " --- |" * (len(grid.headers) + 1)
    for row in grid.rows:
        yield "| " + " | ".join("<br>".join(_runs(line.runs) for line in cell) for cell in row) + " |"


def _runs(runs: Iterable[Run]) -> str:
    def words(run: Run) -> str:
        return f"**{escaped(run.text)}**" if run.strong else escaped(run.text)

    return "".join(words(run) + "".join(f"[^{note}]" for note in run.notes) for run in runs)
