"""Who a program acts for, and whether its key is for what it wants to do."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import Request

from assistant.accounts.api_keys import SCOPE_NAMES, ApiKey, Scope
from assistant.errors import NotAllowed
from assistant.web.security.access import reader


def may(scope: Scope) -> Callable[[Request], str]:
    """A dependency: the id of the reader behind the request. Raises NotAllowed when the key is for other things.

    Who is logged in, or alone at his machine, may do all that he may do on the pages.
    """

    def check(request: Request) -> str:
        key: ApiKey | None = getattr(request.state, "key", None)
        if key is not None and scope not in key.scopes:
            raise NotAllowed(f"这个密钥不能用来{SCOPE_NAMES[scope]}，请用另一个密钥，或新建时选上这项用途。")
        return reader(request)

    return check
