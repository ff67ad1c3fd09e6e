"""Small shared module of the course: what several notebooks need, and nothing that is itself the lesson."""

from helpers.checking import TODO, check, hint, progress, solution

__all__ = ["TODO", "check", "hint", "progress", "solution"]
