"""Inside a student's process: run the cells, take the answers, tell what they gave. Judges nothing.

What is told is plain data under a nonce; the parent judges it. Two kinds of exercise need the
living function here: those with `observe`, and a function with `accepts`; their modules are loaded
here, and all that comes back from them is still plain data. Each answer is followed by a canary, a
function of the parent's whose values the parent knows, taken in the same way.
"""

import contextlib
import linecache
import os
import pickle
import re
import sys
import threading
from types import SimpleNamespace

import torch

from helpers import checking, exercises
from helpers.checking import comparing, converting, judging, running, todo
from helpers.checking.judging import own_line, take
from helpers.checking.running import restore_libraries, time_limit, try_answer
from helpers.checking.todo import holds_todo
from tools.grade import wire

_ENGINE = (checking, comparing, converting, judging, running, todo, wire, exercises)
_REACHING = {  # what an answer has no need of: events of Python's audit, in a student's words
    "socket.connect": "open a network connection",
    "socket.bind": "open a network connection",
    "socket.getaddrinfo": "open a network connection",
    "socket.sendto": "open a network connection",
    "os.fork": "start a process",
    "os.forkpty": "start a process",
    "os.posix_spawn": "start a process",
    "os.exec": "start a process",
    "os.system": "start a process",
    "subprocess.Popen": "start a process",
    "os.kill": "stop a process",
    "os.killpg": "stop a process",
    "ctypes.dlopen": "reach past Python",
}
_CHANGING = {
    "os.remove", "os.rename", "os.rmdir", "os.mkdir", "os.chmod", "os.link", "os.symlink",
    "os.truncate",
}  # fmt: skip


class Watch:
    """Notes and refuses what an answer reaches for; called for each event of Python's audit."""

    def __init__(self, folder):
        self.folder, self.pid = os.path.realpath(folder), os.getpid()
        self.reached, self.imported, self.awake = "", False, False

    def __call__(self, event, arguments):
        if not self.awake:
            return
        if event == "import":
            known = str(arguments[0]).startswith("helpers.exercises.nb")
            self.imported = self.imported or known
        elif event in _REACHING and not _while_importing():
            self._refuse(_REACHING[event])
        elif event == "open":
            path, mode, flags = arguments
            if flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
                self._change(path)
        elif event in _CHANGING:
            self._change(arguments[0])

    def _change(self, path):
        if not isinstance(path, str | bytes | os.PathLike):
            return
        path = os.path.realpath(os.fsdecode(path))
        inside = f"{path}{os.sep}".startswith(self.folder + os.sep) or path == os.devnull
        if not inside and not path.endswith(".pyc") and "__pycache__" not in path:
            self._refuse("write a file outside its folder")

    def _refuse(self, what):
        self.reached = self.reached or what
        raise PermissionError(f"an answer may not {what}")


def _while_importing():
    """Whether a library that is being loaded does this: some load others, or look around."""
    frame = sys._getframe(2)
    while frame is not None and not re.match(r"<\d\d\.", frame.f_code.co_filename):
        if frame.f_code.co_filename.startswith("<frozen importlib"):
            return True
        frame = frame.f_back
    return False


class Printed:
    """A stream that counts characters and keeps none."""

    def __init__(self):
        self.length = 0

    def write(self, text):
        self.length += len(text)
        return len(text)

    def flush(self):
        pass


def run(request, pipe):
    """Run the steps of a request and write what they give to a pipe; never returns."""
    os.dup2(os.open("printed", os.O_RDWR | os.O_CREAT | os.O_APPEND), 1)
    os.dup2(1, 2)
    watch, pid = Watch(os.getcwd()), os.getpid()

    def tell(step, event, **more):
        if os.getpid() != pid:  # a fork of a student's
            os._exit(1)
        message = {"nonce": request["nonce"], "step": step, "event": event, **more}
        line = memoryview(wire.line_of(message))
        while line:
            line = line[os.write(pipe, line) :]

    scope = {"__name__": "__main__", "display": lambda *_, **__: None}
    exec(request["first_cell"], scope)
    steps = pickle.loads(request["steps"])
    living = {s["name"]: exercises.find(s["name"]) for s in steps if s["living"]}
    for name in [name for name in sys.modules if name.startswith("helpers.exercises.nb")]:
        del sys.modules[name]  # who imports it again is seen
    running.TIME_LIMIT = min(running.TIME_LIMIT, request["timeout"])
    engine, done = _print_of(_ENGINE), set()
    sys.addaudithook(watch)
    os.register_at_fork(after_in_child=lambda: os._exit(1))
    for number, step in enumerate(steps):
        tell(number, "cell")
        watch.reached, watch.imported, watch.awake = "", False, True
        error, printed = _run_cell(step, scope, done, request["timeout"])
        tell(number, "answer")
        told = {"cell": error} if error else _take(step, scope, living.get(step["name"]))
        told |= _around(watch, engine, request["canary"]) | {"cell_printed": printed}
        tell(number, "told", **told)
        if told["patched"] or told["reached"] or threading.active_count() > 1:
            break  # nothing more of this process: the parent starts another one
    os._exit(0)


def _around(watch, engine, numbers):
    """What an answer did besides giving something, and what the canary gives after it."""
    patched = not watch.awake or _print_of(_ENGINE) != engine
    watch.awake = False
    size = os.fstat(1).st_size
    os.ftruncate(1, 0)
    return {
        "reached": watch.reached,
        "imported": watch.imported,
        "bytes": size,
        "replaced": restore_libraries() or "",
        "patched": patched,
        "canary": _canary(numbers),
    }


def _run_cell(step, scope, done, timeout):
    """Run what an answer needs, then its cell: the error as JSON or None, and what it printed."""
    scope.pop(step["answer"], None)
    words = Printed()
    with contextlib.redirect_stdout(words), contextlib.redirect_stderr(words):
        for key, source in step["needs"]:
            if key not in done:
                done.add(key)
                with contextlib.suppress(BaseException), time_limit(timeout):
                    exec(compile(source, "<needed>", "exec"), scope)
        done |= set(step["holds"])
        try:
            with time_limit(timeout):
                exec(_compiled(step["source"], step["name"]), scope)
        except BaseException as error:
            return wire.pack_error(error, _line(error)), words.length
    return None, words.length


def _compiled(source, name):
    """A cell's code, whose lines tracebacks know."""
    place = f"<{name}>"
    linecache.cache[place] = (len(source), None, source.splitlines(True), place)
    return compile(source, place, "exec")


def _line(error):
    try:
        return own_line(error).strip()
    except BaseException:
        return ""


def _take(step, scope, exercise):
    """What the answer of a step gives, as JSON."""
    if step["answer"] not in scope:
        return {"undefined": True}
    answer = scope[step["answer"]]
    if holds_todo(answer):
        return {"todo": True}
    if not step["is_function"] or not callable(answer):
        outcomes = [try_answer(lambda: answer, (), None, running.TIME_LIMIT)]
    else:
        given = SimpleNamespace(cases=step["cases"], is_function=True, observe=None, accepts=None)
        outcomes = take(exercise or given, answer)
    packed = [wire.pack_outcome(o, _line(o.error) if o.error else "") for o in outcomes]
    return {"outcomes": packed, "callable": callable(answer)}


def _canary(numbers):
    """What a function of the parent's gives, taken as an answer is."""
    factor, summand = numbers
    given = SimpleNamespace(
        cases=((torch.arange(6.0).reshape(2, 3),), (7,)),
        is_function=True, observe=None, accepts=None,
    )  # fmt: skip
    try:
        return [wire.pack_outcome(o) for o in take(given, lambda x: x * factor + summand)]
    except BaseException:
        return []


def canary_is_sound(packed, numbers):
    """Whether the values of _canary() are those of the same function here (for the parent)."""
    factor, summand = numbers
    expected = torch.arange(6.0).reshape(2, 3) * factor + summand
    try:
        grid, number = (wire.unpack_outcome(p) for p in packed)
        return number.value == 7 * factor + summand and torch.equal(
            torch.from_numpy(grid.value.values).float(), expected
        )
    except (AttributeError, KeyError, TypeError, ValueError):
        return False


def _print_of(modules):
    """The functions of modules and their code, to see afterwards whether they are the same."""
    return [
        (name, id(value), id(getattr(value, "__code__", None)))
        for module in modules
        for name, value in sorted(vars(module).items())
        if callable(value)
    ]
