"""The sentinel of a stub, and what is raised where an answer gives it; no torch in here."""


class _Todo:
    """There is one, and copies of it are itself."""

    def __repr__(self):
        return "TODO"

    def __copy__(self):
        return self

    def __deepcopy__(self, memo):
        return self


TODO = _Todo()


class Unanswered(BaseException):
    """The answer gave TODO. No Exception, so that an `except Exception` does not swallow it."""


def holds_todo(value, depth=4):
    """Whether a value, or a tuple, list or dict of values, is not answered yet."""
    if type(value) is dict:
        value = tuple(value.values())
    is_row = type(value) in (list, tuple) and depth > 0
    return value is TODO or (is_row and any(holds_todo(v, depth - 1) for v in value[:1000]))


def guarded(function):
    """The same function, but one that raises Unanswered where it would return TODO."""

    def call(*args, **kwargs):
        value = function(*args, **kwargs)
        if holds_todo(value):
            raise Unanswered
        return value

    return call
