"""The small parts of a page that widgets share: a list to choose from, a switch, a message."""

import html


def choice(name, values, chosen, label=None):
    """A list to choose from; reports data-input=name."""
    options = "".join(
        f'<option value="{value}"{" selected" if value == chosen else ""}>{value}</option>'
        for value in values
    )
    said = label or name
    tag = f'<select data-input="{name}" aria-label="{said}" value="{chosen}">'
    return f"<label>{name if label is None else label} {tag}{options}</select></label>"


def switch(name, label, on, off=False):
    """A box to tick; reports data-input=name, "true" or "false"; `off`: it cannot be used now."""
    marks = (" checked" if on else "") + (" disabled" if off else "")
    return f'<label><input type="checkbox" data-input="{name}"{marks}> {label}</label>'


def says(message, kind="", lines=2):
    """A sentence under the picture, good, bad or neither, with room for some lines."""
    height = f"min-height: {1.35 * lines:g}em"
    return f'<p class="says {kind}" style="{height}">{html.escape(message)}</p>'


def sums(lines, room):
    """Lines of arithmetic, with room for so many."""
    height = f"min-height: {1.35 * room:g}em"
    text = html.escape("\n".join(lines))
    return f'<div class="sum" style="{height}">{text}</div>'
