"""Operations of the API that refuse what they do not know, in an address as in a body."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute
from pydantic import BaseModel

from handsynth.studio.refusal import Refusal
from handsynth.studio.wording import unknown


class StrictRoute(APIRoute):
    """A route that takes no parameter which its schema does not have: a misspelt one would be passed over."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()
        if not self.include_in_schema:
            return handle
        known = _parameters(self)

        async def strict(request: Request) -> Response:
            for name in request.query_params:
                if name not in known:
                    raise Refusal(422, unknown(name, known))
            return await handle(request)

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


def _model(field: Any) -> type[BaseModel] | None:
    kind = field.field_info.annotation
    return kind if isinstance(kind, type) and issubclass(kind, BaseModel) else None
