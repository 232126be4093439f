"""Two `xuesi serve --no-intake` on one PostgreSQL behind a reverse proxy, as docs/deploy.md sets them up: each reader sees
what was done at the other server, and the death of one in the middle of an answer is over for the reader in seconds."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from browsing import until, visitor
from chat_events import Chat
from made_up_library import LEAVE_2023, RECEPTION
from postgresql_server import PostgresServer
from reverse_proxy import proxied

from assistant.accounts.model import Role
from assistant.accounts.store import Accounts
from knowledge.embeddings import open_encoder
from knowledge.knowledge_base import KnowledgeBase
from knowledge.metadata.register import Register

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[2]
PASSWORD = "长江黄河泰山长城二〇二六"
STARTING = 300.0  # seconds: the everyday situations of a new data folder are encoded by both
LEAVE = "机关工作人员连续工作满一年的，享受年休假几天？"
Enter = Callable[..., httpx.Client]


@dataclass(frozen=True)
class Deployment:
    """The address of the proxy, and the two servers behind it."""

    url: str
    servers: tuple[subprocess.Popen[bytes], ...]
    reception: int

    @staticmethod
    def address(server: int) -> str:
        """Where a reader is whom the proxy sends to that server: it counts addresses round."""
        return f"127.0.0.{10 + server}"


def free_ports(count: int) -> list[int]:
    with ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]


def is_ready(port: int) -> bool:
    try:
        with visitor(f"http://127.0.0.1:{port}") as client:
            return client.get("/readyz").status_code == 200
    except httpx.TransportError:
        return False


@pytest.fixture
def deployed(postgresql: PostgresServer, tmp_path: Path) -> Iterator[Deployment]:
    data = tmp_path / "data"
    with ExitStack() as stack:
        database = stack.enter_context(postgresql.fresh("migrated"))
        for name, text in (("休假.txt", LEAVE_2023), ("接待.txt", RECEPTION)):
            (tmp_path / name).write_text(text, "utf-8")
        library = KnowledgeBase.open(data, lambda: open_encoder("builtin"), register=Register.load(), url=database)
        library.add([tmp_path / "休假.txt"], publish=True)
        [reception] = library.add([tmp_path / "接待.txt"])
        library.close()
        accounts = Accounts.open(data, database)
        accounts.add_first("root1", PASSWORD)
        accounts.add("root1", "teacher", PASSWORD, Role.TRAINER)
        accounts.add("root1", "xy01", PASSWORD, Role.TRAINEE)
        accounts.close()
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "XUESI_DATABASE_URL": database, "XUESI_DATA": str(data)}
        ports = free_ports(2)
        servers = []
        for port in ports:
            command = [sys.executable, str(ROOT / "app.py"), "serve", "--no-intake", "--port", str(port)]
            command += ["--forwarded-allow-ips", "127.0.0.1"]
            log = stack.enter_context((tmp_path / f"{port}.log").open("wb"))
            server = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
            stack.callback(server.wait)
            stack.callback(server.kill)
            servers.append(server)
        latest = time.monotonic() + STARTING
        while not all(is_ready(port) for port in ports):
            assert time.monotonic() < latest, (tmp_path / f"{ports[0]}.log").read_text()
            time.sleep(0.2)
        proxy = stack.enter_context(proxied(ports))
        assert reception.document_id is not None
        yield Deployment(f"http://127.0.0.1:{proxy}", tuple(servers), reception.document_id)


@pytest.fixture
def enter(deployed: Deployment) -> Iterator[Enter]:
    """Signs a user in who sits at an address that the proxy sends to the first or the second server."""
    with ExitStack() as stack:

        def come(name: str, server: int) -> httpx.Client:
            transport = httpx.HTTPTransport(local_address=deployed.address(server))
            client = stack.enter_context(visitor(deployed.url, transport=transport))
            assert client.post("/login", data={"name": name, "password": PASSWORD}).status_code == 303
            return client

        yield come


def answer_to(client: httpx.Client, question: str) -> str:
    chat = Chat(client)
    return chat.follow(chat.ask(question).bridge).text


def test_two_servers_behind_a_proxy_are_one_site(
    deployed: Deployment, enter: Enter, capsys: pytest.CaptureFixture[str]
) -> None:
    teacher, reader = enter("teacher", 0), enter("xy01", 1)
    visits = "来访事项登记之后多少日内应当答复来访人？"
    assert "享受年休假八天" in answer_to(reader, LEAVE)  # from here on the server is warm
    assert f'/d/{deployed.reception}"' not in reader.get("/library").text
    published = time.monotonic()
    assert teacher.post(f"/admin/documents/{deployed.reception}/publish").status_code == 303
    acknowledged = time.monotonic()
    said = answer_to(reader, visits)
    answered = time.monotonic()
    assert "青禾市机关来访接待规则" in said
    with capsys.disabled():
        print(
            f"\npublished at one in {acknowledged - published:.2f} s,"
            f" answered from it at the other {answered - acknowledged:.2f} s later"
        )

    elsewhere = enter("xy01", 0)
    elsewhere.cookies = reader.cookies  # the same session, at the other server
    assert elsewhere.get("/library").status_code == reader.get("/library").status_code == 200
    assert reader.post("/logout").status_code == 303
    assert elsewhere.get("/library").status_code == 303

    reader = enter("xy01", 1)
    cold = Chat(reader)
    begun = cold.ask("青禾市机关来访接待规则对来访登记、答复、期限各有什么要求，逾期不答复怎么办？").bridge
    deployed.servers[1].send_signal(signal.SIGKILL)
    killed = time.monotonic()
    assert deployed.servers[1].wait() == -signal.SIGKILL
    assert "享受年休假八天" in answer_to(teacher, LEAVE)
    turn = f"/?c={begun['c']}"
    until(lambda: "回答中断了" in reader.get(turn).text, "the answer was not marked as cut off")
    with capsys.disabled():
        print(f"one killed in mid-answer: marked by the other {time.monotonic() - killed:.2f} s later")
    assert "回答中断了" in reader.get(turn).text  # at the other server, with the same session
    chat = Chat(reader)
    again = chat.send("bridge.again", [""], {"turn": begun["turn"]}, str(begun["c"]))
    assert "青禾市机关来访接待规则" in chat.follow(again.bridge).text
