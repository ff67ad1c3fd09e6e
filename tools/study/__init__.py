"""Long runs on the full MNIST whose small results are committed: `python -m tools.study NAME`."""
