"""06.untrained_loss: what cross-entropy says of a network that knows nothing."""

import itertools
import math

from helpers.exercises import Exercise, slip


def predicted(*, classes=26, log=math.log, sign=1, instead=lambda loss: loss):
    """The loss of a network that knows nothing: minus the logarithm of one in `classes`."""
    return instead(sign * log(classes))


_KNOWS_NOTHING = "A network that knows nothing gives the right letter the probability 1/26."
_CLASSES = "That is the logarithm of {}. There are 26 letters, and so 26 classes."
_BASE = "That is a logarithm to base {}. Cross-entropy in torch uses the natural one, `math.log`."
_NO_LOG = f"The loss is minus the logarithm of a probability. {_KNOWS_NOTHING}"

SLIPS = (
    *(slip(f"{n}-classes", _CLASSES.format(n), classes=n) for n in (10, 52, 27, 25)),
    slip("base-ten", _BASE.format(10), log=math.log10),
    slip("base-two", _BASE.format(2), log=math.log2),
    slip(
        "sign",
        "The logarithm of a probability is negative; the loss is minus that, so that smaller means "
        "better.",
        sign=-1,
    ),
    slip("probability", _NO_LOG, instead=lambda _: 1 / 26),
    slip(
        "wrong-letters",
        "That goes by 25/26, the probability of a wrong letter. The loss is minus the logarithm of "
        "the right one's.",
        instead=lambda _: 25 / 26,
    ),
    slip(
        "loss-of-wrong-letters",
        "That is minus the logarithm of 25/26. The loss goes by the probability of the right "
        "letter, 1/26.",
        instead=lambda _: -math.log(25 / 26),
    ),
    slip("zero", f"0 would mean: sure and right. {_KNOWS_NOTHING}", instead=lambda _: 0),
    slip("one", f"A loss of 1 is a probability of 37 %. {_KNOWS_NOTHING}", instead=lambda _: 1),
    slip("number-of-classes", _NO_LOG, instead=lambda _: 26),
    slip(
        "mean-over-classes",
        "That is ln 26 divided by 26. The mean is taken over the digits of a batch, not over the "
        "classes.",
        instead=lambda loss: loss / 26,
    ),
    slip(
        "summed-over-classes",
        "That is 26 times ln 26. Only the right letter's probability enters the loss.",
        instead=lambda loss: loss * 26,
    ),
    slip(
        "in-proportion",
        "That is the loss of ten classes times 26/10. A logarithm does not grow in proportion: "
        "take that of 26.",
        instead=lambda _: math.log(10) * 26 / 10,
    ),
)


def judge(loss):
    """None for ln 26 to two figures or more; else the key of a slip or of two, or a sentence."""
    loss = float(loss)
    if abs(loss - predicted()) < 0.005 or abs(loss - 3.3) < 1e-6:
        return None
    plain = [s for s in SLIPS if "instead" not in s.twist]
    pairs = [p for p in itertools.combinations(plain, 2) if not {*p[0].twist} & {*p[1].twist}]
    for slips in (*((one,) for one in SLIPS), *pairs):
        value = predicted(**{name: twist for s in slips for name, twist in s.twist.items()})
        if abs(loss - value) < 0.004 * abs(value) or loss in (
            round(value, 2),
            float(f"{value:.1e}"),
        ):
            return "+".join(s.key for s in slips)
    if not 0 < loss < 20:
        return _NO_LOG
    return (
        f"A loss of {loss:.3g} would mean that the right letter has the probability "
        f"exp(-{loss:.3g}) = {math.exp(-loss):.2g}, one of {math.exp(loss):.3g} classes. There are "
        "26."
    )


EXERCISE = Exercise(
    name="06.untrained_loss",
    title="Predict the first loss of another network",
    difficulty=1,
    minutes=1,
    solution="first_loss = math.log(26)",
    walk=predicted,
    why="Who knows nothing gives each of 26 letters the probability 1/26, and -ln(1/26) is ln 26.",
    hints=(
        "Which probability does a network that has seen nothing give to each of 26 letters?",
        "Cross-entropy is minus the natural logarithm of the probability of the right class. For "
        "ten digits it was `-math.log(1/10)`.",
    ),
    accepts=judge,
    slips=SLIPS,
)
