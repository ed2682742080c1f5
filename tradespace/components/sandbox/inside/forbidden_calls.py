"""A filter on system calls, for what no namespace covers: sockets of the hypervisor, keys, tracing, new namespaces."""

from __future__ import annotations

import ctypes
import errno
import platform
import struct

from .kernel import CLONE_NEWUSER, PR_SET_SECCOMP, SECCOMP_MODE_FILTER, call

_ARCHITECTURE = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_FORBIDDEN = {
    "x86_64": {
        "socket": 41, "ptrace": 101, "pivot_root": 155, "mount": 165, "umount2": 166, "add_key": 248,
        "request_key": 249, "keyctl": 250, "unshare": 272, "perf_event_open": 298, "setns": 308,
        "process_vm_readv": 310, "process_vm_writev": 311, "bpf": 321, "userfaultfd": 323,
    },
    "aarch64": {
        "umount2": 39, "mount": 40, "pivot_root": 41, "unshare": 97, "ptrace": 117, "socket": 198, "add_key": 217,
        "request_key": 218, "keyctl": 219, "perf_event_open": 241, "setns": 268, "process_vm_readv": 270,
        "process_vm_writev": 271, "bpf": 280, "userfaultfd": 282,
    },
}  # fmt: skip
_IO_URING = (425, 426, 427)
_CLONE = {"x86_64": 56, "aarch64": 220}
_CLONE3 = 435
_X32 = 0x40000000
"""Numbers from here on are a second way to make the same calls on x86_64."""

_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOW, _DENY = 0x7FFF0000, 0x00050000
_NUMBER, _MACHINE, _FIRST_ARGUMENT = 0, 4, 16


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
    deny = _step(_RETURN, _DENY | errno.EPERM)
    instructions = [
        _step(_LOAD, _MACHINE), _step(_EQUAL, _ARCHITECTURE[machine], 1, 0), deny,
        _step(_LOAD, _NUMBER), _step(_AT_LEAST, _X32, 0, 1), deny,
        # the C library falls back to `clone`, whose flags can be looked at
        _step(_EQUAL, _CLONE3, 0, 1), _step(_RETURN, _DENY | errno.ENOSYS),
    ]  # fmt: skip
    for number in (*_FORBIDDEN[machine].values(), *_IO_URING):
        instructions += [_step(_EQUAL, number, 0, 1), deny]
    flags = [_step(_LOAD, _FIRST_ARGUMENT), _step(_ANY_BIT, CLONE_NEWUSER, 0, 1), deny]
    return [*instructions, _step(_EQUAL, _CLONE[machine], 0, len(flags)), *flags, _step(_RETURN, _ALLOW)]


def _step(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("HBBI", code, if_true, if_false, value)
