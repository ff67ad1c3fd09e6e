"""Exercises of notebook 06 on whole runs: put a loop in order, go on after a stop."""

from helpers.exercises import Exercise, Mistake

_LINES = "ABCDEFGHI"


def _right_order(order):
    """None for a right order, the key of a mistake, or a sentence."""
    order = order.upper().replace(" ", "").replace(",", "")
    if sorted(order) != list(_LINES):
        return "Use each of the nine letters A to I once."
    place = {letter: order.index(letter) for letter in order}
    before = {
        "loops-swapped": "EB",
        "total-reset": "HB",
        "total-outside": "EH",
        "outside-loop": "BD",
        "loss-before-logits": "DG",
        "backward-before-loss": "GC",
        "step-before-backward": "CA",
        "total-before-loss": "GI",
        "zero-grad-outside": "BF",
    }
    for key, (first, second) in before.items():
        if place[first] > place[second]:
            return key
    if place["C"] < place["F"] < place["A"]:
        return "gradients-wiped"
    return None


REORDER = Exercise(
    name="06.reorder",
    title="Put a training loop in order",
    difficulty=2,
    minutes=3,
    stub="order = TODO",
    solution='order = "EHBDGFCAI"',
    why=(
        "Epochs hold batches. Logits come before the loss, the loss before its gradients, those "
        "before the step; the old gradients go anywhere but between backward and step."
    ),
    hints=(
        "Which of the two `for` lines runs fifteen times in all? It stands outside.",
        "Work backwards from the step: what must exist before it, and before that?",
        "D before G before C before A. F may stand anywhere in the inner loop, as long as it does "
        "not come between C and A. H must run once an epoch.",
    ),
    accepts=_right_order,
    mistakes=(
        Mistake(
            "loops-swapped",
            lambda: "BHEDGFCAI",
            "Your batches hold epochs: each batch would be used fifteen times in a row before the "
            "next one is seen.",
        ),
        Mistake(
            "total-reset",
            lambda: "EBHDGFCAI",
            "Your sum goes back to zero in every batch. It belongs to an epoch: once before the "
            "batches of each.",
        ),
        Mistake(
            "total-outside",
            lambda: "HEBDGFCAI",
            "Your sum starts once for all epochs, so that it grows from epoch to epoch. It should "
            "start anew in each.",
        ),
        Mistake(
            "outside-loop",
            lambda: "EHDBGFCAI",
            "The model is called before there is a batch. What reads x or y belongs under the loop "
            "over batches.",
        ),
        Mistake(
            "loss-before-logits",
            lambda: "EHBGDFCAI",
            "The loss is computed from the logits, so the logits come first.",
        ),
        Mistake(
            "backward-before-loss",
            lambda: "EHBFDCGAI",
            "backward() starts from a loss. There is none yet for this batch.",
        ),
        Mistake(
            "step-before-backward",
            lambda: "EHBFDGACI",
            "The step comes before this batch's gradients. It has nothing to go by, or only those "
            "of another batch.",
        ),
        Mistake(
            "total-before-loss",
            lambda: "EHBIFDGCA",
            "You add this batch's loss before it has been computed.",
        ),
        Mistake(
            "zero-grad-outside",
            lambda: "EHFBDGCAI",
            "The gradients are cleared once an epoch. Every batch adds its own to the heap; clear "
            "them once a batch.",
        ),
        Mistake(
            "gradients-wiped",
            lambda: "EHBDGCFAI",
            "You clear the gradients between backward and step: the step finds nothing to go by.",
        ),
    ),
)


def _right_checkpoint(answer):
    letters = set(answer.upper().replace(" ", "").replace(",", ""))
    if not letters <= set("ABCDEFG"):
        return "Use letters from A to G."
    missing = {"A": "weights", "B": "optimizer", "C": "epoch", "D": "random-state"}
    for letter, key in missing.items():
        if letter not in letters:
            return key
    superfluous = {"E": "gradients", "F": "digits", "G": "logits"}
    return next((key for letter, key in superfluous.items() if letter in letters), None)


CHECKPOINT = Exercise(
    name="06.checkpoint",
    title="What must a checkpoint hold?",
    difficulty=2,
    minutes=2,
    stub="keep = TODO",
    solution='keep = "ABCD"',
    why=(
        "Weights, the optimizer's memory, the epoch and the state of the random numbers are all "
        "that the next epoch reads. Everything else is computed from these and from the digits."
    ),
    hints=(
        "Go through the lines of the loop at the start of an epoch: what does each of them read "
        "that was changed by the epochs before?",
        "Adam remembers two running averages for every weight, and shuffle=True rolls dice.",
    ),
    accepts=_right_checkpoint,
    mistakes=(
        Mistake("weights", lambda: "BCD", "Without the weights there is nothing to go on with."),
        Mistake(
            "optimizer",
            lambda: "ACD",
            "Adam keeps two running averages for every weight. Without them its first steps after "
            "the restart differ from those of a run that was never stopped.",
        ),
        Mistake(
            "epoch",
            lambda: "ABD",
            "Without the number of the epoch nobody knows how many are left.",
        ),
        Mistake(
            "random-state",
            lambda: "ABC",
            "The shuffling reads torch's random numbers. Without their state the batches come in "
            "another order: still training, but no longer the same run.",
        ),
        Mistake(
            "gradients",
            lambda: "ABCDE",
            "The gradients of the last batch are cleared before they are used again.",
        ),
        Mistake(
            "digits",
            lambda: "ABCDF",
            "The digits do not change; they are still where you loaded them from. Copying them "
            "into every checkpoint only fills the disk.",
        ),
        Mistake(
            "logits",
            lambda: "ABCDG",
            "Logits follow from the weights and the digits whenever they are needed.",
        ),
    ),
)
