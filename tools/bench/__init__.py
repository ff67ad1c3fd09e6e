"""What the course claims about time, measured on this machine: `python course.py bench`."""
