"""Spans for OpenTelemetry, where its environment variables ask for them; else nothing is imported.

The SDK reads ``OTEL_*`` itself: endpoint, headers, service name, sampler, resource.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import copy_context
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from cdalake.telemetry import logs

log = logging.getLogger("cdalake.tracing")

P = ParamSpec("P")
T = TypeVar("T")

ENDPOINTS = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
MISSING = (
    "OTEL_EXPORTER_OTLP_ENDPOINT asks for OpenTelemetry, which is not installed. "
    "Run pip install 'cdalake[otel]', or unset it."
)


class _Tracing:
    """The provider of this process; None while nobody asked."""

    provider: Any = None
    tracer: Any = None


def is_wanted(environment: Mapping[str, str]) -> bool:
    """The environment names a receiver."""
    is_off = environment.get("OTEL_SDK_DISABLED", "").lower() == "true"
    return not is_off and any(environment.get(name) for name in ENDPOINTS)


@contextmanager
def sending(environment: Mapping[str, str], version: str) -> Iterator[None]:
    """Send spans during the block if the environment asks for it; what is left goes at its end."""
    if not is_wanted(environment):
        yield
        return
    try:
        _Tracing.provider = _provider(environment, version)
    except ImportError:
        # Tables are more than spans: a missing extra stops nothing, and is said once.
        log.warning("OTEL_EXTRA_MISSING: %s", MISSING)
        yield
        return
    _Tracing.tracer = _Tracing.provider.get_tracer("cdalake", version)
    try:
        yield
    finally:
        _Tracing.provider.shutdown()
        _Tracing.provider = _Tracing.tracer = None


def _provider(environment: Mapping[str, str], version: str) -> Any:
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    named = {"service.version": version}
    if not environment.get("OTEL_SERVICE_NAME"):
        named["service.name"] = "cdalake"
    provider = TracerProvider(resource=Resource.create(named))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    return provider


@contextmanager
def span(name: str, **attributes: str | int) -> Iterator[Any]:
    """A span around the block, with its trace's id on every log line; None without tracing."""
    if _Tracing.tracer is None:
        yield None
        return
    told = {f"cdalake.{key}": value for key, value in attributes.items()}
    started = _Tracing.tracer.start_as_current_span(name, attributes=told)
    with started as current, logs.about(trace_id=_id_of(current)):
        yield current


@contextmanager
def inner_span(name: str, **attributes: str | int) -> Iterator[Any]:
    """The same, but only as a part of another span."""
    if _Tracing.tracer is None or not _is_inside():
        yield None
        return
    with span(name, **attributes) as current:
        yield current


def _is_inside() -> bool:
    from opentelemetry.trace import get_current_span

    return bool(get_current_span().get_span_context().is_valid)


@contextmanager
def request_span(method: str, headers: Mapping[str, str]) -> Iterator[Any]:
    """The span of a request, a part of its caller's trace where it names one."""
    if _Tracing.tracer is None:
        yield None
        return
    from opentelemetry.trace import SpanKind
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

    caller = TraceContextTextMapPropagator().extract(headers)
    attributes = {"http.request.method": method}
    with (
        _Tracing.tracer.start_as_current_span(
            method, context=caller, kind=SpanKind.SERVER, attributes=attributes
        ) as current,
        logs.about(trace_id=_id_of(current)),
    ):
        yield current


def end_request(current: Any, method: str, route: str, status: int) -> None:
    """Name a request's span by its route and say how it ended."""
    if current is None:
        return
    current.update_name(f"{method} {route}")
    current.set_attributes({"http.route": route, "http.response.status_code": status})


def _id_of(current: Any) -> str:
    return f"{current.get_span_context().trace_id:032x}"


def carried(action: Callable[P, T]) -> Callable[P, T]:
    """The action as a part of the present span and log lines, whatever thread carries it out."""
    context = copy_context()

    @wraps(action)
    def run(*args: P.args, **kwargs: P.kwargs) -> T:
        # A context can be entered once at a time.
        return context.copy().run(action, *args, **kwargs)

    return run
