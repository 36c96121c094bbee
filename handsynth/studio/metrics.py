"""What the server counts, for Prometheus."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, disable_created_metrics, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from handsynth.studio.job_queue import JobQueue

KIND = CONTENT_TYPE_LATEST

_BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 12.8, 25.6, 60)


class ServerMetrics:
    """Metrics of one application, in a registry of its own."""

    def __init__(self) -> None:
        disable_created_metrics()  # type: ignore[no-untyped-call]
        self.registry = CollectorRegistry()
        labels = ("method", "route", "status")
        self.requests = Counter("handsynth_requests", "Requests answered.", labels, registry=self.registry)
        self.seconds = Histogram(
            "handsynth_request_seconds", "Time from request to the end of its answer.", ("route",),
            registry=self.registry, buckets=_BUCKETS,
        )  # fmt: skip
        self.characters = Counter("handsynth_characters", "Characters of text written.", registry=self.registry)
        self.connections = Gauge("handsynth_connections", "Open connections.", registry=self.registry)
        self.dropped = Counter(
            "handsynth_dropped_connections", "Connections closed, for they said nothing.", registry=self.registry
        )

    def watch(self, queue: JobQueue) -> None:
        """Show what goes on in the queue."""
        Gauge("handsynth_jobs_working", "Jobs at work.", registry=self.registry).set_function(lambda: queue.working)
        Gauge("handsynth_jobs_waiting", "Jobs that wait.", registry=self.registry).set_function(lambda: queue.waiting)

    def answered(self, scope: Mapping[str, Any], status: int, seconds: float) -> None:
        # the route, never the path: anybody can make up paths
        route = getattr(scope.get("route"), "path", "other")
        method = scope["method"] if scope["method"] in ("GET", "POST", "HEAD", "OPTIONS") else "other"
        self.requests.labels(method, route, str(status)).inc()
        self.seconds.labels(route).observe(seconds)

    def text(self) -> bytes:
        return generate_latest(self.registry)
