/**
 * The dialog in which a row is chosen: a source to cite, a picture, an article.
 *
 * choose({title, url, addUrl, addLabel}) opens it and resolves to {value, title, detail, picture,
 * address, target}, or to null if it was closed. Typing searches, the arrow keys go through what was
 * found, Enter takes it. "New …" opens the form for a new row inside the dialog; once saved, it is
 * chosen. With a {file}, that form opens at once and has the file. With {needsTarget}, rows are left
 * out that a text cannot point at.
 */
const dialog = document.querySelector("dialog[data-chooser]");
const part = (name) => dialog.querySelector(`[data-chooser-${name}]`);
const WAIT = 200; // milliseconds after the last letter

let asked = null;
let found = [];
let at = 0;
let timer = 0;

export function choose(question) {
  asked = question;
  part("title").textContent = question.title;
  part("add").textContent = question.addLabel;
  part("add").hidden = !question.addUrl;
  part("words").value = "";
  part("frame").hidden = true;
  part("search").hidden = false;
  dialog.showModal();
  if (question.file) {
    add();
  } else {
    part("words").focus();
    search();
  }
  return new Promise((resolve) => {
    asked.resolve = resolve;
  });
}

/** Where the rows of a kind are found and added: "source", "image", "article". */
export function rowsOf(kind) {
  return { url: dialog.dataset[`${kind}Url`], addUrl: dialog.dataset[`${kind}AddUrl`] };
}

function end(choice) {
  const { resolve } = asked;
  part("frame").replaceChildren();
  dialog.close();
  resolve(choice);
}

async function search(parameters = { q: part("words").value }) {
  const address = `${asked.url}?${new URLSearchParams(parameters)}`;
  const answer = await fetch(address, { headers: { Accept: "application/json" } });
  if (!answer.ok) {
    part("status").textContent = "The list cannot be read. Your session may have ended.";
    return [];
  }
  const { results: given, has_more: hasMore } = await answer.json();
  const results = asked.needsTarget ? given.filter(({ target }) => target) : given;
  if (!("q" in parameters)) return results;
  if (parameters.q !== part("words").value) return results; // A later search is on its way.
  found = results;
  at = 0;
  const more = hasMore ? " Type more words to see the rest." : "";
  part("status").textContent = results.length ? `${results.length} found.${more}` : "Nothing found.";
  part("results").replaceChildren(...results.map(asOption));
  mark();
  return results;
}

function asOption(choice, place) {
  const option = document.createElement("li");
  option.className = "desk-result";
  option.id = `chooser-result-${place}`;
  option.setAttribute("role", "option");
  if (choice.picture) {
    const picture = document.createElement("img");
    picture.className = "desk-thumbnail";
    picture.src = choice.picture;
    picture.alt = "";
    option.append(picture);
  }
  const words = document.createElement("span");
  for (const name of ["title", "detail"]) {
    const line = document.createElement("span");
    line.className = `desk-result-${name}`;
    line.textContent = choice[name];
    words.append(line);
  }
  option.append(words);
  option.addEventListener("click", () => end(choice));
  return option;
}

function mark() {
  [...part("results").children].forEach((option, place) => {
    option.setAttribute("aria-selected", String(place === at));
    if (place === at) option.scrollIntoView({ block: "nearest" });
  });
  if (found.length) part("words").setAttribute("aria-activedescendant", `chooser-result-${at}`);
  else part("words").removeAttribute("aria-activedescendant");
}

function add() {
  const frame = document.createElement("iframe");
  frame.src = `${asked.addUrl}?_popup=1`;
  frame.title = asked.addLabel;
  frame.dataset.chooser = "";
  if (asked.file) frame.addEventListener("load", () => hand(frame));
  part("frame").replaceChildren(frame);
  part("frame").hidden = false;
  part("search").hidden = true;
  frame.focus();
}

/** Gives the file to the form, and again when the form comes back with something to mend. */
function hand(frame) {
  const field = frame.contentDocument?.querySelector("input[type=file]");
  if (!field) return;
  const carrier = new DataTransfer();
  carrier.items.add(asked.file);
  field.files = carrier.files;
  field.addEventListener("input", () => {
    asked.file = field.files[0] ?? asked.file;
  });
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

if (dialog) {
  part("words").addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(search, WAIT);
  });

  part("words").addEventListener("keydown", (event) => {
    if (event.key === "Enter") {
      event.preventDefault();
      if (found[at]) end(found[at]);
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!found.length) return;
      at = (at + (event.key === "ArrowDown" ? 1 : -1) + found.length) % found.length;
      mark();
    }
  });

  part("add").addEventListener("click", add);
  part("close").addEventListener("click", () => end(null));
  dialog.addEventListener("cancel", (event) => {
    event.preventDefault();
    end(null);
  });

  // What is typed into the dialog is no change of the form around it.
  for (const name of ["input", "change"]) dialog.addEventListener(name, (event) => event.stopPropagation());

  window.addEventListener("message", async (event) => {
    if (event.origin !== location.origin || !event.data?.added || !dialog.open) return;
    const [choice] = await search({ pk: event.data.added });
    end(choice ?? null);
  });
}
