/**
 * Keeps what is being typed in this browser until it is saved, and brings it back afterwards: when the
 * session had ended, the browser stopped or the network was gone.
 *
 * <div data-keep-for="number of the account">. A form says by its hidden opened_on on which revision it
 * was opened; if a colleague has saved since, what was typed is shown to be copied, and not put back.
 */
const DAYS = 7;
const WAIT = 800; // milliseconds after the last letter
const START = "desk:kept:";
const SENT = "desk:sent";
const account = document.querySelector("[data-keep-for]")?.dataset.keepFor;
const form = document.querySelector("#content-main form[method=post]");
const key = `${START}${account}:${location.pathname}${location.search}`;

if (account) {
  forgetOld();
  // Any page but the one that was sent, and but the one to log in, means that the save arrived.
  const sent = sessionStorage.getItem(SENT);
  if (sent && sent !== key) forget(sent);
  if (form) watch(sent === key);
}

function watch(wasSent) {
  const isRefused = "isChanged" in form.dataset;
  const kept = read();
  const wasSaved = wasSent && document.querySelector(".desk-messages");
  // A refused save shows all of it again.
  if (kept && !isRefused && !wasSaved && differs(kept)) offer(kept);
  else forget(key);

  let timer = 0;
  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(() => "isChanged" in form.dataset && keep(), WAIT);
  };
  for (const name of ["input", "change", "desk:added", "desk:removed"]) form.addEventListener(name, later);
  form.addEventListener("submit", () => {
    keep();
    sessionStorage.setItem(SENT, key);
  });
  if (isRefused) keep();
}

function keep() {
  const kept = { at: Date.now(), opened: opened(), fields: fields(), rows: rows() };
  try {
    localStorage.setItem(key, JSON.stringify(kept));
  } catch {
    // The browser keeps nothing, or no more: typing goes on as without it.
  }
}

function offer(kept) {
  const notice = document.createElement("div");
  notice.className = "desk-notice";
  notice.setAttribute("role", "status");
  const words = document.createElement("p");
  const time = new Date(kept.at).toLocaleString(document.documentElement.lang, { dateStyle: "long", timeStyle: "short" });
  words.textContent = `This browser kept what was typed here on ${time} and not saved.`;
  const isSame = opened() === kept.opened;
  const back = isSame ? button("Bring it back", () => bringBack(kept)) : button("Show it", () => show(kept));
  notice.append(words, back, " ", button("Forget it", () => forget(key)));
  form.before(notice);

  function button(said, deed) {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "desk-button";
    made.textContent = said;
    made.addEventListener("click", () => {
      deed();
      notice.remove();
    });
    return made;
  }
}

function bringBack(kept) {
  for (const [prefix, total] of Object.entries(kept.rows)) {
    const group = form.querySelector(`[data-rows][data-prefix="${prefix}"]`);
    while (group && Number(rowCount(group).value) < total) {
      const before = rowCount(group).value;
      group.querySelector("[data-rows-add]")?.click();
      if (rowCount(group).value === before) break;
    }
  }
  for (const [name, value, isChecked] of kept.fields) {
    for (const field of form.querySelectorAll(`[name="${CSS.escape(name)}"]`)) {
      if (field.type === "checkbox" || field.type === "radio") {
        if (field.value === value) field.checked = isChecked;
      } else {
        field.value = value;
      }
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }
  }
  document.dispatchEvent(new CustomEvent("desk:restored"));
}

/** For copying: each text that is not in the form as it is now. */
function show(kept) {
  const now = new Set(fields().map(([, value]) => value));
  const list = document.createElement("div");
  list.className = "desk-notice";
  const words = document.createElement("p");
  words.textContent = "Somebody saved this meanwhile, so it is not put back by itself. Copy what is missing.";
  list.append(words);
  for (const [name, value] of kept.fields.filter(([, text]) => text && !now.has(text))) {
    const text = document.createElement("textarea");
    text.className = "desk-input";
    text.readOnly = true;
    text.value = value;
    text.setAttribute("aria-label", name);
    list.append(text);
  }
  form.before(list);
}

/** All that can be typed, chosen or ordered; passwords and files are not kept. */
function fields() {
  return [...form.elements]
    .filter(({ name, type }) => name && !/^(csrfmiddlewaretoken|overwrite|_.*)$|_FORMS$/.test(name) && !["password", "file", "submit", "button"].includes(type))
    .map(({ name, value, checked }) => [name, value, Boolean(checked)]);
}

function rows() {
  const groups = [...form.querySelectorAll("[data-rows]")];
  return Object.fromEntries(groups.map((group) => [group.dataset.prefix, Number(rowCount(group).value)]));
}

function rowCount(group) {
  return group.querySelector(`[name="${group.dataset.prefix}-TOTAL_FORMS"]`);
}

function opened() {
  return form.querySelector('[name="opened_on"]')?.value ?? "";
}

function differs(kept) {
  const own = (given) => JSON.stringify(given.filter(([name]) => name !== "opened_on"));
  return own(kept.fields) !== own(fields());
}

function read() {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch {
    return null;
  }
}

function forget(one) {
  localStorage.removeItem(one);
  if (sessionStorage.getItem(SENT) === one) sessionStorage.removeItem(SENT);
}

function forgetOld() {
  for (const one of Object.keys(localStorage).filter((name) => name.startsWith(START))) {
    try {
      if (Date.now() - JSON.parse(localStorage.getItem(one)).at > DAYS * 86_400_000) forget(one);
    } catch {
      forget(one);
    }
  }
}
