"""The entry point: what it says when something is wrong, what it keeps, what it does again."""

import ast
import datetime
import importlib.util
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
import zipfile
from pathlib import Path
from types import SimpleNamespace

import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

COURSE = Path(__file__).parents[1] / "course.py"
PACKAGES = ".venv/lib/python3.11/site-packages"
STEM = "06_train_a_cnn_on_mnist"
PYPROJECT = """
[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]

[project]
name = "project"
version = "1"
dependencies = [
    "tiny>=1",
]

[project.optional-dependencies]
test = []
"""
BACKEND = r'''
import os, zipfile

METADATA = """Metadata-Version: 2.1
Name: project
Version: 1
Requires-Dist: tiny>=1
Provides-Extra: test
"""

def build_editable(folder, config_settings=None, metadata_directory=None):
    with zipfile.ZipFile(folder + "/project-1-py3-none-any.whl", "w") as wheel:
        wheel.writestr("project.pth", os.getcwd())
        wheel.writestr("project-1.dist-info/METADATA", METADATA)
        wheel.writestr("project-1.dist-info/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
        wheel.writestr("project-1.dist-info/RECORD", "")
    return "project-1-py3-none-any.whl"
'''
TOOL = r"""
import subprocess, sys
print("tool", sys.prefix, sys.argv[1:], flush=True)
subprocess.run([sys.executable, "-c", "import helpers; print(helpers.__file__)"], cwd="/")
sys.exit(3)
"""
DESCRIBED = new_notebook(cells=[new_code_cell("", outputs=[new_output(
    "display_data", {"image/png": "iVBORw0KGgo="}, metadata={"image/png": {"alt": "a <five>"}}
)])])  # fmt: skip
PICTURES = ("images/padding.png", "images/live/stepper.png")


def load(root):
    """The copy of course.py in `root` as a module: that folder is its repository."""
    spec = importlib.util.spec_from_file_location("course_under_test", root / "course.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def make_project(root):
    """A repository with one tiny dependency, two notebooks and a tool that exits with 3."""
    for folder in ("notebooks", "tools"):
        (root / folder).mkdir(parents=True)
    shutil.copy(COURSE, root)
    (root / "pyproject.toml").write_text(PYPROJECT)
    (root / "backend.py").write_text(BACKEND)
    (root / "constraints.txt").write_text("tiny==1.0\n")
    for name in ("tools", "helpers"):
        (root / name).mkdir(exist_ok=True)
        (root / name / "__init__.py").write_text("")
    shutil.copy(COURSE.parent / "tools" / "copies.py", root / "tools")
    (root / "tools" / "execute.py").write_text(TOOL)
    (root / "images" / "live").mkdir(parents=True)
    for name in PICTURES:
        (root / name).write_bytes(b"drawn")
    code = {"cell_type": "code", "execution_count": 4, "id": "a", "metadata": {}, "source": "1 + 1"}
    code["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "2"}]
    text = {"cell_type": "markdown", "id": "b", "metadata": {}, "source": "größer"}
    notebook = {"cells": [text, code], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    for stem in ("00_start_here", STEM):
        (root / "notebooks" / f"{stem}.ipynb").write_text(json.dumps(notebook))
    return load(root)


def make_wheel(folder, name="tiny", version="1.0", source="fine = True\n"):
    folder.mkdir(exist_ok=True)
    with zipfile.ZipFile(folder / f"{name}-{version}-py3-none-any.whl", "w") as wheel:
        info = f"{name}-{version}.dist-info/"
        wheel.writestr(f"{name}.py", source)
        about = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
        wheel.writestr(info + "METADATA", about)
        wheel.writestr(info + "WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
        wheel.writestr(info + "RECORD", "")


def message(course, *words, **more):
    """The sentence with which a command that cannot go on ends."""
    with pytest.raises(SystemExit) as end:
        course.main(list(words), **more)
    assert isinstance(end.value.code, str), end.value.code
    return end.value.code


def status(course, *words):
    with pytest.raises(SystemExit) as end:
        course.main(list(words))
    return end.value.code


def wait_for(answer, seconds=60):
    """Try again until `answer` raises no OSError."""
    end = time.monotonic() + seconds
    while True:
        try:
            return answer()
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.2)


@pytest.fixture
def course(tmp_path, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda path: SimpleNamespace(free=100e9))
    monkeypatch.delenv("PYTHONPATH", raising=False)  # course.py sets it, when it runs these tests
    return make_project(tmp_path / "the course")


@pytest.fixture
def steps(course, monkeypatch):
    """What set_up does, recorded in place of done: the environment runs and nothing fails."""
    done = []
    monkeypatch.setattr(course, "ask", lambda python, code: ("3.11.7 /here", ""))
    monkeypatch.setattr(course, "run_pip", lambda command, options: done.append(command[3:]))
    monkeypatch.setattr(course, "build_venv", lambda venv: done.append("venv"))
    (course.ROOT / ".venv").mkdir()
    return done


@pytest.fixture
def handed(course, monkeypatch):
    """The commands that would run after set-up, with their environments."""
    commands = []

    class Process:
        def __init__(self, command, cwd, env):
            assert cwd == course.ROOT
            commands.append((command, env))
            self.returncode = None

        def wait(self):
            self.returncode = 0

    monkeypatch.setattr(course, "set_up", lambda options: "python")
    monkeypatch.setattr(course, "subprocess", SimpleNamespace(Popen=Process))
    return commands


def read_only(course, monkeypatch):
    """Say that the repository cannot be written. (A mode would not keep root from it.)"""
    monkeypatch.setattr(os, "access", lambda path, mode: Path(path) != course.ROOT)


def everything(folder):
    return {path: path.is_file() and path.read_bytes() for path in folder.rglob("*")}


# An old Python


@pytest.mark.parametrize("name", ["course.py", "tools/copies.py", "tools/__init__.py"])
def test_it_can_be_read_by_python_3_7_and_needs_only_the_standard_library(name):
    tree = ast.parse((COURSE.parent / name).read_text(encoding="utf-8"), feature_version=(3, 7))
    imported = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            imported |= {f"{node.module}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.Import):
            imported |= {alias.name for alias in node.names}
    tops = {path.partition(".")[0] for path in imported - {"tools.copies"}}
    newer = {"tomllib", "zoneinfo", "graphlib"}  # in the standard library since 3.9 or later
    assert tops <= sys.stdlib_module_names - newer


def test_the_entry_point_stays_short():
    assert len(COURSE.read_text(encoding="utf-8").splitlines()) < 300


def test_an_old_python_is_told_what_is_needed(course):
    said = message(course, "lab", version=(3, 8))
    assert "needs Python 3.11" in said and "this is Python 3.8" in said


def test_no_command_and_unknown_commands_show_the_help(course, capsys):
    assert status(course) == status(course, "laboratory") == 2
    assert status(course, "--help") == 0
    assert capsys.readouterr().out.count("python course.py lab --fresh NAME") == 3


# Working copies


def test_fresh_keeps_every_old_copy_under_another_name(course, handed, capsys):
    work = course.ROOT / "work"
    work.mkdir()
    for answers in ("first", "second"):
        (work / f"{STEM}.ipynb").write_text(answers)
        assert status(course, "lab", "--fresh", "06") == 0
    today = datetime.date.today()
    kept = [f"{STEM}.kept-{today}-{number}.ipynb" for number in (1, 2)]
    assert [(work / name).read_text() for name in kept] == ["first", "second"]
    assert kept[1] in capsys.readouterr().out
    assert json.loads((work / f"{STEM}.ipynb").read_text(encoding="utf-8"))["cells"]
    assert f"--LabApp.default_url=/lab/tree/work/{STEM}.ipynb" in handed[-1][0]


@pytest.mark.parametrize("name", ["06", "6", STEM, f"{STEM}.ipynb", f"notebooks/{STEM}.ipynb"])
def test_a_notebook_is_found_by_number_or_name(course, name):
    assert course.find_notebook(name) == STEM


@pytest.mark.parametrize("words", [("lab", "09"), ("lab", "--fresh", "train")])
def test_an_unknown_notebook_is_told_before_anything_is_installed(course, steps, words):
    assert f"There are: 00_start_here, {STEM}." in message(course, *words)
    assert steps == []


@pytest.mark.parametrize("how", ["option", "variable"])
def test_work_can_be_elsewhere(course, handed, tmp_path, monkeypatch, how):
    folder, before = tmp_path / "my course", everything(course.ROOT)
    words = ("--work", str(folder)) if how == "option" else ()
    if how == "variable":
        monkeypatch.setenv("COURSE_WORK", str(folder))
    for picture in ("none yet", "my own"):
        assert status(course, "lab", "06", *words) == 0
        assert {path.name for path in (folder / "work").iterdir()} == {
            "00_start_here.ipynb",
            f"{STEM}.ipynb",
        }
        assert all((folder / name).is_file() for name in PICTURES)
        assert picture == "none yet" or (folder / PICTURES[0]).read_text() == "my own"
        (folder / PICTURES[0]).write_text("my own")
        (folder / "work" / f"{STEM}.ipynb").write_text("my answers")
    assert f"--ServerApp.root_dir={folder}" in handed[-1][0]
    assert f"--LabApp.default_url=/lab/tree/work/{STEM}.ipynb" in handed[-1][0]
    assert status(course, "lab", "--fresh", "06", *words) == 0
    (kept,) = (folder / "work").glob("*.kept-*")
    assert kept.read_text() == "my answers"
    assert everything(course.ROOT) == before


@pytest.mark.parametrize("words", [(), ("--work", "mine")])
def test_an_updated_course_says_which_copies_are_older(
    course, handed, tmp_path, monkeypatch, capsys, words
):
    monkeypatch.chdir(tmp_path)
    assert status(course, "lab", *words) == 0
    original = course.ROOT / "notebooks" / f"{STEM}.ipynb"
    copy = (tmp_path / "mine" if words else course.ROOT) / "work" / original.name
    before = copy.read_bytes()
    assert status(course, "lab", *words) == 0
    assert capsys.readouterr().out.count("newer original") == 0
    original.write_text(original.read_text().replace("1 + 1", "1 + 2"))
    assert status(course, "lab", *words) == 0
    said = capsys.readouterr().out
    assert "newer originals than your copies of 06." in said and "`lab --fresh 06`" in said
    assert copy.read_bytes() == before
    assert status(course, "lab", "--fresh", "06", *words) == 0
    assert "newer original" not in capsys.readouterr().out
    assert [path.read_bytes() for path in copy.parent.glob("*.kept-*")] == [before]


@pytest.mark.parametrize("digits_there", [False, True])
def test_a_repository_that_cannot_be_written(course, handed, tmp_path, monkeypatch, digits_there):
    monkeypatch.delenv("MNIST_CACHE", raising=False)
    if digits_there:
        (course.ROOT / "data").mkdir()
    before = everything(course.ROOT)
    read_only(course, monkeypatch)
    assert status(course, "lab", "--work", str(tmp_path / "mine")) == 0
    cache = None if digits_there else str(tmp_path / "mine" / "data")
    assert handed[0][1].get("MNIST_CACHE") == cache
    assert everything(course.ROOT) == before


# What is started


def test_lab_serves_the_repository_to_this_machine_only(course, handed, monkeypatch):
    monkeypatch.setattr(sys, "platform", "linux")
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER"):
        monkeypatch.delenv(name, raising=False)
    assert status(course, "lab") == 0
    command = handed[0][0]
    assert f"--ServerApp.root_dir={course.ROOT}" in command
    assert "--LabApp.default_url=/lab/tree/work/00_start_here.ipynb" in command
    assert "--ServerApp.ip=localhost" in command and "token" not in " ".join(command)
    assert "--no-browser" in command
    monkeypatch.setenv("DISPLAY", ":0")
    assert status(course, "lab", "06") == 0
    assert "--no-browser" not in handed[1][0]
    assert f"--LabApp.default_url=/lab/tree/work/{STEM}.ipynb" in handed[1][0]


def test_lab_here_starts_no_second_server_on_a_hub(course, handed, monkeypatch, capsys):
    monkeypatch.setattr(course, "ON_HUB", True)
    assert status(course, "lab", "--here") == 0
    assert handed == [] and "00_start_here.ipynb" in capsys.readouterr().out


@pytest.mark.parametrize("given, used", [(None, "sample"), ("full", "full")])
def test_tests_run_on_the_sample_unless_told_otherwise(course, handed, monkeypatch, given, used):
    monkeypatch.delenv("MNIST_SOURCE", raising=False)
    if given:
        monkeypatch.setenv("MNIST_SOURCE", given)
    monkeypatch.setenv("PYTHONPATH", "elsewhere")
    monkeypatch.setenv("JUPYTER_PATH", "beside")
    assert status(course, "test", "-k", "conv", "--cpu", "tests/test_x.py") == 0
    (check, _), (format_, _), (pytest_, environment) = handed
    assert check == ["python", "-m", "ruff", "check"]
    assert format_ == ["python", "-m", "ruff", "format", "--check"]
    assert pytest_ == ["python", "-m", "pytest", "-k", "conv", "tests/test_x.py"]
    assert environment["MNIST_SOURCE"] == used
    assert environment["PYTHONPATH"] == os.pathsep.join([str(course.ROOT), "elsewhere"])
    lab = str(course.ROOT / "tools" / "lab")
    assert environment["JUPYTER_PATH"] == os.pathsep.join([lab, "beside"])


@pytest.mark.parametrize(
    "words, outcome", [((), "1 passed, 1 deselected"), (("--slow",), "2 passed")]
)
def test_slow_tests_run_when_they_are_asked_for(course, handed, tmp_path, words, outcome):
    assert status(course, "test", *words) == 0
    path = tmp_path / "test_two.py"
    path.write_text("import pytest\ndef test_a(): pass\n@pytest.mark.slow\ndef test_b(): pass\n")
    flags = ["-c", COURSE.parent / "pyproject.toml", "--noconftest", "-p", "no:cacheprovider"]
    flags += ["-n", "0", path]
    assert handed[-1][0][3:5] == ["-n", "2"]  # nothing chosen: at once
    command = [sys.executable, *handed[-1][0][1:], *flags]
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert outcome in run.stdout


@pytest.mark.parametrize("step", ["check", "format", "pytest"])
def test_what_any_of_the_three_finds_fails_the_test_command(course, handed, monkeypatch, step):
    monkeypatch.setattr(course, "hand_over", lambda command, defaults=None: int(step in command))
    assert status(course, "test") == 1


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
@pytest.mark.parametrize("sent, whole_group", [("SIGINT", True), ("SIGTERM", False)])
def test_ctrl_c_and_termination_are_for_the_program_that_runs(course, sent, whole_group):
    child = (
        "import signal, sys, time\n"
        f"signal.signal(signal.{sent}, lambda *_: (time.sleep(.3), sys.exit(7)))\n"
        "print('ready', flush=True)\ntime.sleep(20)"
    )
    parent = f"import course, sys; sys.exit(course.hand_over([sys.executable, '-c', {child!r}]))"
    process = subprocess.Popen(
        [sys.executable, "-c", parent],
        cwd=course.ROOT,
        stdout=subprocess.PIPE,
        start_new_session=True,
    )
    assert process.stdout.readline() == b"ready\n"
    (os.killpg if whole_group else os.kill)(process.pid, getattr(signal, sent))
    assert process.wait(timeout=10) == 7
    process.stdout.close()


# JupyterLab, for real


def test_the_lab_asks_nothing_shows_pictures_and_keeps_to_its_folder(tmp_path, monkeypatch):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    home, folder = tmp_path / "new home", tmp_path / "mine"
    home.mkdir()
    start = "import course, sys; course.set_up = lambda options: sys.executable; course.main()"
    environment = {name: value for name, value in os.environ.items() if "JUPYTER" not in name}
    environment.update(HOME=str(home), USERPROFILE=str(home), APPDATA=str(home), PYTHONPATH="")
    environment.update(JUPYTER_TOKEN="test", JUPYTER_PORT=str(port), BROWSER="true")
    process = subprocess.Popen(
        [sys.executable, "-c", start, "lab", "--work", str(folder)],
        cwd=COURSE.parent,
        env=environment,
        stderr=subprocess.DEVNULL,
    )

    def get(address):
        return urllib.request.urlopen(
            f"http://localhost:{port}/{address}?token=test", timeout=5
        ).read()

    try:
        wait_for(lambda: get("api"))
        settings = json.loads(get("lab/api/settings/@jupyterlab/apputils-extension:notification"))
        defaults = {name: of["default"] for name, of in settings["schema"]["properties"].items()}
        assert settings["settings"] == {} and settings["raw"] == "{}"  # nobody's own settings
        assert defaults["fetchNews"] == "false" and defaults["checkForUpdates"] is False
        for path in ("work/00_start_here.ipynb", "images/padding.png"):
            assert get(f"files/{path}") == (folder / path).read_bytes()
        page = re.search(r'id="jupyter-config-data"[^>]*>(.*?)</script>', get("lab").decode(), re.S)
        extensions = json.loads(page[1])["federated_extensions"]
        assert "alternative-text" in [extension["name"] for extension in extensions]
        assert b"alt" in get("lab/extensions/alternative-text/load.js")
        (folder / "work" / "exported.ipynb").write_text(json.dumps(DESCRIBED), encoding="utf-8")
        assert 'alt="a &lt;five&gt;"' in get("nbconvert/html/work/exported.ipynb").decode()
    finally:
        process.terminate()
        process.wait()
    assert not list(home.glob("**/user-settings"))


# The environment, in steps


def test_the_stamp_saves_pip_until_something_changes(course, steps, monkeypatch):
    def installs(*options):
        steps.clear()
        course.set_up(set(options))
        return bool(steps)

    assert installs() and not installs() and not installs("--cpu")
    assert installs("--latest") and not installs("--latest") and installs()
    for name in ("pyproject.toml", "constraints.txt"):
        with open(course.ROOT / name, "a") as file:
            file.write("# changed\n")
        assert installs() and not installs(), name
    monkeypatch.setattr(course, "ask", lambda python, code: ("3.12.1 /here", ""))
    assert installs() and not installs()
    monkeypatch.setattr(course, "ROOT", course.ROOT.rename(course.ROOT.with_name("moved")))
    assert installs() and not installs()


@pytest.mark.parametrize("broken", ["run_pip", "ask"])
def test_an_install_that_was_cut_off_is_taken_up_again(course, steps, monkeypatch, broken):
    def cut_off(_, what):
        if what == course.PROBE:
            return "3.11.7 /here", ""
        raise KeyboardInterrupt

    course.set_up(set())
    (course.ROOT / "constraints.txt").write_text("tiny==1.0.0\n")
    with monkeypatch.context() as patch:
        patch.setattr(course, broken, cut_off)
        assert "goes on from here" in message(course, "execute")
    assert not (course.ROOT / ".venv" / "course-stamp").exists()
    (course.ROOT / "constraints.txt").write_text("tiny==1.0\n")  # as it was under the old stamp
    steps.clear()
    course.set_up(set())
    assert steps


def test_options_choose_what_pip_is_asked_for(course, steps, monkeypatch):
    pinned = ["-c", str(course.ROOT / "constraints.txt")]
    project = ["-e", f"{course.ROOT}[test]"]
    cpu = ["--no-deps", "--index-url", course.CPU_INDEX, "torch", "torchvision"]
    newest = ["--upgrade", "--upgrade-strategy", "eager"]

    def asked(*options):
        steps.clear()
        course.install("python", set(options), course.ROOT / ".venv", ["tiny"])
        return [command[1:] for command in steps]

    assert asked() == [pinned + project]
    assert asked("--cpu") == [pinned + cpu, pinned + project]
    assert asked("--latest") == [newest + project]
    assert asked("--here") == [["tiny>=1"]]  # a second copy of the course may use this Python
    (course.ROOT / PACKAGES / "torch-2.10.0+cpu.dist-info").mkdir(parents=True)
    assert asked() == [pinned + cpu, pinned + project]  # a CPU build stays one
    assert asked("--here") == [["tiny>=1"]]
    monkeypatch.setattr(course, "ON_HUB", True)
    assert asked("--here") == [project]  # kernels are started without us


@pytest.mark.parametrize("options, needed", [((), 8), (("--cpu",), 2)])
def test_the_disk_is_looked_at_first(course, steps, monkeypatch, options, needed):
    monkeypatch.setattr(sys, "platform", "linux")
    free = needed - 0.5
    monkeypatch.setattr(shutil, "disk_usage", lambda path: SimpleNamespace(free=free * 1e9))
    said = message(course, "execute", *options)
    assert f"{free} GB are free and about {needed} GB are needed" in said
    assert ("add --cpu" in said) == (needed == 8)
    assert steps == []
    (course.ROOT / PACKAGES / "torch-2.10.0.dist-info").mkdir(parents=True)
    course.set_up(set(options))
    assert steps  # what is big is there already


def test_where_nothing_can_be_written_an_environment_must_be_there(course, steps, monkeypatch):
    course.set_up(set())
    steps.clear()
    before = everything(course.ROOT)
    read_only(course, monkeypatch)
    course.set_up(set())
    assert steps == []
    monkeypatch.setattr(course, "stamp_of", lambda found, options: "of other versions")
    assert "start with --here" in message(course, "execute")
    assert steps == []
    course.set_up({"--here"})
    assert steps and everything(course.ROOT) == before


def test_a_python_without_venv_is_told_the_package_to_install(course, monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    assert "sudo apt install python3-venv" in message(course, "execute")
    assert not (course.ROOT / ".venv").exists()


def test_what_is_no_environment_is_moved_aside(course, monkeypatch, capsys):
    monkeypatch.setattr(course.subprocess, "call", lambda command: 0)
    for number in (1, 2):
        (course.ROOT / ".venv").mkdir()
        (course.ROOT / ".venv" / "mine.txt").write_text("keep")
        course.build_venv(course.ROOT / ".venv")
        assert (course.ROOT / f".venv.broken-{number}" / "mine.txt").read_text() == "keep"
        assert f".venv.broken-{number}" in capsys.readouterr().out


@pytest.mark.parametrize(
    "errors, advice",
    [
        ("ERROR: Could not install: [Errno 28] No space left on device", "make room"),
        ("error: externally-managed-environment", "leave out --here"),
        ("WARNING: Retrying (...\nERROR: No matching distribution found for torch", "connect"),
        ("ERROR: No matching distribution found for torch>=2.10", "No torch>=2.10 for this Python"),
        ("ERROR: ResolutionImpossible", "its last lines say why"),
    ],
)
def test_each_failure_of_pip_has_a_sentence(course, monkeypatch, errors, advice):
    monkeypatch.delenv("PIP_NO_INDEX", raising=False)
    said = course.what_to_do(errors)
    assert advice in said and len(re.findall(r"\.(\s|$)", said)) == 1


def test_what_cannot_be_written_is_told_in_a_sentence(course, handed):
    (course.ROOT / "work").write_text("a file where the folder should be")
    assert "Cannot go on" in message(course, "lab")


# The environment, for real: one story, since making an environment takes seconds


def test_without_network_then_from_a_folder_then_damaged_then_moved(
    course, tmp_path, monkeypatch, capfd
):
    for name in [name for name in os.environ if name.startswith("PIP_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")  # nothing listens there
    monkeypatch.setenv("PIP_RETRIES", "1")
    assert "cannot reach the network" in message(course, "execute")
    assert "Building it again" not in capfd.readouterr().out

    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path / "wheels"))
    make_wheel(tmp_path / "wheels", "other")
    assert "folder of wheels has no" in message(course, "execute")

    make_wheel(tmp_path / "wheels", source="raise ImportError('half a wheel')\n")
    said = message(course, "execute")
    assert "half a wheel" in said and "delete the folder .venv" in said

    inside = "Scripts/python.exe" if os.name == "nt" else "bin/python"
    (course.ROOT / ".venv" / inside).unlink()
    make_wheel(tmp_path / "wheels")
    make_wheel(tmp_path / "wheels", version="2.0")  # newer than the tested version
    capfd.readouterr()
    assert status(course, "execute", "--check", "06") == 3  # the tool's own status
    out = capfd.readouterr().out
    assert "does not run" in out
    assert f"tool {course.ROOT / '.venv'} ['--check', '06']" in out
    assert list((course.ROOT / ".venv").glob("[Ll]ib*/**/tiny-1.0.dist-info"))

    shared = str(course.ROOT / ".venv" / inside)  # a second and a third copy, in its Python
    ours = course.ROOT / "helpers" / "__init__.py"
    with monkeypatch.context() as patch:
        patch.setattr(sys, "executable", shared)
        copies = [make_project(tmp_path / name) for name in ("second", "third")]
        for copy in [*copies, copies[0]]:
            assert status(copy, "execute", "--here") == 3
            assert f"\n{copy.ROOT / 'helpers' / '__init__.py'}\n" in capfd.readouterr().out
        patch.setattr(copies[0], "ON_HUB", True)
        assert f"the helpers of {course.ROOT}: use that copy" in message(
            copies[0], "execute", "--here"
        )
    found = subprocess.run(
        [shared, "-P", "-c", "import helpers; print(helpers.__file__)"], stdout=subprocess.PIPE
    )
    assert found.stdout.decode().strip() == str(ours)
    capfd.readouterr()

    seconds = []
    for _ in range(3):
        start = time.perf_counter()
        assert status(course, "execute") == 3
        seconds.append(time.perf_counter() - start)
    assert min(seconds) < 1  # the start of the tool's Python included
    assert "Installing" not in capfd.readouterr().out

    course.ROOT.rename(tmp_path / "moved")
    course = load(tmp_path / "moved")
    assert status(course, "execute") == 3
    out = capfd.readouterr().out
    assert "Installing" in out and f"tool {course.ROOT / '.venv'} []" in out
