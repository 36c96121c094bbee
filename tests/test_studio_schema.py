"""The OpenAPI schema is true: schemathesis makes requests from it, and checks every answer against it."""

from __future__ import annotations

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.config import SchemathesisConfig
from studio_server import serving

# What no schema can say, like which characters a model draws or how many pages a text takes, is refused with 422 or
# 404. All other checks are as they come.
CONFIG = SchemathesisConfig.from_dict(
    {
        "checks": {
            "positive_data_acceptance": {"expected-statuses": ["2xx", "304", "404", "413", "422", "503"]},
            # any bytes are a file to a schema; more files than a server takes are 413
            "negative_data_rejection": {
                "expected-statuses": ["400", "401", "403", "404", "406", "413", "415", "422", "428", "5xx"]
            },
        }
    }
)

OPERATIONS = [
    ("GET", "/v1/about"), ("GET", "/v1/hands"), ("GET", "/v1/template"), ("GET", "/v1/render"), ("POST", "/v1/render"),
    ("POST", "/v1/page"), ("POST", "/v1/font"), ("GET", "/v1/sheet"), ("POST", "/v1/sheet"), ("POST", "/v1/learn"),
    ("POST", "/v1/letters"), ("POST", "/v1/forget"),
]  # fmt: skip


@pytest.fixture(scope="module")
def schema():
    # few glyphs, so that thirty fonts take seconds
    with serving("--limit", "glyphs=300") as server:
        yield schemathesis.openapi.from_url(f"{server.address}/v1/openapi.json", config=CONFIG)


def test_all_operations_are_tested(schema):
    found = [operation.ok() for operation in schema.get_all_operations()]
    assert sorted((one.method.upper(), one.path) for one in found) == sorted(OPERATIONS)


EMPHASIS = {
    "output": {"ink_heading": "navy", "ink_marked": "red"},
    "paper": {"bleed": 0.5, "show_through": 0.5},
    "text": {"heading_mark": "frame"},
}

GOOD = [
    ("GET", "/v1/render", {"query": {"text": "a", "format": "svg"}}),
    ("POST", "/v1/render", {"body": {"text": "a", "hand": {"blend": ["Quill", "random"]}}}),
    ("POST", "/v1/page", {"body": {"text": "a", "style": {"paper": {"name": "a6"}}}}),
    ("POST", "/v1/page", {"body": {"text": "a", "format": "png"}}),
    ("POST", "/v1/page", {"body": {"text": "# a\n==b==", "markdown": True, "format": "png", "style": EMPHASIS}}),
    ("POST", "/v1/font", {"body": {"chars": "ab"}}),
    ("POST", "/v1/font", {"body": {"chars": "ab", "format": "fnt", "sizes": [16, 32]}}),
    ("GET", "/v1/sheet", {"query": {"chars": "ab", "hands": ["Quill", "Fern"]}}),
    ("POST", "/v1/sheet", {"body": {"chars": "ab", "variants": 3}}),
    ("POST", "/v1/letters", {"body": {"hand": "Quill"}}),
    ("GET", "/v1/template", {"query": {"paper": "letter"}}),
]


@pytest.mark.parametrize(("method", "path", "asked"), GOOD)
def test_what_can_be_done_is_answered_as_the_schema_says(schema, method, path, asked):
    kind = {"media_type": "application/json"} if "body" in asked else {}
    answer = schema[path][method].Case(**asked, **kind).call_and_validate()
    assert answer.status_code == 200


POSITIVE, NEGATIVE = schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE
MODES = [
    *((method, path, POSITIVE) for method, path in OPERATIONS),
    # what asks for nothing cannot be asked for wrongly
    *((method, path, NEGATIVE) for method, path in OPERATIONS if path not in ("/v1/about", "/v1/hands")),
]


@pytest.mark.parametrize(("method", "path", "mode"), MODES)
def test_the_server_answers_as_its_schema_says(schema, method, path, mode):
    cases = schema[path][method].as_strategy(generation_mode=mode)

    @given(case=cases)
    @settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True, database=None)
    def check(case):
        case.call_and_validate()

    check()
