// A show: one notebook over the whole window, page by page. Cells, widgets and kernel stay live.

import { Notes, lines } from "./notes.js";
import { pagesOf, stepsOf } from "./pages.js";

const NEXT = ["ArrowRight", "ArrowDown", "PageDown", " "];
const BACK = ["ArrowLeft", "ArrowUp", "PageUp", "Backspace"];
const STYLE = Object.assign(document.createElement("link"), {
  rel: "stylesheet",
  href: new URL("style.css", import.meta.url).href,
});

export class Show {
  // `CodeCell` is the class of JupyterLab that runs a cell.
  constructor(panel, CodeCell) {
    [this.panel, this.CodeCell] = [panel, CodeCell];
    this.notebook = panel.content;
    this.onKey = this.onKey.bind(this);
    this.fit = this.fit.bind(this);
    this.notes = new Notes(this.onKey);
  }

  // Begin, where the last cell with the focus is; with `run` from the top, and run every cell.
  async start(run) {
    await this.panel.context.ready;
    await this.panel.revealed;
    if (document.querySelector(".showing")) return;
    this.before = this.notebook.notebookConfig;
    this.notebook.notebookConfig = { ...this.before, windowingMode: "none", scrollPastEnd: false };
    document.head.append(STYLE);
    this.lay();
    this.read();
    this.at = 0;
    if (!run) this.goTo(this.pageOf(this.notebook.activeCellIndex));
    this.listen();
    this.show();
    if (run) await this.runAll();
  }

  listen() {
    this.listening = new AbortController();
    const { signal } = this.listening;
    const source = (event) => event.target.closest?.(".jp-MarkdownCell") && swallow(event);
    addEventListener("keydown", this.onKey, { capture: true, signal });
    addEventListener("dblclick", source, { capture: true, signal });
    for (const name of ["focusin", "focusout"]) {
      addEventListener(name, () => this.writeFoot(), { signal });
    }
    addEventListener("resize", this.fit, { signal });
    this.sizes = new ResizeObserver(this.fit);
    this.sizes.observe(this.inner);
    this.notebook.model.cells.changed.connect(this.onCells, this);
  }

  // Give the window back to JupyterLab.
  leave() {
    this.listening.abort();
    this.sizes.disconnect();
    this.notebook.model.cells.changed.disconnect(this.onCells, this);
    this.notes.close();
    this.foot.remove();
    STYLE.remove();
    for (const node of this.path) node.classList.remove("showing-path");
    this.notebook.node.classList.remove("showing");
    document.body.classList.remove("show-blank");
    for (const { node } of this.notebook.widgets) node.classList.remove("shown", "waiting", "folded");
    this.notebook.notebookConfig = this.before;
    this.notebook.scrollToCell(this.notebook.activeCell);
  }

  // Put the notebook over the whole window; what is beside its ancestors is not shown.
  lay() {
    this.path = [];
    for (let n = this.notebook.node.parentElement; n !== document.body; n = n.parentElement) {
      n.classList.add("showing-path");
      this.path.push(n);
    }
    this.notebook.node.classList.add("showing");
    this.outer = this.notebook.node.querySelector(".jp-WindowedPanel-outer");
    this.inner = this.notebook.node.querySelector(".jp-WindowedPanel-viewport");
    this.foot = document.createElement("footer");
    this.foot.className = "show-foot";
    for (const name of ["notes", "where", "keys", "count"]) {
      this.foot.append(Object.assign(document.createElement("div"), { className: name }));
    }
    this.notebook.node.append(this.foot);
  }

  read() {
    this.pages = pagesOf(this.notebook.widgets.map((cell) => cell.model));
    this.steps = stepsOf(this.pages);
  }

  onCells() {
    const page = this.steps[this.at].page;
    this.read();
    this.goTo(page);
    this.show();
  }

  // --- Moving ------------------------------------------------------------------------------------

  pageOf(index) {
    const number = this.pages.findIndex((page) => page.cells.at(-1).index >= index);
    return number < 0 ? this.pages.length - 1 : number;
  }

  goTo(page, last = false) {
    const found = this.steps.map((step) => step.page === page);
    this.at = Math.max(0, last ? found.lastIndexOf(true) : found.indexOf(true));
  }

  move(by) {
    const to = Math.min(Math.max(this.at + by, 0), this.steps.length - 1);
    if (to === this.at) return;
    this.at = to;
    this.show();
  }

  // To the next or the last page that opens a section.
  jump(by) {
    let page = this.steps[this.at].page + by;
    while (this.pages[page] && !this.pages[page].opens) page += by;
    this.goTo(Math.min(Math.max(page, 0), this.pages.length - 1));
    this.show();
  }

  show() {
    const { page, step } = this.steps[this.at];
    const { cells } = this.pages[page];
    const turned = this.page !== page;
    this.page = page;
    this.notebook.widgets.forEach((cell, index) => {
      const on = cells.find((entry) => entry.index === index);
      cell.node.classList.toggle("shown", Boolean(on && on.step <= step));
      cell.node.classList.toggle("waiting", Boolean(on && on.step > step));
      cell.node.classList.toggle("folded", Boolean(on && on.fold && !this.unfolded));
    });
    const shown = cells.filter((entry) => entry.step <= step);
    const fresh = shown.filter((entry) => turned || entry.step === step);
    const chosen = fresh.find(({ index }) => this.isCode(index)) ?? (turned && shown[0]);
    if (chosen) this.choose(chosen.index);
    if (turned) this.outer.scrollTop = 0;
    this.fit();
    this.writeFoot();
    this.notes.tell(this.pages, page);
  }

  isCode(index) {
    return this.notebook.widgets[index].model.type === "code";
  }

  choose(index) {
    this.notebook.activeCellIndex = index;
    this.notebook.deselectAll();
    this.takeKeys();
  }

  // Keys move the slides again: nothing that keeps them has the focus.
  takeKeys() {
    this.notebook.mode = "command";
    document.activeElement?.blur();
    this.notebook.node.focus({ preventScroll: true });
  }

  // --- Size --------------------------------------------------------------------------------------

  // Type 1.5 times as large as in JupyterLab, on a larger window more. A page that is too tall for
  // that gives up the size of its pictures and widgets first, then some of its type.
  fit() {
    const { style } = this.notebook.node;
    const set = (type, picture) => {
      style.setProperty("--type", type);
      style.setProperty("--picture", picture);
    };
    style.setProperty("--room", 1.5 * Math.min(innerWidth / 1280, innerHeight / 720));
    set(1, 1);
    const fits = () => this.inner.offsetHeight <= this.outer.clientHeight;
    for (let picture = 1; !fits() && picture > 0.6; picture -= 0.04) set(1, picture);
    for (let type = 0.96; !fits() && type > 0.5; type -= 0.04) set(type, Math.min(0.6, type));
  }

  // --- Keys --------------------------------------------------------------------------------------

  // What keeps its keys: a widget or a field in an output, or the editor of a cell.
  keeper() {
    const focus = document.activeElement;
    if (!focus || !this.notebook.node.contains(focus)) return null;
    if (focus.closest(".cm-editor")) return "cell";
    const inside = focus.closest(".jp-OutputArea-output");
    return inside && focus !== inside && focus.matches(KEEPERS) ? "widget" : null;
  }

  onKey(event) {
    const { key, ctrlKey, metaKey, altKey, shiftKey } = event;
    const here = event.view === window;
    if (document.querySelector(".jp-Dialog")) return;
    const keeper = here && this.keeper();
    if (key === "Escape" && here && !document.querySelector(".jp-Completer:not(.lm-mod-hidden)")) {
      swallow(event);
      return keeper ? this.takeKeys() : this.leave();
    }
    if (key === "Enter" && (shiftKey || ctrlKey) && keeper !== "widget") {
      swallow(event);
      return this.run();
    }
    if (keeper || ctrlKey || metaKey || altKey) return;
    const action = this.actionOf(key, shiftKey);
    if (action) action();
    else if (key === "Enter" ? this.isCode(this.notebook.activeCellIndex) : key.length > 1) return;
    swallow(event); // letters would edit the notebook; F11, Tab, Enter do what they do elsewhere
  }

  actionOf(key, shiftKey) {
    const by = (NEXT.includes(key) && 1) || (BACK.includes(key) && -1);
    if (by && shiftKey) return key === " " ? () => this.move(-1) : () => this.jump(by);
    if (by) return () => this.move(by);
    return {
      Home: () => this.move(-this.steps.length),
      End: () => this.move(this.steps.length),
      c: () => this.unfold(),
      n: () => this.notes.toggle() ? this.notes.tell(this.pages, this.page) : this.notesBelow(),
      N: () => this.notesBelow(),
      b: () => document.body.classList.toggle("show-blank"),
      ".": () => document.body.classList.toggle("show-blank"),
    }[key];
  }

  unfold() {
    this.unfolded = !this.unfolded;
    this.show();
  }

  notesBelow() {
    this.below = !this.below;
    this.writeFoot();
  }

  // --- Running -----------------------------------------------------------------------------------

  // Run the chosen cell and choose the next one with code on this page, if there is one.
  async run() {
    const { page, step } = this.steps[this.at];
    const { activeCell, activeCellIndex } = this.notebook;
    const shown = this.pages[page].cells.filter((entry) => entry.step <= step);
    if (!shown.some(({ index }) => index === activeCellIndex)) return;
    const after = shown.find(({ index }) => index > activeCellIndex && this.isCode(index));
    this.choose(after?.index ?? activeCellIndex);
    await this.execute(activeCell);
  }

  // Run one cell; the page keeps its place and the focus. What it raises stands in its output.
  async execute(cell) {
    if (cell.model.type !== "code") return;
    await this.panel.sessionContext.ready;
    await this.CodeCell.execute(cell, this.panel.sessionContext).catch(() => {});
  }

  // Run the notebook from top to bottom, so that every page is live when its turn comes.
  async runAll() {
    const cells = this.notebook.widgets.filter((cell) => cell.model.type === "code");
    for (this.left = cells.length; this.left && this.foot.isConnected; this.left -= 1) {
      this.writeFoot();
      await this.execute(cells.at(-this.left));
    }
    this.writeFoot();
  }

  // --- The line at the bottom --------------------------------------------------------------------

  writeFoot() {
    const page = this.pages[this.page];
    const keeper = this.keeper();
    const text = {
      notes: this.below ? lines(page.notes).map((line) => line.join("")).join("\n") : "",
      where: page.section,
      keys: keeper ? `The ${keeper} has the keys: Escape gives them back` : "",
      count: `${this.left ? `${this.left} cells to run · ` : ""}${this.page + 1} / ${this.pages.length}`,
    };
    for (const node of this.foot.children) node.textContent = text[node.className];
  }
}

const KEEPERS = "input, select, textarea, button, canvas, [tabindex], [contenteditable]";

function swallow(event) {
  event.preventDefault();
  event.stopImmediatePropagation();
}
