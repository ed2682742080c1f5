"""The `pipeline` section: from YAML to possibilities, led by the components' declared settings."""

from __future__ import annotations

import pytest

from tests.search_space.small import Keep, Read, Words
from tradespace.errors import SpaceError


def notations(read: Read, stages: str) -> list[str]:
    """The members of the space that some stages describe; a fixed retriever is left out of the notation."""
    return [str(pipeline) for pipeline in read(stages).space.members()]


@pytest.mark.parametrize(
    ("stage", "expected"),
    [
        ("words", ["words()"]),
        ("{words: }", ["words()"]),
        ("[words, vectors]", ["words()", "vectors()"]),
        ("{words: {top_k: 3}}", ["words(top_k=3)"]),
        ("{words: {top_k: [3, 4]}, vectors: {}}", ["words(top_k=3)", "words(top_k=4)", "vectors()"]),
        ("[words, {vectors: {top_k: 9}}]", ["words()", "vectors(top_k=9)"]),
        ("foreign:my.Retriever", ["foreign(path='my.Retriever')"]),
        ("[words, 'foreign:my.Retriever']", ["words()", "foreign(path='my.Retriever')"]),
        ("[{words: {k1: 1, b: 0.1}}, {words: {k1: 2, b: 0.2}}]", ["words(k1=1.0, b=0.1)", "words(k1=2.0, b=0.2)"]),
    ],
)
def test_a_stage_lists_components(read: Read, stage: str, expected: list[str]) -> None:
    """A name, names with settings, or a list of both; a component may be listed again with other settings."""
    assert notations(read, f"retrieve: {stage}") == expected


@pytest.mark.parametrize(
    ("setting", "values"),
    [
        ("top_k: 7", [7]),
        ("top_k: [1, 2, 4]", [1, 2, 4]),
        ("top_k: {from: 1, to: 3}", [1, 2, 3]),
        ("top_k: {from: 1, to: 8, step: 3}", [1, 4, 7]),
        ("k1: {from: 0.1, to: 0.5, step: 0.2}", [0.1, 0.3, 0.5]),
        ("k1: {from: 1, to: 2, step: 0.5}", [1.0, 1.5, 2.0]),
        ("top_k: {from: 2, to: 2}", [2]),
        ("language: [english, german]", ["english", "german"]),
    ],
)
def test_a_plain_setting_is_fixed_chosen_or_drawn(read: Read, setting: str, values: list[object]) -> None:
    """A scalar, a list, or a range with a step."""
    name = setting.partition(":")[0]
    members = read(f"retrieve: {{words: {{{setting}}}}}").space.members()
    assert [component.settings[name] for (component,) in members] == values


@pytest.mark.parametrize(
    ("index", "expected"),
    [
        ("graph", ["vectors(index=graph())"]),
        ("[flat, graph]", ["vectors()", "vectors(index=graph())"]),
        ("{flat: {}, graph: {ef: [1, 2]}}", ["vectors()", "vectors(index=graph(ef=1))", "vectors(index=graph(ef=2))"]),
    ],
)
def test_a_setting_may_be_a_component(read: Read, index: str, expected: list[str]) -> None:
    """Where the declared type is a component, the setting takes what a stage takes."""
    assert notations(read, f"retrieve: {{vectors: {{index: {index}}}}}") == expected


def test_a_setting_may_hold_several_components(read: Read) -> None:
    """A list of components is one value, whose items have possibilities of their own; a list of lists is a choice."""
    one = notations(read, "retrieve: {both: {members: [words, {vectors: {index: [flat, graph]}}]}}")
    assert one == ["both()", "both(members=(words(), vectors(index=graph())))"]
    either = notations(read, "retrieve: {both: {members: [[words, vectors], [vectors, words]]}}")
    assert either == ["both()", "both(members=(vectors(), words()))"]


def test_a_list_for_a_setting_that_is_a_list_is_one_value(read: Read) -> None:
    """Choices between lists are lists of lists."""
    assert notations(read, "retrieve: {both: {weights: [0.1, 0.9]}}") == ["both(weights=(0.1, 0.9))"]
    assert len(notations(read, "retrieve: {both: {weights: [[0.1, 0.9], [0.2, 0.8]]}}")) == 2


def test_the_values_of_a_mapping_are_domains(read: Read) -> None:
    """Each value of a setting that is a mapping may be fixed, chosen or drawn."""
    stages = "retrieve: {foreign: {path: a.b, arguments: {size: [1, 2], name: x, deep: {from: 1, to: 2}}}}"
    assert len(notations(read, stages)) == 4
    assert "foreign(path='a.b', arguments={'size': 2, 'name': 'x', 'deep': 1})" in notations(read, stages)


def test_nothing_is_a_value_where_the_setting_allows_it(read: Read) -> None:
    """Null is chosen like any other value of an optional setting."""
    assert notations(read, "retrieve: {both: {limit: [null, 3]}}") == ["both()", "both(limit=3)"]


def test_combinations_that_a_component_refuses_are_no_members(read: Read) -> None:
    """A rule between a component's own settings holds without a constraint."""
    space = read("chunk: {cut: {size: [1, 5], overlap: [0, 3]}}\nretrieve: words").space
    assert [str(pipeline.components[0]) for pipeline in space.members()] == [
        "cut(size=1)",
        "cut(size=5)",
        "cut(size=5, overlap=3)",
    ]


def test_a_model_may_be_asked_without_passages(read: Read) -> None:
    """Where nothing is searched, the stage that answers is the whole pipeline."""
    assert notations(read, "generate: answer") == ["answer()"]


def test_a_stage_may_be_repeated(read: Read) -> None:
    """The second reranker is `rerank_2`; stages stand in the order of a pipeline, wherever they stand in the file."""
    stages = "rerank_2: {keep: {keep: [1, 2]}}\nrerank: {same: {}, keep: {keep: 2}}\nretrieve: words"
    space = read(stages, constraints="[rerank_2.keep < rerank.keep]").space
    assert list(space.stages) == ["retrieve", "rerank", "rerank_2"]
    assert [str(pipeline) for pipeline in space.members()] == [
        "words() >> same() >> keep(keep=1)",
        "words() >> same() >> keep(keep=2)",
        "words() >> keep(keep=2) >> keep(keep=1)",
    ]


def test_choices_of_repeated_stages_are_told_apart(read: Read) -> None:
    """A search knows which of the two rerankers it varies."""
    space = read("retrieve: words\nrerank: {keep: {keep: [4, 5]}}\nrerank_2: {keep: {keep: [1, 2]}}").space
    pipeline = Words() >> Keep(keep=5) >> Keep(keep=2)
    assert {path: value for path, (_, value) in (space.choices(pipeline) or {}).items()} == {
        "rerank.keep.keep": 5,
        "rerank_2.keep.keep": 2,
    }
    assert space.choices(Words() >> Keep(keep=5)) is None


FAULTS = [
    ("retrieve: words\nrerank: same\nrerank2: same", 4, "no stage is called 'rerank2'; did you mean 'rerank_2'?"),
    (
        "retrieve: words\nretrieve_2: words",
        3,
        "has at most one stage `retrieve`; several are possible of: parse, rerank",
    ),
    ("retrieve: words\nrerank_2: same", 3, "`rerank_2` needs the stage `rerank` before it"),
    ("retrieve: words\nrerank: same\nrerank_3: same", 4, "`rerank_3` needs the stage `rerank_2` before it"),
    ("retriev: words\nretrieve: words", 2, "no stage is called 'retriev'; did you mean 'retrieve'? Valid: parse,"),
    ("chunk: cut\ngenerate: answer", 1, "needs the stage `retrieve`, or `generate` alone"),
    ("retrieve: wrods", 2, "the stage `retrieve` cannot be filled by 'wrods'; did you mean 'words'?"),
    ("retrieve: answer", 2, "the stage `retrieve` cannot be filled by 'answer'; Valid: words, vectors, both,"),
    ("retrieve: []", 2, "the stage `retrieve` must list at least one component"),
    ("retrieve: 5", 2, "the stage `retrieve` must be given as component names or name: settings; given: 5"),
    ("retrieve: {words: 5}", 2, "words must be followed by its settings, setting: value; given: 5"),
    ("retrieve:\n  words:\n    topk: 5", 4, "words has no setting 'topk'; did you mean 'top_k'? Valid: k1, b,"),
    ("retrieve: words:five", 2, "the stage `retrieve` cannot be filled by 'words:five'; did you mean 'words'?"),
    ("retrieve: {foreign: {}}", 2, "foreign needs the setting `path`"),
    ("retrieve: {words: {top_k: five}}", 2, "the setting `top_k` of words must be a valid integer; given: 'five'"),
    ("retrieve: {words: {top_k: '5'}}", 2, "must be a valid integer; given: '5'"),
    ("retrieve: {words: {top_k: true}}", 2, "must be a valid integer; given: True"),
    ("retrieve: {words: {top_k: 2.5}}", 2, "must be a valid integer"),
    ("retrieve: {words: {top_k: [1,\n  2,\n  0]}}", 4, "must be greater than 0; given: 0"),
    ("retrieve: {words: {language: french}}", 2, "must be 'english' or 'german'; given: 'french'"),
    ("retrieve: {words: {top_k: []}}", 2, "must have at least one value to choose from"),
    ("retrieve: {words: {top_k: [1, 2, 1]}}", 2, "1 is listed twice; keep one"),
    ("retrieve: [words, words]", 2, "words is listed twice with the same settings; keep one"),
    ("retrieve: [{words: {top_k: [1, 2]}}, {words: {top_k: [2, 3]}}]", 2, "words is listed twice"),
    ("retrieve: {words: {k1: {from: 2, to: 1}}}", 2, "must not exceed `to`; given: from 2 to 1"),
    ("retrieve: {words: {k1: {from: 1, to: 2, step: 0}}}", 2, "must be a number above 0; given: 0"),
    ("retrieve: {words: {top_k: {from: 1, to: 2, step: 0.5}}}", 2, "must be a whole number"),
    ("retrieve: {words: {k1: {from: 0, to: 2, log: true}}}", 2, "must be above 0 where log is true; given: 0"),
    ("retrieve: {words: {k1: {from: 1, to: 2, log: true, step: 1}}}", 2, "must be left out where log is true"),
    ("retrieve: {words: {k1: {from: 1, to: 2, log: 5}}}", 2, "must be true or false; given: 5"),
    ("retrieve: {words: {k1: {from: 1}}}", 2, "a range needs `to`"),
    ("retrieve: {words: {k1: {from: 1, to: .inf}}}", 2, "must be a number; given: inf"),
    ("retrieve: {words: {k1: {from: 1, to: 2, stp: 1}}}", 2, "a range has no 'stp'; did you mean 'step'?"),
    ("retrieve: {words: {b: {from: 0, to: 2, step: 1}}}", 2, "must be less than or equal to 1; given: 2"),
    ("retrieve: {words: {language: {from: 1, to: 2}}}", 2, "takes no numbers, so it cannot be drawn"),
    (
        "retrieve: {vectors: {index: {flatt: {}}}}",
        2,
        "cannot be filled by 'flatt'; did you mean 'flat'? Valid: flat, graph",
    ),
    ("retrieve: {vectors: {index: null}}", 2, "the setting `index` of vectors must list at least one component"),
    ("retrieve: {both: {members: words}}", 2, "the setting `members` of both must be a list of components"),
    ("retrieve: {both: {members: [words, wrods]}}", 2, "cannot be filled by 'wrods'"),
    ("chunk: {cut: {size: 5, overlap: 9}}\nretrieve: words", 2, "no combination of these settings is possible: cut:"),
]


@pytest.mark.parametrize(("stages", "line", "message"), FAULTS)
def test_every_fault_is_told_with_its_line(read: Read, stages: str, line: int, message: str) -> None:
    """The message says what must hold, what was given and what is valid, and where."""
    with pytest.raises(SpaceError) as caught:
        read(stages)
    assert [message in fault.message for fault in caught.value.faults] == [True], str(caught.value)
    assert caught.value.faults[0].where == f"space.yaml:{line}"


def test_all_faults_are_found_at_once(read: Read) -> None:
    """One reading finds what is wrong in every stage, component and setting."""
    stages = """
chunk: {cut: {size: [0, -1], ovrlap: 1}}
retrieve:
  words: {k1: {from: 2, to: 1}, top_k: x}
  wrods: {}
rerank: keeep
"""
    with pytest.raises(SpaceError) as caught:
        read(stages, sla="{latency_p95: 5}", objectives="{f1: best}", constraints="[')']", search="{budget: 5}")
    assert [fault.where for fault in caught.value.faults] == [
        f"space.yaml:{n}" for n in (2, 2, 2, 4, 4, 5, 6, 9, 10, 11, 12)
    ]
