"""Exercises of notebook 06: find the bug in four training loops that run without an error."""

from helpers.exercises import Exercise, Mistake


def _letter(answers, wrong):
    """Accept some letters; name the mistake for others; `wrong` maps a letter to a key."""

    def accepts(answer):
        letter = answer.strip().upper()
        if letter in set(answers):
            return None
        return wrong.get(letter, f"{letter!r} is not one of the letters of this loop.")

    return accepts


def _bug(number, title, stub, answers, why, hints, wrong):
    """A choice of one letter; `wrong` maps each other letter to a key and a message."""
    return Exercise(
        name=f"06.bug_{number}",
        title=title,
        difficulty=2,
        minutes=2,
        stub=stub,
        solution=f'bug_{number} = "{answers[0]}"',
        why=why,
        hints=hints,
        accepts=_letter(answers, {letter: key for letter, (key, _) in wrong.items()}),
        mistakes=tuple(
            Mistake(key, lambda letter=letter: letter, message)
            for letter, (key, message) in wrong.items()
        ),
    )


BUG_1 = _bug(
    1,
    "The loss that climbs",
    "bug_1 = TODO",
    "BCDF",
    "No line clears the gradients, so each step goes by the sum of all gradients so far. "
    "optimizer.zero_grad() may stand before B, C or D, or after the step.",
    (
        "Nothing in the loop is wrong; something is missing. Which of the lines that you met while "
        "you built the loop is not here?",
        "backward() adds. Where must the old gradients go away: once for all, or once a batch? And "
        "between which two lines must they stay?",
    ),
    {
        "A": (
            "cleared-once",
            "Before A it runs once, and the second batch adds to the gradients of the first. It "
            "has to run in every batch.",
        ),
        "E": (
            "wiped",
            "Between backward() and step() it would wipe what backward() has just computed. The "
            "weights would never move.",
        ),
    },
)

BUG_2 = _bug(
    2,
    "The loss that cannot fall",
    "bug_2 = TODO",
    "BC",
    "Cross-entropy does a softmax of its own. Probabilities lie between 0 and 1, so the best that "
    "it can see is 1 against nine zeros: -ln(e / (e + 9)) = 1.4612.",
    (
        "The predictions are all right, so the network is not the trouble. What does the loss get "
        "to see of it?",
        "F.cross_entropy wants logits, any numbers at all. Which numbers does it get here, and how "
        "far apart can they be?",
    ),
    {
        "A": ("logits", "The model gives one raw logit a class, which is what is wanted."),
        "D": (
            "zero-grad",
            "The gradients are cleared once a batch, before backward(). That is in order, and the "
            "accuracy shows that the network learns.",
        ),
        "E": ("backward", "The gradients are computed after the loss and before the step: right."),
        "F": ("step", "The step comes after the gradients: right. The weights do move."),
    },
)

BUG_3 = _bug(
    3,
    "The first loss that is too large",
    "bug_3 = TODO",
    "B",
    "Along axis 0 the probabilities of a class add up to 1 over the batch, so an untrained network "
    "gives 1/100 to each, and the first loss is ln 100 = 4.6. Along axis 1 it is ln 10 = 2.3.",
    (
        "You predicted the first loss for ten classes. From how many choices does 4.6 come? Try "
        "math.exp(4.6).",
        "There are a hundred digits in a batch. Which line lets them compete with each other?",
    ),
    {
        "A": ("logits", "The logits are (100, 10): one row a digit, as they should be."),
        "C": (
            "loss",
            "The loss picks from each row the entry of the right class and takes the mean: right. "
            "Look at what the rows hold.",
        ),
        "D": ("zero-grad", "The gradients are cleared once a batch, before backward(): right."),
        "E": ("backward", "The gradients are computed after the loss and before the step: right."),
        "F": ("step", "The step comes after the gradients: right."),
    },
)

BUG_4 = _bug(
    4,
    "The accuracy that changes by itself",
    "bug_4 = TODO",
    "C",
    "Dropout throws numbers away as long as the model is in train mode. eval() switches it off, "
    "and train() has to switch it on again before training goes on. no_grad() only saves memory "
    "and time.",
    (
        "Nothing was trained between the three calls, and the digits were the same. What in this "
        "model rolls dice?",
        "Two switches look alike: one stops recording for gradients, the other tells layers such "
        "as dropout that they are being measured. Which one concerns the dice?",
    ),
    {
        "A": (
            "no-grad",
            "no_grad() stops the recording for backward(). That saves memory, and it is a good "
            "line here, but dropout goes on as before.",
        ),
        "B": (
            "seed",
            "With a seed the same numbers are thrown away each time. The accuracy no longer "
            "changes, but it is still that of a crippled network.",
        ),
        "D": (
            "no-return",
            "The measuring is right now, but the model stays in eval mode, and the next epoch "
            "trains without dropout.",
        ),
        "E": (
            "axis",
            "Axis 1 holds the ten classes of a digit, and the largest of them is its prediction: "
            "that line is right.",
        ),
    },
)
