"""What is chosen by name: shipped, installed or registered."""

from __future__ import annotations

import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tradespace.errors import InputError
from tradespace.registry import Registry

Installed = Callable[..., None]


@dataclass(frozen=True)
class Tool:
    """Something with a name."""

    name: str


@dataclass(frozen=True)
class Other:
    """Something else with a name."""

    name: str


def fresh() -> Registry[Any]:
    """A registry of tools, of which one is shipped."""
    return Registry("tool", "tests.tools", lambda: (Tool("hammer"),), lambda entry: entry.name and None)


TOOLS = fresh()
"""Of the whole process, as the real ones are."""


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Installed:
    """Install a distribution that is a module and its entry points, as pip lays it out."""

    def install(source: str, **points: str) -> None:
        module = f"tools_of_{tmp_path.name}"
        (tmp_path / f"{module}.py").write_text(source)
        information = tmp_path / "toolbox-1.2.dist-info"
        information.mkdir()
        (information / "METADATA").write_text("Metadata-Version: 2.1\nName: toolbox\nVersion: 1.2\n")
        lines = [f"{name} = {module}:{target}" for name, target in points.items()]
        (information / "entry_points.txt").write_text("\n".join(["[tests.tools]", *lines]))
        monkeypatch.syspath_prepend(str(tmp_path))
        monkeypatch.delitem(sys.modules, module, raising=False)

    return install


def test_what_is_shipped_stands_first_and_what_is_added_follows() -> None:
    """A registry is a mapping from names."""
    tools = fresh()
    tools.add(Tool("saw"))
    assert dict(tools) == {"hammer": Tool("hammer"), "saw": Tool("saw")}


def test_a_name_that_is_taken_is_refused() -> None:
    """The message says by what, and what to do; what was there stays."""
    tools = fresh()
    with pytest.raises(InputError, match=r"'hammer' is taken: .*Tool is the tool .* give .*Other another `name`"):
        tools.add(Other("hammer"))
    assert tools["hammer"] == Tool("hammer")


def test_nothing_takes_the_place_of_what_is_shipped() -> None:
    """Not even another definition from where it came."""

    class Anew(Tool):
        """Claims to be the shipped one."""

    Anew.__qualname__ = Tool.__qualname__
    with pytest.raises(InputError, match="taken"):
        fresh().add(Anew("hammer"))


def test_what_is_defined_anew_replaces_what_was_registered() -> None:
    """A cell of a notebook can be run again after a change."""

    def defined(price: int) -> object:
        class Saw:
            name = "saw"
            cost = price

        return Saw

    tools = fresh()
    for price in (1, 2):
        tools.add(defined(price))
    assert tools["saw"].cost == 2


def test_adding_the_same_again_changes_nothing() -> None:
    """A module may register what its entry point names as well."""
    tools = fresh()
    tools.add(Tool("hammer"))
    tools.add(Tool("saw"))
    tools.add(Tool("saw"))
    assert list(tools) == ["hammer", "saw"]


def test_an_installed_entry_point_joins_by_its_name(installed: Installed) -> None:
    """Nothing has to be imported or called by the user."""
    installed("from tests.test_registry import Tool\nSAW = Tool('saw')\n", saw="SAW")
    assert list(fresh()) == ["hammer", "saw"]


def test_entry_points_are_imported_when_a_name_is_looked_up(installed: Installed) -> None:
    """Making a registry costs nothing, so that importing the package stays instant."""
    installed("import sys\nsys.tools_were_imported = True\n", saw="SAW")
    tools = fresh()
    assert not hasattr(sys, "tools_were_imported")
    assert "saw" not in tools
    assert vars(sys).pop("tools_were_imported")


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("import tools_that_nobody_has", "ModuleNotFoundError: No module named 'tools_that_nobody_has'"),
        ("1 / 0", "ZeroDivisionError"),
        ("raise SystemExit(3)", "SystemExit: 3"),
        ("NAIL = 1", "AttributeError"),
        ("from tests.test_registry import Tool\nSAW = Tool('axe')", "must have the name of what it points to, 'axe'"),
    ],
)
def test_an_entry_point_that_cannot_be_used_is_named_and_left_out(
    installed: Installed, source: str, reason: str
) -> None:
    """The others work; who asks for it by name learns why it is not there, and whose package it is."""
    installed(f"{source}\n", saw="SAW")
    tools = fresh()
    assert list(tools) == ["hammer"]
    (message,) = tools.unusable
    assert message.startswith("the tool 'saw' of toolbox 1.2 (tools_of_")
    assert reason in message
    assert message.endswith("Mend that package, or uninstall it")
    assert tools.instead("saw") == message


def test_an_entry_point_cannot_take_a_name(installed: Installed) -> None:
    """What is shipped wins, and the package is named."""
    installed("from tests.test_registry import Other\nHAMMER = Other('hammer')\n", hammer="HAMMER")
    tools = fresh()
    assert tools["hammer"] == Tool("hammer")
    assert "'hammer' is taken" in tools.unusable[0]


def test_other_unknown_names_lead_to_the_nearest() -> None:
    """Of all, or of those that are valid where it stands."""
    assert fresh().instead("hamer") == "did you mean 'hammer'? Valid: hammer"
    assert fresh().instead("hamer", ["saw"]) == "Valid: saw"


def test_a_module_may_register_what_its_entry_points_name(installed: Installed) -> None:
    """So that it can be imported by hand as well; what else it registers joins too."""
    installed("from tests import test_registry as it\nit.TOOLS.add(it.Tool('axe'))\nSAW = it.Tool('saw')\n", saw="SAW")
    TOOLS.__dict__.update(fresh().__dict__)
    assert list(TOOLS) == ["hammer", "axe", "saw"]
    assert TOOLS.unusable == ()


def test_threads_wait_until_all_are_known(installed: Installed) -> None:
    """While one thread imports modules, no other takes what it has so far for all."""
    installed("import time\ntime.sleep(0.2)\nfrom tests.test_registry import Tool\nSAW = Tool('saw')\n", saw="SAW")
    tools = fresh()
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lambda _: list(tools), range(4))) == [["hammer", "saw"]] * 4
