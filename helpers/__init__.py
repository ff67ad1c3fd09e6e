"""What several notebooks share: small, and nothing that is itself the lesson."""

from helpers.checking import TODO, check, hint, progress, solution

__all__ = ["TODO", "check", "hint", "progress", "solution"]
