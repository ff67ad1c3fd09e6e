"""What a widget says to each named answer: the right number, the numbers of slips, any other."""

from tools.site.replay.record import NONE, RIGHT, TYPED, WRONG

FAR, BESIDE = 900.3713, 0.3713  # added to the right number: what nobody has a name for, below 1000


def verdicts(recorder):
    """(what was said, for each place what is said there): lists as `pack` writes them.

    Said are (verdict, sentence), TYPED where the sentence repeats the answer. For a place:
    [[number, index of what is said], ...], [[number, radius, index]], index for any other number.
    The last one said is the answer to what is no number.
    """
    script, state = recorder.script, recorder.state
    said, places = {}, {}
    asked = [core for core, known in recorder.pages if script.asks(core) and not known]
    for core in sorted(asked):
        if script.where(core) not in places:
            script.put(state, core)
            places[script.where(core)] = _at(script, state, said)
    no_number = (NONE, state.judge("x")[1]) if asked else None
    return [*said, *([no_number] if asked else [])], places


def _at(script, state, said):
    def verdict(value):
        text = str(int(value)) if value == int(value) else repr(value)
        right, sentence = state.judge(text)
        if right is None:
            raise ValueError(f"{text} is no number to the widget: {sentence}")
        if not right:
            sentence = sentence.replace(text, TYPED, 1) if sentence.startswith(text) else sentence
        found = (RIGHT if right else WRONG, sentence)
        return said.setdefault(found, len(said))

    values = sorted(set(map(float, script.candidates(state))))
    named = {value: verdict(value) for value in values}
    right = next(v for v, i in named.items() if list(said)[i][0] == RIGHT)
    bands = [(right, radius, verdict(right + radius - BESIDE)) for radius in script.bands]
    other = verdict(right + FAR)
    named = [
        (value, i)
        for value, i in named.items()
        if i != next((j for r, radius, j in bands if abs(value - r) <= radius), other)
    ]
    return sorted(named, key=lambda pair: pair[0] != right), bands, other
