"""Operations of the API that refuse what they do not know, in an address as in a body."""

from __future__ import annotations

import json
from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute
from pydantic import BaseModel

from handsynth.dials.renamed import EARLIER
from handsynth.studio.refusal import Refusal
from handsynth.studio.requests import RENAMED, RequestBody
from handsynth.studio.wording import unknown

HEADER = "Handsynth-Renamed"
"""A JSON list of lines, one for each option that was given by an earlier name. RFC 9745's Deprecation is of whole
resources, and HTTP's Warning is obsolete (RFC 9111, 5.5)."""


class StrictRoute(APIRoute):
    """A route that takes no parameter which its schema does not have: a misspelt one would be passed over.

    Earlier names of options are taken, and the answer says those of today.
    """

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()
        if not self.include_in_schema:
            return handle
        known, earlier = _parameters(self), _earlier(self)

        async def strict(request: Request) -> Response:
            for name in request.query_params:
                if name not in known and name not in earlier:
                    raise Refusal(422, unknown(name, known))
            lines: list[str] = []
            before = RENAMED.set(lines)
            try:
                answer = await handle(request)
            finally:
                RENAMED.reset(before)
            if lines:
                answer.headers[HEADER] = json.dumps(lines)
            return answer

        return strict


def asked_of(route: Any) -> type[BaseModel] | None:
    """The model of what a route is asked with, if it has one."""
    if not isinstance(route, APIRoute):
        return None
    fields = [*route.dependant.body_params, *route.dependant.query_params]
    return next((kind for field in fields if (kind := _model(field)) is not None), None)


def _parameters(route: APIRoute) -> frozenset[str]:
    """Names that an operation takes in its address."""
    names: set[str] = set()
    for field in route.dependant.query_params:
        kind = _model(field)
        names.update([field.alias] if kind is None else kind.model_fields)
    return frozenset(names)


def _earlier(route: APIRoute) -> frozenset[str]:
    """Earlier names that an operation takes in its address."""
    kinds = [kind for field in route.dependant.query_params if (kind := _model(field)) is not None]
    return frozenset(name for kind in kinds if issubclass(kind, RequestBody) for name in EARLIER.get(kind.earlier, {}))


def _model(field: Any) -> type[BaseModel] | None:
    kind = field.field_info.annotation
    return kind if isinstance(kind, type) and issubclass(kind, BaseModel) else None
