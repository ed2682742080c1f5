"""Answers as JSON: what a model is told, and the schema that its server holds it to.

A server samples only from tokens that keep to the schema (Willard and Louf 2023, "Efficient Guided Generation for Large
Language Models"). Where a model is to think, its reasoning comes first, in a field of its own: held to a bare answer,
it could not think (Tam et al. 2024, "Let Me Speak Freely?").
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace

from tradespace.components.answers import ANSWER_FORMS, Form
from tradespace.components.answers.base import JsonSchema
from tradespace.components.prompts.tasks import DIRECT, REVISE, THINK, Instruction

REASONED: Mapping[Instruction, bool] = {DIRECT: False, THINK: True, REVISE: True}
"""The instructions that ask for the answer itself, and whether it is to be reasoned first. Judgements, notes, steps of
a solver and what is to be searched for stay free texts."""


def as_json(instruction: Instruction, form: Form, *, declining: bool = False) -> tuple[Instruction, str]:
    """The instruction with its answer asked for as JSON, and the JSON Schema; empty where it stays a free text.

    Args:
        instruction: what the model is to do.
        form: what answers look like.
        declining: whether the answer may be `unknown`.

    >>> told, schema = as_json(DIRECT, "yes_no")
    >>> print(told.manner)
    Write a JSON object with the field `answer`: yes or no.
    >>> json.loads(schema)["properties"]
    {'answer': {'type': 'string', 'enum': ['yes', 'no'], 'description': 'yes or no'}}
    """
    answer = ANSWER_FORMS[form].schema
    if answer is None or instruction not in REASONED:
        return instruction, ""
    reasoned = REASONED[instruction]
    first = "the field `reasoning`, in which you think step by step, and then " if reasoned else ""
    manner = f"Write a JSON object with {first}the field `answer`: {answer['description']}."
    fields: dict[str, JsonSchema] = {"reasoning": {"type": "string"}} if reasoned else {}
    wanted = {"anyOf": [answer, {"type": "string", "enum": ["unknown"]}]} if declining else answer
    return replace(instruction, manner=manner), _schema({**fields, "answer": wanted})


def _schema(fields: Mapping[str, JsonSchema]) -> str:
    """Every field in its order, and no other: the strict form, which all servers take."""
    return json.dumps({"type": "object", "properties": fields, "required": list(fields), "additionalProperties": False})
