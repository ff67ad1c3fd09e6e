"""The cache of downloads: filled from the mirrors, verified at each reading, never trusted."""

import hashlib
import os
import tempfile
from pathlib import Path

from helpers.mnist import published
from helpers.mnist.published import Unavailable

ROOT = Path(__file__).resolve().parents[2]


def folder():
    """$MNIST_CACHE, or data/ in the repository."""
    return Path(os.environ.get("MNIST_CACHE") or ROOT / "data").expanduser()


def read(name):
    """The bytes of a good file in the cache, or None; a bad one is renamed and kept."""
    path = folder() / name
    try:
        data = path.read_bytes()
        if not (wrong := published.what_is_wrong(name, data)):
            return data
        aside = f"{name}.bad-{hashlib.sha256(data).hexdigest()[:8]}"
        os.replace(path, path.with_name(aside))
        print(f"MNIST: {name} in the cache is bad ({wrong}): set aside as {aside}.")
    except (FileNotFoundError, NotADirectoryError):
        pass
    except OSError as problem:
        cause = f"the cache cannot be used: {problem.strerror}"
        raise Unavailable(cause, f"{cause} ({path})") from problem
    return None


def fetch(names, progress):
    """Download files into the cache and give their bytes, by name."""
    from helpers.mnist import mirrors  # here, since most loads need no network and save the time

    files, places = {}, mirrors.Mirrors()
    try:
        folder().mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(
            dir=folder(), prefix=".fetch-", ignore_cleanup_errors=True
        ) as temporary:
            for name in names:
                new = Path(temporary) / name
                if not places.download(new, published.SHA256[name], progress):
                    away = "no network, no $MNIST_DIR" if places.unreachable() else None
                    raise Unavailable(away or places.report(), places.report())
                files[name] = new.read_bytes()
                _put(new, folder() / name)
    except OSError as problem:
        cause = f"the cache cannot be written: {problem.strerror}"
        raise Unavailable(cause, f"{cause} ({folder()}; MNIST_CACHE names another)") from problem
    return files


def _put(new, path):
    new.chmod(0o644)  # a cache may be shared, temporary files are private
    try:
        os.replace(new, path)
    except PermissionError:  # on Windows, while another process reads what it has put there
        if read(path.name) is None:
            raise
