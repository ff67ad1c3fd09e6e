// Puts a board in the place of each widget's picture when the reader comes near it.

const HERE = document.currentScript.src.replace(/[^/]*$/, "");

// A recording is a script, not a request for data: those are forbidden in pages opened from disk.
function recording(name) {
  const known = self.recordings?.[name];
  if (known) return Promise.resolve(known);
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = `${HERE}recordings/${name}.js`;
    script.onload = () => resolve(self.recordings[name]);
    script.onerror = () => reject(new Error(`no recording of ${name}`));
    document.head.append(script);
  });
}

// Whether the page is light: the first background on the way up that is not transparent.
function is_light(node) {
  for (let at = node; at; at = at.parentElement) {
    const [red, green, blue, alpha = 1] = getComputedStyle(at).backgroundColor.match(/[\d.]+/g).map(Number);
    if (alpha > 0) return 0.299 * red + 0.587 * green + 0.114 * blue > 127;
  }
  return true;
}

function follow_theme(host) {
  const look = () => (host.dataset.jpThemeLight = is_light(host.parentElement));
  const watch = new MutationObserver(() => requestAnimationFrame(look));
  for (const node of [document.documentElement, document.body]) {
    watch.observe(node, { attributes: true, attributeFilter: ["class", "style", "data-theme"] });
  }
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", look);
  look();
}

async function mount(place) {
  const { recording: name, start } = place.dataset;
  const parts = await recording(name);
  const state = await (name === "pad" ? Pad.open(parts) : Recording.open(parts, Number(start)));
  const host = document.createElement("div");
  host.className = "replay-board";
  place.append(host);
  follow_theme(host);
  board.render({ model: new Model(state), el: host });
  place.classList.add("live");
}

function begin() {
  const near = new IntersectionObserver(
    (entries) => {
      for (const { isIntersecting, target } of entries) {
        if (!isIntersecting) continue;
        near.unobserve(target);
        mount(target).catch(() => {}); // the picture stays
      }
    },
    { rootMargin: "600px" },
  );
  document.querySelectorAll(".replay[data-recording]").forEach((place) => near.observe(place));
}

if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", begin);
else begin();
