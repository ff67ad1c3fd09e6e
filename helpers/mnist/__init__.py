"""Where the digits come from, all verified, by `load_mnist`; nothing here trains or draws.

`loading` chooses between a folder of yours (`folder`), the `cache`, which `mirrors` fill, and the
embedded `sample`; `published` knows what each file of MNIST must be. Settings (environment
variables), all optional:

MNIST_SOURCE   what `source=None` means: auto, full or sample
MNIST_DIR      folder with the four .gz files of MNIST; read, never written. A relative path
               counts from the working directory, or else from the repository
MNIST_CACHE    where downloads and the parsed sample are kept (default: data/ in the repository)
MNIST_MIRRORS  addresses to download from, separated by spaces; empty: download nothing
MNIST_TIMEOUT  seconds without progress after which a mirror is given up (default 10, at most 30)

`python -m helpers.mnist` reports what is there and fetches what is missing.
"""

from helpers.mnist.loading import Digits, load_mnist
from helpers.mnist.published import Unavailable

__all__ = ["Digits", "Unavailable", "load_mnist"]
