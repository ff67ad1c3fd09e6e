// The speaker's window: notes of the page, what comes next, the time that was planned and spent.

import { minutesOf } from "./pages.js";

const STYLE = `
  body { font: 20px/1.4 system-ui, sans-serif; margin: 1em 1.2em; color: #111; background: #fff; }
  header, footer { display: flex; gap: 1.5em; justify-content: space-between; color: #444; }
  h1 { font-size: 1.2em; margin: 0.6em 0; }
  p { margin: 0.4em 0; }
  footer { border-top: 1px solid #bbb; margin-top: 1.2em; padding-top: 0.5em; }
  @media (prefers-color-scheme: dark) {
    body { color: #eee; background: #111; }
    header, footer { color: #bbb; }
  }`;

export class Notes {
  // `keys` are also handled here, so that the slides move when this window has the focus.
  constructor(keys) {
    this.keys = keys;
    this.began = Date.now();
    this.window = null;
  }

  // Open the window, or close it. False: the browser did not allow it.
  toggle() {
    if (this.window && !this.window.closed) return this.close();
    this.window = window.open("", "course-notes", "popup,width=720,height=620");
    if (!this.window) return false;
    const page = this.window.document;
    page.title = "Notes";
    page.head.replaceChildren(Object.assign(page.createElement("style"), { textContent: STYLE }));
    this.window.addEventListener("keydown", this.keys, true);
    clearInterval(this.clock);
    this.clock = setInterval(() => this.draw(), 1000);
    return true;
  }

  close() {
    clearInterval(this.clock);
    this.window?.close();
    this.window = null;
    return true;
  }

  // Say where the show is: all pages, the number of the present one.
  tell(pages, number) {
    [this.pages, this.number] = [pages, number];
    this.draw();
  }

  draw() {
    if (!this.window || this.window.closed || !this.pages) return;
    const { pages, number } = this;
    const planned = pages.slice(0, number + 1).reduce((sum, p) => sum + minutesOf(p.notes), 0);
    const spent = new Date(Date.now() - this.began).toISOString().slice(11, 19);
    const page = this.window.document;
    const make = (tag, ...children) => {
      const node = page.createElement(tag);
      node.append(...children);
      return node;
    };
    const next = pages[number + 1];
    page.body.replaceChildren(
      make(
        "header",
        `Page ${number + 1} of ${pages.length}`,
        `${spent} spent, ${planned} min planned until the end of this page`,
      ),
      make("h1", pages[number].section),
      ...lines(pages[number].notes).map(([label, text]) =>
        make("p", ...(label ? [make("b", label), text] : [text])),
      ),
      make("footer", next ? `Next: ${next.section}` : "This is the last page."),
    );
  }
}

// The lines of notes, each as [its label with the colon, or nothing; the rest].
export function lines(notes) {
  const all = notes.flatMap((note) => note.split("\n")).filter((line) => line.trim());
  return all.map((line) => /^([A-Z][\w ]{2,20}:)?(.*)$/s.exec(line).slice(1));
}
