"""One list of dependencies: conda, CI, the tested versions and the imports keep in step with it."""

import ast
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import nbformat
import pytest
from packaging.requirements import Requirement
from packaging.version import Version

import course

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
DEPENDENCIES = [Requirement(line) for line in PROJECT["dependencies"]]
FOR_TESTS = [Requirement(line) for line in PROJECT["optional-dependencies"]["test"]]
# Imported by name and brought along by a dependency, which could not work without it.
BROUGHT_ALONG = {
    "IPython": "jupyterlab",
    "PIL": "matplotlib",
    "bs4": "jupyterlab",
    "docutils": "sphinx",
    "ipykernel": "jupyterlab",
    "jupyter_client": "jupyterlab",
    "jupyter_server": "jupyterlab",
    "nbclient": "jupyterlab",
    "nbconvert": "jupyterlab",
    "nbformat": "jupyterlab",
    "packaging": "pytest",
    "pygments": "sphinx",
    "requests": "pooch",
    "traitlets": "jupyterlab",
}


def read(name):
    return (ROOT / name).read_text(encoding="utf-8")


def names(requirements):
    return [requirement.name for requirement in requirements]


def pins():
    lines = [line for line in read("constraints.txt").splitlines() if line and line[0] != "#"]
    return [Requirement(line) for line in lines]


def imported(source):
    """Top-level names that Python source imports."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield node.module.split(".")[0]


def source_of(path):
    """Python source of a module, or of a notebook's code cells."""
    if path.suffix == ".py":
        return path.read_text(encoding="utf-8")
    cells = nbformat.read(path, as_version=4).cells
    return "\n".join(cell.source for cell in cells if cell.cell_type == "code")


def test_conda_has_python_pip_and_this_project_and_nothing_else():
    lines = [line.strip() for line in read("environment.yml").splitlines()]
    entries = lines[lines.index("dependencies:") + 1 :]
    assert len(entries) == 4 and entries[1:] == ["- pip", "- pip:", "- -e .[test]"]
    python = re.fullmatch(r"- python=(3\.\d+)", entries[0])[1]
    assert python in re.search(r"python: \[(.*)\]", read(".github/workflows/ci.yml"))[1]


def test_binder_installs_this_project_with_the_build_for_cpus():
    lines = [line for line in read("binder/requirements.txt").splitlines() if line[0] != "#"]
    index, constraints, project = lines
    assert index == f"--extra-index-url {course.CPU_INDEX}"
    assert constraints == "-c ../constraints.txt"  # counts from the file's folder
    assert project == "-e ."  # counts from the repository, where Binder runs pip
    assert not (ROOT / "binder" / "environment.yml").exists()  # it would be read in place of it


@pytest.mark.skipif(sys.platform == "win32", reason="Binder is Linux")
def test_binder_makes_the_working_copies(tmp_path):
    for name in ("course.py", "binder/postBuild", "notebooks", "images", "helpers", "tools"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (shutil.copytree if (ROOT / name).is_dir() else shutil.copy)(ROOT / name, tmp_path / name)
    folder = str(Path(sys.executable).parent)
    environment = {"PATH": os.pathsep.join([folder, os.environ["PATH"]]), "MNIST_MIRRORS": ""}
    run = subprocess.run(tmp_path / "binder/postBuild", cwd=tmp_path, env=environment)
    assert run.returncode == 0
    made = {path.name for path in (tmp_path / "work").iterdir()}
    assert made == {path.name for path in (ROOT / "notebooks").glob("*.ipynb")}
    assert (tmp_path / "data" / "sample-5000.gz").is_file()


def test_the_devcontainer_is_made_as_binder_is():
    made = json.loads(read(".devcontainer/devcontainer.json"))
    assert made["image"].endswith("python:{}.{}".format(*course.NEEDED))
    assert made["postCreateCommand"] == "pip install -r binder/requirements.txt && binder/postBuild"
    assert os.access(ROOT / "binder" / "postBuild", os.X_OK)


@pytest.mark.skipif(sys.platform == "win32", reason="Binder is Linux")
@pytest.mark.parametrize("before", [{}, {"JUPYTER_PATH": "/elsewhere"}])
def test_binder_shows_alternative_text_as_the_lab_does(before):
    command = [ROOT / "binder/start", sys.executable, "-m", "jupyter", "--paths", "--json"]
    environment = {k: v for k, v in os.environ.items() if k != "JUPYTER_PATH"} | before
    run = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=True)
    folders = json.loads(run.stdout)["data"]
    assert folders[0] == str(ROOT / "tools" / "lab")
    assert (ROOT / "tools/lab/labextensions/alternative-text/package.json").is_file()
    assert ("/elsewhere" in folders) == bool(before)


def test_the_oldest_python_is_the_same_everywhere():
    oldest = "{}.{}".format(*course.NEEDED)
    assert PROJECT["requires-python"] == f">={oldest}"
    assert f'python: ["{oldest}", ' in read(".github/workflows/ci.yml")
    assert f"python={oldest}" in read("environment.yml")
    assert read("binder/runtime.txt") == f"python-{oldest}\n"
    assert str(course.NEEDED) in course.PROBE


def test_every_system_is_tested_and_the_newest_versions_weekly():
    workflow = read(".github/workflows/ci.yml")
    assert "os: [ubuntu-latest, macos-latest, windows-latest]" in workflow
    assert "python course.py test\n" in workflow
    assert "${{ runner.os == 'Linux' && '--cpu' || '' }}" in workflow
    assert re.search(r'schedule:\n *- cron: "\d+ \d+ \* \* \d"', workflow)
    assert "${{ github.event_name == 'schedule' && '--latest --slow' || '' }}" in workflow
    assert '"$python" course.py test\n' in read(".ci/run")


def test_every_dependency_has_a_lower_bound_and_a_tested_version():
    tested = {pin.name.lower(): pin for pin in pins()}
    assert len(tested) == len(pins())
    for requirement in DEPENDENCIES + FOR_TESTS:
        assert [part.operator for part in requirement.specifier] == [">="], requirement
        (pin,) = tested[requirement.name].specifier
        assert pin.operator == "==" and pin.version in requirement.specifier, requirement
    torch = next(requirement for requirement in DEPENDENCIES if requirement.name == "torch")
    (bound,) = torch.specifier
    assert Version(bound.version) >= Version("2.10")


def test_what_one_platform_alone_needs_is_not_pinned():
    assert not [name for name in names(pins()) if re.match("nvidia|cuda|triton", name)]


def test_course_py_reads_the_list_as_pip_does():
    assert list(map(Requirement, course.listed("dependencies"))) == DEPENDENCIES
    assert list(map(Requirement, course.listed("test"))) == FOR_TESTS


@pytest.mark.parametrize("folder", ["helpers", "notebooks", "tools", "tests"])
def test_what_is_imported_is_in_the_list(folder):
    more = FOR_TESTS if folder in ("tools", "tests") else []  # course.py installs both lists
    listed = {name.replace("-", "_") for name in names(DEPENDENCIES + more)}
    listed |= {name for name, owner in BROUGHT_ALONG.items() if owner in listed}
    ours = {"course", "helpers", "tools", "tests"}
    ours |= {path.stem for path in (ROOT / "tests").rglob("*.py")}
    for path in sorted((ROOT / folder).rglob("*")):
        if path.suffix in (".py", ".ipynb") and ".ipynb_checkpoints" not in path.parts:
            foreign = set(imported(source_of(path))) - sys.stdlib_module_names - ours
            assert foreign <= listed, path
