"""A filter on system calls, for what no namespace covers.

That is: sockets of the hypervisor, keys, tracing and new namespaces; locks, leases and watches on files of the host,
which need no right to write; the log of its kernel; and limits and priorities of other processes, as the sandbox's own
processes belong to the same user where that is not root, so that a program could spoil it for the next.
"""

from __future__ import annotations

import ctypes
import errno
import platform
import struct

from .kernel import CLONE_NEWUSER, PR_SET_SECCOMP, SECCOMP_MODE_FILTER, call

_ARCHITECTURE = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_FORBIDDEN = {
    "x86_64": {
        "socket": 41, "flock": 73, "ptrace": 101, "syslog": 103, "setpriority": 141, "pivot_root": 155, "mount": 165,
        "umount2": 166, "add_key": 248, "request_key": 249, "keyctl": 250, "ioprio_set": 251, "inotify_init": 253,
        "migrate_pages": 256, "unshare": 272, "move_pages": 279, "inotify_init1": 294, "perf_event_open": 298,
        "fanotify_init": 300, "setns": 308, "process_vm_readv": 310, "process_vm_writev": 311, "bpf": 321,
        "userfaultfd": 323,
    },
    "aarch64": {
        "inotify_init1": 26, "ioprio_set": 30, "flock": 32, "umount2": 39, "mount": 40, "pivot_root": 41, "unshare": 97,
        "syslog": 116, "ptrace": 117, "setpriority": 140, "socket": 198, "add_key": 217, "request_key": 218,
        "keyctl": 219, "migrate_pages": 238, "move_pages": 239, "perf_event_open": 241, "fanotify_init": 262,
        "setns": 268, "process_vm_readv": 270, "process_vm_writev": 271, "bpf": 280, "userfaultfd": 282,
    },
}  # fmt: skip
_FORBIDDEN_EVERYWHERE = {
    "io_uring_setup": 425, "io_uring_enter": 426, "io_uring_register": 427, "pidfd_getfd": 438, "process_madvise": 440,
    "process_mrelease": 448,
}  # fmt: skip
_OF_OTHERS = {
    "x86_64": {"sched_setparam": 142, "sched_setscheduler": 144, "sched_setaffinity": 203, "prlimit64": 302,
               "sched_setattr": 314},
    "aarch64": {"sched_setparam": 118, "sched_setscheduler": 119, "sched_setaffinity": 122, "prlimit64": 261,
                "sched_setattr": 274},
}  # fmt: skip
"""Calls whose first argument is a process: allowed for 0, the one that calls."""
_FCNTL = {"x86_64": 72, "aarch64": 25}
_LOCKS = {"F_OFD_SETLK": 37, "F_OFD_SETLKW": 38, "F_SETLEASE": 1024, "F_NOTIFY": 1026}
_RECORD_LOCKS = {"F_SETLK": 6, "F_SETLKW": 7}
"""They succeed and do nothing: SQLite wants them for its files, and a program has its folder to itself."""
_CLONE = {"x86_64": 56, "aarch64": 220}
_CLONE3 = 435
_X32 = 0x40000000
"""Numbers from here on are a second way to make the same calls on x86_64."""

_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOW, _ERROR = 0x7FFF0000, 0x00050000
_NUMBER, _MACHINE, _ARGUMENTS = 0, 4, (16, 24)
"""Where the kernel puts them: numbers of four bytes, the lower halves of arguments of eight."""


def forbid_calls() -> None:
    """Make the forbidden calls fail with "operation not permitted", in this process and all that it starts."""
    instructions = _filter(platform.machine())
    code = ctypes.create_string_buffer(b"".join(instructions))

    class Program(ctypes.Structure):
        _fields_ = [("length", ctypes.c_ushort), ("code", ctypes.c_void_p)]

    program = Program(len(instructions), ctypes.addressof(code))
    call("prctl", PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.byref(program), 0, 0)


def _filter(machine: str) -> list[bytes]:
    """The filter as instructions of the classic Berkeley packet filter (Linux: seccomp(2))."""
    deny, skip = _step(_RETURN, _ERROR | errno.EPERM), _step(_RETURN, _ERROR | 0)
    instructions = [
        _step(_LOAD, _MACHINE), _step(_EQUAL, _ARCHITECTURE[machine], 1, 0), deny,
        _step(_LOAD, _NUMBER), _step(_AT_LEAST, _X32, 0, 1), deny,
        # the C library falls back to `clone`, whose flags can be looked at
        _step(_EQUAL, _CLONE3, 0, 1), _step(_RETURN, _ERROR | errno.ENOSYS),
    ]  # fmt: skip
    instructions += _answered(_FORBIDDEN[machine] | _FORBIDDEN_EVERYWHERE, deny)
    for number in _OF_OTHERS[machine].values():
        instructions += _looked_into(number, 0, [_step(_EQUAL, 0, 1, 0), deny])
    instructions += _looked_into(_FCNTL[machine], 1, [*_answered(_LOCKS, deny), *_answered(_RECORD_LOCKS, skip)])
    instructions += _looked_into(_CLONE[machine], 0, [_step(_ANY_BIT, CLONE_NEWUSER, 0, 1), deny])
    return [*instructions, _step(_RETURN, _ALLOW)]


def _looked_into(number: int, argument: int, answers: list[bytes]) -> list[bytes]:
    """A call that is allowed unless one of its arguments is answered otherwise."""
    steps = [_step(_LOAD, _ARGUMENTS[argument]), *answers, _step(_RETURN, _ALLOW)]
    return [_step(_EQUAL, number, 0, len(steps)), *steps]


def _answered(values: dict[str, int], answer: bytes) -> list[bytes]:
    """The answer where what was loaded last is one of these values."""
    return [step for value in values.values() for step in (_step(_EQUAL, value, 0, 1), answer)]


def _step(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("HBBI", code, if_true, if_false, value)
