"""The one entry point of the course: makes .venv, installs what is missing, hands over.

    python course.py lab [NAME]        open JupyterLab; your copies of the notebooks are in work/
    python course.py lab --fresh NAME  keep your copy under another name and start a clean one
    python course.py lab --work DIR    your copies are in DIR/work (or set COURSE_WORK to DIR)
    python course.py test [--slow] [WORDS]   ruff, then pytest (with WORDS) on the small sample
    python course.py present [NAME]    show a notebook as slides, to a room
    python course.py grade FOLDER      grade the notebooks of a class
    python course.py solved [NAME ...] write solved copies to solved/
    python course.py execute | bench | site | study | guide | colab   for maintainers; try --help

With any of them:
    --here     use this Python (conda, JupyterHub, Colab) instead of .venv
    --cpu      install PyTorch's build for CPUs: a fraction of the download on Linux
    --latest   newest versions instead of the tested ones in constraints.txt
"""
# Standard library and tools/copies.py only, readable by Python 3.7, which is told what is needed.

import argparse
import functools
import hashlib
import importlib.util
import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

from tools import copies

ROOT = Path(__file__).resolve().parent
say = functools.partial(print, flush=True)  # before what the next process prints
ON_HUB = bool({"JUPYTERHUB_USER", "COLAB_RELEASE_TAG"}.intersection(os.environ))
NEEDED = (3, 11)
FLAGS = ("--here", "--cpu", "--latest")
CPU_INDEX = "https://download.pytorch.org/whl/cpu"
LAB_SETTINGS = [  # no news pop-up, pictures in words, no wait between widget and kernel
    "--LabApp.app_settings_dir=%s" % (ROOT / "tools" / "lab"),
    "--HTMLExporter.template_name=alternative-text",
    "--ServerApp.kernel_websocket_connection_class=tools.prompt.PromptConnection",
]
NO_NETWORK = r"Retrying \(|Max retries|ConnectionError|timed out|ProxyError|is unreachable"
PROBE = "import sys, pip; assert sys.version_info >= (3, 11); print(sys.version, sys.prefix)"
OWNER = "import os, helpers; print(os.path.realpath(os.path.join(helpers.__file__, '../..')))"


def main(words=None, version=sys.version_info[:2]):
    """Run one command; exit with the status of what it handed over to."""
    if version < NEEDED:
        told = "The course needs Python 3.11 or newer and this is Python %d.%d: "
        sys.exit(told % version + "install a newer one, or use conda with environment.yml.")
    words = list(sys.argv[1:] if words is None else words)
    options = set(words).intersection(FLAGS)
    command, *words = [word for word in words if word not in FLAGS] or ["nothing"]
    if command not in COMMANDS:
        print(__doc__)
        sys.exit(0 if command in ("-h", "--help", "help") else 2)
    try:
        sys.exit(COMMANDS[command](words, options))
    except OSError as error:
        sys.exit(
            "Cannot go on: %s. Put that right (lab --work DIR: copies elsewhere), start again."
            % error
        )
    except KeyboardInterrupt:
        sys.exit("\nStopped. The same command goes on from here.")


def lab(words, options):
    parser = argparse.ArgumentParser("course.py lab")
    parser.add_argument("name", nargs="?", help="notebook to open: 06 or its full name")
    parser.add_argument("--fresh", metavar="NAME", help="keep your copy aside, start a clean one")
    parser.add_argument("--work", metavar="DIR", help="folder for your copies: DIR/work")
    asked = parser.parse_args(words)
    fresh = asked.fresh and find_notebook(asked.fresh)
    place = "work/%s.ipynb" % find_notebook(asked.name or fresh or "00")
    folder = Path(asked.work or os.environ.get("COURSE_WORK") or ROOT).expanduser().resolve()
    python = set_up(options)
    for sentence in copies.hand_out(ROOT, folder, fresh):
        say(sentence)
    if "--here" in options and ON_HUB:
        opens = " Open %s in the file browser." % (folder / place)  # Colab has none of that kind
        say("Everything is installed." + ("" if "COLAB_RELEASE_TAG" in os.environ else opens))
        return 0
    command = [python, "-m", "jupyterlab", "--LabApp.default_url=/lab/tree/" + place] + LAB_SETTINGS
    command += ["--allow-root", "--ServerApp.ip=localhost", "--ServerApp.root_dir=%s" % folder]
    if sys.platform == "linux" and not {"DISPLAY", "WAYLAND_DISPLAY", "BROWSER"} & set(os.environ):
        say("No display here: open the address that JupyterLab prints in a browser.")
        command.append("--no-browser")
    cached = os.access(ROOT, os.W_OK) or (ROOT / "data").exists()
    return hand_over(command, {} if cached else {"MNIST_CACHE": str(folder / "data")})


def test(words, options):
    python = set_up(options)
    at_once = [] if set(words) - {"--slow"} else ["-n", "2"]  # see conftest.py
    words = [part for word in words for part in (["-m", ""] if word == "--slow" else [word])]
    lint = [hand_over([python, "-m", "ruff"] + to) for to in (["check"], ["format", "--check"])]
    defaults = {"MNIST_SOURCE": "sample", "OMP_NUM_THREADS": "1"}  # one thread each is enough
    return hand_over([python, "-m", "pytest"] + at_once + words, defaults) or max(lint)


def tool(name):
    return lambda words, options: hand_over(
        [set_up(options), "-P", "-m", "tools." + name] + words, folder=None
    )


TOOLS = ("present", "grade", "solved", "execute", "bench", "site", "study", "guide", "colab")
COMMANDS = {"lab": lab, "test": test, **{name: tool(name) for name in TOOLS}}


def hand_over(command, defaults=None, folder=ROOT):
    """Run `command` in `folder` (None: here) and return its status. It answers Ctrl-C, SIGTERM."""
    environment = {**(defaults or {}), **os.environ}  # kernels find helpers, the lab its extension
    for name, path in (("PYTHONPATH", ROOT), ("JUPYTER_PATH", ROOT / "tools" / "lab")):
        environment[name] = os.pathsep.join([str(path), *filter(None, [os.environ.get(name)])])
    process = subprocess.Popen(command, cwd=folder, env=environment)
    before = signal.signal(signal.SIGTERM, lambda *_: process.terminate())
    while process.returncode is None:
        try:
            process.wait()
        except KeyboardInterrupt:
            pass  # the terminal sent it to the process too; wait for what it makes of it
    signal.signal(signal.SIGTERM, before)
    return process.returncode


def find_notebook(name):
    """The full name of the notebook called `name` ("06", "6" or "06_train_a_cnn_on_mnist")."""
    known = sorted(path.stem for path in (ROOT / "notebooks").glob("*.ipynb"))
    wanted = Path(name).stem if name.endswith(".ipynb") else name
    for stem in known:
        if stem == wanted or stem.startswith(wanted.zfill(2) + "_"):
            return stem
    sys.exit("There is no notebook %s. There are: %s." % (name, ", ".join(known) or "none"))


def set_up(options):
    """Return a Python in which everything is installed; install what is missing first."""
    here, venv = "--here" in options, ROOT / ".venv"
    stamp = ROOT / ".venv-here" if here else venv / "course-stamp"  # written when all is in place
    inside = "Scripts/python.exe" if os.name == "nt" else "bin/python"
    python = sys.executable if here else str(venv / inside)
    found = ask(python, PROBE)[0]
    names = [re.match(r"\w+", line)[0] for line in listed("dependencies")]
    present = not here or all(importlib.util.find_spec(name) for name in names)
    owner = here and ON_HUB and ask(python, OWNER)[0]
    if owner and Path(owner) != ROOT:
        sys.exit("This Python has the helpers of %s: use that copy of the course." % owner)
    if found and present and stamp.is_file() and stamp.read_text() == stamp_of(found, options):
        return python
    if not found and here:
        sys.exit("This Python has no pip: install pip for it, or leave out --here.")
    may_write = os.access(ROOT, os.W_OK)
    if not here and not may_write:
        sys.exit("The .venv in %s is not ready and cannot be written: start with --here." % ROOT)
    check_disk(options, venv)
    if not found:
        build_venv(venv)
    if may_write and stamp.is_file():
        stamp.unlink()
    install(python, options, venv, names)
    if may_write:
        stamp.write_text(stamp_of(ask(python, PROBE)[0], options))
    return python


def ask(python, code):
    """What `code` prints in a Python (empty if that fails), and the last line of its complaints."""
    command = [python, "-P", "-c", code]
    try:
        run = subprocess.run(command, capture_output=True, text=True, errors="replace")
    except OSError as error:
        return "", str(error)
    return "" if run.returncode else run.stdout.strip(), run.stderr.strip().rpartition("\n")[2]


def stamp_of(found, options):
    """What an environment depends on. --cpu is not in it: it says only where torch came from."""
    lists = (ROOT / "pyproject.toml").read_bytes() + (ROOT / "constraints.txt").read_bytes()
    place = repr((str(ROOT), found, "--latest" in options)).encode()
    return hashlib.sha256(lists + place).hexdigest()


def listed(name):
    """The requirements in one of pyproject.toml's lists."""
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    lines = re.search(r"^%s = \[(.*?)\]$" % name, text, re.DOTALL | re.MULTILINE).group(1)
    return re.findall(r'^\s*"([^"]+)"', lines, re.MULTILINE)


def check_disk(options, venv):
    """Look before pip fills the disk; where torch is installed already, little is missing."""
    folder = "[Ll]ib*/**/site-packages/torch-*.dist-info"
    installed = importlib.util.find_spec("torch") if "--here" in options else [*venv.glob(folder)]
    needed = 8 if sys.platform == "linux" and "--cpu" not in options else 2
    free = shutil.disk_usage(ROOT).free / 1e9
    if free < needed and not installed:
        told = "The disk is too small: %.1f GB are free and about %d GB are needed. Make room%s."
        sys.exit(told % (free, needed, "" if needed == 2 else " or add --cpu (2 GB)"))


def build_venv(venv):
    """Make .venv, or make it again where it does not run. What is no environment is moved aside."""
    if not (importlib.util.find_spec("venv") and importlib.util.find_spec("ensurepip")):
        sys.exit("This Python cannot make environments (try: sudo apt install python3-venv).")
    if (venv / "pyvenv.cfg").is_file():
        say("The environment .venv does not run (was Python replaced?). Building it again.")
    elif os.path.lexists(venv):
        aside = venv.rename(copies.free_name(ROOT, ".venv.broken-%d"))
        say("What was .venv is no environment. It is now %s." % aside.name)
    if subprocess.call([sys.executable, "-m", "venv", "--clear", str(venv)]) != 0:
        sys.exit("The environment .venv could not be made: the lines above say why.")


def install(python, options, venv, names):
    """Install with pip, then import each of `names`."""
    say("Installing what the course needs. The first time this takes minutes.")
    pip, here = [python, "-m", "pip", "install"], "--here" in options
    if "--latest" in options:
        pip += ["--upgrade", "--upgrade-strategy", "eager"]
    elif not here:
        pip += ["-c", str(ROOT / "constraints.txt")]
    is_cpu_build = not here and [*venv.glob("lib/python*/site-packages/torch-*+cpu.dist-info")]
    if "--cpu" in options or is_cpu_build:
        run_pip(pip + ["--no-deps", "--index-url", CPU_INDEX, "torch", "torchvision"], options)
    shared = here and not ON_HUB  # the helpers of another checkout may be installed in it
    wanted = listed("dependencies") + listed("test") if shared else ["-e", "%s[test]" % ROOT]
    run_pip(pip + wanted, options)
    done, reason = ask(python, "import %s; print('done')" % ", ".join(names))
    if not done:
        sys.exit(
            "Installed, but not usable (%s): delete the folder .venv and start again; on Windows, "
            "PyTorch also needs the Microsoft Visual C++ Redistributable." % reason
        )


def run_pip(command, options):
    """Run pip with its progress in sight; if it fails, one sentence says what to do."""
    user = {} if "--here" in options else {"PIP_USER": "0"}  # it fails inside an environment
    command = command + ["--disable-pip-version-check"]
    errors = ""
    with subprocess.Popen(command, stderr=subprocess.PIPE, env={**os.environ, **user}) as process:
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
        return "pip cannot reach the network: connect, or see Offline in README, then start again."
    missing = re.search(r"No matching distribution found for (\S+)", errors)
    what = missing[1] if missing else "version that fits (see above)"
    if os.environ.get("PIP_NO_INDEX"):
        return "The folder of wheels has no %s: add it and start again." % what
    if missing:
        return "No %s for this Python: use a 64-bit one, 3.11 to 3.14 (no Intel Mac)." % what
    return "pip failed and its last lines say why: put that right and start again."


if __name__ == "__main__":
    main()
