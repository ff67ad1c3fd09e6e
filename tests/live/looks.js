// What a widget looks like, measured in the page: sizes of letters, contrast, what lies outside.
(selector) => {
  const board = document.querySelector(selector);
  const page = board.querySelector(".page");
  const rgba = (text) => {
    const [r, g, b, a = 1] = text.match(/[\d.]+/g)?.map(Number) ?? [0, 0, 0, 0];
    return text === "none" || text === "transparent" ? [0, 0, 0, 0] : [r, g, b, a];
  };
  const over = ([r, g, b, a], below) => [r, g, b].map((v, i) => v * a + below[i] * (1 - a));
  const light = (colour) => {
    const [r, g, b] = colour.map((v) => {
      const c = v / 255;
      return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (one, other) => {
    const [low, high] = [light(one), light(other)].sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
  };
  const opacity = (node) => {
    let all = 1;
    for (; node !== board; node = node.parentElement) all *= getComputedStyle(node).opacity;
    return all;
  };
  const faded = (colour, by) => [...colour.slice(0, 3), colour[3] * by];
  const drawn = (node) => {
    const style = getComputedStyle(node);
    if (node instanceof SVGGeometryElement) {
      return faded(rgba(style.fill), style.fillOpacity * opacity(node));
    }
    return node instanceof SVGElement ? [0, 0, 0, 0] : rgba(style.backgroundColor);
  };
  // The colour under a point, as painted below `node`.
  const ground = (x, y, node) => {
    let colour = [255, 255, 255];
    for (const other of document.elementsFromPoint(x, y).reverse()) {
      if (other === node) {
        if (!(node instanceof SVGElement)) colour = over(drawn(node), colour);
        break;
      }
      colour = over(drawn(other), colour);
    }
    return colour;
  };

  const texts = [];
  const walker = document.createTreeWalker(page, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    const parent = node.parentElement;
    if (!node.data.trim() || parent.closest(".aside, option")) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    texts.push({ node, parent, box: range.getBoundingClientRect() });
  }
  const frame = board.getBoundingClientRect();
  const size = (parent) => {
    const px = parseFloat(getComputedStyle(parent).fontSize);
    return parent instanceof SVGElement ? px * parent.getScreenCTM().a : px;
  };
  const closed = (parent) =>
    parent.closest(":disabled") || parent.closest("label")?.querySelector(":disabled");
  const pale = [];
  for (const { node, parent, box } of texts) {
    if (closed(parent)) continue;
    const style = getComputedStyle(parent);
    const colour = rgba(parent instanceof SVGElement ? style.fill : style.color);
    const below = ground(box.x + box.width / 2, box.y + box.height / 2, parent);
    const found = contrast(over(faded(colour, opacity(parent)), below), below);
    if (found < 4.5) pale.push(`${node.data.trim()}: ${found.toFixed(2)}`);
  }
  const paper = ground(frame.x + 1, frame.y + frame.height - 1, null);
  const dim = new Set();
  for (const node of board.querySelectorAll("svg :is(.tint, .line, .now, .axis)")) {
    const style = getComputedStyle(node);
    const found = contrast(over(faded(rgba(style.stroke), opacity(node)), paper), paper);
    if (found < 3) dim.add(`${node.getAttribute("class")}: ${found.toFixed(2)}`);
  }
  for (const node of board.querySelectorAll(":is(button, select, input):enabled")) {
    if (["range", "checkbox"].includes(node.type)) continue;
    const style = getComputedStyle(node);
    if (contrast(over(rgba(style.borderColor), paper), paper) < 3) dim.add(node.outerHTML);
    const face = over(rgba(style.backgroundColor), paper);
    if (contrast(over(rgba(style.color), face), face) < 4.5) pale.push(node.outerHTML);
  }
  // Where a drawing cuts its words off, if it does.
  const edge = (parent) => {
    const svg = parent.ownerSVGElement;
    if (!svg || getComputedStyle(svg).overflowX === "visible") return Infinity;
    return svg.getBoundingClientRect().right;
  };
  const crossing = [];
  texts.forEach(({ node, box }, i) => {
    for (const other of texts.slice(i + 1)) {
      const wide = Math.min(box.right, other.box.right) - Math.max(box.left, other.box.left);
      const tall = Math.min(box.bottom, other.box.bottom) - Math.max(box.top, other.box.top);
      if (wide > 1 && tall > 0.3 * box.height) crossing.push(`${node.data} / ${other.node.data}`);
    }
  });
  return {
    height: frame.height,
    smallest: Math.min(...texts.map(({ parent }) => size(parent))),
    outside: texts
      .filter(({ parent, box }) => box.right > Math.min(frame.right, edge(parent)) + 1)
      .map(({ node }) => node.data),
    scrolls: [board, ...board.querySelectorAll("*")]
      .filter((node) => !node.matches(".aside, input") && node.scrollWidth > node.clientWidth + 1)
      .filter((node) => ["auto", "scroll"].includes(getComputedStyle(node).overflowX))
      .map((node) => node.className),
    pale,
    dim: [...dim],
    crossing,
  };
};
