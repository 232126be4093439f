"""Changes single entries of a YAML file that people write by hand too: their remarks and their order stay."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import yaml


def with_entry(text: str, key: str, value: object, section: str | None = None) -> str:
    """`text` with `key: value` (None: no value) on a line of its own: in the place of the line that held `key`, else
    last in its section. Without `section` entries stand at the margin."""
    lines = text.splitlines()
    line = ("  " if section else "") + _line(key, value)
    span = _span(lines, section)
    if span is None:
        return "\n".join([*lines, f"{section}:", line]) + "\n"
    start, end = span
    for number in _holding(lines, start, end, key):
        return "\n".join([*lines[:number], line, *lines[number + 1 :]]) + "\n"
    while end > start and not lines[end - 1].strip():
        end -= 1
    return "\n".join([*lines[:end], line, *lines[end:]]) + "\n"


def without_entry(text: str, key: str, section: str | None = None) -> str:
    """`text` without the line that holds `key`."""
    lines = text.splitlines()
    span = _span(lines, section)
    gone = set(_holding(lines, *span, key)) if span else set()
    kept = [line for number, line in enumerate(lines) if number not in gone]
    return "\n".join(kept) + "\n" if kept else ""


def replace_file(path: Path, text: str) -> None:
    """Write `text` to `path`, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(
        "w", encoding="utf-8", dir=path.parent, prefix=f".{path.name}-", delete=False
    ) as partial:
        partial.write(text)
        partial.flush()
        os.fsync(partial.fileno())
    os.replace(partial.name, path)


def _line(key: str, value: object) -> str:
    return f"{_flow(key)}:" if value is None else f"{_flow(key)}: {_flow(value)}"


def _flow(value: object) -> str:
    """`value` on one line."""
    dumped = yaml.safe_dump(value, allow_unicode=True, default_flow_style=True, width=10**9, sort_keys=False)
    return dumped.removesuffix("...\n").strip()


def _span(lines: list[str], section: str | None) -> tuple[int, int] | None:
    """The lines of a section without its own; all lines where there are no sections."""
    if section is None:
        return 0, len(lines)
    heads = [number for number, line in enumerate(lines) if line[:1].strip() and not line.startswith("#")]
    for place, number in enumerate(heads):
        if lines[number].split("#")[0].strip().strip("\"'").rstrip(":").strip("\"'") == section:
            return number + 1, heads[place + 1] if place + 1 < len(heads) else len(lines)
    return None


def _holding(lines: list[str], start: int, end: int, key: str) -> Iterator[int]:
    for number in range(start, end):
        try:
            read = yaml.load(lines[number].strip(), Loader=yaml.CSafeLoader)
        except yaml.YAMLError:
            continue
        if isinstance(read, dict) and list(read) == [key]:
            yield number
