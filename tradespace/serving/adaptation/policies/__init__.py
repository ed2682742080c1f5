"""Policies of adaptation: which option is served next. A new one of ours joins the list."""

from __future__ import annotations

from tradespace.registry import Registry, class_problem
from tradespace.serving.adaptation.policies.base import AdaptationPolicy, Chooser, Situation
from tradespace.serving.adaptation.policies.frontier import FrontierPolicy
from tradespace.serving.adaptation.policies.ipa import IPA
from tradespace.serving.adaptation.policies.per_request import PerRequest
from tradespace.serving.adaptation.policies.static import Static

POLICIES: Registry[type[AdaptationPolicy]] = Registry(
    "policy",
    "tradespace.policies",
    lambda: (FrontierPolicy, IPA, PerRequest, Static),
    lambda entry: class_problem(entry, AdaptationPolicy),
)

__all__ = [
    "IPA",
    "POLICIES",
    "AdaptationPolicy",
    "Chooser",
    "FrontierPolicy",
    "PerRequest",
    "Situation",
    "Static",
]
