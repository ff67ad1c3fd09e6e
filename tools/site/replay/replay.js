// A recording in the place of a kernel: answers what board.js sends with what was recorded.
// The file is made by pack.py; which holes its texts have is in record.py.

const [VERSION, TYPED, COUNT, SAID] = ["\x01", "\x03", "\x04", "\x05"];
const [BLOCK, NEW, SAME] = [64, 0, 1];
const OUTSIDE =
  "This page holds recorded answers, and none for that: open the notebook in JupyterLab to try it.";

async function inflated(text) {
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Response(stream).arrayBuffer();
}

// The number that a reader wrote (2, -1, 0.5, 0,5 or 1/9), or null; as front/fields.py reads it.
function number(text, largest) {
  const plain = (part) =>
    /^\s*[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?\s*$/i.test(part) ? Number(part) : NaN;
  const [top, ...rest] = text.trim().replaceAll("\u2212", "-").replaceAll(",", ".").split("/");
  const value = rest.length ? plain(top) / plain(rest.join("/")) : plain(top);
  return Number.isFinite(value) && Math.abs(value) <= largest ? value : null;
}

function escaped(text) {
  const names = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#x27;" };
  return text.replace(/[&<>"']/g, (letter) => names[letter]);
}

// One recorded widget, from the `start`-th call of its script on.
class Recording {
  static async open(parts, start) {
    const [texts, numbers] = await Promise.all([inflated(parts.texts), inflated(parts.numbers)]);
    const tape = JSON.parse(new TextDecoder().decode(texts));
    return new Recording(tape, new Int32Array(numbers), start);
  }

  constructor(tape, numbers, start) {
    Object.assign(this, { tape, numbers, label: tape.label, keys: tape.keys });
    this.columns = new Map(tape.events.map((event, i) => [event, i]));
    this.width = Math.ceil(tape.known.length / BLOCK);
    this.contexts = [];
    tape.known.forEach((known, i) => {
      if (known < 2) this.contexts.push([-1, -1]);
      this.contexts[this.contexts.length - 1][Math.min(known, 1)] = i;
    });
    this.sections = spelled(tape.sections);
    this.pages = tape.pages.map(summed);
    const [core, seen, version, turn] = tape.starts[start];
    Object.assign(this, { core, version, said: "", typed: "", turn });
    this.seen = new Set(seen);
    this.found = new Set();
  }

  get place() {
    return this.tape.place[this.core];
  }

  get context() {
    const known = this.tape.guarded[this.core] && this.found.has(this.place) ? 1 : 0;
    return this.contexts[this.core][known];
  }

  html() {
    const { chunks, shown } = this.tape;
    const one = (item) => {
      if (item >= 0) return chunks[item];
      const [place, hidden, seen] = shown[-1 - item];
      return this.seen.has(place) ? seen : hidden;
    };
    const sections = this.pages.map((column, i) => this.sections[i][column[this.context]]);
    const page = sections.map((section) => section.map(one).join("")).join("");
    return page
      .replaceAll(VERSION, this.version)
      .replaceAll(COUNT, this.seen.size)
      .replaceAll(SAID, () => escaped(this.said));
  }

  // Take in an event as board.js sends it; false where there is no recording of it.
  handle({ type, name, value = "" }) {
    if (name === "answer") return this.answer(type, value);
    if (type === "enter") return true; // widgets take no notice of it elsewhere
    const event = [type, name, value].join("\n");
    return this.play(event) || this.play(`${event}\n${this.turn}`);
  }

  // What is typed as an answer is kept; Enter and the button give it.
  answer(type, value) {
    if (type === "input") {
      this.typed = value;
      return true;
    }
    const text = type === "enter" ? value : this.typed;
    const [verdict, sentence] = this.tape.said[this.verdict(text)];
    const said = sentence.replaceAll(TYPED, () => text.trim());
    const event = `answer\n${verdict}`;
    return this.play(event, said) || this.play(`${event}\n${this.ahead()}`, said);
  }

  verdict(text) {
    const { said, places, where, near, largest } = this.tape;
    const value = number(text, largest);
    if (value === null) return said.length - 1;
    const [named, bands, other] = places[where[this.core]];
    const hit = named.find(([known]) => Math.abs(value - known) <= near);
    const band = bands.find(([centre, radius]) => Math.abs(value - centre) <= radius);
    return hit ? hit[1] : band ? band[2] : other;
  }

  // The next place that is not found when this one is, around from here; this one if none is.
  ahead() {
    const count = this.tape.count[this.core];
    for (let i = 1; i < count; i++) {
      const place = (this.place + i) % count;
      if (!this.found.has(place)) return place;
    }
    return this.place;
  }

  // An entry of one of the two tables of numbers.
  number(table, column) {
    const row = (table * this.columns.size + column) * this.width + Math.floor(this.context / BLOCK);
    return this.numbers[this.tape.blocks[row] * BLOCK + (this.context % BLOCK)];
  }

  play(event, answer = "") {
    const column = this.columns.get(event);
    if (column === undefined) return false;
    const outcome = this.number(1, column);
    if (!outcome) return false;
    const [seen, found, version, said, turn] = this.tape.outcomes[outcome - 1];
    this.core += this.number(0, column);
    this.seen = changed(this.seen, seen);
    this.found = changed(this.found, found);
    this.version += version;
    if (version) this.typed = "";
    if (said !== null) this.said = said.replaceAll(SAID, () => answer);
    this.turn = turn ?? this.turn;
    return true;
  }
}

// Sections as pack.py tells them by their differences, as lists of numbers.
function spelled(columns) {
  let fresh = 0;
  return columns.map((column) => {
    let last = [];
    return column.map((line) => {
      last = line.map((told, i) => {
        if (told === NEW) return fresh++;
        return told === SAME ? last[i] : told - 2 * (told > 0);
      });
      return last;
    });
  });
}

function summed(steps) {
  let sum = 0;
  return steps.map((step) => (sum += step));
}

function changed(places, change) {
  if (!change) return places;
  const [emptied, ...added] = change;
  return new Set([...(emptied ? [] : places), ...added]);
}

// What board.js knows as its model: anything with label, keys, html(), wiped and handle(event).
class Model {
  constructor(state) {
    this.state = state;
    this.heard = { "change:html": [], "change:answered": [], outside: [] };
    this.page = state.html();
  }

  get(name) {
    const { label, keys, wiped = 0 } = this.state;
    return { label, wants: keys, html: this.page, wipe: wiped }[name];
  }

  send(event) {
    const known = this.state.handle(event);
    const html = this.state.html();
    if (html !== this.page) {
      this.page = html;
      this.tell("change:html");
    }
    this.tell("change:answered");
    if (!known) queueMicrotask(() => this.tell("outside", OUTSIDE));
  }

  tell(what, ...words) {
    this.heard[what].forEach((listener) => listener(...words));
  }

  on(what, listener) {
    this.heard[what]?.push(listener);
  }

  off(what, listener) {
    if (this.heard[what]) this.heard[what] = this.heard[what].filter((one) => one !== listener);
  }
}
