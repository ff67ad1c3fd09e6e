"""What several notebooks share: small, and nothing that is itself the lesson.

The names below come from `helpers.checking` when first used, so that `import helpers` is quick.
"""

__all__ = ["TODO", "check", "hint", "progress", "solution"]


def __getattr__(name):
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from helpers import checking

    return getattr(checking, name)


def __dir__():
    return sorted({*globals(), *__all__})
