"""What the process counts, at `/metrics` in Prometheus' format: numbers and kinds, never words of a question or names."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from typing import Final

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import Response
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from assistant.conversations.runs import Outcome, Runs
from assistant.conversations.turns import TurnState
from assistant.web.security.login import is_here
from knowledge.errors import StorageError
from knowledge.operations.upload_queue import Jobs

_SECONDS: Final = (0.1, 0.25, 0.5, 1.0, 1.5, 2.5, 5.0, 10.0, 20.0, 40.0, 80.0)
_NOT_FOR_YOU: Final = "运行数据只在本机查看，或带上令牌（XUESI_METRICS_TOKEN）：Authorization: Bearer 令牌。"


class Metrics:
    """The counters of one process. Safe to share between threads."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self._questions = self._counter("questions", "Questions, by how each was answered.", "mode", "outcome")
        self._first = self._histogram("first_sentence", "Seconds from taking in a question to its first sentence.")
        self._whole = self._histogram("answer", "Seconds from taking in a question to the end of its answer.")
        self._searches = self._counter("searches", "Searches of the library without a question.", "where")
        self._errors = self._counter("errors", "What went wrong, by the kind of error.", "kind")
        self._requests = self._counter("requests", "Requests over HTTP.", "route", "method", "status")
        self._streams = Gauge("xuesi_open_streams", "Streams of events that are open.", registry=self.registry)

    def answered(self, outcome: Outcome) -> None:
        """Count a question whose answer has ended."""
        self._questions.labels(outcome.mode or "none", outcome.state).inc()
        if outcome.first is not None:
            self._first.observe(outcome.first)
        if outcome.state is TurnState.DONE:
            self._whole.observe(outcome.whole)
        if outcome.error:
            self.failed(outcome.error)

    def failed(self, kind: str) -> None:
        """Count an error by the name of its class."""
        self._errors.labels(kind).inc()

    def requested(self, route: str, method: str, status: int) -> None:
        """Count a request; `route` is the pattern of its address."""
        self._requests.labels(route, method, status).inc()

    def searched(self, where: str) -> None:
        self._searches.labels(where).inc()

    def stream_opened(self) -> None:
        self._streams.inc()

    def stream_closed(self) -> None:
        self._streams.dec()

    def watch(self, runs: Runs, jobs: Jobs) -> None:
        """Count from now on what is being answered, and the jobs of the queue."""
        under_way = Gauge("xuesi_answers_under_way", "Answers waiting or being made.", registry=self.registry)
        under_way.set_function(lambda: runs.under_way)
        self.registry.register(_JobStates(jobs))

    def _counter(self, name: str, what: str, *labels: str) -> Counter:
        return Counter(f"xuesi_{name}", what, labels, registry=self.registry)

    def _histogram(self, name: str, what: str) -> Histogram:
        return Histogram(f"xuesi_{name}_seconds", what, buckets=_SECONDS, registry=self.registry)


class _JobStates(Collector):
    """Asks the database each time, because other processes work on the queue too."""

    def __init__(self, jobs: Jobs) -> None:
        self._jobs = jobs

    def describe(self) -> Iterator[Metric]:
        yield self._family()

    def collect(self) -> Iterator[Metric]:
        family = self._family()
        try:
            for state, count in self._jobs.counts().items():
                family.add_metric([state.value], count)
        except StorageError:
            return  # what the process itself counted is told all the same
        yield family

    def _family(self) -> GaugeMetricFamily:
        return GaugeMetricFamily("xuesi_jobs", "Files brought in, by the state of their job.", labels=["state"])


def routes(metrics: Metrics, token: str) -> APIRouter:
    """`/metrics`, for this machine and for who has `token` ("": nobody has)."""
    router = APIRouter()

    @router.get("/metrics")
    def counted(request: Request) -> Response:
        if not (is_here(request) or _has(token, request)):
            raise HTTPException(403, _NOT_FOR_YOU)
        return Response(generate_latest(metrics.registry), media_type=CONTENT_TYPE_LATEST)

    return router


def _has(token: str, request: Request) -> bool:
    kind, _, sent = request.headers.get("authorization", "").partition(" ")
    return bool(token) and kind.lower() == "bearer" and secrets.compare_digest(sent.strip().encode(), token.encode())
