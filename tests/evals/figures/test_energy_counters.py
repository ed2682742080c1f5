"""Energy is read from files that Linux offers, and from the library of the card's driver."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from tradespace.evals.figures import figure_of
from tradespace.evals.figures.energy_counters import Cards, Processors

DRIVER = """
int nvmlInit_v2(void) { return 0; }
int nvmlDeviceGetCount_v2(unsigned *count) { *count = 3; return 0; }
int nvmlDeviceGetHandleByIndex_v2(unsigned index, void **card) { *card = (void *)(long)(index + 1); return 0; }
int nvmlDeviceGetTotalEnergyConsumption(void *card, unsigned long long *taken) {
    if ((long)card == 3) return 3;  /* not supported */
    *taken = 1500 * (unsigned long long)(long)card;
    return 0;
}
"""
"""The part of NVML that is asked, for two cards that count and one that does not."""


def domain(folder: Path, name: str, kind: str, microjoules: int, most: int = 999_999) -> Path:
    """A domain as the kernel shows it."""
    (folder / name).mkdir(parents=True, exist_ok=True)
    for file, content in {"name": kind, "energy_uj": microjoules, "max_energy_range_uj": most}.items():
        (folder / name / file).write_text(f"{content}\n")
    return folder / name


def test_processors_and_memory_add_up(tmp_path: Path) -> None:
    """Cores are part of a package, and psys holds it: neither counts twice."""
    processors = Processors(tmp_path)
    for taken in (0, 100_000):
        domain(tmp_path, "intel-rapl:0", "package-0", 5 + taken)
        domain(tmp_path, "intel-rapl:0:0", "core", taken)
        domain(tmp_path, "intel-rapl:0:1", "dram", 2 * taken)
        domain(tmp_path, "intel-rapl:1", "package-1", 3 * taken)
        domain(tmp_path, "intel-rapl:2", "psys", 9 * taken)
        domain(tmp_path, "intel-rapl-mmio:0", "package-0", taken)
        joules = processors.joules()
    assert joules == pytest.approx(0.6)


def test_a_counter_that_overflows_goes_on(tmp_path: Path) -> None:
    """From 900,000 over the most, 999,999, to 50,000 are 150,000 microjoules."""
    processors = Processors(tmp_path)
    for taken in (900_000, 50_000):
        domain(tmp_path, "intel-rapl:0", "package-0", taken)
        joules = processors.joules()
    assert joules == pytest.approx(0.15)


def test_without_a_counter_that_can_be_read_nothing_is_counted(tmp_path: Path) -> None:
    """No folder, no domain, or one whose file is kept from us."""
    assert Processors(tmp_path / "missing").joules() is None
    assert Processors(tmp_path).joules() is None
    (domain(tmp_path, "intel-rapl:0", "package-0", 5) / "energy_uj").unlink()
    assert Processors(tmp_path).joules() is None


@pytest.mark.skipif(shutil.which("cc") is None, reason="compiles what stands for the driver's library")
def test_cards_are_asked_through_the_library_of_their_driver(tmp_path: Path) -> None:
    """1.5 J and 3 J; the card that does not count adds nothing."""
    source, library = tmp_path / "nvml.c", tmp_path / "libnvidia-ml.so.1"
    source.write_text(DRIVER)
    subprocess.run(["cc", "-shared", "-fPIC", "-o", library, source], check=True)
    assert Cards(str(library)).joules() == pytest.approx(4.5)


def test_without_a_driver_there_are_no_cards(tmp_path: Path) -> None:
    """Most machines have none."""
    assert Cards(str(tmp_path / "libnvidia-ml.so.1")).joules() == 0


@pytest.mark.parametrize(("joules", "text"), [(None, "–"), (0.0004, "0.400 mJ"), (0.0122, "12.2 mJ"), (1.33, "1.33 J")])
def test_energy_is_written_with_its_unit(joules: float | None, text: str) -> None:
    """Three digits, of joules or millijoules."""
    assert figure_of("joules_per_question").unit.write(joules) == text
