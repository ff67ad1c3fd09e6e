"""06.bug_3: probabilities that add up to 1 over the batch."""

from helpers.exercises.letters import one_letter

EXERCISE = one_letter(
    "06.bug_3",
    "The first loss that is too large",
    right="B",
    why="Along axis 0 the probabilities of a class add up to 1 over the batch, so an untrained "
    "network gives 1/100 to each, and the first loss is ln 100 = 4.6. Along axis 1 it is ln 10 = "
    "2.3.",
    hints=(
        "You predicted the first loss for ten classes. From how many choices does 4.6 come? Try "
        "`math.exp(4.6)`.",
        "There are a hundred digits in a batch. Which line lets them compete with each other?",
        "Ten classes of one digit should compete, along axis 1. Which line has another axis?",
    ),
    wrong={
        "A": ("logits", "The logits are (100, 10): one row a digit, as they should be."),
        "C": (
            "loss",
            "The loss picks from each row the entry of the right class and takes the mean: right. "
            "Look at what the rows hold.",
        ),
        "D": ("zero-grad", "The gradients are cleared once a batch, before `backward()`: right."),
        "E": ("backward", "The gradients are computed after the loss and before the step: right."),
        "F": ("step", "The step comes after the gradients: right."),
    },
)
