"""The command line of the site: what to build, where to, and what went wrong."""

import argparse
import sys
from pathlib import Path

from tools.execute import ROOT, find
from tools.site.building import build


def main(arguments=None):
    """Build the course as pages from the committed notebooks; they open from disk, offline."""
    parser = argparse.ArgumentParser(prog="python -m tools.site", description=main.__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="06, 06_train_..., or a path")
    parser.add_argument("--out", type=Path, default=ROOT / "site", help="folder (default: site)")
    options = parser.parse_args(arguments)
    failures = build(find(options.names), options.out)
    for name, reason in failures.items():
        print(f"FAILED {name}: {reason}", file=sys.stderr)
    print(f"open {options.out / 'index.html'}")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
