"""A request that is refused: with a status of HTTP and one line that says why and what to do."""

from __future__ import annotations

import json
from collections.abc import Mapping
from http import HTTPStatus

PROBLEM = "application/problem+json"
"""RFC 9457."""


class Refusal(Exception):
    """Why a request is not carried out. `wait`: seconds after which it may be tried again."""

    def __init__(self, status: int, detail: str, wait: float | None = None) -> None:
        super().__init__(detail)
        self.status, self.detail, self.wait = status, detail, wait

    @property
    def headers(self) -> dict[str, str]:
        result = {"Content-Type": PROBLEM, "Cache-Control": "no-store"}
        if self.wait is not None:
            result["Retry-After"] = str(max(1, round(self.wait)))
        if self.status == 401:
            result["WWW-Authenticate"] = "Bearer"
        return result

    @property
    def body(self) -> bytes:
        return json.dumps(problem(self.status, self.detail), ensure_ascii=False).encode("utf-8", "replace")


def problem(status: int, detail: str) -> Mapping[str, object]:
    """The members of a problem (RFC 9457, section 3)."""
    return {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail}
