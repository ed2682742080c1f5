"""Language models and embedders of AutoRAG, as a search space names them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from tradespace.search_space.autorag.alternatives import Alternative, combinations, values_of
from tradespace.search_space.autorag.configuration import ENVIRONMENT_VARIABLE, ModuleEntry, Parameter
from tradespace.search_space.autorag.counterparts import NoCounterpart
from tradespace.search_space.autorag.remarks import Remarks

ENGINE = ("dtype", "gpu_memory_utilization", "max_model_len", "quantization", "tensor_parallel_size")
MODEL_NAME = ("model", "model_name")
KEY_PARAMETER = "api_key"


@dataclass(frozen=True, slots=True)
class ModelService:
    """How the models of one service are named here.

    Attributes:
        component: the component that calls them.
        named_by: the parameters that may hold the model's name, the first that is given counts.
        prefix: what stands before that name.
        usual: the model where none is named; none if one must be.
        settings: the component's setting for each parameter.
        arguments: the parameters that become `arguments`, by their names there.
        always: settings that it always has.
        version: what is appended to an address.
    """

    component: str
    named_by: tuple[str, ...] = MODEL_NAME
    prefix: str = ""
    usual: str = ""
    settings: Mapping[str, str] = field(default_factory=dict)
    arguments: Mapping[str, str] = field(default_factory=dict)
    always: Mapping[str, Any] = field(default_factory=dict)
    version: str = ""


WAIT = {"request_timeout": "timeout", "timeout": "timeout"}
ADDRESS = {"api_base": "base_url", "base_url": "base_url", **WAIT}

MODULES_WITH_MODELS: Mapping[str, ModelService] = {
    "openai_llm": ModelService("openai", (*MODEL_NAME, "llm"), settings=ADDRESS),
    "vllm": ModelService("vllm", (*MODEL_NAME, "llm"), arguments={name: name for name in ENGINE}),
    "vllm_api": ModelService("openai", (*MODEL_NAME, "llm"), settings={"uri": "base_url", **WAIT}, version="/v1"),
    "minimax_llm": ModelService(
        "openai",
        (*MODEL_NAME, "llm"),
        settings=ADDRESS,
        always={"base_url": "https://api.minimax.io/v1", "key_variable": "MINIMAX_API_KEY", "logprobs": False},
    ),
}
"""Modules that stand for one service, by their kind."""

SERVICES: Mapping[str, ModelService | NoCounterpart] = {
    "openai": ModelService("openai", usual="gpt-3.5-turbo", settings=ADDRESS),
    "openailike": ModelService("openai", settings=ADDRESS),
    "ollama": ModelService(
        "openai",
        settings=ADDRESS,
        always={"base_url": "http://localhost:11434/v1", "several": False},
        version="/v1",
    ),
    "azure_openai": ModelService(
        "chat_model",
        prefix="azure_openai:",
        settings=WAIT,
        arguments={"engine": "azure_deployment", "azure_endpoint": "azure_endpoint", "api_version": "api_version"},
    ),
    "bedrock": ModelService("chat_model", prefix="bedrock_converse:", settings=WAIT),
    "anthropic": ModelService("chat_model", prefix="anthropic:", settings=WAIT),
    "gemini": ModelService("chat_model", prefix="google_genai:", settings=WAIT),
    "huggingfacellm": ModelService("transformers"),
    "huggingface": ModelService("transformers"),
    "mock": NoCounterpart("stands for no model; name one that answers"),
}
"""Services that `llm` of `llama_index_llm` names."""


class ModelTranslator:
    """Reads which language models a module names."""

    def __init__(self, remarks: Remarks) -> None:
        self.remarks = remarks

    def models(self, module: ModuleEntry, kind: str) -> list[Any]:
        """The models of a module of this kind, each as YAML names it; the same module may stand in several nodes."""
        if kind in MODULES_WITH_MODELS:
            return self._of(MODULES_WITH_MODELS[kind], module)
        found: list[Any] = []
        for name in module.parameters.get("llm", Parameter(("",), module.where)).values:
            service = SERVICES.get(str(name).lower(), NoCounterpart("is not known; name its models by `chat_model`"))
            if isinstance(service, ModelService):
                found += self._of(service, module)
            else:
                where = module.parameters["llm"].where if name else module.where
                self.remarks.add(f"llm: {name!r} {service.why}" if name else "needs `llm`, a language model", where)
        return found

    def _of(self, service: ModelService, module: ModuleEntry) -> list[Any]:
        names = next((module.parameters[name] for name in service.named_by if name in module.parameters), None)
        if names is None and not service.usual:
            self.remarks.add(f"names no model of {service.component}", module.where)
            return []
        if names is None:
            self.remarks.add(f"no model is named; {service.usual} is AutoRAG's default", module.where)
            names = Parameter((service.usual,), module.where)
        settings = {name: [value] for name, value in service.always.items()}
        settings |= self._settings(service, module)
        settings["model"] = self.fitting(service.component, "model", names, prefix=service.prefix)
        if arguments := dict(self._arguments(service, module)):
            settings["arguments"] = [arguments]
        return [_named(alternative) for alternative in combinations(service.component, settings)]

    def _settings(self, service: ModelService, module: ModuleEntry) -> dict[str, list[Any]]:
        settings = {}
        for name, parameter in module.parameters.items():
            setting = service.settings.get(name)
            if setting == "base_url":
                settings[setting] = self.fitting(service.component, setting, _with(parameter, service.version))
            elif setting:
                settings[setting] = self.fitting(service.component, setting, parameter)
            elif name == KEY_PARAMETER:
                settings |= self._key(service, parameter)
        return {setting: values for setting, values in settings.items() if values}

    def _key(self, service: ModelService, parameter: Parameter) -> dict[str, list[Any]]:
        """The variable that holds the key; a key itself goes nowhere."""
        variable = ENVIRONMENT_VARIABLE.fullmatch(str(parameter.values[0]))
        if variable and service.component == "openai":
            return {"key_variable": self.fitting("openai", "key_variable", Parameter((variable[1],), parameter.where))}
        if not variable:
            self.remarks.add(
                f"a key is never written into a space: export it; `{KEY_PARAMETER}` is left out", parameter.where
            )
        return {}

    def _arguments(self, service: ModelService, module: ModuleEntry) -> Iterator[tuple[str, Any]]:
        for name, argument in service.arguments.items():
            if name in module.parameters:
                values = list(module.parameters[name].values)
                yield argument, values if len(values) > 1 else values[0]

    def fitting(self, component: str, setting: str, parameter: Parameter, *, prefix: str = "") -> list[Any]:
        """The values of a parameter that a setting takes; of others, and of variables that are unset, it is said."""
        texts = [f"{prefix}{value}" if prefix else value for value in parameter.values]
        values, problem = values_of(component, setting, texts)
        if problem:
            self.remarks.add(f"`{setting}` of {component} {problem}", parameter.where)
        for value in values:
            if isinstance(value, str) and (variable := ENVIRONMENT_VARIABLE.search(value)):
                self.remarks.add(f"{variable[0]} is not set here: write its value into `{setting}`", parameter.where)
        return values


def used_by_models(kind: str) -> frozenset[str]:
    """The parameters that say which model it is, and how it is reached."""
    services = (
        [MODULES_WITH_MODELS[kind]]
        if kind in MODULES_WITH_MODELS
        else [service for service in SERVICES.values() if isinstance(service, ModelService)]
    )
    named = {name for one in services for name in (*one.named_by, *one.settings, *one.arguments)}
    return frozenset({*named, "llm", KEY_PARAMETER})


def _with(parameter: Parameter, version: str) -> Parameter:
    """Addresses with the version that a server's interface is found under."""
    values = tuple(
        value.rstrip("/").removesuffix(version) + version if isinstance(value, str) else value
        for value in parameter.values
    )
    return Parameter(values, parameter.where) if version else parameter


def _named(alternative: Alternative) -> Any:
    """A model as `kind:name` where that says all, else with its settings."""
    component, settings = alternative
    return f"{component}:{settings['model']}" if len(settings) == 1 else {component: dict(settings)}
