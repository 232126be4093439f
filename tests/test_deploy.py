"""`deploy/` names only what the program has: its commands, options, settings and addresses. Docker itself is not needed, nor run."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml

import app
from assistant.cli.settings import SECRETS, NoSecrets, Settings, settings_from

ROOT = Path(__file__).resolve().parents[1]
DEPLOY = ROOT / "deploy"
COMMANDS = re.compile(r"^(?:docker compose .*?(?:run --rm|exec) \S+ )?xuesi ([^#\n]*)", re.M)


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    return yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))  # type: ignore[no-any-return]


def understands(arguments: list[str]) -> None:
    """Parse a command line of ours as far as running it. Raises what the command line says of a wrong one."""
    command: Any = typer.main.get_command(app.cli)
    context, rest = command.make_context("xuesi", [], resilient_parsing=True), list(arguments)
    while hasattr(command, "get_command"):
        name = rest.pop(0)
        command = command.get_command(context, name)
        assert command is not None, f"there is no command {name} of {arguments}"
    command.make_context(name, rest)


def ours(compose: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    return ((name, one) for name, one in compose["services"].items() if one["image"] == "xuesi")


def known(variable: str) -> bool:
    return variable == SECRETS or variable.lower().removeprefix("xuesi_") in Settings.model_fields


def test_every_command_is_one_of_the_program(compose: dict[str, Any]) -> None:
    said = [one["command"] for _, one in ours(compose)]
    said += [test for _, one in ours(compose) if (test := one["healthcheck"]["test"][1:])[0] == "xuesi"]
    dockerfile = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
    said += [json.loads(one) for one in re.findall(r"^CMD (.*)$", dockerfile, re.M)]
    assert [words[:2] for words in said] == [
        ["xuesi", "serve"],
        ["xuesi", "serve"],
        ["xuesi", "worker"],
        ["xuesi", "user"],
        ["xuesi", "serve"],
    ]
    for words in said:
        understands(words[1:])


def test_a_command_that_is_not_there_is_noticed() -> None:
    with pytest.raises(Exception, match="--no-such"):
        understands(["serve", "--no-such"])
    with pytest.raises(AssertionError):
        understands(["work"])


def test_every_variable_and_every_secret_is_a_setting(compose: dict[str, Any]) -> None:
    for name, one in ours(compose):
        unknown = [variable for variable in (*one["environment"], *one["secrets"]) if not known(variable.upper())]
        assert not unknown, name
        assert one["environment"][SECRETS] == "/run/secrets"
    dockerfile = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
    assert all(known(name) for name in re.findall(r"\b(XUESI_\w+)=", dockerfile))


def test_every_service_says_whether_it_is_well_and_leans_on_what_is_there(compose: dict[str, Any]) -> None:
    for name, one in compose["services"].items():
        assert one["healthcheck"]["test"][0] == "CMD", name
        assert set(one.get("depends_on", ())) <= compose["services"].keys()
        assert set(one.get("secrets", ())) <= compose["secrets"].keys()
        volumes = [volume.partition(":")[0] for volume in one.get("volumes", ())]
        named = [volume for volume in volumes if not volume.startswith((".", "$"))]
        assert set(named) <= compose["volumes"].keys()
        for source in [volume for volume in volumes if volume.startswith("./")]:
            assert (DEPLOY / source).is_file(), source
        program = one["healthcheck"]["test"][1:]
        if program[1:2] == ["-c"]:
            compile(program[2], name, "exec")


def test_the_proxy_reaches_every_web_process_and_is_believed_by_it(compose: dict[str, Any]) -> None:
    web = {name: one["command"] for name, one in ours(compose) if "serve" in one["command"]}
    nginx = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    [subnet] = [one["subnet"] for one in compose["networks"]["default"]["ipam"]["config"]]
    assert set(re.findall(r"server (\w+:\d+);", nginx)) == {
        f"{name}:{words[words.index('--port') + 1]}" for name, words in web.items()
    }
    for words in web.values():
        assert "--no-intake" in words, "the worker reads files"
        assert ip_network(words[words.index("--forwarded-allow-ips") + 1]) == ip_network(subnet)
    for needed in ("ip_hash", "proxy_buffering off", "X-Forwarded-For", "X-Forwarded-Proto", "X-Request-ID"):
        assert needed in nginx
    assert set(re.findall(r"/run/secrets/(\w+)", nginx)) <= set(compose["services"]["proxy"]["secrets"])


def test_the_instructions_name_commands_and_settings_that_are_there() -> None:
    text = (ROOT / "docs" / "deploy.md").read_text(encoding="utf-8")
    blocks = "\n".join(re.findall(r"```\n(.*?)```", text, re.S))
    lines = COMMANDS.findall(blocks)
    assert len(lines) >= 4
    for line in lines:
        understands(shlex.split(line))
    assert all(known(name) for name in re.findall(r"\b(XUESI_[A-Z_]+)\b", text))


def test_a_secret_is_read_from_its_file(tmp_path: Path) -> None:
    (tmp_path / "xuesi_metrics_token").write_text("from a file\n", encoding="utf-8")
    assert settings_from({SECRETS: str(tmp_path)}).metrics_token.get_secret_value() == "from a file"


def test_a_folder_of_secrets_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(NoSecrets, match="nowhere"):
        settings_from({SECRETS: str(tmp_path / "nowhere")})
