"""What holds a student's process: namespaces of its own where Linux lets us, and limits.

Runs no student's code. In a namespace the disk is read-only but for a small one in memory, there is
no network, and all processes die with the first. Without one (macOS, or where it is forbidden),
limits, a session of its own and the search for its descendants remain, and `Held` says so.
"""

import contextlib
import ctypes
import os
import signal
import sys
from dataclasses import dataclass
from pathlib import Path

MEMORY = 2 * 2**30  # bytes that a process may take beyond what it starts with
FILE_SIZE, FOLDER_SIZE = 64 * 2**20, 128 * 2**20  # bytes of one file, and of all in the folder
PROCESSES = 24
OUTPUT = 1_000_000  # characters or bytes that one answer may print

_NEW_USER, _NEW_DISK = 0x10000000, 0x20000
_NEW = 0x40000000 | 0x20000000 | 0x08000000  # network, processes, shared memory
_PRIVATE, _RECURSIVE, _NOSUID_NODEV = 1 << 18, 1 << 14, 2 | 4
_SET_DEATH_SIGNAL, _SET_DUMPABLE, _KEEP_CAPABILITIES, _SUBREAPER, _NO_NEW_RIGHTS = 1, 4, 8, 36, 38
_READ_ANY_FILE = 1 << 2  # CAP_DAC_READ_SEARCH
_MOUNT_SETATTR = 442  # the same on every processor


@dataclass
class Held:
    """What a process is kept from, beyond its limits."""

    network: bool = False
    disk: bool = False


def _libc():
    return ctypes.CDLL(None, use_errno=True)


def _call(name, *arguments):
    """Call a function of libc; OSError where it fails."""
    if getattr(_libc(), name)(*arguments) < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


def _control(option, value=1):
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            _call("prctl", option, value, 0, 0, 0)


def end_with_parent(parent, number):
    """Get a signal when process `parent`, the one that started this, ends; or end now (Linux)."""
    _control(_SET_DEATH_SIGNAL, number)
    if os.getppid() != parent:  # it ended before it could be asked for
        os._exit(1)


def become_keeper(parent):
    """Make this process the one to which orphans of its descendants fall, and mortal."""
    os.setsid()
    _control(_SUBREAPER)
    end_with_parent(parent, signal.SIGTERM)


def set_apart():
    """Enter namespaces in which the next child is the first process: a Held."""
    if sys.platform != "linux":
        return Held()
    user, group = os.getuid(), os.getgid()
    try:
        if user == 0:
            _call("unshare", _NEW)
        else:
            _call("unshare", _NEW | _NEW_USER)
            for name, line in (
                ("setgroups", "deny"),
                ("uid_map", f"{user} {user} 1"),
                ("gid_map", f"{group} {group} 1"),
            ):
                Path(f"/proc/self/{name}").write_text(line)
    except OSError:
        return Held()
    return Held(network=True)


def shut_disk(folder, hidden=()):
    """A disk in memory at `folder`, the rest read-only, for this process. Whether it worked.

    `hidden` are folders whose content is not to be seen.
    """
    empty = b"size=4k,mode=000"
    try:
        _call("unshare", _NEW_DISK)
        _call("mount", b"none", b"/", None, _PRIVATE | _RECURSIVE, None)
        attributes = (ctypes.c_uint64 * 4)(1, 0, 0, 0)  # set: read-only
        place = ctypes.c_char_p(b"/")
        _call("syscall", _MOUNT_SETATTR, -100, place, 0x8000, ctypes.byref(attributes), 32)
        for path in hidden:
            _call("mount", b"tmpfs", os.fsencode(path), b"tmpfs", _NOSUID_NODEV, empty)
        size = f"size={FOLDER_SIZE},mode=1777".encode()
        _call("mount", b"tmpfs", os.fsencode(folder), b"tmpfs", _NOSUID_NODEV, size)
        with contextlib.suppress(OSError):  # where /proc is masked, the old one stays
            _call("mount", b"proc", b"/proc", b"proc", _NOSUID_NODEV, None)
    except OSError:
        return False
    return True


def give_up_rights(user, needed):
    """Become `user`, a number without rights, where we are root; keep none of a namespace's.

    `needed` are folders that must stay readable: if that user cannot read them, the right to read
    any file is kept.
    """
    if sys.platform != "linux":
        return
    rights = 0
    if os.getuid() == 0:
        readable = all(
            part.stat().st_mode & 0o005 == 0o005
            for path in needed
            for part in (Path(path).resolve(), *Path(path).resolve().parents)
        )
        rights = 0 if readable else _READ_ANY_FILE
        _control(_KEEP_CAPABILITIES)
        os.setgroups([])
        os.setresgid(65534, 65534, 65534)
        os.setresuid(user, user, user)
        _control(_SET_DUMPABLE)
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)
    with contextlib.suppress(OSError):
        _call("capset", ctypes.byref(header), (ctypes.c_uint32 * 6)(rights, rights))
    _control(_NO_NEW_RIGHTS)
    _control(_SET_DEATH_SIGNAL, signal.SIGKILL)  # the keeper is there: it waits for this process


def set_limits(seconds):
    """Limit CPU seconds, memory, file size and processes for this process and its children."""
    import resource  # there is none on Windows

    limits = {
        resource.RLIMIT_CPU: int(seconds) + 1,
        resource.RLIMIT_AS: _size() + MEMORY,
        resource.RLIMIT_FSIZE: FILE_SIZE,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_NPROC: _processes_of(os.getuid()) + PROCESSES,
        resource.RLIMIT_NOFILE: 256,
    }
    for which, most in limits.items():
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(which, (most, most))
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000")


def _size():
    """Bytes of address space in use; libraries map gigabytes that they never touch."""
    try:
        return int(Path("/proc/self/statm").read_text().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 64 * 2**30  # macOS does not keep this limit


def _processes_of(user):
    """Tasks that a user has already: outside a namespace they count too."""
    count = 0
    for path in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            count += len(os.listdir(path / "task")) if path.stat().st_uid == user else 0
    return count if count or sys.platform == "linux" else 2000


def descendants():
    """Process ids of the living children of this process and of theirs."""
    parents = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            state, parent = path.read_text(errors="replace").rpartition(")")[2].split()[:2]
            if state != "Z":
                parents[int(path.parent.name)] = int(parent)
    found, more = set(), {os.getpid()}
    while more := {pid for pid, parent in parents.items() if parent in more} - found:
        found |= more
    return found


def sweep(first):
    """Kill a dead process's group and all descendants of this one, until there are none."""
    with contextlib.suppress(OSError):
        os.killpg(first, signal.SIGKILL)
    while True:
        for pid in descendants():
            with contextlib.suppress(OSError):
                os.kill(pid, signal.SIGKILL)
        try:
            os.waitpid(-1, 0)
        except ChildProcessError:
            return
