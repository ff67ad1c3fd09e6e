// The front end of every widget: shows the HTML that Python sends and reports what the reader does.
// At most one event is under way; what is dragged meanwhile is kept, and only its latest value is sent.

const TEXT_FIELDS = "input:not([type=range]):not([type=checkbox]), textarea";
const ANSWER = "input[data-answer]:not([disabled])";
const PATIENCE = 5000; // milliseconds without an answer before the reader is told
const SILENT =
  "No answer from Python. It is busy, or it was restarted: then run the cells above again, then this one.";
const GONE = "The kernel behind this widget has ended. Run the cells above again, then this one.";

// Change `node` into `next` in place, so that focus, selection and canvases survive.
// A field that is being typed in keeps its text, unless its data-version has changed; what the
// reader has done meanwhile to a control (`ahead`: names of such controls) is not taken back.
function morph(node, next, ahead) {
  if (node.namespaceURI?.endsWith("svg") && node.isEqualNode(next)) return;
  const renewed = node.dataset?.version !== next.dataset?.version;
  for (const { name } of [...node.attributes]) {
    if (!next.hasAttribute(name)) node.removeAttribute(name);
  }
  for (const { name, value } of next.attributes) {
    if (node.getAttribute(name) !== value) node.setAttribute(name, value);
  }
  if (node.tagName === "INPUT" || node.tagName === "SELECT") {
    const free = ["range", "checkbox"].includes(node.type);
    const typing = node === node.getRootNode().activeElement && !free;
    const held = (typing && !renewed) || ahead.has(next.dataset.input);
    if (next.hasAttribute("value") && !held) node.value = next.getAttribute("value");
    if (node.type === "checkbox" && !held) node.checked = next.hasAttribute("checked");
  }
  if (node.tagName === "CANVAS") return;
  const old = [...node.childNodes];
  const fresh = [...next.childNodes];
  fresh.forEach((child, i) => {
    const twin = old[i];
    if (!twin) node.append(child);
    else if (twin.nodeName !== child.nodeName) twin.replaceWith(child);
    else if (child.nodeType === Node.TEXT_NODE) {
      if (twin.data !== child.data) twin.data = child.data;
    } else if (child.nodeType === Node.ELEMENT_NODE) morph(twin, child, ahead);
  });
  old.slice(fresh.length).forEach((child) => child.remove());
}

// The first click on a text field selects what it holds, so that typing replaces it.
function select_on_click(root) {
  let fresh = null;
  root.addEventListener("pointerdown", (event) => {
    const field = event.target.closest(TEXT_FIELDS);
    fresh = field && field !== field.getRootNode().activeElement ? field : null;
  });
  root.addEventListener("click", (event) => {
    if (fresh && event.target === fresh) fresh.select();
  });
}

// Keys that a text field does not need: in the field for answers, up, down, and all if it is empty.
function leaves(field, key) {
  if (!field?.matches(ANSWER)) return false;
  return !field.value || ["ArrowUp", "ArrowDown"].includes(key);
}

// A pen on <canvas data-draw="NAME">: draws at once, reports strokes in units of the canvas.
function pen(root, queue) {
  let canvas = null;
  let points = [];
  const place = (event) => {
    const box = canvas.getBoundingClientRect();
    return [
      Math.round(((event.clientX - box.left) * canvas.width) / box.width),
      Math.round(((event.clientY - box.top) * canvas.height) / box.height),
    ];
  };
  const stroke = (event) => {
    points.push(place(event));
    const brush = canvas.getContext("2d");
    brush.lineWidth = Number(canvas.dataset.width);
    brush.lineCap = brush.lineJoin = "round";
    brush.strokeStyle = "white";
    brush.beginPath();
    brush.moveTo(...(points[points.length - 2] ?? points[0]));
    brush.lineTo(...points[points.length - 1]);
    brush.stroke();
    queue({ type: "draw", name: canvas.dataset.draw, value: [...points] });
  };
  root.addEventListener("pointerdown", (event) => {
    canvas = event.target.closest("canvas[data-draw]");
    if (!canvas) return;
    canvas.setPointerCapture(event.pointerId);
    points = [];
    stroke(event);
    event.preventDefault();
    root.focus({ preventScroll: true });
  });
  root.addEventListener("pointermove", (event) => canvas && stroke(event));
  for (const end of ["pointerup", "pointercancel"]) {
    root.addEventListener(end, () => {
      if (canvas) queue({ type: "lift", name: canvas.dataset.draw });
      canvas = null;
    });
  }
}

function wipe(root, version, seen) {
  if (version !== seen) {
    for (const canvas of root.querySelectorAll("canvas[data-draw]")) {
      canvas.getContext("2d").clearRect(0, 0, canvas.width, canvas.height);
    }
  }
  return version;
}

export default {
  render({ model, el }) {
    const root = document.createElement("div");
    root.className = "board";
    root.tabIndex = 0;
    root.dataset.lmSuppressShortcuts = "true";
    root.setAttribute("role", "group");
    root.setAttribute("aria-label", model.get("label"));
    const page = document.createElement("div");
    page.className = "page";
    const gone = document.createElement("p");
    gone.className = "gone";
    gone.setAttribute("role", "alert");
    gone.hidden = true;
    root.append(page, gone);
    el.append(root);

    let sent = 0;
    let under_way = false;
    let given = false; // an answer, which is not heard yet
    let waiting = [];
    let wiped = model.get("wipe");
    let timer = null;
    let silence = null;

    const complain = (sentence) => {
      clearTimeout(silence);
      gone.textContent = sentence;
      gone.hidden = false;
    };
    // Python was heard: begin to wait anew, if an answer is still to come.
    const heard = () => {
      clearTimeout(silence);
      if (!gone.hidden) gone.hidden = true;
      if (under_way) silence = setTimeout(complain, PATIENCE, SILENT);
    };
    const next = () => {
      if (under_way || !waiting.length) return;
      under_way = true;
      heard();
      try {
        model.send({ ...waiting.shift(), number: ++sent });
      } catch {
        complain(GONE); // what is sent there comes to nobody
        under_way = false;
        waiting = [];
      }
    };
    const queue = (event) => {
      const last = waiting[waiting.length - 1];
      const same = last && last.type === event.type && last.name === event.name;
      if (same && ["input", "draw", "tick"].includes(event.type)) waiting.pop();
      given ||= event.name === "answer" && event.type !== "input";
      waiting.push(event);
      next();
    };
    const show = () => {
      const fresh = document.createElement("div");
      fresh.className = page.className;
      fresh.innerHTML = model.get("html");
      const ahead = waiting.filter((event) => event.type === "input").map((event) => event.name);
      const focus = root.getRootNode().activeElement;
      const within = root.contains(focus);
      morph(page, fresh, new Set(ahead));
      // What had the focus may be gone or closed: the keys stay with the widget.
      if (within && (focus.disabled || !root.contains(focus))) root.focus({ preventScroll: true });
      if (given) root.querySelector(ANSWER)?.select(); // the next try replaces this one
      given = false;
      heard();
      wiped = wipe(root, model.get("wipe"), wiped);
      const pace = Number(page.querySelector("[data-tick]")?.dataset.tick ?? 0);
      clearInterval(timer);
      timer = pace ? setInterval(() => queue({ type: "tick", name: "" }), pace) : null;
    };

    // A place that was clicked has an outline; a ring of focus would stay behind when keys move on.
    root.addEventListener("mousedown", (event) => {
      if (!event.target.closest("svg [data-click]")) return;
      event.preventDefault();
      root.focus({ preventScroll: true });
    });
    root.addEventListener("click", (event) => {
      const target = event.target.closest("[data-click]");
      if (!target || target.hasAttribute("disabled")) return;
      queue({ type: "click", name: target.dataset.click, value: target.dataset.value ?? "" });
    });
    const typed = (event) => {
      const target = event.target.closest("[data-input]");
      if (!target) return;
      const value = target.type === "checkbox" ? String(target.checked) : target.value;
      queue({ type: "input", name: target.dataset.input, value });
    };
    root.addEventListener("input", typed);
    root.addEventListener("keydown", (event) => {
      event.stopPropagation();
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const field = event.target.closest(TEXT_FIELDS);
      if (field && event.key === "Enter" && field.dataset.input) {
        queue({ type: "enter", name: field.dataset.input, value: field.value });
        event.preventDefault();
      }
      const answer = root.querySelector(ANSWER);
      if (answer && !field && /^[-\u2212\d.,/]$/.test(event.key)) {
        answer.focus(); // the key goes on into the field
        return;
      }
      const own = event.target.closest("input, select, textarea, button, [data-click]");
      if (own && own !== root && !leaves(field, event.key)) {
        const button = own.matches("[data-click]") && !own.matches("button");
        if (button && ["Enter", " "].includes(event.key)) {
          own.dispatchEvent(new MouseEvent("click", { bubbles: true }));
          event.preventDefault();
        }
        if (!own.matches("[data-click], [type=checkbox]")) return;
        if (["Enter", " "].includes(event.key)) return;
      }
      if (!model.get("wants").includes(event.key)) return;
      event.preventDefault();
      queue({ type: "key", name: event.key, value: event.key });
    });
    pen(root, queue);
    select_on_click(root);

    // Page and answer come in one message, in any order: go on when both have been taken in.
    const answered = () => queueMicrotask(() => {
      under_way = false;
      heard();
      next();
    });
    const closed = () => complain(GONE);
    // Where there is a recording in the place of Python: what it says of an event it does not know.
    model.on("outside", complain);
    model.on("change:html", show);
    model.on("change:answered", answered);
    model.on("comm_live_update", closed);
    show();
    return () => {
      clearInterval(timer);
      clearTimeout(silence);
      model.off("outside", complain);
      model.off("change:html", show);
      model.off("change:answered", answered);
      model.off("comm_live_update", closed);
    };
  },
};
