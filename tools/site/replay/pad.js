// The digit pad without a kernel: a sheet, its ink, what the network says. Its HTML is that of the
// live pad, with holes that pad.py names; here they are filled.

const PUSHES = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const [PIXEL, SHOWN_MAPS, TILE] = [SHEET / SIDE, 8, 28];

// Bytes of pixels as a picture (BMP, one byte a pixel) that stands in a page.
function data_uri(pixels, height, width, colours) {
  const row = Math.ceil(width / 4) * 4;
  const file = new Uint8Array(54 + 1024 + row * height);
  const header = new DataView(file.buffer);
  file.set([0x42, 0x4d]);
  header.setUint32(2, file.length, true);
  header.setUint32(10, 54 + 1024, true);
  header.setUint32(14, 40, true);
  header.setInt32(18, width, true);
  header.setInt32(22, -height, true); // from the top down
  header.setUint16(26, 1, true);
  header.setUint16(28, 8, true);
  for (let i = 0; i < 256; i++) {
    const [red, green, blue] = colours ? colours[i] : [i, i, i];
    file.set([blue, green, red, 0], 54 + 4 * i);
  }
  for (let i = 0; i < height; i++) {
    file.set(pixels.subarray(i * width, (i + 1) * width), 54 + 1024 + i * row);
  }
  let text = "";
  for (let i = 0; i < file.length; i += 8192) {
    text += String.fromCharCode(...file.subarray(i, i + 8192));
  }
  return `data:image/bmp;base64,${btoa(text)}`;
}

function byte(value) {
  return Math.round(Math.min(Math.max(value, 0), 1) * 255);
}

// The first feature maps of a layer on one scale, side by side in one picture.
function strip({ count, side, values }, colours) {
  const shown = values.subarray(0, Math.min(SHOWN_MAPS, count) * side * side);
  const largest = shown.reduce((most, value) => Math.max(most, Math.abs(value)), 0) || 1;
  const signed = shown.some((value) => value < 0);
  const by = Math.max(1, Math.floor(TILE / side));
  const width = SHOWN_MAPS * (TILE + 1);
  const pixels = new Uint8Array(TILE * width).fill(signed ? 128 : 0);
  for (let map = 0; map < shown.length / (side * side); map++) {
    for (let row = 0; row < side * by; row++) {
      for (let column = 0; column < side * by; column++) {
        const at = (map * side + Math.floor(row / by)) * side + Math.floor(column / by);
        const value = shown[at] / largest;
        pixels[row * width + map * (TILE + 1) + column] = byte(signed ? value / 2 + 0.5 : value);
      }
    }
  }
  return data_uri(pixels, TILE, width, signed ? colours : null);
}

class Pad {
  // `parts`: {texts, numbers}, deflated: what pad.py says of the page, and all weights.
  static async open(parts) {
    const [texts, numbers] = await Promise.all([inflated(parts.texts), inflated(parts.numbers)]);
    return new Pad(JSON.parse(new TextDecoder().decode(texts)), new Float32Array(numbers));
  }

  constructor(told, numbers) {
    Object.assign(this, told, { told, wiped: 0, is_centred: true, drawn: [] });
    this.weights = weights_of(numbers, told.shapes);
    this.lay(new Uint8Array(SHEET * SHEET));
  }

  // Put a sheet on the pad: what was drawn on the last one is wiped.
  lay(sheet) {
    Object.assign(this, { sheet, drawn: [], wiped: this.wiped + 1 });
    this.background = data_uri(sheet, SHEET, SHEET);
    this.look();
  }

  get ink() {
    return this.drawn.length ? ink(this.sheet.slice(), this.drawn) : this.sheet;
  }

  look() {
    const drawing = new Float32Array(this.ink);
    this.mass = 0;
    for (let i = 0; i < drawing.length; i++) this.mass += drawing[i] /= 255;
    this.seen = (this.is_centred ? centred : shrunk)(drawing, SHEET, SHEET);
    const { logits, layers } = look_inside(this.weights, this.seen);
    this.layers = layers;
    this.probabilities = this.mass ? softmax(logits) : null;
  }

  handle({ type, name, value = "" }) {
    if (type === "draw") {
      this.drawn = value.slice(-2000);
      this.look();
    } else if (type === "lift") {
      Object.assign(this, { sheet: this.ink, drawn: [] });
      this.background = data_uri(this.sheet, SHEET, SHEET);
    } else if (name === "centred") {
      this.is_centred = value === "true";
      this.look();
    } else if (["clear", "Delete", "Backspace"].includes(name)) {
      this.lay(new Uint8Array(SHEET * SHEET));
    } else if (name in PUSHES) {
      this.lay(push(this.ink, ...PUSHES[name].map((step) => step * PIXEL)));
    } else if (/^\d$/.test(value)) {
      this.lay(this.preset(Number(value)));
    }
    return true;
  }

  // A digit to choose from: told are the lengths of runs of paper and ink, in turn.
  preset(number) {
    const sheet = new Uint8Array(SHEET * SHEET);
    let at = 0;
    this.told.presets[number].forEach((run, i) => {
      if (i % 2) sheet.fill(255, at, at + run);
      at += run;
    });
    return sheet;
  }

  message() {
    const { empty, first, second, no_digit } = this.told.sentences;
    if (!this.probabilities) return empty;
    const order = this.probabilities.map((_, i) => i);
    order.sort((a, b) => this.probabilities[b] - this.probabilities[a]);
    const filled = (sentence, digit) =>
      sentence.replace("D", digit).replace("P", this.probabilities[digit].toFixed(3));
    const most = filled(first, order[0]);
    return this.mass < this.told.little ? `${most} ${no_digit}` : `${most} ${filled(second, order[1])}`;
  }

  // For each digit: y of its bar's top, its height, whether it is the most probable, its number.
  bars() {
    const { high, top } = this.told;
    const known = this.probabilities ?? Array(10).fill(0);
    const best = this.probabilities ? known.indexOf(Math.max(...known)) : -1;
    return known.map((probability, i) => {
      const tall = Math.max(0.5, high * probability);
      const y = top + high - tall;
      return {
        Y: y.toFixed(1),
        TALL: tall.toFixed(1),
        STRONG: i === best ? " strong" : "",
        OVER: String(Number((y - 10).toPrecision(6))),
        VALUE: this.probabilities ? probability.toFixed(3) : "",
      };
    });
  }

  html() {
    const { page, how } = this.told;
    const holes = {
      BACKGROUND: this.background,
      SEEN: data_uri(Uint8Array.from(this.seen, byte), SIDE, SIDE),
      CHECKED: this.is_centred ? " checked" : "",
      MESSAGE: escaped(this.message()),
      HOW: how[Number(this.is_centred)],
    };
    this.layers.forEach((maps, i) => (holes[`MAPS${i}`] = strip(maps, this.told.colours)));
    this.bars().forEach((bar, i) => {
      for (const [what, value] of Object.entries(bar)) holes[what + i] = value;
    });
    return page.replace(/\x01(\w+)\x01/g, (_, name) => holes[name]);
  }
}
