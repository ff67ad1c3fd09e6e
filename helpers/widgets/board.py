"""The older name of `front.board`, kept for imports outside this folder."""

from helpers.widgets.front.board import Board, State

__all__ = ["Board", "State"]
