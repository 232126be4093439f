"""A second process on the same PostgreSQL, for `test_two_processes`: does what is asked, says so, and stays until killed."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from small_library import open_library

from assistant.accounts.store import Accounts
from assistant.conversations.conversations import Conversations
from knowledge.operations.upload_queue import Jobs

data, url, what, *rest = sys.argv[1:]
if what == "publish":
    library = open_library(Path(data), url=url)
    library.publish(int(rest[0]))
elif what == "sign-out":
    Accounts.open(Path(data), url).sessions.end(rest[0])
elif what == "ask":
    print(Conversations.open(Path(data), url).ask("甲", "还在回答的问题").id, flush=True)
elif what == "take":
    jobs = Jobs(open_library(Path(data), url=url).database)
    print("ready", flush=True)
    sys.stdin.readline()
    taken = iter(jobs.take_next, None)
    print(*(job.id for job in taken), flush=True)
print("done", flush=True)
time.sleep(600)
