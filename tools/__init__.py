"""What only maintainers and instructors run (`python -m tools.NAME`); no notebook imports it."""
