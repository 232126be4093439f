"""A vector of half precision: bytes (little-endian float16) to us, pgvector's `halfvec` in PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import numpy as np
import sqlalchemy as sa
from sqlalchemy.types import UserDefinedType

_HEAD: Final = 4  # of what PostgreSQL sends: the dimension, and two bytes that mean nothing


class HalfVector(UserDefinedType[bytes]):
    """`halfvec` without a fixed dimension, because models differ."""

    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        return "halfvec"

    def bind_processor(self, dialect: sa.Dialect) -> Callable[[bytes | None], str | None]:
        return lambda stored: None if stored is None else written(stored)

    def column_expression(self, column: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
        return sa.func.halfvec_send(column, type_=self)

    def result_processor(self, dialect: sa.Dialect, coltype: object) -> Callable[[bytes | None], bytes | None]:
        return lambda sent: None if sent is None else np.frombuffer(sent[_HEAD:], ">f2").astype("<f2").tobytes()


def written(stored: bytes) -> str:
    """As pgvector reads it: `[0.5,0.25]`; nine digits say a half exactly."""
    return "[" + ",".join(f"{value:.9g}" for value in np.frombuffer(stored, "<f2").tolist()) + "]"


def sent(connection: sa.Connection, column: str) -> str:
    """How a query in words asks for a column of vectors, whose result is of the type STORED."""
    return f"halfvec_send({column})" if connection.dialect.name == "postgresql" else column


#: What a column of vectors is declared as.
STORED: Final = sa.LargeBinary().with_variant(HalfVector(), "postgresql")
