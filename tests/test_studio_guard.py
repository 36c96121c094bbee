"""The server among strangers: who may ask, how much at a time, and what becomes of those who never finish."""

from __future__ import annotations

import contextlib
import http.client
import json
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient
from studio_server import serving

from handsynth.cli.app import main
from handsynth.errors import InputError
from handsynth.model.model import Model
from handsynth.studio.app import create_app
from handsynth.studio.limits import Limits

LINE = "/v1/render?text=a"


@pytest.fixture(scope="module")
def model() -> Model:
    return Model.open(threads=1)


@pytest.fixture(scope="module")
def server():
    limits = {
        "header_seconds": 1.5,
        "body_seconds": 1,
        "body": 20_000,
        "queue": 3,
        "per_client": 20,
        "connections": 600,
    }
    with serving(*(f"--limit={name}={value}" for name, value in limits.items())) as server:
        yield server


def _ask(server, path: str = LINE, method: str = "GET", **headers: str) -> tuple[int, dict[str, str], bytes]:
    connection = http.client.HTTPConnection("localhost", server.port, timeout=20)
    connection.request(method, path, headers=headers)
    answer = connection.getresponse()
    data = answer.read()
    connection.close()
    return answer.status, {name.lower(): value for name, value in answer.getheaders()}, data


def _posted(path: str, body: bytes) -> bytes:
    """A request as it goes over the line."""
    head = ["Host: localhost", "Content-Type: application/json", f"Content-Length: {len(body)}"]
    return "\r\n".join([f"POST {path} HTTP/1.1", *head, "", ""]).encode() + body


@pytest.mark.parametrize("path", ["/healthz", LINE, "/v1/render", "/v1/nothing", "/nothing", "/metrics"])
def test_every_answer_keeps_other_sites_out(client, path):
    headers = client.get(path).headers
    assert "default-src 'none'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff" and headers["referrer-policy"] == "no-referrer"
    assert not any(name.startswith("access-control") for name in headers)


def test_other_names_other_sites_and_other_pages_are_refused(client):
    refused = {
        421: [{"host": "evil.example"}, {"host": "localhost.evil.example:80"}, {"host": ""}, {"host": "[bad"}],
        403: [{"origin": "http://evil.example"}, {"origin": "null"}, {"sec-fetch-site": "cross-site"},
              {"origin": "http://localhost:81"}],
    }  # fmt: skip
    for status, several in refused.items():
        for headers in several:
            answer = client.get(LINE, headers=headers)
            assert answer.status_code == status, headers
            assert answer.headers["content-type"] == "application/problem+json"
    for headers in ({"origin": "http://localhost"}, {"host": "127.0.0.1:99"}, {"host": "[::1]:80"}):
        assert client.get(LINE, headers=headers).status_code == 200, headers
    assert client.options(LINE, headers={"origin": "http://evil.example"}).status_code == 403


def test_a_token_is_asked_for(model):
    with TestClient(create_app(model, token="secret", names=None), base_url="http://any.example") as client:
        for given in ({}, {"authorization": "Bearer wrong"}, {"authorization": "Basic secret"}, {"authorization": "é"}):
            raw = {name: value.encode("latin-1") for name, value in given.items()}
            answer = client.get(LINE, headers=raw)
            assert answer.status_code == 401 and answer.headers["www-authenticate"] == "Bearer"
        assert client.get("/metrics").status_code == 401
        assert client.get("/healthz").status_code == 200
        for path in (LINE, "/metrics"):
            assert client.get(path, headers={"authorization": "Bearer secret"}).status_code == 200


def test_bodies_that_are_too_large_or_packed_are_refused(client):
    large = b'{"text": "' + b"a" * (2 << 20) + b'"}'
    kind = {"content-type": "application/json"}
    assert client.post("/v1/render", content=large, headers=kind).status_code == 413
    # without a length, as it comes
    answer = client.post(
        "/v1/render", content=(large[i : i + 65536] for i in range(0, len(large), 65536)), headers=kind
    )
    assert answer.status_code == 413 and "2,097,152 bytes" in answer.json()["detail"]
    packed = client.post("/v1/render", content=b"x", headers={**kind, "content-encoding": "gzip"})
    assert packed.status_code == 415
    lied = client.post("/v1/render", content=b"{}", headers={**kind, "content-length": "9" * 30})
    assert lied.status_code == 413


def test_a_body_that_never_ends_is_given_up(server):
    with socket.create_connection(("localhost", server.port)) as line:
        line.sendall(_posted("/v1/render", b"{" * 99)[:-98])
        line.settimeout(10)
        answer = line.recv(4096)
    assert b" 408 " in answer.split(b"\r\n")[0] and b"problem+json" in answer


def test_what_is_no_http_is_answered_or_dropped(server):
    for said in (
        b"\x16\x03\x01" + bytes(50),
        b"GET\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\n" + b"x" * 100_000,
        b"\0" * 9,
    ):
        with socket.create_connection(("localhost", server.port)) as line:
            line.settimeout(10)
            try:
                line.sendall(said)
                answer = line.recv(4096)
            except ConnectionError:
                answer = b""
        assert not answer or answer.startswith(b"HTTP/1.1 4")
    assert _ask(server)[0] == 200


def test_silent_connections_keep_nobody_out(server):
    """More of them than may be open, some having said half a request: others are served, and they are closed."""
    lines = []
    try:
        for number in range(900):
            line = socket.create_connection(("localhost", server.port))
            lines.append(line)
            if number % 2:
                line.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nX: ")
            if number % 150 == 0:
                assert _ask(server)[0] == 200
        assert _ask(server)[0] == 200
        time.sleep(2.5)
        open_ones = next(
            float(line.split()[-1])
            for line in _ask(server, "/metrics")[2].decode().splitlines()
            if line.startswith("handsynth_connections ")
        )
        assert open_ones <= 2
        for line in (lines[0], lines[1], lines[-1]):
            line.settimeout(5)
            with contextlib.suppress(ConnectionError):
                assert line.recv(100) == b""
    finally:
        for line in lines:
            line.close()


def test_too_much_at_a_time_is_put_off(server):
    asked = json.dumps({"text": "a b c d " * 600, "legibility": 16})

    def ask(_: int) -> tuple[int, dict[str, str], bytes]:
        connection = http.client.HTTPConnection("localhost", server.port, timeout=60)
        connection.request("POST", "/v1/render", asked, {"content-type": "application/json"})
        answer = connection.getresponse()
        return answer.status, dict(answer.getheaders()), answer.read()

    # fewer than a client may ask at a time, more than wait for their turn
    with ThreadPoolExecutor(16) as threads:
        answers = list(threads.map(ask, range(16)))
    assert {status for status, _, _ in answers} == {200, 503}
    assert all("retry-after" in headers for status, headers, _ in answers if status == 503)
    assert len({data for status, _, data in answers if status == 200}) == 1
    assert _ask(server)[0] == 200


def test_a_client_that_asks_too_much_at_a_time_is_told_so(server):
    with contextlib.ExitStack() as held:
        for _ in range(20):  # requests whose bodies are still to come
            line = held.enter_context(socket.create_connection(("localhost", server.port)))
            line.sendall(_posted("/v1/render", b"{" * 99)[:-98])
        end = time.monotonic() + 0.8
        while (answer := _ask(server))[0] != 429:
            assert time.monotonic() < end, answer
    status, headers, data = answer
    assert status == 429 and "retry-after" in headers and "more than 20 requests" in json.loads(data)["detail"]
    time.sleep(0.3)
    assert _ask(server)[0] == 200


def test_what_nobody_waits_for_is_given_up(server):
    asked = _posted("/v1/page", json.dumps({"text": "many words here\n\n" * 1000}).encode())
    with socket.create_connection(("localhost", server.port)) as line:
        line.sendall(asked)
        time.sleep(0.3)
    end = time.monotonic() + 8
    while b"handsynth_jobs_working 0.0" not in _ask(server, "/metrics")[2]:
        assert time.monotonic() < end, "still drawn, though nobody waits"
        time.sleep(0.1)


def test_a_server_that_is_killed_leaves_nothing_behind_and_starts_again(tmp_path):
    asked = _posted("/v1/page", json.dumps({"text": "many words here\n\n" * 2000, "format": "png"}).encode())
    with serving(TMPDIR=str(tmp_path)) as server, socket.create_connection(("localhost", server.port)) as line:
        line.sendall(asked)
        line.settimeout(20)
        assert b"200" in line.recv(1000)  # the first pages of many
        server.process.kill()
        server.process.wait()
    assert list(tmp_path.iterdir()) == []
    with serving(port=server.port, TMPDIR=str(tmp_path)) as again:
        assert _ask(again)[0] == 200
        # a port that is taken is said in one line
        command = [sys.executable, "-m", "handsynth", "studio", "--no-browser", "--port", str(again.port)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60)
        assert done.returncode == 2 and done.stderr.count("\n") == 1 and "--port" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--limit", "text"], "the limit text is ''"),
        (["--limit", "colour=3"], "no limit 'colour'"),
        (["--limit", "seconds=-1"], "more than 0"),
        (["--limit", "queue=2.5"], "whole number"),
        (["--host", "256.1.1.1", "--port", "0"], "cannot listen"),
        (["--token", " a"], "token"),
        (["--model", "nothing.zip"], "nothing.zip"),
    ],
)
def test_a_server_that_cannot_be_is_refused_in_one_line(arguments, said, capsys):
    assert main(["studio", "--no-browser", *arguments]) == 2
    error = capsys.readouterr().err
    assert said in error and error.count("\n") == 1


@given(st.text(max_size=40), st.text(max_size=40))
def test_whatever_a_limit_is_given_as_is_taken_or_refused(name, value):
    for item in (f"{name}={value}", f"seconds={value}", f"jobs={value}", name):
        try:
            limits = Limits().set([item])
        except InputError as error:
            assert "\n" not in str(error)
        else:
            assert limits.seconds > 0 and limits.workers >= 1
