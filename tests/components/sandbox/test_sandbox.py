"""Programs that a model wrote reach nothing, outlive nothing, and always come to a recorded end."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tradespace.components.sandbox import Limits, ProgramFailed, ProgramFinished, Sandbox
from tradespace.components.sandbox.worker import Worker
from tradespace.errors import ComponentError
from tradespace.types import Program

LIMITS = Limits(seconds=3, memory=256, processes=6, files=16, disk=4, output=10_000)


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    try:
        opened = Sandbox(LIMITS)
    except ComponentError as error:
        pytest.skip(f"this machine does not isolate programs: {error}")
    with opened:
        yield opened


def ran(sandbox: Sandbox, code: str, text: str = "") -> ProgramFinished | ProgramFailed:
    (result,) = sandbox.run([Program(code, text)])
    return result


def output(sandbox: Sandbox, code: str, text: str = "") -> str:
    """What a program prints that must come to its end."""
    result = ran(sandbox, code, text)
    assert isinstance(result, ProgramFinished), result
    return result.output.strip()


def reason(sandbox: Sandbox, code: str) -> str:
    """Why a program fails that must fail; the sandbox must work as before afterwards."""
    result = ran(sandbox, code)
    assert isinstance(result, ProgramFailed), result
    assert result.seconds < LIMITS.seconds + 2
    assert output(sandbox, "print(6 * 7)") == "42"
    return result.reason


def test_a_program_reads_its_input_and_prints(sandbox: Sandbox) -> None:
    """As it would in a terminal."""
    assert output(sandbox, "print(sum(map(int, input().split())))", "1 2 3\n") == "6"


def test_results_come_in_the_order_of_the_programs(sandbox: Sandbox) -> None:
    """Though they run side by side."""
    results = sandbox.run([Program(f"print({number})") for number in range(20)])
    assert [result.output for result in results] == [f"{number}\n" for number in range(20)]


def test_sympy_is_at_hand(sandbox: Sandbox) -> None:
    """Programs of thought solve equations with it."""
    assert output(sandbox, "from sympy import *; x = Symbol('x'); print(solve(2 * x - 3))") == "[3/2]"


def test_a_program_does_the_same_each_time(sandbox: Sandbox) -> None:
    """Hashes and random numbers start alike, so that what it printed can be stored by what it is."""
    code = "import random; print({'b', 'a', 'c'}, random.random())"
    assert output(sandbox, code) == output(sandbox, code)


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("1 / 0", "ZeroDivisionError: division by zero"),
        ("def (", "SyntaxError"),
        ("import sys; sys.exit(3)", "SystemExit: 3"),
        ("import os; os._exit(0)", "left by os._exit(0)"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "killed by SIGKILL"),
        ("import ctypes; ctypes.string_at(0)", "killed by SIGSEGV"),
        ("while True: pass", "ran longer than 3 s"),
        ("import time; time.sleep(60)", "ran longer than 3 s"),
        ("import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)", "ran longer than 3 s"),
        ("x = bytearray(2**31)", "MemoryError"),
        ("x = 'a'\nwhile True: x += x", "MemoryError"),
        ("while True: print('a' * 1000)", "wrote more than 10000 bytes"),
        ("import os\nwhile True: os.write(2, b'a' * 4096)", "wrote more than 10000 bytes"),
        ("def f(): f()\nf()", "RecursionError"),
        ("import subprocess; subprocess.run(['/bin/sh', '-c', 'true'], check=True)", "FileNotFoundError"),
        ("open('/etc/passwd')", "FileNotFoundError"),
        ("open('/new', 'w')", "OSError"),
        ("import os; open(os.__file__, 'w')", "OSError"),
        ("open('big', 'wb').write(b'a' * 2**24)", "OSError"),
        ("for n in range(99): open(str(n), 'w').close()", "OSError"),
        ("handles = [open('/dev/null') for _ in range(99)]", "OSError"),
        ("import socket; socket.create_connection(('127.0.0.1', 80))", "PermissionError"),
        ("import socket; socket.socket(socket.AF_UNIX)", "PermissionError"),
        ("import socket; socket.socket(40, socket.SOCK_STREAM)", "PermissionError"),
        ("import ctypes\nif ctypes.CDLL(None).unshare(0x10000000): raise OSError", "OSError"),
        ("import ctypes\nif ctypes.CDLL(None).mount(b'x', b'/throw-away', b'tmpfs', 0, 0): raise OSError", "OSError"),
        ("import os; os.write(4, b'[')", "wrote into the report"),
        ("import os; os.write(4, b'[' * 60_000)", "wrote into the report"),
        ("import os; os.write(4, b'{' + b'\"a\":[' * 10_000); os._exit(0)", "wrote into the report"),
        ("raise ValueError('a lone \\ud800')", "ValueError: a lone ?"),
        ("import sys; sys.stdout = None", "AttributeError"),
        ("import fcntl, os; fcntl.flock(open(os.__file__), fcntl.LOCK_EX)", "PermissionError"),
        ("import fcntl; fcntl.flock(open('/dev/null'), fcntl.LOCK_EX)", "PermissionError"),
        ("import fcntl, os; fcntl.fcntl(open(os.__file__), fcntl.F_SETLEASE, fcntl.F_RDLCK)", "PermissionError"),
        ("import fcntl, os; fcntl.fcntl(os.open('/usr/lib', 0), fcntl.F_NOTIFY, 1)", "PermissionError"),
        ("import ctypes\nif ctypes.CDLL(None).inotify_init1(0) < 0: raise OSError", "OSError"),
        ("import ctypes\nif ctypes.CDLL(None).klogctl(10, 0, 0) < 0: raise OSError", "OSError"),
        ("import resource; resource.prlimit(1, resource.RLIMIT_NOFILE, (0, 0))", "PermissionError"),
        ("import os; os.setpriority(os.PRIO_USER, 0, 19)", "PermissionError"),
        ("import os; os.sched_setaffinity(1, {0})", "PermissionError"),
        ("import socket; socket.sethostname('mine')", "PermissionError"),
        ("import os; os.setuid(0)", "PermissionError"),
    ],
)
def test_what_a_program_must_not_do_ends_as_a_failure(sandbox: Sandbox, code: str, why: str) -> None:
    """In time, in words, and the next program runs as if nothing had been."""
    assert reason(sandbox, code).startswith(why)


def test_no_signal_ends_the_first_process(sandbox: Sandbox) -> None:
    """Where root started the sandbox they are not permitted; elsewhere they have no effect."""
    trying = "    try: os.kill(1, number)\n    except OSError: pass\n"
    code = f"import os, time\nfor number in range(1, 65):\n{trying}time.sleep(0.2)\nprint('it lives')"
    assert output(sandbox, code) == "it lives"
    assert output(sandbox, "print(1)") == "1"


def test_a_fork_bomb_ends(sandbox: Sandbox) -> None:
    """It meets the limit of processes, or else that of time."""
    assert reason(sandbox, "import os\nwhile True: os.fork()")


def test_threads_meet_the_limit_of_processes(sandbox: Sandbox) -> None:
    """They are processes to the kernel."""
    code = "import threading, time\nfor _ in range(50): threading.Thread(target=time.sleep, args=(9,)).start()"
    assert "can't start new thread" in reason(sandbox, code)


def test_daemons_end_with_their_program(sandbox: Sandbox) -> None:
    """A process that detached itself twice neither holds up the sandbox nor lives on."""
    daemon = (
        "import os, time\n"
        "if os.fork() == 0:\n"
        "    os.setsid()\n"
        "    if os.fork() == 0:\n"
        "        time.sleep(60)\n"
        "    os._exit(0)\n"
        "print('parent')"
    )
    alone = Sandbox(LIMITS)
    with alone:
        assert output(alone, daemon) == "parent"
        ask = "\n    try: os.kill(pid, 0); print(pid == os.getpid())\n    except OSError: pass"
        assert output(alone, f"import os\nfor pid in range(2, 400):{ask}") == "True"


def test_secrets_of_the_environment_and_the_home_are_out_of_reach(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No variable is handed on, and no file of the user is there to be read."""
    secret = tmp_path / "secret"
    secret.write_text("hidden")
    monkeypatch.setenv("API_KEY", "hidden")
    with Sandbox(LIMITS) as opened:
        assert output(opened, "import os; print(dict(os.environ))") == "{}"
        assert "FileNotFoundError" in reason(opened, f"open({str(secret)!r})")
        assert "FileNotFoundError" in reason(opened, f"open({str(Path.home())!r} + '/.bashrc')")
        assert "FileNotFoundError" in reason(opened, "open('/proc/1/environ')")


def test_what_a_program_wrote_is_gone_for_the_next(sandbox: Sandbox) -> None:
    """Its folder is thrown away, and nothing outside has changed."""
    with Sandbox(LIMITS) as opened:
        for _ in range(4):
            assert output(opened, "import os; print(os.listdir()); open('left', 'w').write('here')") == "[]"
    assert not Path("/throw-away").exists()


@pytest.mark.parametrize("spoiling", ["os.chmod('.', 0)", "os.setxattr('.', 'user.a', b'b')", "os.mkfifo('a')"])
def test_what_a_program_did_to_its_folder_is_undone_for_the_next(spoiling: str) -> None:
    """Also where it left nothing in it."""
    with Sandbox(LIMITS) as opened:
        for _ in range(2 * opened._count):
            ran(opened, f"import os\n{spoiling}")
            assert (
                output(opened, "import os; print(os.listxattr('.'), os.listdir()); open('a', 'x').close()") == "[] []"
            )


def test_the_name_of_the_machine_is_not_known(sandbox: Sandbox) -> None:
    """All machines are called the same in there."""
    assert output(sandbox, "import os, socket; print(socket.gethostname(), os.uname().nodename)") == "sandbox sandbox"
    assert socket.gethostname() not in output(sandbox, "import os; print(*os.uname())").split()


def test_record_locks_lock_nothing(sandbox: Sandbox) -> None:
    """They seem to succeed, as SQLite needs them; a file of the host is not locked, which another process would see."""
    code = (
        "import fcntl, os, struct, sqlite3\nfile = open(os.__file__)\nfcntl.lockf(file, fcntl.LOCK_SH)\n"
        "if os.fork() == 0:\n"
        "    asked = struct.pack('hhqqi4x', fcntl.F_WRLCK, 0, 0, 0, 0)\n"
        "    print(struct.unpack('hhqqi4x', fcntl.fcntl(file, fcntl.F_GETLK, asked))[0] == fcntl.F_UNLCK, flush=True)\n"
        "    os._exit(0)\n"
        "os.wait()\nbase = sqlite3.connect('a.db')\nbase.execute('create table t (x)')\nbase.commit()\nprint('made')"
    )
    assert output(sandbox, code) == "True\nmade"


def test_programs_still_set_limits_and_flags_of_their_own(sandbox: Sandbox) -> None:
    """What is forbidden is forbidden for other processes and for locks alone."""
    code = (
        "import fcntl, os, resource; resource.setrlimit(resource.RLIMIT_NOFILE, (9, 9)); "
        "file = open('a', 'w'); fcntl.fcntl(file, fcntl.F_SETFD, fcntl.FD_CLOEXEC); "
        "os.sched_setaffinity(0, os.sched_getaffinity(0)); print(resource.getrlimit(resource.RLIMIT_NOFILE))"
    )
    assert output(sandbox, code) == "(9, 9)"


def test_sockets_do_not_reach_a_server_on_this_machine(sandbox: Sandbox) -> None:
    """Not even the loopback interface."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        port = server.getsockname()[1]
        reason(sandbox, f"import socket; socket.create_connection(('127.0.0.1', {port}), timeout=1)")
        with pytest.raises(TimeoutError):
            server.accept()


def test_other_processes_cannot_be_seen(sandbox: Sandbox) -> None:
    """Signals reach the program's own processes alone: this test's process is not among them."""
    assert reason(sandbox, f"import os; os.kill({os.getpid()}, 0)").startswith("ProcessLookupError")


def test_a_sandbox_ends_with_the_process_that_started_it() -> None:
    """Even one that is killed: nothing is left behind."""
    code = (
        "import os, sys; from tradespace.components.sandbox.worker import Worker; "
        "from tradespace.components.sandbox import Limits; worker = Worker(Limits(), (), isolated=True); "
        "print(worker._process.pid, flush=True); os.kill(os.getpid(), 9)"
    )
    started = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    if not started.stdout:
        pytest.skip("this machine does not isolate programs")
    keeper = Path(f"/proc/{int(started.stdout)}/stat")
    for _ in range(100):
        if not keeper.exists() or " Z " in keeper.read_text():
            return
        subprocess.run(["sleep", "0.1"], check=True)
    pytest.fail("the sandbox lives on")


def test_a_machine_that_does_not_isolate_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Here, as user namespaces are forbidden to the sandbox's own starter by the same filter that programs get."""
    forbidding = (
        "from inside.forbidden_calls import forbid_calls; from inside import kernel; "
        "kernel.call('prctl', kernel.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); forbid_calls(); "
    )
    from tradespace.components.sandbox import worker

    monkeypatch.setattr(
        worker, "_STARTER", worker._STARTER.replace("del sys.path[0];", f"{forbidding} del sys.path[0];")
    )
    with pytest.raises(ComponentError, match=r"unshare: Operation not permitted.*isolated: false"):
        Worker(LIMITS, (), isolated=True)


def test_without_isolation_the_limits_remain() -> None:
    """For those who say so: time, memory and output still end a program, and its daemons with it."""
    with Sandbox(LIMITS, isolated=False) as open_one:
        assert output(open_one, "import os; print(dict(os.environ))") == "{}"
        assert reason(open_one, "while True: pass") == "ran longer than 3 s"
        assert reason(open_one, "x = bytearray(2**31)") == "MemoryError: "
        assert reason(open_one, "while True: print('a' * 1000)").startswith("wrote more")
        assert (
            output(open_one, "import os\nif os.fork() == 0: os.setsid(); import time; time.sleep(60)\nprint(1)") == "1"
        )


ENDING = {
    "killing it": "os.kill(os.getppid(), 9)",
    "a signal that it could handle": "os.kill(os.getppid(), 15)",
    "answering in its place": (
        "open(f'/proc/{os.getppid()}/fd/1', 'wb').write((100_000).to_bytes(4, 'big') + b'[' * 100_000); time.sleep(9)"
    ),
    "promising what never comes": (
        "open(f'/proc/{os.getppid()}/fd/1', 'wb').write((2**32 - 1).to_bytes(4, 'big')); time.sleep(9)"
    ),
    "an answer without content": ("open(f'/proc/{os.getppid()}/fd/1', 'wb').write(b'\\0\\0\\0\\2[]'); time.sleep(9)"),
}


@pytest.mark.parametrize("ending", ENDING.values(), ids=ENDING)
def test_a_program_that_ends_the_sandbox_fails_and_no_other_is_blamed(ending: str) -> None:
    """Without isolation nothing keeps it from that: the sandbox is started again for the programs after it."""
    programs = [f"print({number})" for number in range(6)]
    programs[2:2] = [f"import os, time; {ending}"]
    with Sandbox(LIMITS, isolated=False, modules=()) as opened:
        results = opened.run([Program(code) for code in programs])
        reasons = [result.reason for result in results if isinstance(result, ProgramFailed)]
        assert reasons == ["ended the sandbox that it ran in"]
        assert [result.output for result in results if isinstance(result, ProgramFinished)] == [
            f"{n}\n" for n in range(6)
        ]


def test_a_program_does_not_outlive_the_sandbox_that_it_ended(tmp_path: Path) -> None:
    """It is killed with it, also where nothing is isolated."""
    left = tmp_path / "left"
    code = f"import os, time; os.kill(os.getppid(), 9); time.sleep(2); open({str(left)!r}, 'w').close()"
    with Sandbox(LIMITS, isolated=False, modules=()) as opened:
        assert isinstance(ran(opened, code), ProgramFailed)
        output(opened, "import time; time.sleep(2.5)")
    assert not left.exists()


def test_a_program_is_not_blamed_for_a_sandbox_that_was_spoilt_before() -> None:
    """Here by one that kept it from opening files, as it can without isolation: the next runs in a fresh one."""
    spoiling = (
        "import os, resource, time; time.sleep(0.5); resource.prlimit(os.getppid(), resource.RLIMIT_NOFILE, (0, 0))"
    )
    with Sandbox(LIMITS, isolated=False, modules=()) as opened:
        opened.run([Program(spoiling)] * opened._count)
        assert [output(opened, f"print({number})") for number in range(3)] == ["0", "1", "2"]
