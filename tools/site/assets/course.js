// What the theme leaves to the mouse alone is given to the keyboard, too.

// Landmarks have names.
const NAMES = { ".sidebar-drawer": "The course", ".toc-drawer": "This page" }
for (const [place, name] of Object.entries(NAMES)) {
  document.querySelector(place)?.setAttribute("aria-label", name)
}

// Labels that open the menus answer to Enter and Space, and Escape closes.
for (const label of document.querySelectorAll("header label, .content-icon-container label")) {
  const box = document.getElementById(label.htmlFor)
  const show = () => label.setAttribute("aria-expanded", String(box.checked))
  label.setAttribute("role", "button")
  label.setAttribute("aria-label", box.getAttribute("aria-label"))
  label.tabIndex = 0
  show()
  box.addEventListener("change", show)
  label.addEventListener("keydown", event => {
    if (event.key !== "Enter" && event.key !== " ") return
    event.preventDefault()
    label.click()
  })
  document.addEventListener("keydown", event => {
    if (event.key === "Escape" && box.checked) box.click()
  })
}

// What is wider than the page can be reached and scrolled by keys.
function reachable() {
  for (const box of document.querySelectorAll("article pre, .formula, .table-wrapper")) {
    if (box.scrollWidth > box.clientWidth + 1) box.tabIndex = 0
    else box.removeAttribute("tabindex")
  }
}
reachable()
addEventListener("resize", reachable)
document.addEventListener("toggle", reachable, true)
