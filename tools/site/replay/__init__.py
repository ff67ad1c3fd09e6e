"""Widgets on a page: for now their static picture."""


def embed(name, options, picture):
    """HTML that stands in the widget's place."""
    return picture


def assets(folder):
    """Write what all widgets of the site share into `folder`."""
