"""The four files of MNIST as published: how to know them, what is in them. Fetches nothing."""

import gzip
import hashlib
import zlib

import torch

COUNTS = {"train": 60_000, "test": 10_000}
SHA256 = {
    "train-images-idx3-ubyte.gz": "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",  # noqa: E501
    "train-labels-idx1-ubyte.gz": "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",  # noqa: E501
    "t10k-images-idx3-ubyte.gz": "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
    "t10k-labels-idx1-ubyte.gz": "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
}


class Unavailable(RuntimeError):
    """The full MNIST cannot be had; `cause` says why in a few words."""

    def __init__(self, cause, details=""):
        self.cause = cause
        super().__init__(
            f"The full MNIST cannot be had: {details or cause}. Connect to the network, or set "
            f"MNIST_DIR to a folder with the files {', '.join(SHA256)}, or use the sample of "
            '5,000 digits: load_mnist(..., source="sample").'
        )


def what_is_wrong(name, data):
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


def parse(files, split):
    """Images (N, 1, 28, 28) and labels (N,), uint8, from the bytes of the published files.

    ValueError where header, size or labels are not those of MNIST.
    """
    return _parse(files, split, "images").reshape(-1, 1, 28, 28), _parse(files, split, "labels")


def _parse(files, split, kind):
    """The flat tensor in one IDX file, behind a header of 32-bit numbers: 0x800 + axes, sizes."""
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
    return values
