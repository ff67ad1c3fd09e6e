"""A recording as a file of JavaScript: every text once, pages as lists of texts, deflated.

`recordings[NAME] = {texts, numbers}` holds two deflated parts in base64. `texts` is JSON (see
`_texts`); `numbers` is a table of little-endian 32-bit integers, events by contexts: how far the
next core lies from this one, then in the same order the outcome (0: not recorded).
"""

import base64
import json
import zlib

import numpy as np

from tools.site.replay.record import Recorder
from tools.site.replay.verdicts import verdicts


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
    outcomes, numbers = {}, np.zeros((2, len(events), len(contexts)), "<i4")
    for i, context in enumerate(contexts):
        found = recorder.outcomes[context]
        for j, event in enumerate(events):
            if event in found:
                after, outcome = found[event]
                numbers[0, j, i] = cores[after] - cores[context[0]]
                numbers[1, j, i] = outcomes.setdefault(outcome, len(outcomes) + 1)
    texts = _texts(recorder, contexts, cores) | {"events": events, "outcomes": list(outcomes)}
    text = json.dumps(texts, ensure_ascii=False, separators=(",", ":"))
    parts = {"texts": packed(text.encode()), "numbers": packed(numbers.tobytes())}
    file = script_of(name, parts)
    facts = {
        "states": len(contexts),
        "answers": sum(map(len, recorder.outcomes.values())),
        "answers_to_typed_numbers": sum(len(named) for named, _, _ in texts["places"]),
        "bytes": len(file),
    }
    return file, facts


def _texts(recorder, contexts, cores):
    """All but the table: texts, pages as lists of sections, sections as lists of texts."""
    script, state = recorder.script, recorder.state
    chunks, items, sections = {}, {}, {}

    def text(chunk):
        return chunks.setdefault(chunk, len(chunks))

    def item(chunk):
        if not isinstance(chunk, str):
            chunk = chunk[0], text(chunk[1]), text(chunk[2])
        return items.setdefault(chunk if isinstance(chunk, tuple) else text(chunk), len(items))

    pages = [
        [sections.setdefault(tuple(map(item, s)), len(sections)) for s in recorder.pages[context]]
        for context in contexts
    ]
    said, places = verdicts(recorder)
    where = {place: i for i, place in enumerate(places)}
    return {
        "label": state.label,
        "keys": state.keys,
        "starts": [_start(script, call, cores) for call in script.calls],
        "chunks": list(chunks),
        "items": list(items),
        "sections": list(sections),
        "pages": pages,
        "cores": [cores[core] for core, _ in contexts],
        "known": [int(known) for _, known in contexts],
        "place": [script.place(core) for core in cores],
        "count": [_count(script, state, core) for core in cores],
        "guarded": [int(script.guarded(core)) for core in cores],
        "where": [where.get(script.where(core), -1) for core in cores],
        "said": said,
        "places": list(places.values()),
        "near": script.near,
        "largest": min(script.largest, 1e300),
    }


def _start(script, call, cores):
    state = script.make(call)
    version = state.question.version if hasattr(state, "question") else 0
    return [cores[script.get(state)], sorted(getattr(state, "seen", ())), version]


def _count(script, state, core):
    script.put(state, core)
    output = getattr(state, "output", None)
    return 1 if output is None else output.numel()
