/**
 * The preview beside a form: <aside data-beside data-beside-url="…">, <button data-beside-toggle>.
 *
 * Whenever the editor pauses, the form is posted to the address, which writes nothing and answers with
 * the page of what is typed: {html, unseen, places, findings}. The page stands in a frame without
 * scripts and keeps its place while it is redrawn; it goes to the row in which the editor types. Focus
 * and what is typed are never touched. Shown or hidden, width and look are remembered in this browser.
 */
import { lookLike } from "./page-media.js";

const WAIT = 700; // milliseconds after the last letter
const WAIT_HIDDEN = 2500;
const WAIT_TO_TRY_AGAIN = 15000;
const KEY = "desk:beside";
const WIDTHS = { phone: 390, tablet: 820, desk: 1280 };
const WIDE = "(width >= 100rem)"; // Where there is room for both, the preview is there at first.

const aside = document.querySelector("[data-beside]");
const form = document.querySelector("#content-main form[method=post]");
if (aside && form) start();

function start() {
  const toggle = document.querySelector("[data-beside-toggle]");
  const count = document.querySelector("[data-beside-count]");
  const status = aside.querySelector("[data-beside-status]");
  const place = aside.querySelector("[data-beside-window]");
  const checks = aside.querySelector("[data-beside-checks]");
  const chosen = { isShown: matchMedia(WIDE).matches, width: "desk", look: "light", ...remembered() };
  const frame = document.createElement("iframe");
  let places = {};
  let shownPlace = "";
  let timer = 0;
  let isAsking = false;
  let isChanged = false;
  let isDrawn = false;

  frame.title = "The page as it is typed";
  frame.setAttribute("sandbox", "allow-same-origin");
  place.append(frame);
  for (const one of aside.querySelectorAll("input[type=radio]")) {
    const name = one.name.replace("beside-", "");
    one.checked = chosen[name] === one.value;
    one.addEventListener("change", () => {
      chosen[name] = one.value;
      remember();
      dress();
    });
  }
  toggle.hidden = false;
  toggle.addEventListener("click", () => show(!chosen.isShown));
  aside.querySelector("[data-beside-hide]").addEventListener("click", () => {
    show(false);
    toggle.focus();
  });
  count.addEventListener("click", () => {
    show(true);
    checks.open = true;
    checks.querySelector("summary").focus();
  });
  for (const name of ["input", "change", "desk:added", "desk:removed", "desk:moved"]) form.addEventListener(name, pause);
  form.addEventListener("focusin", (event) => follow(event.target));
  new ResizeObserver(fit).observe(place);
  show(chosen.isShown, { isChosen: false });

  /** Asks once nothing was typed for a moment; soon again if something was typed meanwhile. */
  function pause() {
    isChanged = true;
    clearTimeout(timer);
    timer = setTimeout(ask, chosen.isShown ? WAIT : WAIT_HIDDEN);
  }

  async function ask() {
    clearTimeout(timer);
    if (isAsking) return;
    isAsking = true;
    isChanged = false;
    const withPage = chosen.isShown;
    const body = new FormData(form);
    if (!withPage) body.append("_only_checks", "1");
    try {
      const answer = await fetch(aside.dataset.besideUrl, { method: "POST", body, redirect: "error" });
      if (!answer.ok) throw new Error(`answered ${answer.status}`);
      tell(await answer.json(), withPage);
    } catch {
      timer = setTimeout(ask, WAIT_TO_TRY_AGAIN);
      say(navigator.onLine ? "The preview stopped: your session may have ended. What you typed is still here." : "The preview waits for the connection.");
    }
    isAsking = false;
    if (isChanged) pause();
  }

  function tell(answer, withPage) {
    if (withPage) {
      places = answer.places;
      draw(answer.html);
      say(answer.unseen.length ? "Not all of it can be shown as typed:" : "Shown as typed, whether it is saved or not.");
    }
    list(aside.querySelector("[data-beside-unseen]"), answer.unseen.map((words) => item(words)));
    tellFindings(answer.findings);
  }

  function say(words) {
    if (status.textContent !== words) status.textContent = words;
  }

  // The page

  function draw(html) {
    place.hidden = !html;
    if (!html) return;
    const page = new DOMParser().parseFromString(html, "text/html");
    for (const script of page.querySelectorAll("script, link[rel=preload]")) script.remove();
    if (!isDrawn) {
      isDrawn = true;
      frame.addEventListener("load", () => settle(frame.contentDocument));
      frame.srcdoc = `<!doctype html>${page.documentElement.outerHTML}`;
      return;
    }
    const inside = frame.contentDocument;
    const { scrollX, scrollY } = frame.contentWindow;
    const open = [...inside.querySelectorAll("details[open]")].map((one) => one.closest("[id]")?.id);
    inside.title = page.title;
    inside.body.replaceWith(inside.importNode(page.body, true));
    for (const one of inside.querySelectorAll("details")) if (open.includes(one.closest("[id]")?.id)) one.open = true;
    frame.contentWindow.scrollTo({ left: scrollX, top: scrollY, behavior: "instant" });
    if (document.activeElement && form.contains(document.activeElement)) follow(document.activeElement);
  }

  /** The frame has its page for the first time. */
  function settle(inside) {
    inside.addEventListener("click", (event) => {
      const link = event.target.closest("a");
      if (!link) return;
      event.preventDefault();
      const target = link.getAttribute("href") ?? "";
      if (target.startsWith("#")) goTo(decodeURIComponent(target.slice(1)));
    });
    inside.addEventListener("submit", (event) => event.preventDefault());
    dress();
    if (places.form) goTo(places.form);
    else if (form.contains(document.activeElement)) follow(document.activeElement);
  }

  /** Scrolls the page alone: scrollIntoView would move the form as well, under the editor's hands. */
  function goTo(id) {
    const target = frame.contentDocument?.getElementById(id);
    if (target) frame.contentWindow.scrollBy({ top: target.getBoundingClientRect().top - 16, behavior: "instant" });
  }

  /** Brings into view what the editor turned to: a row, or the part whose tab is open. */
  function follow(target) {
    const row = target.closest("[data-row]");
    const part = target.closest("[data-tab-panel]") ?? document.getElementById(target.closest('[role="tab"]')?.getAttribute("aria-controls"));
    const wanted = places[row?.id] ?? part?.id.replace("tab-", "") ?? "";
    if (!isDrawn || wanted === shownPlace || !wanted) return;
    const inside = frame.contentDocument;
    if (wanted !== "article" && !inside?.getElementById(wanted)) return;
    shownPlace = wanted;
    if (wanted === "article") frame.contentWindow.scrollTo({ top: 0, behavior: "instant" });
    else goTo(wanted);
  }

  // How it looks

  function dress() {
    if (frame.contentDocument?.body) lookLike(frame.contentDocument, chosen.look);
    frame.style.colorScheme = chosen.look === "dark" ? "dark" : "light";
    frame.dataset.width = chosen.width;
    frame.dataset.look = chosen.look;
    fit();
  }

  /** Gives the page the width of its reader's window, made smaller as a whole if it has to be. */
  function fit() {
    if (!place.clientWidth) return;
    const width = WIDTHS[chosen.width];
    const scale = Math.min(1, place.clientWidth / width);
    frame.style.inlineSize = `${width}px`;
    frame.style.blockSize = `${place.clientHeight / scale}px`;
    frame.style.transform = `scale(${scale})`;
    frame.style.marginInlineStart = `${Math.max(0, (place.clientWidth - width * scale) / 2)}px`;
  }

  function show(isShown, { isChosen = true } = {}) {
    chosen.isShown = isShown;
    aside.hidden = !isShown;
    toggle.setAttribute("aria-expanded", String(isShown));
    if (isChosen) remember();
    dress();
    clearTimeout(timer);
    timer = setTimeout(ask, isShown ? 0 : WAIT_HIDDEN);
  }

  function remember() {
    try {
      localStorage.setItem(KEY, JSON.stringify(chosen));
    } catch {
      // A browser that keeps nothing starts anew each time.
    }
  }

  // What the checks found

  function tellFindings({ required, recommended }) {
    const words = [required.length && `${required.length} to mend`, recommended.length && `${recommended.length} recommended`].filter(Boolean).join(", ");
    count.hidden = !words;
    count.textContent = words;
    count.classList.toggle("is-wrong", required.length > 0);
    aside.querySelector("[data-beside-summary]").textContent = words ? `Checks: ${words}` : "Checks: nothing is missing";
    const found = aside.querySelector("[data-beside-findings]");
    found.replaceChildren(...group("To mend before it can be published", required), ...group("Recommended", recommended));
  }

  function group(title, findings) {
    if (!findings.length) return [];
    const heading = document.createElement("h3");
    heading.textContent = title;
    const rows = document.createElement("ul");
    rows.append(...findings.map(({ message, url }) => item(message, url)));
    return [heading, rows];
  }
}

function item(words, url) {
  const line = document.createElement("li");
  if (!url) {
    line.textContent = words;
    return line;
  }
  const link = document.createElement("a");
  const target = new URL(url, location.href);
  const isHere = target.pathname === location.pathname;
  link.href = isHere ? target.hash : url;
  link.textContent = words;
  // To the same field a second time: the address must change for the tabs to hear of it.
  if (isHere) link.addEventListener("click", () => history.replaceState(null, "", location.pathname + location.search));
  line.append(link);
  return line;
}

function list(place, items) {
  place.hidden = !items.length;
  place.replaceChildren(...items);
}

function remembered() {
  try {
    return JSON.parse(localStorage.getItem(KEY)) ?? {};
  } catch {
    return {};
  }
}
