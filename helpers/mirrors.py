"""Files from a list of mirrors, verified, with a limit on silence; knows no file by name.

MNIST_MIRRORS and MNIST_TIMEOUT are explained in `helpers.mnist`.
"""

import os
import threading
import time
from urllib.parse import urlsplit

import pooch
import requests
from requests import exceptions
from tqdm import tqdm

MIRRORS = (
    "https://ossci-datasets.s3.amazonaws.com/mnist/ "
    "https://storage.googleapis.com/cvdf-datasets/mnist/"
)
LARGEST = 32 << 20  # bytes that a mirror may send for one file


class Mirrors:
    """Mirrors in the order of trying; each is given up at its first failure."""

    def __init__(self):
        self.left = os.environ.get("MNIST_MIRRORS", MIRRORS).split()
        self.failures = {}
        self.limit = _time_limit()

    def download(self, path, sha256, progress=False):
        """Whether the file named like `path` is now there, as published."""
        while self.left:
            url = f"{self.left[0].rstrip('/')}/{path.name}"
            why = _download(url, path, sha256, self.limit, progress)
            if why is None:
                return True
            self.failures[self.left.pop(0)] = why
        return False

    def unreachable(self):
        """Whether there were mirrors and none could be reached."""
        return bool(self.failures) and set(self.failures.values()) == {"cannot be reached"}

    def report(self):
        told = "; ".join(f"{urlsplit(m).netloc or m}: {why}" for m, why in self.failures.items())
        return f"no mirror gave it ({told})" if told else "MNIST_MIRRORS is empty"


def _time_limit():
    given = os.environ.get("MNIST_TIMEOUT") or "10"
    if not given.replace(".", "", 1).isdecimal() or not 0 < float(given) <= 30:
        raise ValueError(f"MNIST_TIMEOUT={given}: give seconds, more than 0 and at most 30.")
    return float(given)


def _download(url, path, sha256, limit, progress):
    """None when the file is there and verified, else why not; OSError for trouble with the disk."""
    last, late, problems = [time.monotonic()], threading.Event(), []

    def get(url, new, _):
        plain = {"Accept-Encoding": "identity"}
        with (
            requests.get(url, stream=True, timeout=2 * limit, headers=plain) as answer,
            open(new, "wb") as out,
            tqdm(
                desc=path.name,
                unit="B",
                unit_scale=True,
                disable=not progress,
                total=int(answer.headers.get("Content-Length", 0)) or None,
            ) as bar,
        ):
            answer.raise_for_status()
            for chunk in answer.iter_content(1 << 14):
                bar.update(out.write(chunk))
                last.append(time.monotonic())
                if late.is_set() or out.tell() > LARGEST:
                    raise ValueError("given up, or far too long")

    def work():
        try:
            pooch.retrieve(url, f"sha256:{sha256}", path.name, path.parent, downloader=get)
        except Exception as problem:
            problems.append(problem)

    # In a thread, since looking up the name, connecting and reading can each hang.
    pooch.get_logger().setLevel("WARNING")
    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    while thread.is_alive() and not late.is_set():
        thread.join(0.05)
        if thread.is_alive() and time.monotonic() - last[-1] > limit:
            late.set()
    return _why(problems[0]) if problems else f"silent for {limit:g} s" if late.is_set() else None


def _why(problem):
    """Why a mirror failed; trouble with the disk is raised instead."""
    if isinstance(problem, OSError) and not isinstance(problem, exceptions.RequestException):
        raise problem
    if isinstance(problem, exceptions.HTTPError):
        return f"HTTP {problem.response.status_code}"
    if isinstance(problem, exceptions.ConnectionError):
        return "cannot be reached"
    if isinstance(problem, exceptions.ChunkedEncodingError):
        return "the connection broke"
    if isinstance(problem, exceptions.RequestException):
        return f"cannot be asked ({type(problem).__name__})"
    return "sent something else than the published file"
