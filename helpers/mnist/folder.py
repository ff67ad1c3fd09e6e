"""The folder of your own, $MNIST_DIR: read and verified, never written."""

from pathlib import Path

from helpers.mnist import published

ROOT = Path(__file__).resolve().parents[2]


def read(given):
    """The bytes of the four files in the folder `given`, by name.

    FileNotFoundError, another OSError, or ValueError for a bad file, which is left as it is.
    """
    folder = next((f for f in (Path(given).expanduser(), ROOT / given) if f.is_dir()), None)
    advice = (
        f"MNIST_DIR must name a folder with the files {', '.join(published.SHA256)} as published; "
        "unset it to download them."
    )
    if folder is None:
        raise FileNotFoundError(f"MNIST_DIR={given} is not a folder. {advice}")
    files = {}
    for name in published.SHA256:
        try:
            files[name] = (folder / name).read_bytes()
        except OSError as problem:
            told = f"MNIST_DIR={given}: {name}: {problem.strerror}. {advice}"
            raise type(problem)(told) from problem
        if wrong := published.what_is_wrong(name, files[name]):
            raise ValueError(
                f"MNIST_DIR={given}: {name} is bad (and left as it is): {wrong}. "
                f"Copy it anew. {advice}"
            )
    return files
