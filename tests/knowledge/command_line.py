"""The `xuesi` command within this process: one of its own costs two seconds of imports before it does anything."""

from __future__ import annotations

import io
import os
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass

import pytest

import app


@dataclass(frozen=True, slots=True)
class Done:
    """How a command ended: its exit code, and what it said."""

    returncode: int
    stdout: str
    stderr: str


def xuesi(*arguments: object, stdin: str = "", **settings: str) -> Done:
    """What `xuesi ARGUMENTS` does with the environment variables `settings`; no language model but that of `settings`."""
    out, err = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
        for name in [name for name in os.environ if name.startswith("XUESI_LLM_")]:
            patch.delenv(name)
        for name, value in settings.items():
            patch.setenv(name, value)
        patch.setattr(sys, "argv", ["xuesi", *map(str, arguments)])
        patch.setattr(sys, "stdin", io.StringIO(stdin))
        with pytest.raises(SystemExit) as ended:
            app.main()
    return Done(int(ended.value.code or 0), out.getvalue(), err.getvalue())
