"""A batch: notebooks shared out among judges, each with a way of its own to students' processes."""

import contextlib
import multiprocessing
import os
import signal
import socket
import subprocess
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

import tqdm

from helpers import exercises
from helpers.checking import running
from tools.execute import ROOT
from tools.grade import answers, cage
from tools.grade.driving import Driver, try_cage
from tools.grade.grading import grade, void
from tools.grade.keeping import digest_of, digest_of_course


class Work:
    """A submission with what the course knows of its notebook, and its answers."""

    def __init__(self, submission, known):
        self.submission, self.original = submission, known[submission.notebook][1]
        self.exercises = _exercises_of(submission.notebook)
        try:
            self.answers = answers.find_answers(submission.cells, self.original, self.exercises)
        except (RecursionError, MemoryError):
            submission.error, self.answers = "The code in this file is nested too deeply.", []
        self.digests = {
            name: digest_of(submission, digest_of_course(submission.notebook, name, self.original))
            for name in self.exercises
        }

    def changed(self, kept, timeout):
        """Names of the exercises without a kept verdict."""
        student = self.submission.student
        return [
            n for n, digest in self.digests.items() if not kept.find(student, n, digest, timeout)
        ]

    def grade(self, names, driver):
        """Rows for some of the exercises."""
        if self.submission.error:
            rows = void(self.submission, names, "unreadable", self.submission.error)
        else:
            chosen = [a for a in self.answers if a.exercise.name in names]
            try:
                rows = grade(self.submission, chosen, self.original[0].source, driver)
            except (RecursionError, MemoryError, ValueError, TypeError) as error:
                why = f"This file could not be graded ({type(error).__name__}). It is tried again."
                return void(self.submission, names, "not-graded", why)  # no digest: not kept
        for row in rows:
            row.digest = self.digests[row.exercise]
        return rows


def _exercises_of(notebook):
    try:
        return exercises.of(notebook)
    except ValueError:
        return {}  # a notebook without exercises


def grade_all(to_run, kept, options):
    """Run what is to be run, `jobs` at a time, and keep each notebook's rows at once.

    to_run: (Work, names of exercises) for each notebook.
    """
    pairs = [socket.socketpair() for _ in range(options.jobs)]
    with tempfile.TemporaryDirectory(prefix="grade-") as scratch, _zygote(pairs) as starter:
        os.chmod(scratch, 0o711)
        hidden = [options.folder.resolve(), options.out.resolve()]
        needed = [ROOT, Path(scratch).resolve(), Path(sys.prefix), Path.home()]
        hidden = [h for h in hidden if not any(n == h or h in n.parents for n in needed)]
        drivers = [Driver(ours, Path(scratch), options.timeout, tuple(map(str, hidden)))
                   for ours, _ in pairs]  # fmt: skip
        _say_what_holds(try_cage(drivers[0]))
        context = multiprocessing.get_context("fork")
        work = [one for one, _ in to_run]
        mine = (os.getpid(), drivers, work, context.Value("i", 0))
        pool = ProcessPoolExecutor(options.jobs, context, _become_judge, mine)
        try:
            futures = [pool.submit(_judge, i, names) for i, (_, names) in enumerate(to_run)]
            for future in tqdm.tqdm(
                as_completed(futures), "grading", len(futures), unit="notebook"
            ):
                kept.add(future.result())
        except (OSError, EOFError, BrokenProcessPool) as error:
            starter.terminate()
            sys.exit(f"Grading stopped: {error} Start it again: it goes on from here.")
        except BaseException:
            starter.terminate()  # what runs now ends with it
            raise
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


@contextlib.contextmanager
def _zygote(pairs):
    """The process that forks the students', for as long as judges have their ends of `pairs`."""
    ends = [theirs.fileno() for _, theirs in pairs]
    environment = {
        **os.environ,
        **dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1"),
        "MNIST_SOURCE": os.environ.get("MNIST_SOURCE", "sample"),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    command = [sys.executable, "-m", "tools.grade.zygote", str(os.getpid()), *map(str, ends)]
    process = subprocess.Popen(
        command, pass_fds=ends, env=environment, cwd=ROOT, stdin=subprocess.DEVNULL,
        start_new_session=True,
    )  # fmt: skip
    for _, theirs in pairs:
        theirs.close()
    try:
        yield process
    finally:
        for ours, _ in pairs:
            ours.close()
        process.terminate()
        process.wait()


def _say_what_holds(held):
    missing = [] if held and held.network else ["the network is not off"]
    missing += [] if held and held.disk else ["files outside are as writable as for you"]
    if missing:
        print(
            f"For answers {' and '.join(missing)}: this system allows no namespaces (unshare). "
            "For a class that you do not trust, see tools/grade/Containerfile."
        )


_MINE = {}  # of a judge's process: its driver and the work


def _become_judge(parent, drivers, work, number):
    """In a new process: take one way to students' processes; end when the parent ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    cage.end_with_parent(parent, signal.SIGKILL)
    with number.get_lock():
        _MINE.update(driver=drivers[number.value], work=work)
        number.value += 1
    running.TIME_LIMIT = min(running.TIME_LIMIT, _MINE["driver"].timeout)  # what verdicts say


def _judge(index, names):
    return _MINE["work"][index].grade(names, _MINE["driver"])
