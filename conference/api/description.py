"""The API described (OpenAPI 3.1), from the routes that are served and the shapes of their answers: nothing of it is written twice."""

import inspect
import re
from collections.abc import Iterable
from typing import Any

from pydantic.json_schema import models_json_schema
from starlette.routing import BaseRoute, Route

from conference.api.endpoint import Endpoint
from conference.api.rules import SCOPE_WORDS
from conference.api.shapes import Refused, Shape

Described = dict[str, Any]
REFERENCE = "#/components/schemas/{model}"
WHERE = {"event": "The event’s slug, as in its page’s address.", "session": "The session’s slug."}
ABOUT = """Read the published programme without asking, and your own data with a token.

Instants are RFC 3339 in UTC, with the zone in which they count and the wall clock there. A session’s `uid` is the UID of its calendar
entry and the identifier in its page’s JSON-LD. Ask again with `If-None-Match`: an answer that is still the same is a 304.
Nothing is paginated: an event’s whole programme is one answer."""


def endpoints_in(routes: Iterable[BaseRoute]) -> list[tuple[Route, Endpoint]]:
    return [(route, route.endpoint) for route in routes if isinstance(route, Route) and isinstance(route.endpoint, Endpoint)]


def described(routes: Iterable[BaseRoute], base_url: str) -> Described:
    """The whole document."""
    found = endpoints_in(routes)
    shapes: list[type[Shape]] = list(dict.fromkeys([*(endpoint.shape for _, endpoint in found), Refused]))
    _, schemas = models_json_schema([(shape, "serialization") for shape in shapes], ref_template=REFERENCE)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Library Conferences", "version": "1", "description": ABOUT},
        "servers": [{"url": base_url}],
        "paths": {route.path: {"get": _operation(route, endpoint)} for route, endpoint in found},
        "components": {"schemas": schemas["$defs"], "securitySchemes": {"token": _token()}},
    }


def _operation(route: Route, endpoint: Endpoint) -> Described:
    refused = [404] if route.param_convertors else []
    operation: Described = {
        "operationId": endpoint.view.__name__,
        "summary": inspect.cleandoc(endpoint.view.__doc__ or "").partition(": ")[2],
        "parameters": [_parameter(name) for name in route.param_convertors],
        "responses": {
            "200": {"description": "The answer.", "content": _content(endpoint.shape)},
            "304": {"description": "As the reader has it already (If-None-Match)."},
        },
    }
    if endpoint.scope:
        operation["security"] = [{"token": [endpoint.scope.value]}]
        refused = [401, 403]
    words = {401: "No token, or one that does not work.", 403: "The token lacks the scope.", 404: "There is no such thing."}
    operation["responses"] |= {str(status): {"description": words[status], "content": _content(Refused)} for status in refused}
    return operation


def _parameter(name: str) -> Described:
    return {"name": name, "in": "path", "required": True, "description": WHERE[name], "schema": {"type": "string"}}


def _content(shape: type[Shape]) -> Described:
    return {"application/json": {"schema": {"$ref": re.sub(r"\{model\}", shape.__name__, REFERENCE)}}}


def _token() -> Described:
    scopes = "; ".join(f"`{scope.value}`: {words}" for scope, words in SCOPE_WORDS.items())
    return {"type": "http", "scheme": "bearer", "description": f"A token that its owner made at /me/tokens. Scopes: {scopes}."}
