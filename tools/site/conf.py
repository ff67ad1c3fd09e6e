"""The settings of Sphinx, MyST-NB and the theme: all that is loaded is local, nothing is run."""

from pathlib import Path

HERE = Path(__file__).parent
SETTINGS = {
    "project": "Convolutional networks",
    "extensions": ["myst_nb", "tools.site.formulas"],
    "root_doc": "index",
    "language": "en",
    "nb_execution_mode": "off",
    "nb_code_prompt_show": "Show the code that draws this",
    "nb_code_prompt_hide": "Hide the code",
    "myst_enable_extensions": ["dollarmath"],
    "html_theme": "furo",
    "templates_path": [str(HERE / "templates")],
    "html_title": "Convolutional networks",
    "html_favicon": str(HERE / "assets" / "favicon.svg"),
    "html_static_path": [str(HERE / "assets")],
    "html_css_files": ["course.css"],
    "html_js_files": [("course.js", {"defer": "defer"})],
    "html_copy_source": False,
    "html_show_copyright": False,
    "html_show_search_summary": False,  # it would fetch pages, which file:// forbids
    "html_use_index": False,
    "html_permalinks_icon": "#",
}
