"""Execute notebooks in place, on the full MNIST, to the same bytes every time. Judges no output."""

import argparse
import base64
import io
import os
import subprocess
import sys
from pathlib import Path

import nbformat
from ipykernel.kernelspec import RESOURCES, get_kernel_dict
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellControlSignal, DeadKernelError
from PIL import Image, ImageChops, ImageFilter, ImageStat

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOKS = ROOT / "notebooks"
KERNELSPEC = {"display_name": "Python 3", "language": "python", "name": "python3"}
METADATA = {"kernelspec": KERNELSPEC, "language_info": {"name": "python"}}


class CurrentKernel(AsyncKernelManager):
    """The kernel of the running interpreter, whatever `python3` a user has registered."""

    _start = get_kernel_dict(["--log-level=ERROR"])
    kernel_spec = property(lambda self: KernelSpec(resource_dir=RESOURCES, **self._start))


def prepare_environment(source):
    """Set what kernels inherit: where digits come from (unless it is set), pictures, silence."""
    os.environ.setdefault("MNIST_SOURCE", source)
    for name in ("MNIST_DIR", "MNIST_CACHE"):  # kernels run in another folder than this one
        if os.environ.get(name):
            os.environ[name] = str(Path(os.environ[name]).expanduser().resolve())
    os.environ["MPLBACKEND"] = "module://matplotlib_inline.backend_inline"
    os.environ["JUPYTER_PLATFORM_DIRS"] = os.environ["PYDEVD_DISABLE_FILE_VALIDATION"] = "1"


def execute(notebook, name, folder=NOTEBOOKS):
    """Run the cells top to bottom in `folder`; give the same notebook in its committed form.

    RuntimeError names notebook, cell and exception if a cell raises that is not tagged so.
    """
    running = []
    client = NotebookClient(
        notebook, kernel_manager_class=CurrentKernel, kernel_name="python3", timeout=3600,
        record_timing=False, coalesce_streams=True, store_widget_state=False,
        on_cell_execute=lambda cell, cell_index: running.append(cell),
        resources={"metadata": {"path": str(folder)}},
    )  # fmt: skip
    try:
        client.execute()
    except (CellControlSignal, DeadKernelError) as error:
        what = f"{error.ename}: {error.evalue}" if hasattr(error, "ename") else str(error)
        where = f"code cell {len(running)} (id {running[-1].get('id')})"
        raise RuntimeError(f"{name}, {where}: {what}") from error
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = [kept for output in cell.outputs if (kept := without_view(output))]
    notebook.metadata = nbformat.from_dict(METADATA)
    return notebook


def without_view(output):
    """An output as committed: of a widget its picture stays, of a progress bar nothing."""
    data = output.get("data", {})
    is_widget = data.pop("application/vnd.jupyter.widget-view+json", None) is not None
    if is_widget and "image/png" not in data:
        return None
    if "image/png" in data:
        data["image/png"] = smaller(data["image/png"])
    return output


def smaller(picture):
    """The same base64 PNG in as few colours as look the same: a third of the bytes, or less.

    The same are texts and edges on the whole, and every patch of five by five dots.
    """
    image = Image.open(io.BytesIO(base64.b64decode(picture))).convert("RGB")
    for colours in (8, 12, 16, 24, 32, 64, 128, 256):
        fewer = image.quantize(colours, kmeans=1, dither=Image.Dither.NONE)
        difference = ImageChops.difference(image, fewer.convert("RGB"))
        patches = difference.filter(ImageFilter.MinFilter(5)).getextrema()
        if max(ImageStat.Stat(difference).rms) < 4 and max(most for _, most in patches) < 8:
            break
    packed = io.BytesIO()
    fewer.save(packed, "png", optimize=True)
    return base64.b64encode(packed.getvalue()).decode() + "\n"


def write(notebook, path):
    """Write a notebook as sorted, indented JSON, whole or not at all."""
    nbformat.validate(notebook)
    part = path.with_suffix(".part")
    part.write_text(nbformat.writes(notebook) + "\n", encoding="utf-8", newline="\n")
    os.replace(part, path)


def find(names):
    """Paths of the notebooks named by number, stem or path; all of them for no name."""
    known = sorted(NOTEBOOKS.glob("*.ipynb"))
    wanted = {Path(name).stem.zfill(2) for name in names}
    if missing := wanted - {path.stem for path in known} - {path.stem[:2] for path in known}:
        stems = ", ".join(path.stem for path in known) or "none"
        raise SystemExit(f"No notebook: {', '.join(sorted(missing))}. There are: {stems}.")
    return [path for path in known if not wanted or wanted & {path.stem, path.stem[:2]}]


def main(arguments=None):
    """Execute in place, or with --check run and compare as nbval does, writing nothing."""
    parser = argparse.ArgumentParser(prog="python -m tools.execute", description=main.__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="06, 06_train_..., or a path")
    parser.add_argument("--check", action="store_true", help="compare only; write nothing")
    options = parser.parse_args(arguments)
    paths = find(options.names)
    prepare_environment("full")
    if options.check and paths:  # nbval's flags: pyproject.toml; full-data cells: conftest.py
        pytest = [sys.executable, "-m", *"pytest -c pyproject.toml -p conftest".split()]
        return subprocess.run([*pytest, *map(str, paths)], cwd=ROOT).returncode
    if (source := os.environ["MNIST_SOURCE"]) != "full":
        why = "committed outputs come from the full MNIST. Unset it (offline: set MNIST_DIR)."
        raise SystemExit(f"Nothing was executed: MNIST_SOURCE is {source!r}, and {why}")
    for path in paths:
        print(f"executing {path.name}", flush=True)
        write(execute(nbformat.read(path, as_version=4), path.name), path)


if __name__ == "__main__":
    sys.exit(main())
