"""What the pages name is there: files, headings, rooms."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import tradespace

ROOT = Path(__file__).parent.parent
CURRENT = (ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md")))
"""Pages that say how things are; those in `design/` say how they were when they were decided."""
PAGES = (*CURRENT, *sorted((ROOT / "design").glob("*.md")))
ARCHITECTURE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")


def page_name(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def text_of(page: Path) -> str:
    """A page without its blocks of code."""
    return re.sub(r"^```.*?^```$", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)


def anchors(page: Path) -> set[str]:
    """What can stand behind # in a link to a page, as GitHub makes it of headings."""
    headings = re.findall(r"^#+ (.*)$", text_of(page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=page_name)
def test_every_link_leads_somewhere(page: Path) -> None:
    """To a file or folder that is there, and to a heading that stands in it."""
    for target, anchor in re.findall(r"\]\((?!https?:)([^)#]*)#?([^)]*)\)", text_of(page)):
        linked = (page.parent / target) if target else page
        assert linked.exists(), target
        assert not anchor or anchor in anchors(linked), f"{target}#{anchor}"


@pytest.mark.parametrize("page", CURRENT, ids=page_name)
def test_every_file_that_a_page_names_is_there(page: Path) -> None:
    """Files and folders of this project, in backticks."""
    named = re.findall(r"`((?:tradespace|tests|examples|docs|design|bench|training)/[\w./-]*)`", text_of(page))
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_every_page_can_be_found_from_the_readme() -> None:
    """A page that nothing leads to is read by nobody."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [page_name(page) for page in CURRENT[1:] if f"]({page_name(page)})" not in readme] == []


def test_the_architecture_names_every_room() -> None:
    """Folders of the package and of the explorer."""
    package = Path(tradespace.__file__).parent
    rooms = [each.parent for folder in (package, package / "explorer") for each in folder.glob("*/__init__.py")]
    named = [room for room in rooms if f"`{room.relative_to(ROOT).as_posix()}/`" in ARCHITECTURE]
    assert sorted(set(rooms) - set(named)) == []


def test_the_architecture_names_contracts_that_are_shipped() -> None:
    """Each suite stands in `tradespace.testing`."""
    shipped = {
        name
        for file in (Path(tradespace.__file__).parent / "testing").glob("*_contract.py")
        for name in re.findall(r"^class (\w+Contract)", file.read_text(encoding="utf-8"), re.MULTILINE)
    }
    named = set(re.findall(r"`(\w+Contract)`", ARCHITECTURE))
    assert named
    assert named <= shipped
