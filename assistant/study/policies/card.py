"""政策卡片: what a policy says of who may apply for what, when and where, each piece with the words that say it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from knowledge.model import Sureness

_GRANTED = re.compile(r"元|[%％‰]|百分|千分|补贴|补助|奖|贴息|评价|晋升|记.{1,3}功|[一二三]档")


class Part(StrEnum):
    """The fields of a policy card that are read from the text; validity stands on the identity card."""

    OBJECTS = "对象"
    CONDITIONS = "条件"
    EXCLUDED = "不得申报"
    STANDARDS = "标准"
    WINDOW = "申报期"
    UNIT = "主管单位"
    DECIDES = "由谁认定"
    PHONE = "咨询电话"


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of the policy at `start:end` of its canonical text."""

    text: str
    start: int
    end: int


class Join(StrEnum):
    """How the parts of a condition go together."""

    ALL = "同时符合"
    ANY = "符合其一"


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition; with `children` it is a lead-in and `join` says how many of them must be met. `exception` are the
    words behind 但…除外, "" for none. `whose` names the applicants or the grant it is for, "" for everybody; `beside` when that grant
    comes on top of another one."""

    quote: Quote
    join: Join = Join.ALL
    children: tuple[Condition, ...] = ()
    exception: str = ""
    whose: str = ""
    beside: bool = False

    def leaves(self) -> Iterator[Condition]:
        """The conditions that can be judged one by one, in reading order."""
        if not self.children:
            yield self
        for child in self.children:
            yield from child.leaves()


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of days in which one may apply: `2026-03-15` or, for every year, `03-15`; "" for an open end."""

    first: str
    last: str


@dataclass(frozen=True, slots=True)
class Window:
    """申报期: stretches of days where the text names them, `always` for 常年受理; else only the words are known."""

    quote: Quote
    stretches: tuple[Stretch, ...] = ()
    always: bool = False


@dataclass(frozen=True, slots=True)
class PolicyCard:
    """What was read; an empty field was not found. `sureness` says how sure the reader is of each field."""

    objects: tuple[Quote, ...] = ()
    conditions: tuple[Condition, ...] = ()
    excluded: tuple[Condition, ...] = ()
    standards: tuple[Quote, ...] = ()
    window: Window | None = None
    unit: Quote | None = None
    decides: Quote | None = None  # who gives the last word on applications
    phones: tuple[Quote, ...] = ()
    sureness: tuple[tuple[Part, Sureness], ...] = ()

    def sure(self, part: Part) -> Sureness:
        return dict(self.sureness).get(part, Sureness.MISSING)

    @property
    def is_policy(self) -> bool:
        """Whether the text grants something one can apply for: a sum or an honour, for whom or on what terms, and where or when.
        A text that grants by itself (a statute on rewards) names neither window nor telephone."""
        granted = any(_GRANTED.search(one.text) for one in self.standards)
        return granted and bool(self.conditions or self.objects) and bool(self.phones or self.window)
