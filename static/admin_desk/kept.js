/**
 * What this browser itself keeps of a form, until it is saved: for keep.js and autosave.js.
 *
 * One entry for each page that was opened, {at, fields, …}, under the account and the form's address.
 * A page that is sent is remembered until an answer shows what became of it.
 */
const DAYS = 7;
const START = "desk:kept:";
const SENT = "desk:sent";

export const account = document.querySelector("[data-keep-for]")?.dataset.keepFor;
/** Where the entries of this form stand. */
export const place = `${START}${account}:${location.pathname}${location.search}`;

export function read(key) {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch {
    return null;
  }
}

/** Says whether the browser did keep it: it may keep nothing, or no more. */
export function write(key, kept) {
  try {
    localStorage.setItem(key, JSON.stringify(kept));
    return true;
  } catch {
    return false;
  }
}

export function forget(key) {
  localStorage.removeItem(key);
}

/** The entries of this form, the newest first: [key, {at, …}]. */
export function entries() {
  return names()
    .filter((key) => key === place || key.startsWith(`${place} `))
    .map((key) => [key, read(key)])
    .filter(([, kept]) => kept)
    .sort(([, one], [, other]) => other.at - one.at);
}

export function forgetOld() {
  for (const key of names()) {
    const at = read(key)?.at;
    if (!at || Date.now() - at > DAYS * 86_400_000) forget(key);
  }
}

export function send(key) {
  sessionStorage.setItem(SENT, JSON.stringify({ key, place }));
}

/** What this account sent last: {key, place}, or null. It is told once. */
export function lastSent() {
  try {
    const sent = JSON.parse(sessionStorage.getItem(SENT));
    if (!sent?.place.startsWith(`${START}${account}:`)) return null;
    sessionStorage.removeItem(SENT);
    return sent;
  } catch {
    return null;
  }
}

function names() {
  return Object.keys(localStorage).filter((name) => name.startsWith(START));
}
