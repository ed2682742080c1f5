"""What the machine counts of energy: the processor's counters (RAPL, through Linux' powercap) and the cards' (NVML)."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

POWERCAP = Path("/sys/class/powercap")
NVML = "libnvidia-ml.so.1"
DOMAINS = ("package-", "dram")
"""What adds up to a machine's processors and memory: their other domains are parts of these, or hold them."""


def joules_counted() -> float | None:
    """Joules that processors, memory and cards have taken since some time before; None where that cannot be read."""
    processors = _processors().joules()
    return None if processors is None else processors + _cards().joules()


@dataclass
class Processors:
    """The counters of processors below a folder of powercap. Linux lets them be read by root only, unless told else."""

    folder: Path = POWERCAP
    _taken: dict[Path, float] = field(default_factory=dict)
    _last: dict[Path, int] = field(default_factory=dict)

    def joules(self) -> float | None:
        """Joules since they were read first; None where there is none, or one that cannot be read.

        They overflow every few minutes to hours; read that often, none is lost.
        """
        try:
            domains = [each for each in self.folder.glob("intel-rapl:*") if _text(each / "name").startswith(DOMAINS)]
            for domain in domains:
                self._read(domain)
        except OSError:
            return None
        return sum(self._taken.values()) / 1e6 if domains else None

    def _read(self, domain: Path) -> None:
        now, most = int(_text(domain / "energy_uj")), int(_text(domain / "max_energy_range_uj"))
        self._taken[domain] = self._taken.get(domain, 0) + (now - self._last.get(domain, now)) % (most + 1)
        self._last[domain] = now


@dataclass
class Cards:
    """The counters of NVIDIA's cards, through the library of their driver; without it there are none."""

    library: str = NVML
    _cards: list[ctypes.c_void_p] = field(default_factory=list)
    _nvml: ctypes.CDLL | None = None

    def __post_init__(self) -> None:
        try:
            self._nvml = ctypes.CDLL(self.library)
        except OSError:
            return
        number = ctypes.c_uint()
        if self._nvml.nvmlInit_v2() == 0 and self._nvml.nvmlDeviceGetCount_v2(ctypes.byref(number)) == 0:
            handles = [(place, ctypes.c_void_p()) for place in range(number.value)]
            read = self._nvml.nvmlDeviceGetHandleByIndex_v2
            self._cards = [handle for place, handle in handles if read(place, ctypes.byref(handle)) == 0]

    def joules(self) -> float:
        """Joules since the driver was loaded, of the cards that count them."""
        return sum(map(self._millijoules, self._cards)) / 1e3

    def _millijoules(self, card: ctypes.c_void_p) -> int:
        taken = ctypes.c_ulonglong()
        assert self._nvml is not None
        failed = self._nvml.nvmlDeviceGetTotalEnergyConsumption(card, ctypes.byref(taken))
        return 0 if failed else taken.value


def _text(file: Path) -> str:
    return file.read_text().strip()


@cache
def _processors() -> Processors:
    return Processors()


@cache
def _cards() -> Cards:
    return Cards()
