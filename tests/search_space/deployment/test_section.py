"""The `deployment` section."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tradespace.components.threads import cores
from tradespace.errors import SpaceError
from tradespace.search_space.deployment import Host, Load, StageGroup, TailPolicy
from tradespace.search_space.deployment.space import DeploymentSpace
from tradespace.search_space.goals import Objective
from tradespace.search_space.specification import Specification, load_specification, load_text

SPACE = """
name: deployed
data: {dataset: wikipedia}
pipeline: {chunk: documents, retrieve: bm25, rerank: {none: {}, maxsim: {}}, generate: sentence}
objectives: {answer_f1: maximize}
"""


def specification_of(section: str, **sections: str) -> Specification:
    others = "".join(f"{name}: {text}\n" for name, text in sections.items())
    return load_text(f"{SPACE if 'objectives' not in sections else SPACE.rpartition('objectives')[0]}{others}{section}")


def deployment_of(section: str, **sections: str) -> DeploymentSpace:
    deployment = specification_of(f"deployment: {section}", **sections).deployment
    assert deployment
    return deployment


def fault_in(section: str, **sections: str) -> str:
    with pytest.raises(SpaceError) as raised:
        specification_of(f"deployment: {section}", **sections)
    return str(raised.value)


def test_a_file_without_the_section_has_no_deployments() -> None:
    """What pipelines take is then meant alone."""
    assert specification_of("").deployment is None


def test_a_load_is_every_combination_of_what_it_lists() -> None:
    """Rates and burstiness are multiplied; several loads are put after each other, each once."""
    loads = deployment_of("{load: [{rate: [2 per s, 120 per h], burstiness: [1, 3]}, {rate: 2 per s}]}").loads
    assert loads == (Load(2.0), Load(2.0, 3.0), Load(120 / 3600), Load(120 / 3600, 3.0))


def test_a_load_can_be_a_trace_at_its_own_rate_or_at_another() -> None:
    """Bundled ones have names; they are read with the file."""
    deployment = deployment_of("{load: [{trace: [azure_code, azure_conv]}, {trace: azure_code, rate: 1 per s}]}")
    assert deployment.loads == (Load(trace="azure_code"), Load(trace="azure_conv"), Load(1.0, trace="azure_code"))
    assert {name: len(trace) for name, trace in deployment.traces.items()} == {"azure_code": 8819, "azure_conv": 10108}


def test_a_trace_is_found_beside_the_file_that_names_it(tmp_path: Path) -> None:
    """As questions and documents are."""
    (tmp_path / "mine.csv").write_text("time\n1\n2\n4\n")
    (tmp_path / "space.yaml").write_text(f"{SPACE}deployment: {{load: {{trace: mine.csv}}}}")
    deployment = load_specification(tmp_path / "space.yaml").deployment
    assert deployment and deployment.traces["mine.csv"].arrivals.tolist() == [0, 1, 3]


def test_groups_have_the_alternatives_of_their_settings() -> None:
    """Each once: where no batch is made, none is waited for."""
    section = "{load: {rate: 1 per s}, stages: {generate: {replicas: [1, 2], batch: [1, 4], wait: [0 ms, 10 ms]}}}"
    (alternatives,) = deployment_of(section).groups
    assert [(group.replicas, group.batch, group.wait) for group in alternatives] == [
        *[(1, 1, 0.0), (1, 4, 0.0), (1, 4, 0.01)],
        *[(2, 1, 0.0), (2, 4, 0.0), (2, 4, 0.01)],
    ]


def test_groups_stand_in_the_order_of_a_pipeline() -> None:
    """However the file lists them, and with any spaces."""
    section = "{load: {rate: 1 per s}, stages: {generate: {}, retrieve  +rerank: {replicas: 2}}}"
    assert [group[0].name for group in deployment_of(section).groups] == ["retrieve + rerank", "generate"]


def test_tail_policies_are_settings_of_a_group() -> None:
    """A fallback is a component, in YAML or in notation; `none` is none, and `none()` the component."""
    (group,) = deployment_of(
        "{load: {rate: 1 per s}, stages: {generate: {timeout: 2 s, hedge_after: p95, retries: 1, fallback: sentence}}}"
    ).groups
    assert [each.tail for each in group] == [TailPolicy(2.0, 0.95, 1, "sentence()")]
    fallbacks = "[none, {sentence: {passages: 1}}, sentence(passages=2), llm()]"
    (group,) = deployment_of(f"{{load: {{rate: 1 per s}}, stages: {{generate: {{fallback: {fallbacks}}}}}}}").groups
    notations = ["", "sentence(passages=1)", "sentence(passages=2)", "llm()"]
    assert [each.tail.fallback for each in group] == notations
    (group,) = deployment_of("{load: {rate: 1 per s}, stages: {rerank: {fallback: {none: {}}}}}").groups
    assert group[0].tail.fallback == "none()"


def test_what_answers_for_a_group_is_among_what_is_called() -> None:
    """Whether it may be, and whether its packages are there, is asked before anything runs."""
    specification = specification_of("deployment: {load: {rate: 1 per s}, stages: {generate: {fallback: [none, llm]}}}")
    assert "llm()" in map(str, specification.components)


def test_the_first_host_is_that_of_groups_which_name_none() -> None:
    """A kind of machine that says nothing of its cores has as many as this one."""
    deployment = deployment_of(
        "{load: {rate: 1 per s}, stages: {retrieve: {}, generate: {host: [a, b]}},"
        " hosts: {a: {usd_per_hour: 0.1}, b: {usd_per_hour: 2, cores: 8}}}"
    )
    assert deployment.hosts == (Host("a", 0.1, cores()), Host("b", 2.0, 8))
    assert [[each.host for each in group] for group in deployment.groups] == [["a"], ["a", "b"]]


def test_without_hosts_all_run_on_this_machine_at_its_price() -> None:
    """Which the price list has, or does not."""
    assert deployment_of("{load: {rate: 1 per s}}", prices="{host_usd_per_hour: 0.3}").hosts[0].usd_per_hour == 0.3
    assert deployment_of("{load: {rate: 1 per s}}").hosts == (Host("this machine", 0.0, cores()),)


def test_the_search_goes_by_what_pipelines_have_without_a_deployment() -> None:
    """The mean latency in the place of machine hours; the deployments have the goals as written."""
    specification = specification_of(
        "deployment: {load: {rate: 1 per s}, hosts: {a: {usd_per_hour: 1}}}",
        objectives="{answer_f1: maximize, usd_per_hour: minimize, latency_p99: minimize}",
        sla="{latency_p99: 300 ms}",
        limits="[usd_per_hour <= 2, answer_f1 >= 0.5]",
        utility="answer_f1 - 0.1 * usd_per_hour",
    )
    goals = specification.goals
    assert goals.objectives == (
        Objective("answer_f1", True),
        Objective("latency_mean", False),
        Objective("latency_p99", False),
    )
    assert [str(bound) for bound in goals.bounds] == ["latency_p99 <= 300 ms", "answer_f1 >= 0.5"]
    assert goals.utility is None
    assert specification.deployment
    written = specification.deployment.goals
    assert written.measures == ("answer_f1", "usd_per_hour", "latency_p99")
    assert written.utility and len(written.limits) == 2


def test_goals_of_pipelines_stay_as_they_are() -> None:
    """Where no machine hour is among them."""
    specification = specification_of("deployment: {load: {rate: 1 per s}}", objectives="{f1: , latency_p99: }")
    assert specification.deployment
    assert specification.goals == specification.deployment.goals


def test_machine_hours_need_a_deployment() -> None:
    """No pipeline has them by itself."""
    with pytest.raises(SpaceError, match="needs a section `deployment`, such as"):
        specification_of("", objectives="{answer_f1: maximize, usd_per_hour: minimize}")


def test_a_table_cannot_be_deployed(tmp_path: Path) -> None:
    """Its pipelines have no stages that anybody timed."""
    (tmp_path / "grid.csv").write_text("setting,question,f1\n" + "a,q1,1\na,q2,0\nb,q1,0\nb,q2,1\n")
    (tmp_path / "space.yaml").write_text(
        "name: t\ndata: {table: grid.csv, explore: 1, confirm: 1, columns: {scores: [f1], settings: [setting]}}\n"
        "objectives: {f1: maximize}\ndeployment: {load: {rate: 1 per s}}\n"
    )
    with pytest.raises(SpaceError, match="the pipelines of a table cannot be deployed"):
        load_specification(tmp_path / "space.yaml")


LOAD_FAULTS = [
    ("5", r"needs a `load`, such as \{load: \{rate: 2 per s\}\}; given: 5"),
    ("{stages: {generate: {}}}", "needs a `load`"),
    ("{load: []}", "must have at least one load"),
    ("{load: {}}", "a load needs a `rate`, such as 2 per s, or a `trace`"),
    (
        "{load: {rate: 0 per s}}",
        "`rate` must be above 0 per s, min, h, day, and .*, such as 2 per s; given: '0 per s'",
    ),
    ("{load: {rate: -2 per s}}", "must be above 0 .* given: '-2 per s'"),
    ("{load: {rate: [1 per s, 2]}}", "must be above 0 .* given: 2"),
    ("{load: {rate: 2 per week}}", "must be above 0 .* given: '2 per week'"),
    ("{load: {rate: []}}", "`rate` must have at least one value"),
    ("{load: {rate: [60 per min, 1 per s]}}", "'1 per s' is listed twice; keep one"),
    ("{load: {rate: 1 per s, burstiness: -1}}", "`burstiness` must be a number from 0 to 50; given: -1"),
    ("{load: {rate: 1 per s, burst: 1}}", "a load has no 'burst'; did you mean 'burstiness'?"),
    ("{load: {trace: azure_code, burstiness: 2}}", "a trace is as bursty as it was recorded"),
    ("{load: {trace: azure_cod}}", "no trace is called 'azure_cod', .*; did you mean 'azure_code'?"),
    ("{load: {trace: missing.csv}}", r"missing\.csv: the file cannot be read"),
    ("{load: {trace: 5}}", "`trace` must be the name of a bundled trace, or the path of a file; given: 5"),
    ("{load: {rate: 1 per s}, stage: {}}", "a deployment has no 'stage'; did you mean 'stages'?"),
]
HOST_FAULTS = [
    ("hosts: {}", "must name hosts, as in"),
    ("hosts: [cpu]", "must name hosts, as in"),
    ("hosts: {cpu: {cors: 2}}", "'cors' is not valid here; did you mean 'cores'?"),
    ("hosts: {cpu: {cores: 0}}", "`cores` .* greater than or equal to 1|`cores` must be"),
    ("hosts: {cpu: {usd_per_hour: -1}}", "`usd_per_hour` "),
    ("hosts: {cpu: {}}, stages: {generate: {host: gpu}}", "no host is called 'gpu'; .*Valid: cpu"),
]
GROUP_FAULTS = [
    ("5", "must map groups of stages to settings, as in generate: {replicas: 2}; given: 5"),
    ("{generate: 5}", "must map settings to values, as in {replicas: 2}; given: 5"),
    ("{chunk: {}}", "`chunk` works before any question arrives, and takes no load"),
    ("{generat: {}}", "no pipeline of this space has a stage 'generat'; did you mean 'generate'?"),
    ("{rerank_2: {}}", "no pipeline of this space has a stage 'rerank_2'; did you mean 'rerank'?"),
    (
        "{retrieve + generate: {}}",
        "must be stages next to each other in .*; given: retrieve . generate",
    ),
    ("{rerank + retrieve: {}}", "next to each other in retrieve . rerank . generate"),
    ("{rerank + rerank: {}}", "next to each other in retrieve . rerank . generate"),
    ("{retrieve + rerank: {}, rerank: {}}", "'rerank' is in the group `retrieve . rerank` too"),
    ("{generate: {replicas: 0}}", "`replicas` must be a whole number from 1 to 1,000; given: 0"),
    ("{generate: {replicas: 1.5}}", "`replicas` must be a whole number"),
    ("{generate: {replicas: true}}", "`replicas` must be a whole number"),
    ("{generate: {batch: [1, 0]}}", "`batch` must be a whole number from 1 to 4,096; given: 0"),
    ("{generate: {batch: 300}}", "nothing that fills `generate` takes more than 256 together; given: 300"),
    ("{generate: {wait: 10}}", "`wait` must be a duration of at least 0 with its unit .* given: '10'"),
    ("{generate: {timeout: 10}}", "`timeout` is none, or must be a duration above 0 with its unit .* given: '10'"),
    (
        "{generate: {hedge_after: 0.95}}",
        "`hedge_after` is none, or must be a quantile between p0 and p100, such as p95",
    ),
    ("{generate: {hedge_after: p0}}", "must be a quantile between p0 and p100"),
    ("{generate: {hedge_after: p100}}", "must be a quantile between p0 and p100"),
    ("{generate: {retries: -1}}", "`retries` must be a whole number from 0 to 10"),
    ("{generate: {fallback: bm25}}", "the fallback cannot be filled by 'bm25'"),
    ("{generate: {fallback: 'bm25()'}}", r"a fallback stands for the stage `generate`; bm25\(\) fills `retrieve`"),
    ("{generate: {fallback: 'bm25() >> sentence()'}}", "a fallback must be one component"),
    ("{generate: {fallback: 'sentence(pages=2)'}}", "pages"),
    ("{generate: {fallback: {sentence: {passages: [1, 2]}}}}", "the fallback must be one"),
    ("{generate: {speed: 2}}", "a group of stages has no 'speed'"),
    (
        f"{{generate: {{replicas: {list(range(1, 1001))}, batch: {list(range(1, 201))}}}}}",
        "at most 100,000 alternatives",
    ),
]


@pytest.mark.parametrize(
    ("section", "message"),
    [
        *LOAD_FAULTS,
        *((f"{{load: {{rate: 1 per s}}, {hosts}}}", message) for hosts, message in HOST_FAULTS),
        *((f"{{load: {{rate: 1 per s}}, stages: {stages}}}", message) for stages, message in GROUP_FAULTS),
    ],
)
def test_what_is_wrong_is_said_with_what_is_valid(section: str, message: str) -> None:
    """At its line, in the file."""
    fault = fault_in(section)
    assert re.search(message, fault)
    assert fault.startswith("space.yaml:")


def test_all_faults_are_reported_together_at_their_lines() -> None:
    """One in the load, two in the same list."""
    faults = fault_in("\n  load: {rate: 0 per s}\n  stages:\n    generate: {batch: [0, -1],\n      wait: 5}")
    places = [line.partition(": ")[0] for line in faults.splitlines()]
    assert places == ["space.yaml:7", "space.yaml:9", "space.yaml:9", "space.yaml:10"]


@pytest.mark.parametrize("hosts", ["", ", hosts: {a: {cores: 2}}"])
def test_machine_hours_need_the_price_of_every_host(hosts: str) -> None:
    """One that is missing is not zero."""
    fault = fault_in(f"{{load: {{rate: 1 per s}}{hosts}}}", objectives="{f1: maximize, usd_per_hour: minimize}")
    assert "usd_per_hour needs the price of" in fault


def test_stage_groups_are_plain_values() -> None:
    """With what is not said at its default."""
    (group,) = deployment_of("{load: {rate: 1 per s}, stages: {generate: }}").groups
    assert group == (StageGroup(("generate",), host="this machine"),)
