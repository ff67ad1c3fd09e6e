"""The course as pages: Sphinx turns the committed notebooks into HTML; nothing is executed."""
