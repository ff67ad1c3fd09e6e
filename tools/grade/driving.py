"""Drives a student's process: asks for one, hears what the answers give, ends it in time.

An answer that ends its process, or has to be ended, costs itself only: the next process begins at
the next one.
"""

import contextlib
import json
import os
import pickle
import secrets
import select
import shutil
import signal
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from helpers.checking import running
from tools.execute import ROOT
from tools.grade import zygote
from tools.grade.wire import LONGEST

GRACE = 5.0  # seconds beyond a limit that the process keeps itself
START = 60.0  # seconds for a process to come up, on a busy machine


@dataclass
class Told:
    """What became of one answer: the process's words, or how it ended, and the seconds it took."""

    words: dict | None = None
    end: str = ""  # "time-limit", "process-ended" or "forged"
    seconds: float = 0.0


@dataclass
class Driver:
    """One judge's way to students' processes."""

    channel: object
    scratch: Path  # folder for temporary folders
    timeout: float
    hidden: tuple = ()

    def drive(self, first_cell, steps, canary):
        """What became of each step (as `runner` takes them): a list of Told, in order."""
        told, dead_cells = [], set()
        while len(told) < len(steps):
            left = [self._without(step, dead_cells) for step in steps[len(told) :]]
            heard = self._one_process(first_cell, left, canary)
            told += heard
            if heard and heard[-1].end:
                dead_cells |= {key[0] for key in steps[len(told) - 1]["holds"]}
        return told

    def _without(self, step, dead_cells):
        """A step without needs in cells whose answer ended its process."""
        return step | {"needs": [n for n in step["needs"] if n[0][0] not in dead_cells]}

    def _one_process(self, first_cell, steps, canary):
        nonce = secrets.token_hex(16)
        request = self.request(steps, nonce) | {"first_cell": first_cell, "canary": canary}
        with self.process(request) as (process, pipe, life):
            return _listen(process, pipe, life, nonce, steps, self.timeout)

    def request(self, steps, nonce):
        """What a process is told; the cells apart."""
        each = self.timeout + running.TIME_LIMIT + GRACE
        return {
            "nonce": nonce,
            "steps": pickle.dumps(steps),
            "timeout": self.timeout,
            "seconds": START + each * max(len(steps), 1),
            "needed": (str(ROOT), os.__file__, running.torch.__file__),
            "hidden": self.hidden,
        }

    @contextlib.contextmanager
    def process(self, request):
        """A student's process: its keeper's id, what it tells, and a descriptor that ends with it.

        Nothing of it is left afterwards.
        """
        folder = tempfile.mkdtemp(dir=self.scratch)
        os.chmod(folder, 0o777)  # it belongs to another user where we are root
        pipe, pipe_end = os.pipe()
        life, life_end = os.pipe()
        user = 30_000 + int.from_bytes(os.urandom(2)) % 30_000
        request = request | {"folder": folder, "user": user}
        keeper = zygote.send(self.channel, request, pipe_end, life_end)
        os.close(pipe_end)
        os.close(life_end)
        try:
            yield keeper, pipe, life
        finally:
            if not select.select([life], [], [], 0)[0]:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(keeper, signal.SIGTERM)
            select.select([life], [], [], START)
            os.close(pipe)
            os.close(life)
            shutil.rmtree(folder, ignore_errors=True)


def _listen(keeper, pipe, life, nonce, steps, timeout):
    """Told for each step of one process, until it ends or has to be ended; at least one."""
    told, state, since, data = [], "start", time.monotonic(), b""
    limits = {"start": START, "answer": min(running.TIME_LIMIT, timeout) + GRACE}
    begun = since
    while len(told) < len(steps):
        limits["cell"] = timeout * (2 if steps[len(told)]["needs"] else 1) + GRACE
        left = since + limits[state] - time.monotonic()
        ready = select.select([pipe, life], [], [], max(left, 0))[0]
        if not ready:
            return [*told, Told(end="time-limit", seconds=time.monotonic() - begun)]
        part = os.read(pipe, 1 << 20) if pipe in ready else b""
        data += part
        *lines, data = data.split(b"\n")
        for line in lines:
            message = _message(line, nonce, len(told), state)
            if message is None:
                false = Told(end="forged", seconds=time.monotonic() - begun)
                return [*told[:-1], false] if state == "start" and told else [*told, false]
            if len(told) == len(steps):
                return told
            state, since = message["event"], time.monotonic()
            if state == "cell":
                begun = since
            elif state == "told":
                told.append(Told(words=message, seconds=since - begun))
                state = "start"
        if len(data) > LONGEST:
            return [*told, Told(end="forged", seconds=time.monotonic() - begun)]
        if not part:  # it has ended
            if state == "start" and not told:
                raise OSError("A process for answers did not start: its lines above say why.")
            if state == "start" and told:
                return told
            return [*told, Told(end="process-ended", seconds=time.monotonic() - begun)]
    return told


def _message(line, nonce, step, state):
    """A line as the message that is due, or None."""
    due = {"start": "cell", "cell": "answer", "answer": "told"}[state]
    try:
        message = json.loads(line)
        is_due = message["nonce"] == nonce and message["step"] == step
        return message if is_due and message["event"] == due else None
    except (KeyError, TypeError, ValueError, RecursionError):
        return None


def try_cage(driver):
    """What a process is kept from on this machine: a cage.Held."""
    request = driver.request([], "") | {"only": "held", "first_cell": "", "canary": (1, 1)}
    with driver.process(request) as (_, pipe, _):
        ready = select.select([pipe], [], [], 2 * START)[0]
        return pickle.loads(os.read(pipe, 4096)) if ready else None
