"""The exercises of notebook 06 in the order of the notebook; each lives in a module beside this."""

from helpers.exercises.nb06_accuracy import ACCURACY
from helpers.exercises.nb06_bugs import BUG_1, BUG_2, BUG_3, BUG_4
from helpers.exercises.nb06_loops import CHECKPOINT, REORDER
from helpers.exercises.nb06_shapes import TRACE_SHAPES, UNTRAINED_LOSS
from helpers.exercises.nb06_step import TRAIN_STEP

EXERCISES = (
    TRACE_SHAPES,
    UNTRAINED_LOSS,
    TRAIN_STEP,
    REORDER,
    ACCURACY,
    CHECKPOINT,
    BUG_1,
    BUG_2,
    BUG_3,
    BUG_4,
)
