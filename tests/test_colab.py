"""Colab's copies: a first cell that acts in Colab only, and nothing that points beside the file."""

import importlib.util
import json
import re
import subprocess
import sys
from types import SimpleNamespace

import nbformat
import pytest

from tools import colab, copies
from tools.execute import NOTEBOOKS

PATHS = sorted(NOTEBOOKS.glob("*.ipynb"))
REPOSITORY = "somebody/convnet-course"


def copy_of(path):
    return colab.for_colab(json.loads(path.read_text(encoding="utf-8")), REPOSITORY)


@pytest.fixture
def setup(tmp_path, monkeypatch):
    """The set-up cell as a function; the course is a small repository on this disk."""
    origin, course = tmp_path / "origin", tmp_path / "course"
    origin.mkdir()
    (origin / "course.py").write_text(
        "import sys\nopen(__file__ + '.ran', 'w').write(str(sys.argv))"
    )
    git = ["git", "-C", origin, "-c", "user.name=a", "-c", "user.email=a@b"]
    for words in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "all"]):
        subprocess.run([*git, *words], check=True)
    source = copy_of(PATHS[0])["cells"][0]["source"]
    source = source.replace(f"https://github.com/{REPOSITORY}", origin.as_uri())
    source = source.replace("/content/course", str(course))
    monkeypatch.delenv("COLAB_RELEASE_TAG", raising=False)
    return SimpleNamespace(run=lambda: exec(source, {}), course=course)


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem[:2])
def test_a_copy_is_whole_by_itself(path):
    original, copy = nbformat.read(path, as_version=4), copy_of(path)
    nbformat.validate(nbformat.from_dict(copy))
    assert len(copy["cells"]) == len(original.cells) + 1
    assert copy["cells"][0]["source"] == colab.SETUP.replace(
        "{address}", f"https://github.com/{REPOSITORY}"
    )
    assert not any(cell.get("outputs") for cell in copy["cells"])
    for cell in copy["cells"]:
        if cell["cell_type"] == "markdown":
            targets = re.findall(r"\]\(([^)\s]+)\)", cell["source"])
            assert all(re.match("https?:|#", target) for target in targets), targets
            for target in targets:
                ours = re.match(rf"\S+/{REPOSITORY}/(?:HEAD|blob/colab)/(\S+)", target)
                where = NOTEBOOKS if target.endswith(".ipynb") else NOTEBOOKS.parent
                assert not ours or (where / ours[1]).is_file(), target


def test_elsewhere_the_first_cell_does_nothing(setup, monkeypatch):
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: pytest.fail("it ran something"))
    setup.run()
    assert not setup.course.exists()


def test_in_colab_it_clones_installs_and_asks_for_a_restart(setup, monkeypatch, capsys):
    monkeypatch.setenv("COLAB_RELEASE_TAG", "release")
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    for _ in range(2):  # cut off and run again: nothing is cloned twice
        setup.run()
        assert "Restart session" in capsys.readouterr().out
    assert "'lab', '--here'" in (setup.course / "course.py.ran").read_text()


def test_after_the_restart_it_switches_the_widgets_on(setup, monkeypatch):
    done = []
    output = SimpleNamespace(enable_custom_widget_manager=lambda: done.append("on"))
    monkeypatch.setitem(sys.modules, "google", SimpleNamespace())
    monkeypatch.setitem(sys.modules, "google.colab", SimpleNamespace(output=output))
    monkeypatch.setenv("COLAB_RELEASE_TAG", "release")
    setup.course.mkdir()
    setup.run()
    assert done == ["on"] and not (setup.course / "course.py.ran").exists()


@pytest.mark.parametrize(
    "remote",
    [
        f"https://github.com/{REPOSITORY}",
        f"https://github.com/{REPOSITORY}.git\n",
        f"git@github.com:{REPOSITORY}.git",
        f"ssh://git@github.com/{REPOSITORY}/",
    ],
)
def test_the_repository_is_found_in_any_address(remote):
    assert colab.repository_of(remote) == REPOSITORY


def test_the_badge_in_the_readme_opens_a_published_copy():
    readme = (NOTEBOOKS.parent / "README.md").read_text(encoding="utf-8")
    (target,) = re.findall(r"^\[colab\]: (\S+)$", readme, re.MULTILINE)
    name = re.fullmatch(rf"{colab.HOST}/[\w.-]+/[\w.-]+/blob/{colab.BRANCH}/(\S+)", target)[1]
    assert (NOTEBOOKS / name).is_file() and "][colab]" in readme


def test_without_an_address_it_asks_for_one():
    with pytest.raises(SystemExit, match="--address"):
        colab.repository_of("")


def test_all_notebooks_are_written_and_older_ones_go(tmp_path, monkeypatch):
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "colab").mkdir()
    (tmp_path / "colab" / "old.ipynb").write_text("old")
    (tmp_path / "notebooks" / PATHS[0].name).write_bytes(PATHS[0].read_bytes())
    monkeypatch.setattr(colab, "ROOT", tmp_path)
    colab.main(["--address", f"https://github.com/{REPOSITORY}"])
    (written,) = (tmp_path / "colab").iterdir()
    assert copies.read(written) == copy_of(PATHS[0])
