"""The one entry point of the course: makes .venv, installs what is missing, hands over.

    python course.py lab [NAME]        open JupyterLab; your copies of the notebooks are in work/
    python course.py lab --fresh NAME  keep your copy under another name and start a clean one
    python course.py test [WORDS]      ruff, then pytest on the small sample; WORDS go to pytest
    python course.py execute [--check] [NAME ...]   run notebooks top to bottom, keep the outputs
    python course.py solved [NAME ...] write solved copies to solved/ (for instructors)

With any of them:
    --here     use this Python (conda, JupyterHub, Colab) instead of .venv
    --cpu      install PyTorch's build for CPUs: a fraction of the download on Linux
    --latest   newest versions instead of the tested ones in constraints.txt
"""
# Standard library only, and readable by Python 3.7, so that an old Python can say what is needed.

import argparse
import datetime
import functools
import hashlib
import importlib.util
import itertools
import json
import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
say = functools.partial(print, flush=True)  # before what the next process prints
NEEDED = (3, 11)
FLAGS = ("--here", "--cpu", "--latest")
CPU_INDEX = "https://download.pytorch.org/whl/cpu"
LAB_SETTINGS = (  # no pop-up, no request to elsewhere, no wait between widget and kernel
    "--LabApp.news_url=None --LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate "
    "--ServerApp.kernel_websocket_connection_class=tools.prompt.PromptConnection"
).split()
NO_NETWORK = r"Retrying \(|Max retries|ConnectionError|timed out|ProxyError|is unreachable"
PROBE = "import sys, pip; assert sys.version_info >= (3, 11); print(sys.version, sys.prefix)"


def main(words=None, version=sys.version_info[:2]):
    """Run one command; exit with the status of what it handed over to."""
    if version < NEEDED:
        sys.exit(
            "The course needs Python 3.11 or newer and this is Python %d.%d: install a newer one "
            "(or use conda with environment.yml) and start course.py with it." % version
        )
    words = list(sys.argv[1:] if words is None else words)
    options = set(words).intersection(FLAGS)
    command, *words = [word for word in words if word not in FLAGS] or ["nothing"]
    if command not in COMMANDS:
        print(__doc__)
        sys.exit(0 if command in ("-h", "--help", "help") else 2)
    try:
        sys.exit(COMMANDS[command](words, options))
    except OSError as error:
        sys.exit("Cannot go on: %s. Put that right and start again." % error)
    except KeyboardInterrupt:
        sys.exit("\nStopped. The same command goes on from here.")


def lab(words, options):
    parser = argparse.ArgumentParser("course.py lab")
    parser.add_argument("name", nargs="?", help="notebook to open: 06 or its full name")
    parser.add_argument("--fresh", metavar="NAME", help="keep your copy aside, start a clean one")
    asked = parser.parse_args(words)
    fresh = asked.fresh and find_notebook(asked.fresh)
    place = "work/%s.ipynb" % find_notebook(asked.name or fresh or "00")
    python = set_up(options)
    copy_notebooks(fresh)
    if "--here" in options and {"JUPYTERHUB_USER", "COLAB_RELEASE_TAG"}.intersection(os.environ):
        say("Everything is installed. Open %s in the file browser." % (ROOT / place))
        return 0
    command = [python, "-m", "jupyterlab", "--ServerApp.ip=localhost"] + LAB_SETTINGS
    command += ["--ServerApp.root_dir=%s" % ROOT, "--LabApp.default_url=/lab/tree/" + place]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        command.append("--allow-root")
    displays = {"DISPLAY", "WAYLAND_DISPLAY", "BROWSER"}.intersection(os.environ)
    if os.name != "nt" and sys.platform != "darwin" and not displays:
        say("No display here: open the address that JupyterLab prints in a browser.")
        command.append("--no-browser")
    return hand_over(command)


def test(words, options):
    python = set_up(options)
    environment = {"MNIST_SOURCE": "sample", **os.environ}
    lint = hand_over([python, "-m", "ruff", "check", "."])
    return hand_over([python, "-m", "pytest"] + words, environment) or lint


def tool(name):
    return lambda words, options: hand_over([set_up(options), "-m", "tools." + name] + words)


COMMANDS = {"lab": lab, "test": test, "execute": tool("execute"), "solved": tool("solved")}


def hand_over(command, environment=None):
    """Run `command` in the repository and return its status. It answers Ctrl-C and SIGTERM."""
    process = subprocess.Popen(command, cwd=str(ROOT), env=environment)
    before = signal.signal(signal.SIGTERM, lambda *_: process.terminate())
    try:
        while True:
            try:
                return process.wait()
            except KeyboardInterrupt:
                pass  # the terminal sent it to the process too; wait for what it makes of it
    finally:
        signal.signal(signal.SIGTERM, before)


def find_notebook(name):
    """The full name of the notebook called `name` ("06", "6" or "06_train_a_cnn_on_mnist")."""
    known = sorted(path.stem for path in (ROOT / "notebooks").glob("*.ipynb"))
    wanted = Path(name).stem if name.endswith(".ipynb") else name
    for stem in known:
        if stem == wanted or stem.startswith(wanted.zfill(2) + "_"):
            return stem
    sys.exit("There is no notebook %s. There are: %s." % (name, ", ".join(known) or "none"))


def copy_notebooks(fresh=None):
    """Copy each notebook that is not yet in work/, without outputs. Never overwrites one."""
    work = ROOT / "work"
    work.mkdir(exist_ok=True)
    for source in (ROOT / "notebooks").glob("*.ipynb"):
        target = work / source.name
        if source.stem == fresh and target.exists():
            kept = free_name(work, "%s.kept-%s-%%d.ipynb" % (fresh, datetime.date.today()))
            target.rename(kept)
            say("Your copy is now work/%s" % kept.name)
        if not target.exists():
            write_clean_copy(source, target)


def free_name(folder, pattern):
    """The first path `pattern % 1`, `pattern % 2`, ... in `folder` that is not taken."""
    paths = (folder / (pattern % number) for number in itertools.count(1))
    return next(path for path in paths if not os.path.lexists(str(path)))


def write_clean_copy(source, target):
    notebook = json.loads(source.read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"] = []
            cell["execution_count"] = None
    partial = target.with_name(target.name + ".partial")  # a kill leaves no half notebook behind
    text = json.dumps(notebook, indent=1, ensure_ascii=False) + "\n"
    partial.write_bytes(text.encode("utf-8"))
    os.replace(str(partial), str(target))


def set_up(options):
    """Return a Python in which everything is installed; install what is missing first.

    A stamp, written only after an install that can be imported, says that nothing is missing.
    """
    here, venv = "--here" in options, ROOT / ".venv"
    stamp = ROOT / ".venv-here" if here else venv / "course-stamp"
    inside = "Scripts/python.exe" if os.name == "nt" else "bin/python"
    python = sys.executable if here else str(venv / inside)
    found = probe(python)
    names = dependencies()
    present = not here or all(importlib.util.find_spec(name) for name in names)
    if found and present and stamp.is_file() and stamp.read_text() == stamp_of(found, options):
        return python
    if not found and here:
        sys.exit("This Python has no pip: install pip for it, or leave out --here.")
    check_disk(options, venv)
    if not found:
        build_venv(venv)
    if stamp.is_file():
        stamp.unlink()
    install(python, options, venv)
    check_imports(python, names)
    stamp.write_text(stamp_of(probe(python), options))
    return python


def probe(python):
    """Version and prefix of a Python that runs, is new enough and has pip; else empty."""
    try:
        run = subprocess.run([python, "-c", PROBE], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    except OSError:
        return ""
    return run.stdout.decode(errors="replace").strip() if run.returncode == 0 else ""


def stamp_of(found, options):
    """What an environment depends on. --cpu is not in it: it says only where torch came from."""
    digest = hashlib.sha256((ROOT / "pyproject.toml").read_bytes())
    digest.update((ROOT / "constraints.txt").read_bytes())
    digest.update(repr((str(ROOT), found, "--latest" in options)).encode())
    return digest.hexdigest()


def dependencies():
    """Names in pyproject.toml's list (each is also the name to import)."""
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    listed = re.search(r"^dependencies = \[(.*?)^\]", text, re.DOTALL | re.MULTILINE).group(1)
    return re.findall(r'^\s*"(\w+)', listed, re.MULTILINE)


def check_disk(options, venv):
    """Look before pip fills the disk; where torch is installed already, little is missing."""
    if "--here" in options:
        installed = importlib.util.find_spec("torch")
    else:
        installed = any(venv.glob("[Ll]ib*/**/site-packages/torch-*.dist-info"))
    needed = 8 if sys.platform == "linux" and "--cpu" not in options else 2
    free = shutil.disk_usage(str(ROOT)).free / 1e9
    if free < needed and not installed:
        sys.exit(
            "The disk is too small: %.1f GB are free and about %d GB are needed. Make room%s, "
            "then start again." % (free, needed, "" if needed == 2 else " or add --cpu (2 GB)")
        )


def build_venv(venv):
    """Make .venv, or make it again where it does not run. What is no environment is moved aside."""
    if not (importlib.util.find_spec("venv") and importlib.util.find_spec("ensurepip")):
        fix = "install the package for it (sudo apt install python3-venv), then start again."
        sys.exit("This Python cannot make environments: " + fix)
    if os.path.lexists(str(venv)):
        if (venv / "pyvenv.cfg").is_file():
            say("The environment .venv does not run (was Python replaced?). Building it again.")
        else:
            aside = free_name(ROOT, ".venv.broken-%d")
            venv.rename(aside)
            say("What was .venv is no environment. It is now %s." % aside.name)
    if subprocess.call([sys.executable, "-m", "venv", "--clear", str(venv)]) != 0:
        sys.exit("The environment .venv could not be made: the lines above say why.")


def install(python, options, venv):
    say("Installing what the course needs. The first time this takes minutes.")
    pip, here = [python, "-m", "pip", "install"], "--here" in options
    if "--latest" in options:
        pip += ["--upgrade", "--upgrade-strategy", "eager"]
    elif not here:
        pip += ["-c", str(ROOT / "constraints.txt")]
    is_cpu_build = any(venv.glob("lib/python*/site-packages/torch-*+cpu.dist-info"))
    if "--cpu" in options or (is_cpu_build and not here):
        run_pip(pip + ["--no-deps", "--index-url", CPU_INDEX, "torch", "torchvision"], options)
    run_pip(pip + ["-e", "%s[test]" % ROOT], options)


def run_pip(command, options):
    """Run pip with its progress in sight; if it fails, one sentence says what to do."""
    environment = dict(os.environ, PIP_DISABLE_PIP_VERSION_CHECK="1")
    if "--here" not in options:
        environment["PIP_USER"] = "0"  # a configured `user = true` fails inside an environment
    errors = ""
    with subprocess.Popen(command, stderr=subprocess.PIPE, env=environment) as process:
        for line in process.stderr:
            errors += line.decode(errors="replace")
            sys.stderr.write(line.decode(errors="replace"))
    if process.returncode:
        sys.exit("\n" + what_to_do(errors))


def what_to_do(errors):
    """One sentence for pip's error lines."""
    if "No space left on device" in errors:
        return "The disk (or the one of temporary files, $TMPDIR) is full: make room, start again."
    if "externally-managed-environment" in errors:
        return "The system owns this Python's packages: leave out --here, or use conda."
    if re.search(NO_NETWORK, errors):
        return (
            "pip cannot reach the network: connect and start again, or point PIP_FIND_LINKS to a "
            "folder of wheels and set PIP_NO_INDEX=1."
        )
    missing = re.search(r"No matching distribution found for (\S+)", errors)
    if os.environ.get("PIP_NO_INDEX"):
        lacking = missing[1] if missing else "a version that fits (see above)"
        return "The folder of wheels has no %s: add it and start again." % lacking
    if missing:
        where = "use a 64-bit Python from 3.11 to 3.14 (not on an Intel Mac: PyTorch left it)."
        return "There is no %s for this Python here: %s" % (missing[1], where)
    return "pip failed and its last lines say why: put that right and start again."


def check_imports(python, names):
    command = [python, "-P", "-c", "import " + ", ".join(names)]
    run = subprocess.run(command, stderr=subprocess.PIPE)
    if run.returncode:
        reason = run.stderr.decode(errors="replace").strip().split("\n")[-1]
        sys.exit(
            "Installed, but not usable (%s): delete the folder .venv and start again; on Windows, "
            "PyTorch also needs the Microsoft Visual C++ Redistributable." % reason
        )


if __name__ == "__main__":
    main()
