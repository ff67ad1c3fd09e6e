"""02.solve_settings: settings from sizes; many are right, so each line is judged by itself."""

import itertools

from helpers.exercises import Exercise, slip

WANTED = {
    "32 -> 28": ((32, 28),),
    "227 -> 55": ((227, 55),),
    "28 -> 14 and 7 -> 4": ((28, 14), (7, 4)),
}
NAMES = ("kernel", "stride", "padding")


def _rooms(sizes, kernel, padding):
    """What is left behind the first window, and the size wanted, for every input."""
    return [(n + 2 * padding - kernel, wanted) for n, wanted in sizes]


def _comes_out(sizes, kernel, stride, padding):
    rooms = _rooms(sizes, kernel, padding)
    return all(room >= 0 and room // stride + 1 == wanted for room, wanted in rooms)


def _legal(kernel, stride, padding):
    return kernel >= 1 and stride >= 1 and padding >= 0


def _rule_broken(sizes, kernel, stride, padding):
    """The rule that a setting with right sizes breaks, or None."""
    if stride > kernel:
        return "pixels-skipped"
    if padding >= kernel:
        return "padding-alone"
    unread = any(room % stride > padding for room, _ in _rooms(sizes, kernel, padding))
    return "end-unread" if unread else None


def _right(sizes, setting):
    return _legal(*setting) and _comes_out(sizes, *setting) and not _rule_broken(sizes, *setting)


def _wrong_size(sizes, kernel, stride, padding):
    """The slip behind sizes that do not come out, or None."""
    if _comes_out(sizes[:1], kernel, stride, padding):
        return "first-size-only"
    if _comes_out(sizes[1:], kernel, stride, padding) and sizes[1:]:
        return "second-size-only"
    rooms = _rooms(sizes, kernel, padding)
    if padding and all((r - padding) // stride + 1 == wanted for r, wanted in rooms):
        return "padding-total"
    if all(-(-room // stride) + 1 == wanted for room, wanted in rooms):
        return "rounded-up"
    if all(room // stride == wanted for room, wanted in rooms):
        return "first-not-counted"
    return None


def _what_comes(sizes, setting):
    """What a setting gives, and which of its numbers would do it alone."""
    kernel, stride, padding = setting
    rooms = _rooms(sizes, kernel, padding)
    came = [room // stride + 1 if room >= 0 else "no place at all" for room, _ in rooms]
    parts = [f"{n} gives {c} and not {w}" for (n, w), c in zip(sizes, came, strict=True) if c != w]
    alone = [
        name
        for i, name in enumerate(NAMES)
        if any(_right(sizes, (*setting[:i], other, *setting[i + 1 :])) for other in range(25))
    ]
    hint = f" With another {' or another '.join(alone)} it would be right." if alone else ""
    words = ", ".join(f"{name} {n}" for name, n in zip(NAMES, setting, strict=True))
    return f"{words} on {' and on '.join(parts)}.{hint}"


def _fault(name, setting):
    """None where a line is right; else the key of a slip or a sentence."""
    sizes = WANTED[name]
    if not isinstance(setting, tuple) or len(setting) != 3:
        return f"give three numbers (kernel, stride, padding); got {setting!r}."
    if not all(type(number) is int for number in setting):
        return f"whole numbers only; got {setting}."
    if _right(sizes, setting):
        return None
    for order in itertools.permutations(range(3)):
        if _right(sizes, tuple(setting[i] for i in order)):
            return "another-order"
    if not _legal(*setting):
        return "too-small"
    if _comes_out(sizes, *setting):
        return _rule_broken(sizes, *setting)
    return _wrong_size(sizes, *setting) or _what_comes(sizes, setting)


def judge(settings):
    """None where every setting is right; else the key of a slip, or a sentence for each line."""
    if not isinstance(settings, dict) or settings.keys() != WANTED.keys():
        return f"Keep the dictionary with its keys {', '.join(map(repr, WANTED))}."
    faults = [(name, fault) for name in WANTED if (fault := _fault(name, settings[name]))]
    if len(faults) == 1 and faults[0] in EXAMPLES:
        return "{1}, {0}".format(*faults[0])
    return "\n".join(f"{name}: {WORDS.get(fault, fault)}" for name, fault in faults) or None


WORDS = {
    "too-small": "kernel and stride are at least 1, padding at least 0.",
    "another-order": "these three numbers are right, in another order. It is kernel, stride, "
    "padding.",
    "padding-total": "the sizes come out if padding is the total of both ends. Here it is per "
    "side, as in torch.",
    "rounded-up": "the sizes come out if a half-filled last window counts. It does not: round "
    "down.",
    "first-not-counted": "that is the number of steps. The window where the kernel starts counts "
    "too, so there is one place more.",
    "first-size-only": "right for 28, but the same setting must also turn 7 into 4. An odd length "
    "needs an odd kernel here: try one.",
    "second-size-only": "right for 7, but the same setting must also turn 28 into 14. Write down "
    "which values of kernel - 2 * padding suit each of the two.",
    "pixels-skipped": "the size is right, but the stride is larger than the kernel: between two "
    "windows lie pixels that no window reads.",
    "end-unread": "the size is right, but the last pixels of the input are never read. The floor "
    "threw them away: choose a kernel that uses them up.",
    "padding-alone": "the size is right, but there is so much padding that whole windows lie in "
    "it and see nothing of the input.",
}
SETTINGS = list(itertools.product((2, 3, 4, 5, 1, 8, 11, 12), (2, 4, 1, 0), (0, 1, 2, 12)))
EXAMPLES = {  # the first of some settings for each fault of each line
    (name, fault): setting
    for name in WANTED
    for setting in reversed(SETTINGS)
    if (fault := _fault(name, setting)) in WORDS
}
SOLUTION = {"32 -> 28": (5, 1, 0), "227 -> 55": (11, 4, 0), "28 -> 14 and 7 -> 4": (3, 2, 1)}

EXERCISE = Exercise(
    name="02.solve_settings",
    title="Which layer was it?",
    difficulty=2,
    minutes=6,
    stub="""# For each line: (kernel, stride, padding)
layer_settings = {
    "32 -> 28": (TODO, TODO, TODO),
    "227 -> 55": (TODO, TODO, TODO),
    "28 -> 14 and 7 -> 4": (TODO, TODO, TODO),
}""",
    solution="""layer_settings = {
    "32 -> 28": (5, 1, 0),
    "227 -> 55": (11, 4, 0),
    "28 -> 14 and 7 -> 4": (3, 2, 1),
}""",
    why="The sizes fix only kernel - 2 * padding, within a few pixels, so each line has several "
    "answers. Ours are the first layers of LeNet-5 and of AlexNet, and the setting with which many "
    "networks halve an image.",
    hints=(
        "Begin with the stride. About how many times smaller is the output than the input?",
        "Now the number of steps is known: one less than the output size. How many pixels do these "
        "steps cover, and what is left for the kernel?",
        "227 -> 55 takes 54 steps. With stride 4 they cover 216 pixels. Without padding, which "
        "kernel reads all that is left?",
        "Last line: kernel - 2 * padding must suit both 28 and 7. Write down which values each "
        "allows. One value is in both lists.",
    ),
    accepts=judge,
    slips=tuple(
        slip(f"{key}, {name}", f"{name}: {WORDS[key]}", lambda one={name: setting}: SOLUTION | one)
        for (name, key), setting in EXAMPLES.items()
    ),
)
