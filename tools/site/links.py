"""Whether all that a site's pages load or link to is there, and none of it on another host."""

import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

from bs4 import BeautifulSoup

LOADED = {"img": "src", "script": "src", "link": "href", "source": "src", "iframe": "src"}
STYLE = r"""(?:url\(|@import)\s*['"]?((?:https?:)?//[^'")]+)"""


def broken(site):
    """{file: what is wrong with its links and pictures} of a site's pages and styles."""
    pages = {path: _parse(path) for path in sorted(site.rglob("*.html"))}
    anchors = {path: {tag["id"] for tag in page.find_all(id=True)} for path, page in pages.items()}
    found = {}
    for path, page in pages.items():
        faults = [*_elsewhere(page), *_missing(path, page, anchors)]
        if faults:
            found[str(path.relative_to(site))] = ", ".join(dict.fromkeys(faults))
    for path in site.rglob("*.css"):
        if addresses := re.findall(STYLE, path.read_text(encoding="utf-8")):
            found[str(path.relative_to(site))] = f"loads {', '.join(addresses)}"
    return found


def _parse(path):
    return BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")


def _elsewhere(page):
    """What a page would load from another host."""
    for name, attribute in LOADED.items():
        for tag in page.find_all(name):
            address = tag.get(attribute, "")
            if urlsplit(address).netloc:
                yield f"loads {address}"
    for address in re.findall(STYLE, str(page)):
        yield f"loads {address}"


def _missing(path, page, anchors):
    """Local addresses that lead nowhere, pictures without alternative text."""
    for tag in page.find_all(["a", *LOADED]):
        address = tag.get(LOADED.get(tag.name, "href"), "")
        parts = urlsplit(address)
        if tag.name == "img" and not tag.get("alt"):
            yield f"no alternative text: {address}"
        if parts.scheme or parts.netloc or not address:
            continue
        target = Path(path.parent, unquote(parts.path)).resolve() if parts.path else path
        if not target.is_file():
            yield f"leads nowhere: {address}"
        elif parts.fragment and unquote(parts.fragment) not in anchors.get(target, ()):
            yield f"no such place: {address}"
