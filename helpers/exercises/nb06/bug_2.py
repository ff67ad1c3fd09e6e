"""06.bug_2: softmax before a loss that does its own."""

from helpers.exercises.letters import one_letter

EXERCISE = one_letter(
    "06.bug_2",
    "The loss that cannot fall",
    right="BC",
    why="Cross-entropy does a softmax of its own. Probabilities lie between 0 and 1, so the best "
    "that it can see is 1 against nine zeros: -ln(e / (e + 9)) = 1.4612.",
    hints=(
        "Nearly all predictions are right, so the network is not the trouble. What does the loss "
        "get to see of it?",
        "`F.cross_entropy` wants logits, any numbers at all. Which numbers does it get here, and "
        "how far apart can they be?",
        "The loss gets `probabilities`. Change the line that makes them or the one that uses them.",
    ),
    wrong={
        "A": ("logits", "The model gives one raw logit a class, which is what is wanted."),
        "D": (
            "zero-grad",
            "The gradients are cleared once a batch, before `backward()`. That is in order, and "
            "the accuracy shows that the network learns.",
        ),
        "E": ("backward", "The gradients are computed after the loss and before the step: right."),
        "F": ("step", "The step comes after the gradients: right. The weights do move."),
    },
)
