"""Items on what a sentence enumerates: one member of a run of short parallel terms is asked for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.study.question_bank.making.material import Material, Spot
from knowledge.text.quantities import ITEM

_TERM = r"[\u4e00-\u9fff]{2,8}"
#: A run of at least four terms; what leads to it says that the terms belong together as a whole.
_LEADS = r"(?:坚持|遵循|分为|种类(?:为|有|是)?[:：]?|有[一-龥]{1,3}种[:：]|贯彻|按照|必须|做到|纪律主要包括)"
_RUN = re.compile(
    rf"{_LEADS}(?P<run>{_TERM}(?:、{_TERM}){{2,9}}(?:[和与、]{_TERM})?)(?P<after>的?(?:原则|方针)|[,，。]|等(?:档次|种类))"
)
_HEAVY = re.compile(f"党|国家|人民|工作|单位|机关|有关|相关|其他|等|或者|的|[{ITEM[1:]}]")


@dataclass(frozen=True, slots=True)
class Member(Spot):
    """A term at `start:end` of a sentence."""


def members(material: Material) -> Iterator[Member]:
    """The sentences with one such run; asked is a term that cannot be guessed from the sentence: principles, kinds, grades."""
    for said in material.sentences:
        runs = list(_RUN.finditer(said.text))
        if len(runs) != 1 or not (runs[0]["after"][-1] in "则针次类" or runs[0][0][0] in "分种有纪"):
            continue
        for term, start in reversed(_terms(runs[0])):
            if said.text.count(term) == 1 and not _HEAVY.search(term):
                yield Member(said, term, start, start + len(term))
                break


def _terms(run: re.Match[str]) -> list[tuple[str, int]]:
    """The terms of a run with their places in the sentence."""
    return [
        (one[0], run.start("run") + one.start())
        for one in re.finditer(_TERM, run["run"])
        if not re.search("[和与]", one[0])
    ]
