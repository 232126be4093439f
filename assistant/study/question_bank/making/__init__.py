"""Making items from passages, exactly and without a model: every key is the text's own words."""

from __future__ import annotations

from assistant.study.question_bank.making.maker import Made, make

__all__ = ["Made", "make"]
