"""What holds for every kind of measure that has settings."""

from __future__ import annotations

from tradespace.components.base import Component
from tradespace.evals.measures import Measure
from tradespace.evals.measures.configured import ConfiguredMeasure
from tradespace.search_space.document import dump, parse_yaml
from tradespace.search_space.measures_yaml import read_measures
from tradespace.search_space.pipeline_yaml import written_settings
from tradespace.testing.component_contract import ComponentContract


def as_measure(component: Component) -> ConfiguredMeasure:
    """A component that is a measure with settings."""
    assert isinstance(component, ConfiguredMeasure)
    return component


class ConfiguredMeasureContract(ComponentContract):
    """Inherit it; parametrize `component`. What its measures say is checked by `MeasureContract`."""

    def test_short_and_full_notation_are_read_back(self, component: Component) -> None:
        """It stands in no pipeline, so that it is not read back from a notation, but from YAML."""
        section = {"mine": {component.name: written_settings(component)}}
        document = parse_yaml(dump({"measures": section}), "space.yaml")
        read = read_measures(document.data["measures"], ("measures",), document)
        document.raise_faults()
        assert read == {"mine": component}

    def test_it_makes_a_measure_of_the_name_it_is_given(self, component: Component) -> None:
        """Two of a kind may stand in one space, and equal ones are equal."""
        configured = as_measure(component)
        first, second = configured.measure("first"), configured.measure("second")
        assert isinstance(first, Measure)
        assert (first.name, second.name) == ("first", "second")
        assert configured.with_settings().measure("first") == first

    def test_it_is_described(self, component: Component) -> None:
        """Its docstring is what the documentation and editors show."""
        assert (type(component).__doc__ or "") not in {"", ConfiguredMeasure.__doc__}
