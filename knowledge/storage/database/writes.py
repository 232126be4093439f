"""What a transaction is for: reading, writing alone, or writing rows of its own beside others who do the same."""

from __future__ import annotations

from typing import Any, Final

import sqlalchemy as sa

BUSY: Final = "数据库正忙，别处正在写入，这一次什么都没有改动；请稍后再试。"
_OPTION: Final = "xuesi_writes"
ALONE: Final[dict[str, Any]] = {_OPTION: "alone"}
BESIDE: Final[dict[str, Any]] = {_OPTION: "beside"}


def is_write(connection: sa.Connection) -> bool:
    """Whether the transaction of this connection writes."""
    return _OPTION in connection.get_execution_options()


def is_alone(connection: sa.Connection) -> bool:
    """Whether the transaction of this connection holds up all other writers."""
    return connection.get_execution_options().get(_OPTION) == "alone"
