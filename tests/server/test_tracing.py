"""Spans reach a receiver where the environment names one, and nothing is imported elsewhere."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from .conftest import LiveServer

if TYPE_CHECKING:
    from conftest import Lake

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"


class Receiver:
    """An OTLP receiver over HTTP that keeps what it is sent."""

    def __init__(self) -> None:
        received: list[Any] = []

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                sent = ExportTraceServiceRequest.FromString(body)
                received.extend(sent.resource_spans)
                self.send_response(200)
                self.send_header("content-length", "0")
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                pass

        self.received = received
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    @property
    def spans(self) -> list[Any]:
        scopes = [scope for resource in self.received for scope in resource.scope_spans]
        return [span for scope in scopes for span in scope.spans]

    def named(self, name: str) -> list[Any]:
        return [span for span in self.spans if span.name == name]

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()
    yield made
    made.close()


def attributes(span: Any) -> dict[str, Any]:
    return {each.key: each.value.string_value or each.value.int_value for each in span.attributes}


@pytest.fixture
def traced(tmp_path: Path, lake: Lake, receiver: Receiver) -> Iterator[LiveServer]:
    """A server that is told of the receiver."""
    lake.export()
    server = LiveServer(
        tmp_path / "home",
        lake,
        OTEL_EXPORTER_OTLP_ENDPOINT=receiver.url,
        OTEL_RESOURCE_ATTRIBUTES="deployment.environment=test",
    )
    yield server
    if server.process.poll() is None:
        server.end()


def test_requests_runs_tables_and_store_calls_become_spans(
    traced: LiveServer, receiver: Receiver
) -> None:
    headers = {"traceparent": f"00-{TRACE}-00f067aa0ba902b7-01"}
    traced.client.get("/api/tables/nosuch", headers=headers)
    run_id = traced.run()
    traced.ended(run_id)
    traced.end()

    (request,) = receiver.named("GET /api/tables/{name}")
    assert request.trace_id.hex() == TRACE
    assert attributes(request)["http.response.status_code"] == 404
    lines = [json.loads(line) for line in traced.log().splitlines()]
    (line,) = [line for line in lines if line.get("route") == "/api/tables/{name}"]
    assert line["trace_id"] == TRACE

    (run,) = receiver.named("run")
    assert attributes(run)["cdalake.run_id"] == run_id
    tables = receiver.named("table")
    assert {table.parent_span_id for table in tables} == {run.span_id}
    assert {attributes(table)["cdalake.status"] for table in tables} == {"ok"}
    inside = {run.span_id, *(table.span_id for table in tables)}
    calls = [span for span in receiver.spans if span.name.startswith("store ")]
    assert {call.trace_id for call in calls} == {run.trace_id}
    assert any(call.parent_span_id in inside for call in receiver.named("store copy"))
    output = (traced.home / "runs" / run_id / "output.log").read_text()
    assert run.trace_id.hex() in output


def test_the_process_names_itself_and_what_the_environment_adds(
    traced: LiveServer, receiver: Receiver
) -> None:
    traced.get("/api/config")
    traced.end()
    resource = attributes(receiver.received[0].resource)
    assert resource["service.name"] == "cdalake"
    assert resource["deployment.environment"] == "test"


ASK = """
import sys
from cdalake.telemetry.tracing import sending, span
BLOCK
with sending({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:9"}, "0"):
    with span("x") as current:
        print(current)
"""
BLOCK = "sys.modules['opentelemetry.sdk'] = None; import logging; logging.basicConfig()"


def python(code: str) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=dict(os.environ)
    )
    assert done.returncode == 0, done.stderr
    return done


def test_a_missing_extra_is_told_and_stops_nothing() -> None:
    done = python(ASK.replace("BLOCK", BLOCK))
    assert done.stdout == "None\n"
    assert "pip install 'cdalake[otel]'" in done.stderr


@pytest.mark.parametrize(
    "environment", [{}, {"OTEL_SDK_DISABLED": "true", "OTEL_EXPORTER_OTLP_ENDPOINT": "http://x"}]
)
def test_nothing_is_imported_where_nobody_asks(environment: dict[str, str]) -> None:
    done = python(
        "import sys\n"
        "from cdalake.telemetry.tracing import inner_span, request_span, sending, span\n"
        f"asked = {environment!r}\n"
        "with sending(asked, '0'), span('a'), inner_span('b'), request_span('GET', {}):\n"
        "    print([name for name in sys.modules if name.startswith('opentelemetry')])\n"
    )
    assert done.stdout == "[]\n"
