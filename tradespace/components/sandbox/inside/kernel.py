"""The calls of the Linux kernel that Python 3.11 has no name for."""

from __future__ import annotations

import ctypes
import os
import platform

CLONE_NEWNS, CLONE_NEWUTS, CLONE_NEWIPC, CLONE_NEWUSER, CLONE_NEWPID, CLONE_NEWNET = (
    0x00020000,
    0x04000000,
    0x08000000,
    0x10000000,
    0x20000000,
    0x40000000,
)
MS_NOSUID, MS_NODEV, MS_BIND, MS_REC, MS_PRIVATE = 2, 4, 4096, 16384, 1 << 18
MNT_DETACH = 2
PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_CAPBSET_DROP, PR_SET_CHILD_SUBREAPER, PR_SET_NO_NEW_PRIVS = 1, 4, 24, 36, 38
PR_SET_SECCOMP, SECCOMP_MODE_FILTER = 22, 2

_MOUNT_SETATTR = 442
_PIVOT_ROOT = {"x86_64": 155, "aarch64": 41}.get(platform.machine(), -1)
_CAPSET = {"x86_64": 126, "aarch64": 91}.get(platform.machine(), -1)
_AT_FDCWD, _AT_RECURSIVE = -100, 0x8000
_READ_ONLY, _NO_SUID = 1, 2

_libc = ctypes.CDLL(None, use_errno=True)


class RefusedError(OSError):
    """The kernel refused a call."""


def call(name: str, *arguments: object) -> int:
    """Call a function of the C library.

    Raises:
        RefusedError: it failed.
    """
    return _checked(name, getattr(_libc, name)(*arguments))


def mount(source: str, target: str, kind: str, flags: int, data: str = "") -> None:
    """Mount a file system."""
    call("mount", source.encode(), target.encode(), kind.encode(), ctypes.c_ulong(flags), data.encode())


def make_read_only(folder: str) -> None:
    """Make every mount below a folder read-only, and without set-user-id programs (Linux 5.12)."""
    attributes = (ctypes.c_uint64 * 4)(_READ_ONLY | _NO_SUID, 0, 0, 0)
    _system_call("mount_setattr", _MOUNT_SETATTR, _AT_FDCWD, folder.encode(), _AT_RECURSIVE, attributes, 32)


def change_root(folder: str) -> None:
    """Make a folder the root of the file system; nothing of the old one can be reached any more."""
    os.chdir(folder)
    _system_call("pivot_root", _PIVOT_ROOT, b".", b".")
    call("umount2", b".", MNT_DETACH)
    os.chdir("/")


def drop_capabilities() -> None:
    """Give up all privileges, for good."""
    for capability in range(64):
        _libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0)  # fails beyond the last one that the kernel knows
    header, none = (ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)()
    _system_call("capset", _CAPSET, header, none)
    call("prctl", PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)


def _system_call(name: str, number: int, *arguments: object) -> None:
    _checked(name, _libc.syscall(ctypes.c_long(number), *arguments))


def _checked(name: str, result: int) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise RefusedError(number, f"{name}: {os.strerror(number)}")
    return result
