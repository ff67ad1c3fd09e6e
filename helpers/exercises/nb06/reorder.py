"""06.reorder: nine lines of a training loop; what must come before what."""

from helpers.exercises import Exercise, slip

LINES = "ABCDEFGHI"

# key: (this letter comes before that one, what is wrong where it does not)
RULES = {
    "loops-swapped": (
        "EB",
        "The batches hold the epochs: each batch would be used fifteen times in a row before the "
        "next one is seen.",
    ),
    "total-reset": (
        "HB",
        "The sum goes back to zero in every batch. It belongs to an epoch: once before the batches "
        "of each.",
    ),
    "total-outside": (
        "EH",
        "The sum starts once for all epochs, so that it grows from epoch to epoch. It should start "
        "anew in each.",
    ),
    "outside-loop": (
        "BD",
        "The model is called before there is a batch. What reads `x` or `y` belongs under the loop "
        "over batches.",
    ),
    "loss-before-logits": ("DG", "The loss is computed from the logits, so the logits come first."),
    "backward-before-loss": (
        "GC",
        "`backward()` starts from a loss. There is none yet for this batch.",
    ),
    "step-before-backward": (
        "CA",
        "The step comes before this batch's gradients. It has nothing to go by, or only those of "
        "another batch.",
    ),
    "total-before-loss": ("GI", "This batch's loss is added before it has been computed."),
    "cleared-once-for-all": (
        "EF",
        "The gradients are cleared once, before all epochs. Every batch adds its own to the heap; "
        "clear them once a batch.",
    ),
    "zero-grad-outside": (
        "BF",
        "The gradients are cleared once an epoch. Every batch adds its own to the heap; clear them "
        "once a batch.",
    ),
}
# what is broken along with another rule, and goes without saying
FOLLOW = {
    "loops-swapped": ("total-reset", "total-outside"),
    "cleared-once-for-all": ("zero-grad-outside",),
}


def judge(order):
    """None for a right order, the key of a slip or of two, or a sentence."""
    order = [letter for letter in order.upper() if letter.isalnum()]
    if strange := [letter for letter in order if letter not in LINES]:
        return f"There is no line {strange[0]}. Use each of the nine letters A to I once."
    if missing := [letter for letter in LINES if letter not in order]:
        return f"{missing[0]} is missing. Use each of the nine letters A to I once."
    if twice := [letter for letter in LINES if order.count(letter) > 1]:
        return f"{twice[0]} stands there twice. Use each of the nine letters A to I once."
    at = order.index
    broken = [key for key, ((first, second), _) in RULES.items() if at(first) > at(second)]
    if at("C") < at("F") < at("A"):
        broken.append("gradients-wiped")
    for one, follows in FOLLOW.items():
        if one in broken:
            broken = [key for key in broken if key not in follows]
    return "+".join(broken[:2] if len(broken) == 2 else broken[:1]) or None


def _broken(first, second):
    """A right order, but for `second`, which is moved to just before `first`."""
    return "EHBFDGCAI".replace(second, "").replace(first, second + first)


EXERCISE = Exercise(
    name="06.reorder",
    title="Put a training loop in order",
    difficulty=2,
    minutes=3,
    solution='order = "EHBDGFCAI"',
    why="Epochs hold batches. Logits come before the loss, the loss before its gradients, those "
    "before the step; the old gradients go anywhere but between backward and step.",
    hints=(
        "Which of the two `for` lines runs fifteen times in all? It stands outside.",
        "Work backwards from the step: what must exist before it, and before that?",
        "D before G before C before A. F may stand anywhere in the inner loop, as long as it does "
        "not come between C and A. H must run once an epoch.",
        "E, H, B, D, G come first. Four lines are left: F, C, A, I.",
    ),
    accepts=judge,
    slips=(
        *(slip(key, text, lambda rule=rule: _broken(*rule)) for key, (rule, text) in RULES.items()),
        slip(
            "gradients-wiped",
            "The gradients are cleared between backward and step: the step finds nothing to go by.",
            lambda: "EHBDGCFAI",
        ),
    ),
)
