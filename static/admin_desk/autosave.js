/**
 * Saves what is typed by itself, into a slot on the server that is the editor's own.
 *
 * <span data-autosave="address" data-account="number"> inside the form. At once what is typed is kept
 * in this browser, and after a pause on the server. If the server cannot take it (no network, a server
 * that is down, a session that has ended) it stays here, and goes there as soon as it can. A line says
 * at every moment how things stand: [data-unsaved-status], [data-unsaved-age], [data-unsaved-login].
 *
 * What was kept here and never arrived is handed in when the form is opened again; the server then
 * offers it. After logging in again it comes back into the form by itself.
 */
import { entries, forget, lastSent, place, send, write } from "./kept.js";

const PAUSE = 1500; // milliseconds after the last letter
const LONGEST = 15_000; // while somebody writes without a pause
const RETRY = 5000;
const YOUNG = 5000; // what was kept here a moment ago may be on its way still
const MOST_WHEN_LEAVING = 60_000; // letters that a browser sends for a page that is gone

const marker = document.querySelector("[data-autosave]");
const form = marker?.closest("form");
/** The name of this page: another tab, and this page loaded again, have others. */
export const page = crypto.randomUUID?.() ?? name();

if (form) start();

async function start() {
  const key = `${place} ${page}`;
  const line = {
    words: document.querySelector("[data-unsaved-status]"),
    age: document.querySelector("[data-unsaved-age]"),
    login: document.querySelector("[data-unsaved-login]"),
  };
  let savedAt = 0;
  let changedAt = 0; // 0: nothing that the server does not have
  let triedAt = 0;
  let timer = 0;
  let isBusy = false;
  let isSent = false;

  const own = document.createElement("input");
  own.type = "hidden";
  own.name = "_page";
  own.value = page;
  form.append(own);

  const opened = snapshot();
  const wasRefused = "isChanged" in form.dataset;
  // Only then can typing it back mean that there is nothing to keep.
  const isAsServed = !wasRefused && !isTyped();
  if (await handIn()) return;
  say("No unsaved changes.");

  for (const kind of ["input", "change", "desk:added", "desk:removed"]) form.addEventListener(kind, change);
  form.addEventListener("submit", () => {
    clearTimeout(timer);
    isSent = true;
    refreshToken(form);
    keepHere(false);
    send(key);
  });
  // A page that comes back from the browser's memory, or a save that was stopped.
  window.addEventListener("pageshow", () => (isSent = false));
  window.addEventListener("online", () => changedAt && save());
  window.addEventListener("offline", () => changedAt && say("Not saved: offline, keeping it here."));
  document.addEventListener("visibilitychange", () => changedAt && save());
  window.addEventListener("pagehide", leave);
  document.querySelector("[data-kept-offer]")?.addEventListener("submit", () => {
    for (const [one] of entries()) forget(one);
  });
  setInterval(tick, 1000);
  // Typed before this script was there, or put back by the browser when it loaded the page again.
  if (wasRefused || isTyped()) form.dispatchEvent(new Event("input"));

  function change() {
    const now = Date.now();
    if (!changedAt) {
      changedAt = now;
      if (savedAt || !line.words?.textContent.startsWith("Not saved:")) say("Not saved yet.");
    }
    keepHere(false);
    clearTimeout(timer);
    timer = setTimeout(save, Math.min(PAUSE, Math.max(0, Math.max(changedAt, triedAt) + LONGEST - now)));
  }

  function keepHere(hasArrived) {
    if (write(key, { at: Date.now(), hasArrived, fields: snapshot() })) form.dataset.isKept = "";
    else delete form.dataset.isKept;
  }

  async function save() {
    clearTimeout(timer);
    if (isBusy || isSent || !changedAt) return;
    isBusy = true;
    triedAt = Date.now();
    const fields = snapshot();
    const started = changedAt;
    const isAsItWas = isAsServed && JSON.stringify(fields) === JSON.stringify(opened);
    const outcome = await post(isAsItWas ? [["_forget", "1"]] : fields);
    isBusy = false;
    if (isSent) return;
    if (outcome.isKept || (outcome.isOk && isAsItWas)) {
      const isSame = JSON.stringify(fields) === JSON.stringify(snapshot());
      if (changedAt === started && isSame) changedAt = 0;
      else changedAt = Date.now();
      arrived(isAsItWas && isSame);
    } else {
      say(outcome.said, outcome.isSessionOver);
    }
    if (changedAt) timer = setTimeout(save, outcome.isOk ? PAUSE : RETRY);
  }

  function arrived(isAsItWas) {
    if (isAsItWas) {
      forget(key);
      delete form.dataset.isChanged;
      savedAt = 0;
      say("No unsaved changes.");
      return;
    }
    savedAt = Date.now();
    keepHere(!changedAt);
    form.dataset.isKept = "";
    say("Saved");
    tick();
  }

  /** The page goes: what has not arrived is sent along, and stays here in any case. */
  function leave() {
    if (isSent || !changedAt) return;
    keepHere(false);
    const fields = snapshot();
    const letters = fields.reduce((sum, [name_, value]) => sum + name_.length + value.length, 0);
    if (letters < MOST_WHEN_LEAVING) post(fields, { keepalive: true });
  }

  function say(words, isSessionOver = false) {
    if (line.words && line.words.textContent !== words) line.words.textContent = words;
    if (line.age) line.age.textContent = "";
    if (line.login) line.login.hidden = !isSessionOver;
  }

  function tick() {
    if (line.age && savedAt && line.words?.textContent === "Saved") {
      line.age.textContent = `${age(Date.now() - savedAt)} ago, not in the draft yet.`;
    }
  }

  /**
   * What became of the page that was sent, and what was kept here and never arrived. Answers true if
   * the page is about to be another one.
   */
  async function handIn() {
    const sent = lastSent();
    const isRefused = Boolean(document.querySelector(".errornote, .desk-error, [data-focus]"));
    const wasSentFromHere = sent?.place === place;
    const isLost = wasSentFromHere && !isRefused && !document.querySelector(".desk-messages");
    if (sent && !isLost) forget(sent.key);
    if (isRefused) return false;
    const waiting = entries().find(([one, kept]) => !kept.hasArrived && (one === sent?.key || Date.now() - kept.at > YOUNG));
    if (!waiting) return isLost && bringBack();
    const [waitingKey, kept] = waiting;
    const outcome = await post(kept.fields);
    if (!outcome.isKept) return false;
    forget(waitingKey);
    if (isLost) return bringBack();
    location.reload();
    return true;
  }

  /** Asks the server for the form with what it kept: a page of its own, merged with what is new. */
  function bringBack() {
    const asking = document.createElement("form");
    asking.method = "post";
    asking.hidden = true;
    for (const [name_, value] of [["_bring_back", "1"], ["_page", page], ["csrfmiddlewaretoken", token()]]) {
      const field = document.createElement("input");
      field.name = name_;
      field.value = value;
      asking.append(field);
    }
    document.body.append(asking);
    asking.submit();
    return true;
  }

  function isTyped() {
    return [...form.elements].some((field) => {
      if (!field.name || field.type === "hidden") return false;
      if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
      if (field.options) return [...field.options].some((one) => one.selected !== one.defaultSelected && one.defaultSelected);
      return field.value !== field.defaultValue && !/^(submit|button|file)$/.test(field.type);
    });
  }

  function snapshot() {
    return [...new FormData(form)].filter(([name_, value]) => typeof value === "string" && !name_.startsWith("_") && name_ !== "csrfmiddlewaretoken");
  }

  async function post(fields, options = {}) {
    return tell(marker.dataset.autosave, marker.dataset.account, fields, options);
  }
}

/** Posts to the desk; answers {isOk, isKept, isSessionOver, said, …} and never throws. */
export async function tell(address, account, fields, options = {}) {
  const body = new URLSearchParams([...fields, ["_page", page], ["_account", account]]);
  const headers = { "X-CSRFToken": token(), Accept: "application/json" };
  try {
    const answer = await fetch(address, { method: "POST", body, headers, redirect: "manual", ...options });
    // Whoever is not logged in is sent to another page.
    if (answer.type === "opaqueredirect") {
      return { isSessionOver: true, said: "Not saved: your session has ended, keeping it here." };
    }
    const data = answer.headers.get("Content-Type")?.startsWith("application/json") ? await answer.json() : {};
    if (answer.ok) return { isOk: true, isKept: data.is_kept, ...data };
    return { said: `Not saved: ${data.said ?? "the server refuses it."} Keeping it here.` };
  } catch {
    return { said: navigator.onLine ? "Not saved: the server does not answer, keeping it here." : "Not saved: offline, keeping it here." };
  }
}

/** The token of now: logging in again, perhaps in another tab, gives a new one. */
export function token() {
  const found = document.cookie.split("; ").find((one) => one.startsWith("csrftoken="));
  return found?.slice("csrftoken=".length) ?? form?.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";
}

function refreshToken(sending) {
  const field = sending.querySelector("[name=csrfmiddlewaretoken]");
  if (field) field.value = token();
}

function age(milliseconds) {
  const seconds = Math.max(1, Math.round(milliseconds / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h`;
}

/** Where a browser gives no names: pages that did not come by https. */
function name() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
