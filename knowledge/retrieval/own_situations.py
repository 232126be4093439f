"""A trainer's own everyday situations, and those that a trainer switched off, in one file of the data folder.

添加:
  - title: 阅览室管理办法
    edition: "2023"
    provisions:
      第五条:
        - 书弄丢了谁说了算赔多少
停用:
  - 书皮撕破了要不要掏钱
"""

from __future__ import annotations

import os
import tempfile
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import yaml

from knowledge.retrieval.situations import InvalidSituations, Situations, checked, packaged

FILE: Final = "situations.yaml"
ADDED: Final = "添加"
OFF: Final = "停用"


class OwnSituations:
    """The situations that count in one data folder. Safe to share between threads; other processes may change the file."""

    def __init__(self, data: Path, known: Callable[[], Sequence[Situations]] = packaged) -> None:
        self._path = data / FILE
        self._known = known
        self._lock = threading.Lock()
        self._kept: tuple[tuple[int, int] | None, tuple[Situations, ...]] | None = None

    def now(self) -> tuple[Situations, ...]:
        """Those that come with the program and the trainers' own, without those switched off; the same object until the
        file changes. Raises InvalidSituations."""
        stamp = self._stamp()
        kept = self._kept
        if kept is None or kept[0] != stamp:
            added, off = self._read()
            kept = self._kept = (stamp, _without([*self._known(), *added], off))
        return kept[1]

    def added(self) -> list[Situations]:
        """The trainers' own. Raises InvalidSituations."""
        return self._read()[0]

    def off(self) -> list[str]:
        """Those that are switched off. Raises InvalidSituations."""
        return self._read()[1]

    def add(self, title: str, edition: str | None, provision: str, situation: str) -> None:
        """Put a situation to a provision. Raises InvalidSituations when it does not fit or is known already."""
        with self._lock:
            added, off = self._read()
            one = checked(self._path, {"title": title, "edition": edition, "provisions": {provision: [situation]}})
            for known in (*self._known(), *added):
                for key, said in known:
                    if said == situation:
                        raise InvalidSituations(f"“{situation}”在《{known.title}》“{key}”下面已有，不用再添。")
            self._write([*added, one], off)

    def switch(self, situation: str, on: bool) -> None:
        """Let a situation count, or not. Raises InvalidSituations for one that nobody knows."""
        with self._lock:
            added, off = self._read()
            if not any(said == situation for one in (*self._known(), *added) for _, said in one):
                raise InvalidSituations(f"没有“{situation}”这条情形，请用 xuesi situations list 查看后照原样填写。")
            self._write(added, [one for one in off if one != situation] + ([] if on else [situation]))

    def _read(self) -> tuple[list[Situations], list[str]]:
        if not self._path.exists():
            return [], []
        try:
            stored = yaml.load(self._path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader) or {}
        except (OSError, UnicodeDecodeError, yaml.YAMLError) as problem:
            raise InvalidSituations(f"情形文件 {self._path} 读不出来（{problem}），请改正或删去它。") from problem
        if not isinstance(stored, dict) or not set(stored) <= {ADDED, OFF}:
            raise InvalidSituations(f"情形文件 {self._path} 的顶层只能有“{ADDED}”和“{OFF}”两部分。")
        added, off = stored.get(ADDED) or [], stored.get(OFF) or []
        if not isinstance(added, list) or not isinstance(off, list):
            raise InvalidSituations(f"情形文件 {self._path} 的“{ADDED}”和“{OFF}”下面应当每行一条，前面加短横。")
        return _merged([checked(self._path, one) for one in added]), [str(one) for one in off]

    def _write(self, added: Sequence[Situations], off: Sequence[str]) -> None:
        """Whole or not at all."""
        value = {ADDED: [_plain(one) for one in _merged(added)], OFF: list(dict.fromkeys(off))}
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(
            "w", encoding="utf-8", dir=self._path.parent, prefix=f".{FILE}-", delete=False
        ) as partial:
            yaml.safe_dump(value, partial, allow_unicode=True, sort_keys=False, width=1000)
        os.replace(partial.name, self._path)

    def _stamp(self) -> tuple[int, int] | None:
        try:
            status = self._path.stat()
        except OSError:
            return None
        return status.st_mtime_ns, status.st_size


def _merged(several: Sequence[Situations]) -> list[Situations]:
    """One entry for each edition of each document."""
    by_edition: dict[tuple[str, str | None], dict[str, tuple[str, ...]]] = {}
    for one in several:
        provisions = by_edition.setdefault((one.title, one.edition), {})
        for key, said in one.provisions.items():
            provisions[key] = tuple(dict.fromkeys((*provisions.get(key, ()), *said)))
    return [Situations(title, edition, provisions) for (title, edition), provisions in by_edition.items()]


def _without(several: Sequence[Situations], off: Sequence[str]) -> tuple[Situations, ...]:
    gone = frozenset(off)
    left = []
    for one in several:
        provisions = {key: tuple(said for said in some if said not in gone) for key, some in one.provisions.items()}
        left.append(Situations(one.title, one.edition, {key: some for key, some in provisions.items() if some}))
    return tuple(one for one in left if one.provisions)


def _plain(one: Situations) -> Mapping[str, Any]:
    edition = {"edition": one.edition} if one.edition else {}
    return {"title": one.title, **edition, "provisions": {key: list(said) for key, said in one.provisions.items()}}
