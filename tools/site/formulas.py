"""LaTeX in the notebooks as MathML, which browsers draw by themselves: no script, no font."""

from docutils import nodes
from latex2mathml.converter import convert


def setup(app):
    """Register the renderer with Sphinx under the name `mathml`."""
    app.add_html_math_renderer("mathml", (_inline, None), (_block, None))
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _inline(translator, node):
    translator.body.append(convert(node.astext()))
    raise nodes.SkipNode


def _block(translator, node):
    formula = convert(node.astext(), display="block")
    translator.body.append(f'<div class="formula">{formula}</div>')
    raise nodes.SkipNode
