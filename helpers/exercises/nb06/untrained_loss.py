"""06.untrained_loss: what cross-entropy says of a network that knows nothing."""

import math

from helpers.exercises import Exercise, slip

RIGHT = math.log(26)
_KNOWS_NOTHING = "A network that knows nothing gives the right letter the probability 1/26."
_LETTERS = "There are 26 letters, and so 26 classes."

SLIPS = (
    slip("ten-classes", f"ln 10 is for ten classes. {_LETTERS}", lambda: math.log(10)),
    slip("cut-off", "3.258 to two figures is 3.3: rounded, not cut off.", lambda: 3.2),
    slip("letters-twice", f"ln 52 is for 52 classes. {_LETTERS}", lambda: math.log(52)),
    slip("one-letter-more", f"ln 27 is for 27 classes. {_LETTERS}", lambda: math.log(27)),
    slip("one-letter-less", f"ln 25 is for 25 classes. {_LETTERS}", lambda: math.log(25)),
    slip("batch", f"ln 100 is for 100 classes. {_LETTERS}", lambda: math.log(100)),
    slip("pixels", f"ln 784 is for 784 classes. {_LETTERS}", lambda: math.log(784)),
    slip(
        "base-ten",
        "That is the logarithm to base 10. Cross-entropy in torch uses the natural logarithm, "
        "`math.log`.",
        lambda: math.log10(26),
    ),
    slip(
        "base-two",
        "That is the logarithm to base 2, which measures in bits. Cross-entropy in torch uses the "
        "natural logarithm, `math.log`.",
        lambda: math.log2(26),
    ),
    slip(
        "probability",
        "That is the probability of the right letter. The loss is minus its logarithm.",
        lambda: 1 / 26,
    ),
    slip(
        "probability-of-the-others",
        "That is the probability of a wrong letter. The loss is minus the logarithm of the right "
        "one's.",
        lambda: 25 / 26,
    ),
    slip(
        "loss-of-the-others",
        "That is minus the logarithm of 25/26. The loss goes by the probability of the right "
        "letter, 1/26.",
        lambda: -math.log(25 / 26),
    ),
    slip(
        "sign",
        "The logarithm of a probability is negative; the loss is minus that, so that smaller means "
        "better.",
        lambda: -RIGHT,
    ),
    slip("zero", f"0 would mean: sure and right. {_KNOWS_NOTHING}", lambda: 0),
    slip("one", f"A loss of 1 is a probability of 1/e, 37 %. {_KNOWS_NOTHING}", lambda: 1),
    slip(
        "classes",
        "26 is how many classes there are. The loss is minus the logarithm of a probability.",
        lambda: 26,
    ),
    slip(
        "mean-over-classes",
        "That is ln 26 divided by 26. The mean is taken over the digits of a batch, not over the "
        "classes.",
        lambda: RIGHT / 26,
    ),
    slip(
        "summed-over-classes",
        "That is 26 times ln 26. Only the right letter's probability enters the loss.",
        lambda: RIGHT * 26,
    ),
    slip(
        "softmax-twice",
        "That is the best a loss can do after a softmax too many. Here nothing was trained yet.",
        lambda: 1.4612,
    ),
)  # fmt: skip


def judge(loss):
    """None for ln 26 to two figures or more; else the key of a slip, or a sentence."""
    loss = float(loss)
    if abs(loss - RIGHT) < 0.005 or abs(loss - 3.3) < 1e-6:
        return None
    for one in SLIPS:
        value = one.wrong()
        if abs(loss - value) < 0.004 * abs(value) + 1e-9 or loss in (
            round(value, 2),
            float(f"{value:.1e}"),
        ):
            return one.key
    if not 0 < loss < 20:
        return f"The loss is minus the logarithm of a probability. {_KNOWS_NOTHING}"
    return (
        f"A loss of {loss:.3g} would mean that the right letter has the probability "
        f"exp(-{loss:.3g}) = {math.exp(-loss):.2g}, one of {math.exp(loss):.3g} classes. {_LETTERS}"
    )


EXERCISE = Exercise(
    name="06.untrained_loss",
    title="Predict the first loss of another network",
    difficulty=1,
    minutes=1,
    solution="first_loss = math.log(26)",
    why="Who knows nothing gives each of 26 letters the probability 1/26, and -ln(1/26) is ln 26.",
    hints=(
        "Which probability does a network that has seen nothing give to each of 26 letters?",
        "Cross-entropy is minus the natural logarithm of the probability of the right class. For "
        "ten digits it was `-math.log(1/10)`.",
    ),
    accepts=judge,
    slips=SLIPS,
)
