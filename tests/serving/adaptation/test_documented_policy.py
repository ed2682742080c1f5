"""The policy of one's own that the page shows passes the contract."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

import tradespace
from tradespace.serving.adaptation.named import by_name
from tradespace.serving.adaptation.policies import POLICIES, AdaptationPolicy
from tradespace.testing.adaptation_contract import AdaptationPolicyContract

PAGE = Path(tradespace.__file__).parents[1] / "docs" / "adaptation.md"


@pytest.fixture(scope="module")
def documented() -> dict[str, Any]:
    """What the page's code defines."""
    (code,) = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    defined: dict[str, Any] = {"__name__": "documented"}
    exec(compile(code, str(PAGE), "exec"), defined)
    return defined


class TestDocumentedPolicy(AdaptationPolicyContract):
    """As any of ours."""

    @pytest.fixture
    def policy(self, documented: dict[str, Any]) -> AdaptationPolicy:
        """Chosen by its name, with a setting."""
        chosen = by_name("headroom(factor=2)", POLICIES)
        assert isinstance(chosen, documented["Headroom"])
        return chosen
