/**
 * Makes tabs of the panels that a list of links leads to, and leads to any field inside one.
 *
 * <nav data-tabs><ul><li><a href="#tab-facts">…</a></ul></nav> <section id="tab-facts" data-tab-panel>…
 *
 * Without scripts all panels stand one below another and the links jump to them. An address that
 * names something inside a panel (#row-…-value, #id_title) opens the panel and focuses the control.
 */
for (const nav of document.querySelectorAll("[data-tabs]")) {
  const panels = [...document.querySelectorAll("[data-tab-panel]")];
  const links = panels.map((panel) => nav.querySelector(`a[href="#${panel.id}"]`));
  const form = nav.closest("form");

  nav.classList.add("has-scripts");
  nav.querySelector("ul").setAttribute("role", "tablist");
  nav.querySelector("ul").setAttribute("aria-label", nav.getAttribute("aria-label"));
  for (const item of nav.querySelectorAll("li")) item.setAttribute("role", "presentation");
  links.forEach((link, place) => {
    link.setAttribute("role", "tab");
    link.setAttribute("aria-controls", panels[place].id);
    panels[place].setAttribute("role", "tabpanel");
  });

  function open(panel) {
    panels.forEach((one, place) => {
      const isOpen = one === panel;
      one.hidden = !isOpen;
      links[place].setAttribute("aria-selected", String(isOpen));
      links[place].tabIndex = isOpen ? 0 : -1;
    });
  }

  /** Opens the panel around what the address names; says whether there was something. */
  function follow() {
    const name = decodeURIComponent(location.hash.slice(1));
    const target = name ? document.getElementById(name) : null;
    const panel = target?.closest("[data-tab-panel]");
    if (!panel) return false;
    open(panel);
    if (target !== panel) show(target);
    return true;
  }

  nav.addEventListener("click", (event) => {
    const link = event.target.closest('a[role="tab"]');
    if (!link) return;
    event.preventDefault();
    history.replaceState(null, "", link.hash);
    open(panels[links.indexOf(link)]);
  });

  nav.addEventListener("keydown", (event) => {
    const at = links.indexOf(event.target);
    const steps = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: links.length - 1 };
    if (at < 0 || !(event.key in steps)) return;
    event.preventDefault();
    const next = links[(steps[event.key] + links.length) % links.length];
    next.click();
    next.focus();
  });

  // The answer to a save keeps the part of the address that names the tab.
  form?.addEventListener("submit", () => {
    const chosen = links.find((link) => link.getAttribute("aria-selected") === "true");
    form.action = location.pathname + location.search + chosen.hash;
  });

  window.addEventListener("hashchange", follow);
  const wrong = panels.find((panel) => panel.hasAttribute("data-tab-errors"));
  if (wrong || !follow()) open(wrong ?? panels[0]);
}

if (!document.querySelector("[data-tabs]") && location.hash.startsWith("#id_")) {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (target) show(target);
}

const first = document.querySelector("[data-focus]");
if (first) focusAlsoOnceLoaded(first);

function show(target) {
  for (let around = target; around; around = around.parentElement) {
    if (around instanceof HTMLDetailsElement) around.open = true;
  }
  for (const inside of target.querySelectorAll("details.desk-row-body")) inside.open = true;
  target.scrollIntoView({ block: "center" });
  const control = "input:not([type=hidden]), textarea, select";
  const found = target.matches(control) ? target : (target.querySelector(control) ?? target.querySelector("button"));
  if (found) focusAlsoOnceLoaded(found, { preventScroll: true });
}

/** A browser that goes to the place an address names takes the focus there itself, once it has loaded. */
function focusAlsoOnceLoaded(element, options) {
  element.focus(options);
  if (document.readyState !== "complete") {
    window.addEventListener("load", () => setTimeout(() => element.focus(options)));
  }
}
