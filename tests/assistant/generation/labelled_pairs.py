"""Sentences about made-up regulations, labelled by hand as supported by their sources or not, and how the checker does."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.verification.checker import Checked, Checker, Policy, Support
from assistant.verification.sources import Source

FOLDERS = (Path(__file__).with_name("labelled"), Path(__file__).with_name("labelled") / "free")


@dataclass(frozen=True)
class Pair:
    """A sentence that cites `cited` out of the `sources` of one document. `kind` tells how it was made."""

    split: str
    kind: str
    supported: bool
    sentence: str
    cited: tuple[int, ...]
    sources: tuple[Source, ...]


def pairs(split: str) -> list[Pair]:
    """The labelled pairs of `dev`, `test` or `free` (written without sight of the checker, reworded freely); no two share a
    document."""
    folder = FOLDERS[split == "free"]
    rows = _rows(folder, "sources")
    numbers = {str(row["id"]): place for place, row in enumerate(rows, start=1)}
    sources = [
        Source(
            place,
            str(row["text"]),
            str(row["document"]),
            str(row["address"]),
            str(row["edition"]),
            str(row["validity"]),
        )
        for place, row in enumerate(rows, start=1)
    ]
    found = []
    for row in _rows(folder, "pairs"):
        named = row["sources"]
        assert isinstance(named, list)
        cited = [sources[numbers[one] - 1] for one in named]
        together = [one for one in sources if one.document == cited[0].document]
        renumbered = tuple(
            Source(n, one.text, one.document, one.address, one.edition, one.validity)
            for n, one in enumerate(together, start=1)
        )
        found.append(
            Pair(
                str(row["split"]),
                str(row["kind"]),
                bool(row["supported"]),
                str(row["sentence"]),
                tuple(together.index(one) + 1 for one in cited),
                renumbered,
            )
        )
    return [one for one in found if one.split == split]


def outcome(pair: Pair, policy: Policy | None = None, *, cited: bool = True) -> Checked:
    """What the checker makes of the sentence as a model would have written it."""
    checker = Checker(pair.sources, policy)
    markers = "".join(f"[{one}]" for one in pair.cited) if cited else ""
    [checked] = [*checker.feed(f"{pair.sentence.rstrip('。')}{markers}。"), *checker.finish()]
    return checked


def rates(judged: Iterable[tuple[Pair, Checked]]) -> tuple[float, float]:
    """Recall of unsupported sentences, and the share of supported ones that raise a false alarm."""
    every = list(judged)
    caught = [one.support is not Support.SUPPORTED for pair, one in every if not pair.supported]
    alarms = [one.support is not Support.SUPPORTED for pair, one in every if pair.supported]
    return sum(caught) / len(caught), sum(alarms) / len(alarms)


def curve(labelled: Sequence[Pair], steps: Sequence[float]) -> list[tuple[float, float, float]]:
    """`rates` for each value of the share that must stand in the sources."""
    return [(step, *rates((pair, outcome(pair, Policy(enough=step))) for pair in labelled)) for step in steps]


def _rows(folder: Path, name: str) -> list[dict[str, object]]:
    lines = (folder / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]
