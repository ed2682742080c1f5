"""The JSON Schema of the `deployment` section, beside its reader."""

from __future__ import annotations

import jsonschema
import pytest
import yaml

from tests.search_space.deployment.test_section import GROUP_FAULTS, LOAD_FAULTS
from tradespace.search_space.deployment.section_schema import deployment_schema

BEYOND = ("twice", "no trace", "cannot be read", "next to each other", "no pipeline", "too", "as bursty", "together")
FURTHER = ("alternatives", "fallback")
"""Rules between values, and of components and files, which JSON Schema does not know."""


def accepted(section: object) -> bool:
    return not list(jsonschema.Draft202012Validator(deployment_schema()).iter_errors(section))


@pytest.mark.parametrize(
    "section",
    [
        "{load: {rate: 2 per s}}",
        "{load: [{rate: [2 per s, .5 per min], burstiness: [1, 2.5]}, {trace: azure_conv, rate: 1 per h}]}",
        "{load: {trace: mine.csv}, hosts: {cpu: {usd_per_hour: 0.2, cores: 2}, gpu: {}}}",
        "{load: {rate: 2 per s}, stages: {retrieve + rerank + rerank_2: {replicas: [1, 2]}, generate: {batch: 8}}}",
        "{load: {rate: 2 per s}, stages: {generate: {wait: [0 ms, 10 ms], timeout: [none, 2 s], hedge_after: p99.9}}}",
        "{load: {rate: 2 per s}, stages: {generate: {retries: 2, fallback: [none, {reader: {}}, sentence()]}}}",
    ],
)
def test_what_the_reader_takes_is_valid(section: str) -> None:
    """One value or several, of everything."""
    assert accepted(yaml.safe_load(section))


REFUSED = [
    *(section for section, message in LOAD_FAULTS if not any(rule in message for rule in BEYOND)),
    *(
        f"{{load: {{rate: 1 per s}}, stages: {stages}}}"
        for stages, message in GROUP_FAULTS
        if not any(rule in message + stages for rule in (*BEYOND, *FURTHER))
    ),
]


@pytest.mark.parametrize("section", REFUSED)
def test_what_the_reader_refuses_is_not_valid(section: str) -> None:
    """Unknown names, wrong types and impossible values are marked in the editor already."""
    assert not accepted(yaml.safe_load(section))
