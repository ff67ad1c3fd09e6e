"""A recording as a file of JavaScript: every text once, pages as lists of texts, deflated.

`recordings[NAME] = {texts, numbers}` holds two deflated parts in base64. `texts` is JSON (see
`_texts`). `numbers` are little-endian 32-bit integers in rows of BLOCK. They spell two tables,
events by contexts: how far the next core lies from this one, and the outcome (0: not recorded);
`blocks` in `texts` names the rows of both tables, in order, and each row stands there once.
"""

import base64
import itertools
import json
import zlib

import numpy as np

from tools.site.replay.record import Recorder
from tools.site.replay.verdicts import verdicts

BLOCK = 64
NEW, SAME = 0, 1  # in lists of differences; n + 2 stands for n


def packed(data):
    """Bytes as deflated base64."""
    return base64.b64encode(zlib.compress(data, 9)).decode()


def script_of(name, parts):
    """A classic script that puts packed parts where replay.js looks for them."""
    return f"(self.recordings ??= {{}})[{json.dumps(name)}] = {json.dumps(parts)};\n"


def record(name, script):
    """Record a widget: (the script's text, facts about it)."""
    recorder = Recorder(script)
    contexts = sorted(recorder.pages)
    cores = {core: i for i, core in enumerate(dict.fromkeys(core for core, _ in contexts))}
    events = sorted({event for found in recorder.outcomes.values() for event in found})
    width = -(-len(contexts) // BLOCK) * BLOCK
    outcomes, table = {}, np.zeros((2, len(events), width), "<i4")
    for i, context in enumerate(contexts):
        found = recorder.outcomes[context]
        for j, event in enumerate(events):
            if event in found:
                after, outcome = found[event]
                table[0, j, i] = cores[after] - cores[context[0]]
                table[1, j, i] = outcomes.setdefault(outcome, len(outcomes) + 1)
    rows, blocks = np.unique(table.reshape(-1, BLOCK), axis=0, return_inverse=True)
    texts = _texts(recorder, contexts, cores)
    texts |= {"events": events, "outcomes": list(outcomes), "blocks": blocks.ravel().tolist()}
    text = json.dumps(texts, ensure_ascii=False, separators=(",", ":"))
    parts = {"texts": packed(text.encode()), "numbers": packed(rows.astype("<i4").tobytes())}
    file = script_of(name, parts)
    reached, left_out = recorder.without_typing()
    facts = {
        "states": len(contexts),
        "states_without_typed_weights": reached,
        "left_out_of_these": left_out,
        "answers": sum(map(len, recorder.outcomes.values())),
        "answers_to_typed_numbers": sum(len(named) for named, _, _ in texts["places"]),
        "bytes": len(file),
    }
    return file, facts


def _texts(recorder, contexts, cores):
    """All but the table: texts, pages as lists of sections, sections as lists of texts."""
    script, state = recorder.script, recorder.state
    chunks, shown = {}, {}

    def item(chunk):
        if isinstance(chunk, str):
            return chunks.setdefault(chunk, len(chunks))
        return -1 - shown.setdefault(chunk, len(shown))

    pages, sections = [], []
    for column in itertools.zip_longest(*(recorder.pages[context] for context in contexts)):
        known = {}
        pages.append([known.setdefault(section, len(known)) for section in column])
        sections.append([list(map(item, section or ())) for section in known])
    said, places = verdicts(recorder)
    where = {place: i for i, place in enumerate(places)}
    return {
        "label": state.label,
        "keys": state.keys,
        "starts": [_start(script, call, cores) for call in script.calls],
        "chunks": list(chunks),
        "shown": list(shown),
        "sections": _differences(sections),
        "pages": [_steps(column) for column in pages],
        "known": _known(contexts),
        "place": [script.place(core) for core in cores],
        "count": [_count(script, state, core) for core in cores],
        "guarded": [int(script.guarded(core)) for core in cores],
        "where": [where.get(script.where(core), -1) for core in cores],
        "said": said,
        "places": list(places.values()),
        "near": script.near,
        "largest": min(script.largest, 1e300),
    }


def _differences(columns):
    """Sections told by how each differs from the one before it in its column.

    NEW is the smallest number from 0 up that had not come so far, SAME the one at the same place.
    """
    told, new = [], 0
    for column in columns:
        told.append([])
        for last, numbers in itertools.pairwise([[], *column]):
            line = []
            for i, number in enumerate(numbers):
                same = last[i : i + 1] == [number]
                line.append(NEW if number == new else SAME if same else number + 2 * (number >= 0))
                new += number == new
            told[-1].append(line)
    return told


def _steps(numbers):
    """A list of numbers as differences from one to the next."""
    return [b - a for a, b in itertools.pairwise([0, *numbers])]


def _known(contexts):
    """For each context 0, or 1 if its place was found; 2: the same, and the core of the last."""
    pairs = itertools.pairwise([(None, False), *contexts])
    return [int(known) + (core == last) for (last, _), (core, known) in pairs]


def _start(script, call, cores):
    state = script.make(call)
    version = state.question.version if hasattr(state, "question") else 0
    seen, turn = sorted(getattr(state, "seen", ())), getattr(state, "turn", None)
    return [cores[script.get(state)], seen, version, turn]


def _count(script, state, core):
    script.put(state, core)
    output = getattr(state, "output", None)
    return 1 if output is None else output.numel()
