/**
 * The keys of the desk, and <dialog data-keys-dialog>, which lists those that work on this page.
 *
 * Each line of the dialog says what it does: <div data-key="Control+s" data-key-presses="[name=_save]">
 * presses the first such control, data-key-focuses goes there; a line whose control is not on the page
 * is not shown, and its key is free. A line with data-key-event tells the document of it. Others only describe what another module does, and
 * data-key-if names what must be there for it; data-key-repeats lets a key that is held down go on. All of them can be switched off, in this browser.
 */
const OFF = "desk:keys-off";
const dialog = document.querySelector("dialog[data-keys-dialog]");
const lines = [...(dialog?.querySelectorAll("[data-key-line]") ?? [])];
const isMac = navigator.platform.startsWith("Mac");

/** Unfold's own single keys: ours take their place, or nothing does. */
const TAKEN = ["?", "/", "[", "f", "c"];

if (dialog) {
  const shown = document.querySelector("[data-keys]");
  shown.hidden = false;
  shown.setAttribute("aria-haspopup", "dialog");
  shown.addEventListener("click", open);
  dialog.querySelector("[data-keys-close]").addEventListener("click", () => dialog.close());
  const box = dialog.querySelector("[data-keys-on]");
  box.checked = areOn();
  box.addEventListener("change", (event) => {
    event.stopPropagation();
    try {
      if (box.checked) localStorage.removeItem(OFF);
      else localStorage.setItem(OFF, "1");
    } catch {
      // The browser keeps nothing: the keys stay as they are.
    }
  });
  if (isMac) {
    for (const key of document.querySelectorAll(".desk-key")) key.textContent = key.textContent.replace("Ctrl", "⌘").replace("Alt", "⌥");
  }
  // In front of Unfold's listener, which stands on the window as well.
  window.addEventListener("keydown", press, true);
}

/** Has the editor left the keys on? */
export function areOn() {
  try {
    return localStorage.getItem(OFF) === null;
  } catch {
    return true;
  }
}

function open() {
  for (const line of lines) line.hidden = !isHere(line);
  dialog.showModal();
}

function press(event) {
  const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey;
  if (isPlain && TAKEN.includes(event.key) && !isTyping(event.target)) event.stopImmediatePropagation();
  if (event.isComposing || document.querySelector("dialog[open]") || !areOn()) return;
  if (isPlain && (isTyping(event.target) || !event.key)) return;
  const line = lines.find((one) => one.dataset.key && isKey(one.dataset.key, event) && isHere(one));
  if (!line) return;
  event.preventDefault();
  const { keyEvent, keyPresses, keyFocuses, keyRepeats } = line.dataset;
  // A key that is held down does its deed once.
  if (event.repeat && keyRepeats === undefined) return;
  if (keyEvent === "desk:keys") open();
  else if (keyEvent) document.dispatchEvent(new Event(keyEvent));
  else if (keyFocuses) control(keyFocuses).focus();
  else control(keyPresses).click();
}

/** Is what the line is about on this page, and open? */
function isHere(line) {
  const { keyPresses, keyFocuses, keyIf } = line.dataset;
  const needed = keyPresses ?? keyFocuses ?? keyIf;
  return !needed || Boolean(control(needed));
}

/** "Control+s" is Ctrl, or Command on a Mac. */
function isKey(words, event) {
  const parts = words.split("+");
  const key = parts.pop();
  const wants = (name) => parts.includes(name);
  const same = key.length === 1 ? event.key.toLowerCase() === key : event.key === key;
  return same && wants("Control") === (isMac ? event.metaKey : event.ctrlKey) && wants("Alt") === event.altKey && (key === "?" || wants("Shift") === event.shiftKey);
}

function control(selector) {
  if (selector === "next part") return part(1);
  if (selector === "previous part") return part(-1);
  return [...document.querySelectorAll(selector)].find((one) => !one.disabled && !one.closest("[hidden]"));
}

/** The tab next to the one that is open, around the end too. */
function part(step) {
  const tabs = [...document.querySelectorAll("[data-tabs] [role=tab]")];
  const at = tabs.findIndex((tab) => tab.getAttribute("aria-selected") === "true");
  const next = tabs.at((at + step) % tabs.length);
  return at < 0 ? null : { click: () => (next.click(), next.focus()) };
}

function isTyping(target) {
  if (!(target instanceof HTMLElement)) return false;
  const fixed = ["checkbox", "radio", "button", "submit", "reset", "file", "color", "range"];
  if (target instanceof HTMLInputElement) return !fixed.includes(target.type);
  return target.matches("textarea, select") || target.isContentEditable;
}
