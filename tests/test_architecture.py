"""The house keeps its rules: the direction of imports, no work on import, no heavy library before it is needed."""

from __future__ import annotations

import ast
import importlib
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Mapping, Set
from functools import cache
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
PATHS = [Path("app.py"), *MODULES]
NAMES = {
    ".".join(path.with_suffix("").parts).removesuffix(".__init__"): path
    for path in PATHS
    if "migrations" not in path.parts
}
ROOMS = [
    path
    for path in MODULES
    if path.name == "__init__.py"
    and path != Path("assistant", "web", "__init__.py")  # it puts the application together
    and "__all__" in (ROOT / path).read_text(encoding="utf-8")
]
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
    "langchain_core",
)
#: They are there for those who have loaded the library anyway; so are the pages (`assistant.web`).
NEED_A_HEAVY_LIBRARY = {
    "eval.training.late_interaction",
    "eval.training.low_rank",
    "eval.training.tune_encoder",
    "knowledge.embeddings.langchain",
    "knowledge.embeddings.onnx_module",
    "knowledge.ingestion.langchain_loader",
    "knowledge.retrieval.langchain_retriever",
}
NEED_TORCH = {
    "eval.training.late_interaction",
    "eval.training.low_rank",
    "eval.training.tune_encoder",
    "knowledge.embeddings.onnx_module",
}  # twenty seconds to import
WATCHED = """
import importlib, sys

def heard(event, values):
    model = event == "open" and str(values[0]).endswith((".onnx", ".safetensors", ".npz", ".yaml", ".db"))
    if model or event in ("sqlite3.connect", "socket.connect"):
        raise AssertionError(f"{event} {values[0]}")

def watch(names):
    sys.addaudithook(heard)
    for name in names:
        importlib.import_module(name)
"""

MOST_ENTRIES = 14
DATA_FOLDERS = {"library", "lists", "situations", "suites", "baselines", "templates", "static", "migrations"}
MOST_LINES = 300
COMPOSED = {
    "Answerer",
    "Lists",
    "CuratedAnswers",
    "CuratedAnswers.open",
    "Accounts.open",
    "Conversations.open",
    "KnowledgeBase.open",
    "Endpoint",
    "Writer",
    "open_encoder",
}
# What is not mended yet. These lists only get shorter.
STILL_CROWDED: set[str] = set()
STILL_LONG: set[str] = set()
STILL_COMPOSING: set[str] = set()


@cache
def _nodes(path: Path) -> tuple[ast.AST, ...]:
    """The module itself, then all that stands in it."""
    return tuple(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))


def _imports(path: Path) -> set[str]:
    """First parts of everything that a file imports, inside functions too."""
    found: set[str] = set()
    for node in _nodes(path):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            found.add(node.module.split(".")[0])
    return found


def _modules_in(path: Path) -> set[str]:
    """Our own modules that a file imports, inside functions and for types too."""
    found: set[str] = set()
    for node in _nodes(path):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            of_package = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= of_package & NAMES.keys() or {node.module}
    return found & NAMES.keys() - {name for name, own in NAMES.items() if ROOT / own == path}


def _circles(imports: Mapping[str, Set[str]]) -> list[set[str]]:
    """Groups of names that reach each other: what is left when those without imports, and then those that import only
    such, are taken away again and again, from both ends."""
    left = {name: set(others) & imports.keys() - {name} for name, others in imports.items()}
    while True:
        imported = set().union(*left.values()) if left else set()
        ends = {name for name, others in left.items() if not others} | (left.keys() - imported)
        if not ends:
            return [left.keys() | set()] if left else []
        left = {name: others - ends for name, others in left.items() if name not in ends}


def _attributes(path: Path) -> set[str]:
    return {ast.unparse(node) for node in _nodes(path) if isinstance(node, ast.Attribute)}


def _calls(path: Path) -> set[str]:
    """What a file calls, as it is written: `Answerer`, `Accounts.open`."""
    return {ast.unparse(node.func) for node in _nodes(path) if isinstance(node, ast.Call)}


def test_a_package_imports_only_what_stands_before_it() -> None:
    forbidden = {str(path): (_imports(ROOT / path) & OURS) - MAY_IMPORT[path.parts[0]] for path in MODULES}
    assert not {path: names for path, names in forbidden.items() if names}


def test_a_module_opens_with_a_sentence() -> None:
    assert not [path for path in PATHS if not ast.get_docstring(_nodes(ROOT / path)[0])]  # type: ignore[arg-type]


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="asks Linux for the threads")
def test_the_command_multiplies_matrices_in_one_thread() -> None:
    code = (
        "import os, app, numpy as np; big = np.ones((1500, 1500), np.float32); big @ big; "
        "print(len(os.listdir('/proc/self/task')))"
    )
    environment = {name: value for name, value in os.environ.items() if name != "OPENBLAS_NUM_THREADS"}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "1"


def test_only_the_composition_root_and_the_commands_read_the_environment() -> None:
    inner = [path for path in MODULES if "cli" not in path.parts]
    assert not [path for path in inner if _attributes(ROOT / path) & {"os.environ", "os.getenv"}]


def test_of_langchain_only_what_is_kept_up_is_used() -> None:
    """langchain-community is archived, langchain-classic ends in December 2026."""
    ended = {"langchain_community", "langchain_classic", "langchain"}
    assert not [path for path in PATHS if _imports(ROOT / path) & ended]


def test_the_command_starts_without_heavy_libraries() -> None:
    code = f"import app, sys; print([name for name in {HEAVY!r} if name in sys.modules])"
    assert _printed(code) == "[]"


def test_importing_a_module_loads_no_model_opens_no_database_and_no_heavy_library() -> None:
    pages = {name for name in NAMES if name.startswith("assistant.web")}
    light = sorted(NAMES.keys() - pages - NEED_A_HEAVY_LIBRARY)
    others = sorted((pages | NEED_A_HEAVY_LIBRARY) - NEED_TORCH)
    code = f"watch({light!r})\nprint([name for name in {HEAVY!r} if name in sys.modules])\nwatch({others!r})"
    assert _printed(f"{WATCHED}\n{code}") == "[]"


def _printed(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_no_two_modules_import_each_other_by_whatever_way_round() -> None:
    assert not _circles({name: _modules_in(ROOT / path) for name, path in NAMES.items()})


def test_no_two_folders_import_each_other_by_whatever_way_round() -> None:
    """A package and a package inside it are one house: imports between them count in neither direction."""
    folders: dict[str, set[str]] = {}
    for path in NAMES.values():
        here = ".".join(path.parent.parts)
        there = {".".join(NAMES[other].parent.parts) for other in _modules_in(ROOT / path)}
        folders.setdefault(here, set()).update(
            one for one in there if not f"{one}.".startswith(f"{here}.") and not f"{here}.".startswith(f"{one}.")
        )
    assert not _circles(folders)


def test_a_folder_holds_no_more_than_a_reader_can_take_in() -> None:
    crowded = set()
    for folder in {(ROOT / module).parent for module in MODULES}:
        code = {one.name for one in folder.iterdir() if one.suffix == ".py" or one.is_dir()}
        if len(code - DATA_FOLDERS - {"__init__.py", "__pycache__"}) > MOST_ENTRIES:
            crowded.add(str(folder.relative_to(ROOT)))
    assert crowded <= STILL_CROWDED
    assert crowded >= STILL_CROWDED, "take out of STILL_CROWDED what is mended"


def test_no_module_is_longer_than_a_reader_can_keep_in_mind() -> None:
    long = {str(path) for path in PATHS if len((ROOT / path).read_text(encoding="utf-8").splitlines()) > MOST_LINES}
    assert long <= STILL_LONG
    assert long >= STILL_LONG, "take out of STILL_LONG what is mended"


def test_only_the_composition_root_composes() -> None:
    """Commands and benchmarks are small programs: each opens what it works on. Everything else is handed its parts."""
    composing = {
        str(path)
        for path in PATHS
        if path.name != "app.py" and not {"cli", "benchmarks", "training"} & set(path.parts)
        if _calls(ROOT / path) & COMPOSED
    }
    assert composing <= STILL_COMPOSING
    assert composing >= STILL_COMPOSING, "take out of STILL_COMPOSING what is mended"


def test_every_room_of_the_library_has_a_face() -> None:
    rooms = {
        path for path in MODULES if path.name == "__init__.py" and path.parts[0] == "knowledge" and len(path.parts) == 3
    }
    assert rooms - set(ROOMS) == {Path("knowledge", "cli", "__init__.py")}


@pytest.mark.parametrize("room", ROOMS, ids=str)
def test_a_room_says_what_others_may_use(room: Path) -> None:
    """What a room's `__init__` takes from its modules is meant for others, and everything it names is there."""
    name = ".".join(room.parent.parts)
    module = importlib.import_module(name)
    named = module.__all__
    tree = ast.parse((ROOT / room).read_text(encoding="utf-8"))
    statements = [*tree.body, *(inner for outer in tree.body if isinstance(outer, ast.If) for inner in outer.body)]
    taken = [one for one in statements if isinstance(one, ast.ImportFrom) and f"{one.module}.".startswith(f"{name}.")]
    imported = {alias.asname or alias.name for one in taken if one.module != name for alias in one.names}
    assert imported <= set(named)
    assert len(set(named)) == len(named)
    if room.parts[0] == "knowledge":
        modules = {path.stem for path in (ROOT / room).parent.glob("*.py")}
        assert not modules & imported, "a name that is also a module's would hide it"
    for one in named:
        assert getattr(module, one) is not None


def test_every_package_is_listed_in_the_project_file() -> None:
    listed = set(tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]["packages"])
    there = {".".join(module.parent.parts) for module in MODULES if module.name == "__init__.py"}
    assert there == listed


def test_no_module_is_called_utils() -> None:
    assert not [module for module in MODULES if module.stem in ("utils", "helpers", "common", "misc")]


def test_the_documents_name_files_that_are_there() -> None:
    named = {
        name
        for document in (ROOT / "README.md", ROOT / "docs" / "architecture.md", ROOT / "docs" / "langchain.md")
        for name in re.findall(
            r"`((?:knowledge|assistant|eval|prompts|tests)/[\w/]*[\w.]+\.py)`", document.read_text(encoding="utf-8")
        )
    }
    assert named
    assert not [name for name in named if not (ROOT / name).is_file()]


def test_tests_wait_for_a_server_as_long_as_a_busy_machine_needs() -> None:
    """Of itself httpx gives up after five seconds and a browser after thirty: whoever visits a server under test does it
    by `browsing.visitor` or in a `browsing.window`."""
    visiting = re.compile(
        r"httpx\.(?:Client|get|post|put|patch|delete|request|stream)\(|browser\.new_(?:context|page)\("
    )
    tests = (ROOT / "tests" / "web").rglob("*.py")
    assert [path.name for path in tests if visiting.search(path.read_text(encoding="utf-8"))] == ["browsing.py"]
