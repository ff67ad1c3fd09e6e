"""Report which digits there are and fetch what is missing: python -m helpers.mnist."""

import os
import sys

from helpers.mnist import cache, published, sample
from helpers.mnist.loading import full_files


def main():
    """0 if the full MNIST is there in the end, else 1."""
    print(f"cache: {cache.folder()}; MNIST_DIR: {os.environ.get('MNIST_DIR') or 'not set'}")
    for name in published.SHA256:
        print(f"  {name}: {'' if (cache.folder() / name).exists() else 'not '}in the cache")
    try:
        where = full_files(progress=True)[1]
    except (published.Unavailable, OSError, ValueError) as problem:
        print(problem)
        sample.read("test")
        print("Sample of 5,000 digits, verified: ready.")
        return 1
    print(f"Full MNIST, 70,000 digits, verified: from {where}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
