"""Widgets that move on a page without a kernel: `embed` puts one there, `assets` what they need."""

import concurrent.futures
import hashlib
import html
import json
import multiprocessing
import re
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
FRONT = ROOT / "helpers" / "widgets" / "front"
KEPT = ROOT / "build" / "replay"  # recordings of the code as it is; made anew when it changes
PARTS = ("replay.js", "drawing.js", "network.js", "pad.js", "mount.js")
PAD = "pad"


def embed(name, call, picture):
    """HTML in a widget's place: its picture, and where there is a recording of `call`, its name.

    `name` is the widget's class, `call` its call in the notebook; `picture` stands there until
    the recording is loaded, where there is no script, and in print.
    """
    found = (PAD, 0) if name == "DigitPad" else calls().get(call)
    if found is None:
        return picture
    return (
        f'<div class="replay" data-recording="{html.escape(found[0])}" '
        f'data-start="{found[1]}">{picture}</div>'
    )


def calls():
    """The calls in the notebooks that are recorded: {call: (name of the recording, start)}."""
    from tools.site.replay.scripts import SCRIPTS

    return {c: (name, i) for name, script in SCRIPTS.items() for i, c in enumerate(script.calls)}


def assets(folder):
    """Write replay.js, replay.css and recordings/NAME.js into `folder`: {name: facts}.

    The two files belong on every page with a widget; they load recordings from beside them.
    """
    (folder / "recordings").mkdir(parents=True, exist_ok=True)
    (folder / "replay.js").write_text(bundle(), encoding="utf-8")
    css = [path.read_text(encoding="utf-8") for path in (FRONT / "board.css", HERE / "replay.css")]
    (folder / "replay.css").write_text("".join(css), encoding="utf-8")
    facts = {}
    for name, (text, about) in recordings().items():
        (folder / "recordings" / f"{name}.js").write_text(text, encoding="utf-8")
        facts[name] = about
    return facts


def bundle(parts=PARTS, after=""):
    """The live widgets' front end and what takes the kernel's place, as one classic script."""
    board = (FRONT / "board.js").read_text(encoding="utf-8")
    board, count = re.subn(r"^export default \{", "const board = {", board, flags=re.MULTILINE)
    if count != 1:
        raise ValueError("board.js must export one thing, as `export default {`.")
    rest = [(HERE / part).read_text(encoding="utf-8") for part in parts]
    return "\n".join(["(() => {", board, *rest, after, "})();\n"])


def recordings():
    """All recordings: {name: (text of the script, facts)}; what is up to date is read again."""
    from tools.site.replay.scripts import SCRIPTS

    folder = KEPT / _fingerprint()
    names = [*SCRIPTS, PAD]
    missing = [name for name in names if not (folder / f"{name}.json").exists()]
    if missing:
        folder.mkdir(parents=True, exist_ok=True)
        spawn = multiprocessing.get_context("spawn")
        with concurrent.futures.ProcessPoolExecutor(2, spawn) as pool:
            list(pool.map(_keep, sorted(missing, key=_heavy), [folder] * len(missing)))
    kept = {name: json.loads((folder / f"{name}.json").read_text("utf-8")) for name in names}
    return {name: tuple(pair) for name, pair in kept.items()}


def _heavy(name):
    """The longest first, so that two processes end at the same time."""
    order = ("sizes", "kernels", "stepper", "pooling")
    return order.index(name) if name in order else len(order)


def _keep(name, folder):
    """Record one widget into a file of `folder`."""
    import torch

    from tools.site.replay import pack, pad
    from tools.site.replay.scripts import SCRIPTS

    torch.set_num_threads(1)
    made = pad.record() if name == PAD else pack.record(name, SCRIPTS[name])
    part = folder / f"{name}.part"
    part.write_text(json.dumps(made), encoding="utf-8")
    part.replace(folder / f"{name}.json")


def _fingerprint():
    """What recordings depend on, as a short text."""
    seen = hashlib.sha256()
    paths = [*(ROOT / "helpers").rglob("*.py"), *HERE.glob("*.py")]
    for path in sorted([*paths, *(ROOT / "studies").glob("digit_pad*")]):
        seen.update(path.relative_to(ROOT).as_posix().encode() + path.read_bytes())
    return seen.hexdigest()[:16]
