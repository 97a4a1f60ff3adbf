"""The API walked by its own OpenAPI: whatever its schema allows or forbids is answered as the schema says.

schemathesis does this for any API; hypothesis and the schema do it here without forty more packages.
"""

from __future__ import annotations

import datetime as dt
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from events.models import Event
from tests.events import week

pytestmark = pytest.mark.django_db

ANYTHING = st.one_of(
    st.text(max_size=40), st.integers().map(str), st.sampled_from(["", "0", "-1", "null", "a\0b", "١٢"])
)
WALKED = settings(
    max_examples=120, deadline=None, derandomize=True, database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip


def values(schema: dict[str, Any], parts: dict[str, Any]) -> st.SearchStrategy[Any]:
    """What a schema allows."""
    if "$ref" in schema:
        return values(parts[schema["$ref"].rpartition("/")[2]], parts)
    if several := schema.get("anyOf") or schema.get("allOf"):
        return st.one_of(*(values(each, parts) for each in several))
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    match schema.get("type"):
        case "integer":
            return st.integers(schema.get("minimum", -(2**70)), schema.get("maximum", 2**70))
        case "array":
            return st.lists(values(schema["items"], parts), max_size=3)
        case "null":
            return st.just("")
        case _ if schema.get("format") == "date":
            return st.one_of(st.dates(), st.sampled_from([dt.date.min, dt.date.max])).map(str)
        case _:
            return st.text(max_size=min(60, schema.get("maxLength", 60)))


@pytest.mark.parametrize("path", ["/api/events", "/api/events/{event_id}", "/api/cinemas"])
def test_every_answer_is_as_the_schema_says(client: Client, path: str) -> None:
    week.publish(timezone.localdate(), 28, at=timezone.now(), cinemas=2, films=4)
    schema = client.get("/api/openapi.json").json()
    operation = schema["paths"][path]["get"]
    parts = schema["components"]["schemas"]
    answer = operation["responses"]["200"]["content"]["application/json"]["schema"]
    right = Draft202012Validator(answer | {"components": schema["components"]})
    parameters = operation.get("parameters", [])
    allowed = {each["name"]: values(each["schema"], parts) for each in parameters}
    if "event_id" in allowed:
        allowed["event_id"] |= st.sampled_from(list(Event.objects.values_list("pk", flat=True)))
    query = st.fixed_dictionaries({}, optional={name: st.one_of(allowed[name], ANYTHING) for name in allowed})
    published = Event.objects.values_list("pk", flat=True)[0]
    statuses = set()

    @WALKED
    @given(asked=query, odd=st.dictionaries(st.text(max_size=5), ANYTHING, max_size=1))
    def walk(asked: dict[str, Any], odd: dict[str, str]) -> None:
        number = quote(str(asked.pop("event_id", published)), safe="")
        address = f"{path.format(event_id=number)}?{urlencode(asked | odd, doseq=True, errors='replace')}"
        given = client.get(address)
        statuses.add(given.status_code)
        assert given.status_code in (200, 400, 404), address
        assert given["Content-Type"].startswith(("application/json", "text/html")), address
        if given.status_code == 200:
            assert not [error.message for error in right.iter_errors(given.json())], address

    walk()
    assert 200 in statuses
