"""The house keeps its rules: the direction of imports, no work on import, no heavy library before it is needed."""

from __future__ import annotations

import ast
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
MAY_IMPORT = {
    "knowledge": {"knowledge"},
    "prompts": {"prompts"},
    "assistant": {"assistant", "knowledge", "prompts"},
    "eval": {"eval", "assistant", "knowledge", "prompts"},
}
OURS = {*MAY_IMPORT, "app"}
MODULES = sorted(path.relative_to(ROOT) for package in MAY_IMPORT for path in (ROOT / package).rglob("*.py"))
HEAVY = (
    "torch",
    "sentence_transformers",
    "transformers",
    "chromadb",
    "gradio",
    "docx",
    "pypdfium2",
    "alembic",
    "pandas",
)


def _imports(path: Path) -> set[str]:
    """First parts of everything that a file imports, inside functions too."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            found.add(node.module.split(".")[0])
    return found


@pytest.mark.parametrize("module", MODULES, ids=str)
def test_a_package_imports_only_what_stands_before_it(module: Path) -> None:
    forbidden = (_imports(ROOT / module) & OURS) - MAY_IMPORT[module.parts[0]]
    assert not forbidden, f"{module} imports {forbidden}"


@pytest.mark.parametrize("module", MODULES, ids=str)
def test_a_module_opens_with_a_sentence(module: Path) -> None:
    assert ast.get_docstring(ast.parse((ROOT / module).read_text(encoding="utf-8"))), f"{module} has no docstring"


@pytest.mark.parametrize("module", MODULES, ids=str)
def test_only_the_composition_root_reads_the_environment(module: Path) -> None:
    source = (ROOT / module).read_text(encoding="utf-8")
    assert "os.environ[" not in source or "os.environ.get" not in source
    assert "os.getenv" not in source


@pytest.mark.parametrize("module", [*MODULES, Path("app.py")], ids=str)
def test_of_langchain_only_what_is_kept_up_is_used(module: Path) -> None:
    """langchain-community is archived, langchain-classic ends in December 2026."""
    assert not _imports(ROOT / module) & {"langchain_community", "langchain_classic", "langchain"}


def test_the_command_starts_without_heavy_libraries() -> None:
    code = f"import app, sys; print([name for name in {HEAVY!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_every_package_is_listed_in_the_project_file() -> None:
    listed = set(tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]["packages"])
    there = {".".join(module.parent.parts) for module in MODULES if module.name == "__init__.py"}
    assert there == listed


def test_no_module_is_called_utils() -> None:
    assert not [module for module in MODULES if module.stem in ("utils", "helpers", "common", "misc")]
