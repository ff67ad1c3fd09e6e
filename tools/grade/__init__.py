"""Grading a class: whose answers there are, running each apart, judging values, tables and pages.

collecting (files) -> answers (cells, and what they need) -> batch (who judges what) -> driving (one
process a notebook, made by zygote, held by cage, run by runner, heard over wire) -> grading (a row
an answer; keeping keeps it) -> flags, tables, pages.
"""
