"""A reverse proxy as docs/deploy.md asks for one, in a thread: the same reader goes to the same server, and to the next when that
one is gone; what comes is passed on as it comes."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address

_PATIENCE = 60
_NOT_PASSED_ON = {"connection", "keep-alive", "transfer-encoding", "content-length"}


@contextmanager
def proxied(ports: Sequence[int]) -> Iterator[int]:
    """A proxy before the servers at `ports`; gives its own. A reader at 127.0.0.N goes to server N, counted round."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.0"  # a connection for each request: its end is the end of the reply

        def log_message(self, *_: object) -> None: ...

        def do_GET(self) -> None:
            address = self.client_address[0]
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            headers = {name: value for name, value in self.headers.items() if name.lower() != "connection"}
            headers |= {"X-Forwarded-For": address, "X-Forwarded-Proto": "http"}
            first = int(ip_address(address)) % len(ports)
            for port in (*ports[first:], *ports[:first]):
                upstream = http.client.HTTPConnection("127.0.0.1", port, timeout=_PATIENCE)
                try:
                    upstream.request(self.command, self.path, body, headers)
                    reply = upstream.getresponse()
                except (ConnectionError, http.client.BadStatusLine):
                    continue
                self.send_response(reply.status)
                for name, value in reply.getheaders():
                    if name.lower() not in _NOT_PASSED_ON:
                        self.send_header(name, value)
                self.end_headers()
                try:
                    while piece := reply.read1(65536):
                        self.wfile.write(piece)
                        self.wfile.flush()
                except (OSError, http.client.HTTPException):
                    pass  # one of the two has gone in the middle
                upstream.close()
                return
            self.send_error(502)

        do_POST = do_GET

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
