"""Models are asked before a run that needs them: a server that is down, or a key that is wrong, ends it at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from tradespace.components.base import Component
from tradespace.components.corpus import Corpus
from tradespace.components.llms.probe import Probe, probe
from tradespace.components.llms.remote import RemoteModel
from tradespace.errors import ComponentError, ModelUnavailableError
from tradespace.explorer.running.component_errors import component_errors
from tradespace.explorer.running.opened_components import OpenedComponents


def probe_models(
    components: Iterable[Component], opened_components: OpenedComponents, corpus: Corpus
) -> dict[RemoteModel, Probe]:
    """Ask every remote model among some components shortly, and say how fast each is. Recordings are not asked.

    Raises:
        ModelUnavailableError: some do not answer; the message names each of them, and why.
    """
    probes: dict[RemoteModel, Probe] = {}
    faults: list[str] = []
    for model in (component for component in components if isinstance(component, RemoteModel)):
        try:
            probes[model] = _probe(model, opened_components, corpus)
        except ComponentError as error:
            faults.append(str(error) if str(error).startswith(repr(model)) else f"{model!r}: {error}")
    if faults:
        raise ModelUnavailableError(
            f"{'A model does' if len(faults) == 1 else 'Models do'} not answer. {'. '.join(faults)}"
        )
    return probes


def writing_speeds(probes: Mapping[RemoteModel, Probe]) -> dict[str, float]:
    """Tokens a second that models write, by their names."""
    return {model.listed_as: probe.tokens_per_second for model, probe in probes.items()}


def _probe(model: RemoteModel, opened_components: OpenedComponents, corpus: Corpus) -> Probe:
    operator = opened_components.operator(model, corpus)
    with component_errors(model):
        return probe(model, operator)
