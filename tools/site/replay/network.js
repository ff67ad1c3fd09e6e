// The network of notebook 06 in plain arithmetic: convolution, ReLU, max-pooling, a linear layer.

// Maps are {count, side, values}: `count` square maps one after the other.
function convolution({ count, side, values }, weight, bias) {
  const wide = side + 2; // with a ring of padding
  const padded = new Float32Array(count * wide * wide);
  for (let i = 0; i < count * side; i++) {
    const [map, row] = [Math.floor(i / side), i % side];
    padded.set(values.subarray(i * side, (i + 1) * side), (map * wide + row + 1) * wide + 1);
  }
  const out = new Float32Array(bias.length * side * side);
  const sums = new Float64Array(side * side);
  bias.forEach((start, k) => {
    sums.fill(start);
    for (let map = 0; map < count; map++) {
      add_map(sums, side, padded.subarray(map * wide * wide), weight.subarray((k * count + map) * 9));
    }
    out.set(sums, k * side * side);
  });
  return { count: bias.length, side, values: out };
}

function add_map(sums, side, padded, [a, b, c, d, e, f, g, h, i]) {
  const wide = side + 2;
  for (let row = 0; row < side; row++) {
    let [one, two, three] = [row * wide, (row + 1) * wide, (row + 2) * wide];
    for (let place = row * side; place < (row + 1) * side; place++) {
      sums[place] +=
        a * padded[one] + b * padded[one + 1] + c * padded[one + 2] +
        d * padded[two] + e * padded[two + 1] + f * padded[two + 2] +
        g * padded[three] + h * padded[three + 1] + i * padded[three + 2];
      one++;
      two++;
      three++;
    }
  }
}

function relu({ count, side, values }) {
  return { count, side, values: values.map((value) => Math.max(value, 0)) };
}

function max_pooling({ count, side, values }) {
  const half = Math.floor(side / 2);
  const out = new Float32Array(count * half * half);
  for (let i = 0; i < out.length; i++) {
    const [map, row, column] = [Math.floor(i / (half * half)), Math.floor(i / half) % half, i % half];
    const corner = (map * side + 2 * row) * side + 2 * column;
    out[i] = Math.max(
      values[corner], values[corner + 1], values[corner + side], values[corner + side + 1],
    );
  }
  return { count, side: half, values: out };
}

function linear(values, weight, bias) {
  return Array.from(bias, (start, k) => {
    let sum = start;
    for (let i = 0; i < values.length; i++) sum += weight[k * values.length + i] * values[i];
    return sum;
  });
}

function softmax(logits) {
  const largest = Math.max(...logits);
  const powers = logits.map((logit) => Math.exp(logit - largest));
  const sum = powers.reduce((a, b) => a + b);
  return powers.map((power) => power / sum);
}

// (28, 28) pixels of 0..1 through the network: ten logits, and the maps after each layer.
function look_inside(weights, pixels) {
  const layers = [];
  let maps = { count: 1, side: 28, values: pixels };
  for (const block of ["layer1", "layer2"]) {
    maps = convolution(maps, weights[`${block}.0.weight`], weights[`${block}.0.bias`]);
    layers.push(maps);
    maps = relu(maps);
    layers.push(maps);
    maps = max_pooling(maps);
    layers.push(maps);
  }
  return { logits: linear(maps.values, weights["fc.weight"], weights["fc.bias"]), layers };
}

// All numbers one after the other, cut into arrays by their names and shapes.
function weights_of(numbers, shapes) {
  const weights = {};
  let start = 0;
  for (const [name, shape] of Object.entries(shapes)) {
    const size = shape.reduce((a, b) => a * b);
    weights[name] = numbers.subarray(start, start + size);
    start += size;
  }
  return weights;
}
