"""What changed between two versions of a suite: cases that came, went, or are asked or judged otherwise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

from eval.suite import Case

#: Fields of a case as people read them.
WORDS = {
    "type": "题型",
    "question": "问题",
    "history": "上文",
    "answerable": "能否回答",
    "as_of": "日期",
    "evidence": "出处",
    "key_points": "要点",
    "forbidden": "不该说的",
    "split": "部分",
    "missing_document": "缺的文件",
    "accept": "可接受的结果",
    "also": "也可引的出处",
}


@dataclass(frozen=True, slots=True)
class SuiteDiff:
    """Ids of cases, in the order of their suites; `changed` with the names (WORDS) of the fields that differ."""

    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: tuple[tuple[str, tuple[str, ...]], ...]

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.changed)


def suite_diff(before: Sequence[Case], after: Sequence[Case]) -> SuiteDiff:
    """What became of `before` in `after`; cases are the same when their ids are."""
    old, new = {case.id: case for case in before}, {case.id: case for case in after}
    both = [case for case in old if case in new and old[case] != new[case]]
    return SuiteDiff(
        tuple(case for case in new if case not in old),
        tuple(case for case in old if case not in new),
        tuple((case, _differing(old[case], new[case])) for case in both),
    )


def _differing(before: Case, after: Case) -> tuple[str, ...]:
    names = [field.name for field in fields(Case)]
    return tuple(WORDS[name] for name in names if getattr(before, name) != getattr(after, name))
