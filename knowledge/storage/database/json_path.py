"""JSON kept in text columns, looked into by the database: SQLite and PostgreSQL write it differently."""

from __future__ import annotations

import re
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

_STEP = re.compile(r"[\w]+")


class json_value(FunctionElement[str]):
    """What stands at a path (`$.refusal.code`, `$.noted[0].title`) of a JSON text; NULL where nothing does. PostgreSQL gives
    everything as text: numbers need a cast.

    The path stands in the statement itself, so that an index over the same expression is used.
    """

    inherit_cache = True
    name = "json_value"
    type = sa.String()

    def __init__(self, document: sa.ColumnElement[Any], path: str) -> None:
        super().__init__(document, sa.literal_column(f"'{path}'"))


class json_items(FunctionElement[str]):
    """A table of the items of the list at a path of a JSON text, as the column `value`."""

    inherit_cache = True
    name = "json_items"

    def __init__(self, document: sa.ColumnElement[Any], path: str) -> None:
        super().__init__(document, sa.literal_column(f"'{path}'"))


@compiles(json_value)
def _extract(element: json_value, compiler: SQLCompiler, **options: Any) -> str:
    return f"json_extract({compiler.process(element.clauses, **options)})"


@compiles(json_value, "postgresql")
def _operator(element: json_value, compiler: SQLCompiler, **options: Any) -> str:
    document, path = _parts(element, compiler, **options)
    return f"(CAST({document} AS JSON) #>> {path})"


@compiles(json_items)
def _each(element: json_items, compiler: SQLCompiler, **options: Any) -> str:
    return f"json_each({compiler.process(element.clauses, **options)})"


@compiles(json_items, "postgresql")
def _elements(element: json_items, compiler: SQLCompiler, **options: Any) -> str:
    document, path = _parts(element, compiler, **options)
    return f"json_array_elements(CAST({document} AS JSON) #> {path})"


def _parts(element: FunctionElement[Any], compiler: SQLCompiler, **options: Any) -> tuple[str, str]:
    document, path = element.clauses
    steps = ",".join(_STEP.findall(str(path).removeprefix("'$").removesuffix("'")))
    return compiler.process(document, **options), f"'{{{steps}}}'"
