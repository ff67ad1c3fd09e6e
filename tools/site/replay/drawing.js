// Ink on a sheet, and how it becomes 28 by 28 pixels as MNIST's were made: the arithmetic of
// strokes.py and centring.py, Pillow's way of resizing included. Nothing here knows a network.

const [SHEET, PEN, SIDE, BOX, MIDDLE] = [280, 24, 28, 20, 14];

// To the nearest whole number, halves to the even one, as Python rounds.
function rounded(value) {
  const low = Math.floor(value);
  const half = value - low === 0.5;
  return half ? low + (low % 2 !== 0 ? 1 : 0) : Math.round(value);
}

// Lay a stroke, [[x, y], ...] in units, as ink of 255 on a sheet, in place.
function ink(sheet, points) {
  const reach = PEN / 2 + 0.1;
  points.forEach(([x, y], i) => {
    const [a, b] = points[Math.max(i - 1, 0)];
    const [along, down] = [x - a, y - b];
    const length = along * along + down * down || 1;
    const [left, right] = [Math.min(a, x) - reach, Math.max(a, x) + reach].map(within);
    const [top, bottom] = [Math.min(b, y) - reach, Math.max(b, y) + reach].map(within);
    for (let row = top; row <= bottom; row++) {
      for (let column = left; column <= right; column++) {
        const part = ((column - a) * along + (row - b) * down) / length;
        const at = Math.min(Math.max(part, 0), 1);
        const [dx, dy] = [column - a - at * along, row - b - at * down];
        if (dx * dx + dy * dy <= reach * reach) sheet[row * SHEET + column] = 255;
      }
    }
  });
  return sheet;
}

function within(place) {
  return Math.min(Math.max(Math.round(place), 0), SHEET - 1);
}

// Rows and columns that ink reaches over, ends excluded: {top, bottom, left, right}, or null.
function box_of(pixels, height, width) {
  let [top, bottom, left, right] = [height, 0, width, 0];
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      if (!pixels[row * width + column]) continue;
      top = Math.min(top, row);
      bottom = row + 1;
      left = Math.min(left, column);
      right = Math.max(right, column + 1);
    }
  }
  return bottom ? { top, bottom, left, right } : null;
}

function cut(pixels, width, { top, bottom, left, right }) {
  const part = new Float32Array((bottom - top) * (right - left));
  for (let row = top; row < bottom; row++) {
    part.set(pixels.subarray(row * width + left, row * width + right), (row - top) * (right - left));
  }
  return part;
}

// The sheet with its ink moved by so many units, as far as the edges allow.
function push(sheet, right, down) {
  const box = box_of(sheet, SHEET, SHEET);
  if (!box) return sheet;
  const dx = Math.min(Math.max(right, -box.left), SHEET - box.right);
  const dy = Math.min(Math.max(down, -box.top), SHEET - box.bottom);
  const moved = new Uint8Array(SHEET * SHEET);
  for (let row = box.top; row < box.bottom; row++) {
    const line = sheet.subarray(row * SHEET + box.left, row * SHEET + box.right);
    moved.set(line, (row + dy) * SHEET + box.left + dx);
  }
  return moved;
}

// For each of `after` pixels along an axis: the first of the `before` ones that it is made of,
// and their weights. Means over its area; where an image grows, values in between.
function recipe(before, after, grows) {
  const scale = before / after;
  const stretch = Math.max(scale, 1);
  const support = (grows ? 1 : 0.5) * stretch;
  return Array.from({ length: after }, (_, i) => {
    const centre = (i + 0.5) * scale;
    const first = Math.max(Math.trunc(centre - support + 0.5), 0);
    const end = Math.min(Math.trunc(centre + support + 0.5), before);
    const weights = [];
    for (let at = first; at < end; at++) {
      const far = (at - centre + 0.5) / stretch;
      weights.push(grows ? Math.max(1 - Math.abs(far), 0) : far > -0.5 && far <= 0.5 ? 1 : 0);
    }
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    return [first, weights.map((weight) => weight / total)];
  });
}

// (height, width) brought to (tall, wide): along the rows first, then along the columns.
function resized(pixels, height, width, tall, wide) {
  const grows = tall > height || wide > width;
  const rows = new Float32Array(height * wide);
  recipe(width, wide, grows).forEach(([first, weights], column) => {
    for (let row = 0; row < height; row++) {
      const from = row * width + first;
      rows[row * wide + column] = weights.reduce((sum, w, k) => sum + w * pixels[from + k], 0);
    }
  });
  const out = new Float32Array(tall * wide);
  recipe(height, tall, grows).forEach(([first, weights], row) => {
    for (let column = 0; column < wide; column++) {
      const sum = weights.reduce((sum, w, k) => sum + w * rows[(first + k) * wide + column], 0);
      out[row * wide + column] = sum;
    }
  });
  return out;
}

// A drawing of 0..1 as (28, 28): the longer side 20 pixels, its centre of mass at pixel (14, 14).
function centred(drawing, height, width) {
  const out = new Float32Array(SIDE * SIDE);
  const box = box_of(drawing, height, width);
  if (!box) return out;
  const sides = [box.bottom - box.top, box.right - box.left];
  const [tall, wide] = sides.map((side) =>
    Math.max(1, rounded((side * BOX) / Math.max(...sides))),
  );
  const small = resized(cut(drawing, width, box), ...sides, tall, wide);
  let [mass, down, right] = [0, 0, 0];
  small.forEach((value, i) => {
    mass += value;
    down += value * Math.floor(i / wide);
    right += value * (i % wide);
  });
  const [top, left] = [MIDDLE - rounded(down / mass), MIDDLE - rounded(right / mass)];
  small.forEach((value, i) => {
    const [row, column] = [top + Math.floor(i / wide), left + (i % wide)];
    const inside = row >= 0 && row < SIDE && column >= 0 && column < SIDE;
    if (inside) out[row * SIDE + column] = value;
  });
  return out;
}

// The whole drawing brought to (28, 28) as it lies there: not centred.
function shrunk(drawing, height, width) {
  return resized(drawing, height, width, SIDE, SIDE);
}
