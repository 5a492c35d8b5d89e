"""Thousands of bad bodies: each gets a JSON-RPC answer or a 4xx, and the server lives.

``HOSTILE_BODIES`` says how many are generated: 2,000 unless told, then the same ones each time; a
number of your own is another draw each time. An unexpected error inside a tool counts as a failure,
however politely it is worded. Calls that are almost right are the matter of test_generated_calls.py.
"""

import json
import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor

import hostile_corpus
import pytest
from endpoint import HANDSHAKE_VERSIONS, MODERN, Heard, check_answer
from hostile_strategies import (
    DRY_RUN,
    OPERATORS,
    call_body,
    damaged_bytes,
    domain_calls,
    fitting_values,
    json_values,
    messages,
)
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

pytestmark = pytest.mark.slow

BODIES = int(os.environ.get("HOSTILE_BODIES", "2000"))
# Whoever asks for a number has the time for all of what is listed, not drawn; else every fifth of it is tried.
EVERY = 1 if "HOSTILE_BODIES" in os.environ else 5
AT_ONCE = 3  # client threads: more would only measure this machine
BODIES_AT_A_TIME = 6
MOST_SHOWN = 20
MODELS = (
    "res.partner",
    "res.country",
    "res.currency",
    "res.company",
    "res.lang",
    "res.partner.bank",
    "ir.attachment",
    "mail.message",
)

SERVED = [None, *HANDSHAKE_VERSIONS]
ANY_VERSION = [*SERVED, MODERN, "1999-01-01", "", "\x7f"]


@pytest.fixture(scope="module")
def senders():
    with ThreadPoolExecutor(AT_ONCE) as pool:
        yield pool


@pytest.fixture(scope="module")
def alive(endpoint) -> Callable[[], None]:
    """Fails when a good call is not answered as it was at the beginning."""
    arguments = {
        "model": "res.country",
        "domain": [["code", "in", ["BE", "NL"]]],
        "fields": ["code"],
        "order": "code",
    }
    expected = endpoint.tool("search_records", arguments)
    assert [record["code"] for record in expected["records"]] == ["BE", "NL"]

    def check() -> None:
        assert endpoint.tool("search_records", arguments) == expected

    return check


@pytest.fixture(scope="module")
def harmless_tools(own_tools) -> dict[str, dict]:
    """The tools that only read, and those that can be told to try only."""
    return {
        name: tool
        for name, tool in own_tools.items()
        if tool["annotations"]["readOnlyHint"] or DRY_RUN in tool["inputSchema"].get("properties", {})
    }


@pytest.fixture(scope="module")
def known_fields(endpoint) -> dict[str, dict[str, list]]:
    """For each model its fields, and for each field values of its type and those of one record."""
    fields: dict[str, dict[str, list]] = {}
    for model in MODELS:
        described = endpoint.tool("describe_model", {"model": model, "all_fields": True})["fields"]
        names = list(described)
        fields[model] = {name: fitting_values(described[name]) for name in names}
        for start in range(0, len(names), 50):
            part = {"model": model, "fields": names[start : start + 50], "limit": 1}
            for record in endpoint.tool("search_records", part)["records"]:
                for name, value in record.items():
                    fields[model].setdefault(name, []).append(value)
    return fields


def _unsound(endpoint, senders, items: Iterable[tuple[str, bytes, str | None]]) -> list[str]:
    """What is wrong with the answers to bodies, sent several at once with a version header each."""

    def send(item: tuple[str, bytes, str | None]) -> Heard:
        _name, body, version = item
        return endpoint.send(body, {"MCP-Protocol-Version": version})

    items, wrong = list(items), []
    for (name, body, version), heard in zip(items, senders.map(send, items), strict=True):
        try:
            check_answer(heard, body)
        except AssertionError as error:
            wrong.append(f"{name}, version {version}: {error}")
    return wrong


def _try_all(endpoint, senders, alive, bodies: st.SearchStrategy[bytes], versions: list, share: float) -> None:
    """Send ``share`` of all generated bodies; every unsound answer is told, not just the first."""
    wrong: list[str] = []

    @settings(
        max_examples=max(1, round(BODIES * share / BODIES_AT_A_TIME)),
        deadline=None,
        database=None,
        derandomize="HOSTILE_BODIES" not in os.environ,
        # The failing body is told as it is: shrinking it would keep the server busy for minutes.
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(
        st.lists(
            st.tuples(bodies, st.sampled_from(versions)),
            min_size=BODIES_AT_A_TIME,
            max_size=BODIES_AT_A_TIME,
        )
    )
    def send(batch: list[tuple[bytes, str | None]]) -> None:
        wrong.extend(_unsound(endpoint, senders, (("generated", body, version) for body, version in batch)))
        alive()

    send()
    _fail_if_any(wrong)


def _fail_if_any(wrong: list[str]) -> None:
    shown = "\n\n".join(wrong[:MOST_SHOWN])
    assert not wrong, f"{len(wrong)} unsound answers, such as\n\n{shown}"


@pytest.mark.parametrize("version", [None, "2025-11-25"])
def test_the_corpus_is_answered_soundly(endpoint, senders, alive, version):
    corpus = dict(hostile_corpus.bodies())
    assert len(corpus) > 1000
    _fail_if_any(_unsound(endpoint, senders, ((name, body, version) for name, body in corpus.items())))
    alive()


def test_arbitrary_json_is_answered_soundly(endpoint, senders, alive):
    _try_all(
        endpoint,
        senders,
        alive,
        json_values.map(lambda value: json.dumps(value).encode()),
        ANY_VERSION,
        0.1,
    )


def test_damaged_messages_are_answered_soundly(endpoint, senders, alive):
    _try_all(endpoint, senders, alive, messages(), ANY_VERSION, 0.2)


def test_damaged_bytes_are_answered_soundly(endpoint, senders, alive):
    _try_all(endpoint, senders, alive, damaged_bytes(), ANY_VERSION, 0.15)


def test_domains_on_real_fields_are_answered_soundly(endpoint, senders, alive, known_fields):
    _try_all(endpoint, senders, alive, domain_calls(known_fields), SERVED, 0.3)


def test_every_tool_survives_each_wrong_value_in_each_place(endpoint, senders, alive, harmless_tools):
    good = {"model": "res.country", "ids": [1]}
    values = (*hostile_corpus.WRONG_VALUES, *hostile_corpus.SQL_STRINGS)
    items = []
    for name, tool in sorted(harmless_tools.items()):
        properties = tool["inputSchema"].get("properties", {})
        usual = {key: good[key] for key in tool["inputSchema"].get("required", ()) if key in good}
        if DRY_RUN in properties:
            usual[DRY_RUN] = True
        for place in sorted(properties.keys() - {DRY_RUN}):
            for number, value in enumerate(values):
                body = call_body(name, {**usual, place: value})
                items.append((f"{name}.{place} wrong {number}", body, None))
    assert len(items) > 300
    _fail_if_any(_unsound(endpoint, senders, items[::EVERY]))
    alive()


def test_every_operator_on_every_field_is_carried_out_or_explained(endpoint, senders, alive, known_fields):
    items = []
    for field, values in known_fields["res.partner"].items():
        for operator in OPERATORS:
            for value in {"in": [values], "not in": [values], "any": [[]], "not any": [[]]}.get(
                operator, [values[0], False]
            ):
                body = call_body("count_records", {"model": "res.partner", "domain": [[field, operator, value]]})
                items.append((f"{field} {operator}", body, None))
    assert len(items) > 2000
    _fail_if_any(_unsound(endpoint, senders, items[::EVERY]))
    alive()
