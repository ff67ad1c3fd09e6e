"""Live widgets: `front` is what all of them share, every other folder is one widget."""
