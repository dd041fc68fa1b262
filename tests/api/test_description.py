"""The description tells of every address, and every answer is as it is described."""

import re
from collections.abc import Iterator
from typing import Any

from starlette.routing import Route

from conference.api.description import endpoints_in
from tests.api.cast import ALL, API, ask, make_token
from tests.calendars.cast import FUNDRAISING, JUNE, House

FILLED = {"event": "wi-2021", "session": "welcome"}


def app_of(house: House) -> Any:
    return house.client._transport.app.app  # type: ignore[attr-defined]


def references(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        yield from ([part["$ref"]] if "$ref" in part else [])
        for value in part.values():
            yield from references(value)
    elif isinstance(part, list):
        for value in part:
            yield from references(value)


async def test_every_address_is_described_and_nothing_else(house: House) -> None:
    described = (await ask(house, "/openapi.json")).json()
    served = {route.path for route in app_of(house).routes if isinstance(route, Route) and route.path.startswith(API)}
    assert set(described["paths"]) == served - {f"{API}/openapi.json"}
    assert (described["openapi"], described["servers"]) == ("3.1.0", [{"url": house.settings.base_url}])
    operations = [path["get"] for path in described["paths"].values()]
    assert len({operation["operationId"] for operation in operations}) == len(operations)
    assert all(operation["summary"] for operation in operations)


async def test_parameters_scopes_and_references_fit(house: House) -> None:
    described = (await ask(house, "/openapi.json")).json()
    for route, endpoint in endpoints_in(app_of(house).routes):
        operation = described["paths"][route.path]["get"]
        assert [one["name"] for one in operation["parameters"]] == re.findall(r"{(\w+)}", route.path)
        assert operation.get("security") == ([{"token": [endpoint.scope.value]}] if endpoint.scope else None)
    known = {f"#/components/schemas/{name}" for name in described["components"]["schemas"]}
    assert set(references(described)) <= known


def conforms(value: Any, schema: dict[str, Any], schemas: dict[str, Any]) -> bool:
    """The part of JSON Schema that our shapes use."""
    if "$ref" in schema:
        return conforms(value, schemas[schema["$ref"].rpartition("/")[2]], schemas)
    if "anyOf" in schema:
        return any(conforms(value, option, schemas) for option in schema["anyOf"])
    kinds: dict[str, Any] = {
        "object": dict,
        "array": list,
        "string": str,
        "integer": int,
        "number": (int, float),
        "boolean": bool,
        "null": type(None),
    }
    if not isinstance(value, kinds[schema["type"]]) or ("enum" in schema and value not in schema["enum"]):
        return False
    if schema["type"] == "array":
        return all(conforms(each, schema["items"], schemas) for each in value)
    if schema["type"] == "object":
        closed = schema["additionalProperties"] is False and set(value) == set(schema["properties"])
        return closed and all(conforms(value[name], each, schemas) for name, each in schema["properties"].items())
    return schema.get("format") != "date-time" or re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", value) is not None


async def test_every_answer_is_as_it_is_described(house: House) -> None:
    ada = await house.delegate("Ada")
    await house.book(ada, FUNDRAISING, JUNE)
    token = await make_token(house, ada, *ALL)
    described = (await ask(house, "/openapi.json")).json()
    schemas = described["components"]["schemas"]
    for route, endpoint in endpoints_in(app_of(house).routes):
        path = route.path.format(**{name: FILLED[name] for name in route.param_convertors})
        answer = (await house.client.get(path, headers={"Authorization": f"Bearer {token}"} if endpoint.scope else {})).json()
        schema = described["paths"][route.path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        assert conforms(answer, schema, schemas), path
        assert endpoint.shape.model_validate(answer).model_dump(mode="json") == answer
    refused = (await ask(house, "/me")).json()
    assert conforms(refused, {"$ref": "#/components/schemas/Refused"}, schemas)
    assert not conforms({**refused, "more": 1}, {"$ref": "#/components/schemas/Refused"}, schemas)


async def test_the_page_for_people_names_every_address_and_scope(house: House) -> None:
    page = (await house.client.get("/api")).text
    for route, endpoint in endpoints_in(app_of(house).routes):
        assert f"<code>{route.path}</code>" in page
        assert endpoint.scope is None or f"<code>{endpoint.scope.value}</code>" in page
