"""Errors of the evaluation package. Each message is one Chinese sentence.

EvalError
├── BadSuite      a suite that cannot be read, or a case that lacks a field
├── BadRun        a run folder that is not there or not complete
├── BadBenchmark  a benchmark's files that cannot be used
├── BadLesson     too few or unusable questions to learn from
├── BadJudgements a file of people's judgements that cannot be used
├── NoJudge       no language model to judge with, or it does not answer
└── MissingExtra  a package that only a comparison needs is not installed
"""

from __future__ import annotations


class EvalError(Exception):
    """Anything an evaluation cannot do."""

    exit_code = 2


class BadSuite(EvalError):
    """A suite or case that cannot be used."""


class BadRun(EvalError):
    """A run folder that cannot be used."""


class BadBenchmark(EvalError):
    """Files of a benchmark that cannot be used."""


class BadLesson(EvalError):
    """Questions that nothing can be learnt from."""


class BadJudgements(EvalError):
    """Judgements of people that cannot be read."""


class NoJudge(EvalError):
    """A language model that cannot judge."""


class MissingExtra(EvalError):
    """Packages that only `eval bench` needs are not installed."""

    @classmethod
    def of(cls, error: ImportError) -> MissingExtra:
        return cls(
            f"缺少对比用的软件包 {error.name}；请先运行 python -m pip install --no-deps -r requirements-bench.lock。"
        )
