"""What a judge said of a run, kept beside it: a line for each answer, and the figures with how far they may be trusted."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from eval.judging.agreement import Agreement
from eval.judging.judgements import Judged

FIGURES, VERDICTS = "judge.json", "judged.jsonl"


@dataclass(frozen=True, slots=True)
class Figures:
    """`right` of `judged` answers were found right by the judge `name`; of `unsaid` it said neither."""

    name: str
    right: int
    judged: int
    unsaid: int
    agreement: Agreement


def figures(name: str, verdicts: Sequence[bool | None], agreed: Agreement) -> Figures:
    said = [one for one in verdicts if one is not None]
    return Figures(name, sum(said), len(said), len(verdicts) - len(said), agreed)


def figures_json(found: Figures) -> dict[str, object]:
    """With whether the figures are to be trusted, and why not."""
    return {**asdict(found), "trusted": found.agreement.trusted, "doubts": list(found.agreement.doubts)}


def write(folder: Path, answers: Sequence[Judged], verdicts: Sequence[bool | None], found: Figures) -> None:
    """Write FIGURES and VERDICTS into the folder of the run."""
    lines = ({"id": one.id, "right": said} for one, said in zip(answers, verdicts, strict=True))
    (folder / VERDICTS).write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    whole = json.dumps(figures_json(found), ensure_ascii=False, indent=2)
    (folder / FIGURES).write_text(whole + "\n", encoding="utf-8")


def read(folder: Path) -> Figures | None:
    """What was kept beside a run; None where nothing was, or it was written by another version."""
    try:
        stored = json.loads((folder / FIGURES).read_text(encoding="utf-8"))
        fields = {name: stored["agreement"][name] for name in Agreement.__dataclass_fields__}
        return Figures(stored["name"], stored["right"], stored["judged"], stored["unsaid"], Agreement(**fields))
    except (OSError, ValueError, KeyError, TypeError):
        return None
