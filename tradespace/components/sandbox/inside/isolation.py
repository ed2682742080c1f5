"""Namespaces: a file system, a network, processes and users of one's own (Linux: namespaces(7))."""

from __future__ import annotations

import os
import stat
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from . import kernel

USER = 1000
NOBODY = 65534
WORK = "/throw-away"
SANDBOX_HOST = b"sandbox"
"""What the machine is called in there."""
MODE = 0o700
_DEVICES = ("/dev/null", "/dev/zero", "/dev/urandom", "/dev/random")
_EVERYTHING = (
    kernel.CLONE_NEWUSER
    | kernel.CLONE_NEWNS
    | kernel.CLONE_NEWPID
    | kernel.CLONE_NEWNET
    | kernel.CLONE_NEWIPC
    | kernel.CLONE_NEWUTS
)


def isolate(readable: Sequence[str]) -> None:
    """Go on in namespaces of one's own, as the first process of them, of which the caller becomes the keeper.

    Only the folders `readable` can be read, and nothing can be written but the throw-away folder; see `fresh_folder`.

    Raises:
        OSError: the machine does not allow it.
    """
    entered, mapped = os.pipe(), os.pipe()
    child = os.fork()
    if child:
        os.close(entered[1])
        if os.read(entered[0], 1):
            _map_users(child)
            os.write(mapped[1], b"1")
        _keep(child)
    os.close(mapped[1])
    kernel.call("prctl", kernel.PR_SET_PDEATHSIG, 9, 0, 0, 0)
    kernel.call("unshare", _EVERYTHING)
    os.write(entered[1], b"1")
    if not os.read(mapped[0], 1):
        os._exit(1)
    for end in (*entered, mapped[0]):
        os.close(end)
    first = os.fork()
    if first:
        _keep(first)
    kernel.call("prctl", kernel.PR_SET_PDEATHSIG, 9, 0, 0, 0)
    for function in ("sethostname", "setdomainname"):
        kernel.call(function, SANDBOX_HOST, len(SANDBOX_HOST))
    _enclose([*readable, *_DEVICES])
    kernel.call("prctl", kernel.PR_SET_DUMPABLE, 0, 0, 0, 0)


def fresh_folder(megabytes: int, files: int) -> None:
    """Put a new, empty folder in memory into the place of the throw-away one; one that was never used stays."""
    if os.path.ismount(WORK):
        if _untouched(Path(WORK)):
            return
        kernel.call("umount2", WORK.encode(), kernel.MNT_DETACH)
    limits = f"size={megabytes}m,nr_inodes={files + 1},mode={MODE:o},uid={USER},gid={USER}"
    kernel.mount("none", WORK, "tmpfs", kernel.MS_NOSUID | kernel.MS_NODEV, limits)


def _untouched(folder: Path) -> bool:
    """Whether nothing is in it, and nothing was done to it that the next program would meet."""
    return stat.S_IMODE(folder.stat().st_mode) == MODE and not os.listxattr(folder) and not any(folder.iterdir())


def become_nobody() -> None:
    """Leave every privilege behind."""
    if os.getuid() != USER:
        os.setgroups([])
        os.setresgid(USER, USER, USER)
        os.setresuid(USER, USER, USER)
    kernel.drop_capabilities()


def _keep(child: int) -> NoReturn:
    """Wait for the end of a child, and end as it did."""
    _, status = os.waitpid(child, 0)
    os._exit(os.waitstatus_to_exitcode(status) & 0xFF)


def _map_users(child: int) -> None:
    """Say who the users inside are. Where root starts a sandbox, programs are nobody: root's limits do not hold."""
    folder = Path(f"/proc/{child}")
    if os.geteuid() == 0:
        users = groups = f"0 0 1\n{USER} {NOBODY} 1\n"
    else:
        (folder / "setgroups").write_text("deny")
        users, groups = f"{USER} {os.geteuid()} 1\n", f"{USER} {os.getegid()} 1\n"
    (folder / "uid_map").write_text(users)
    (folder / "gid_map").write_text(groups)


def _enclose(readable: Sequence[str]) -> None:
    """Build a file system of what may be read, and make it all there is."""
    kernel.mount("none", "/", "none", kernel.MS_REC | kernel.MS_PRIVATE)
    root = "/tmp"
    sources = [(path, os.open(path, os.O_PATH)) for path in readable if Path(path).exists()]
    kernel.mount("none", root, "tmpfs", kernel.MS_NOSUID | kernel.MS_NODEV, "size=1m,mode=755")
    for path, handle in sources:
        target = Path(root + path)
        _make_target(target, is_folder=Path(f"/proc/self/fd/{handle}").is_dir())
        kernel.mount(f"/proc/self/fd/{handle}", str(target), "none", kernel.MS_BIND | kernel.MS_REC)
        os.close(handle)
    Path(root + WORK).mkdir()
    kernel.make_read_only(root)
    kernel.change_root(root)


def _make_target(target: Path, *, is_folder: bool) -> None:
    if is_folder:
        target.mkdir(parents=True, exist_ok=True)
    else:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.touch()
