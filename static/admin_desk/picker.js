/**
 * Puts a dialog in the place of the number of a row: a picture, an article.
 *
 * <div data-picker data-choose-url data-add-url data-name="image"> <input> <span data-picked>
 *   <span data-without-scripts>. With data-takes-files, a file that is dropped on it is added.
 */
import { choose } from "./chooser.js";
import { takesFiles } from "./dropping.js";

for (const picker of document.querySelectorAll("[data-picker]")) prepare(picker);
document.addEventListener("desk:added", (event) => {
  for (const picker of event.target.querySelectorAll("[data-picker]")) prepare(picker);
});

function prepare(picker) {
  const { chooseUrl, addUrl, name } = picker.dataset;
  const field = picker.querySelector("input");
  const picked = picker.querySelector("[data-picked]");
  const chosen = button("");
  const gone = button("Remove");

  field.type = "hidden";
  picker.querySelector("[data-without-scripts]").remove();
  picker.append(chosen, gone);
  // The label named the number; now it names the group, and an address that named it still does.
  const label = document.querySelector(`label[for="${field.id}"]`);
  if (label) {
    label.removeAttribute("for");
    label.id = `${field.id}_label`;
    picker.setAttribute("role", "group");
    picker.setAttribute("aria-labelledby", label.id);
  }
  picker.id = field.id;
  field.removeAttribute("id");
  show();

  chosen.addEventListener("click", () => ask({ title: `Choose: ${name}` }));
  if ("takesFiles" in picker.dataset) {
    takesFiles(picker, ([file]) => ask({ title: `New ${name}: ${file.name}`, file }));
  }

  async function ask(question) {
    const choice = await choose({ url: chooseUrl, addUrl, addLabel: `New ${name}`, ...question });
    if (choice) put(choice.value, choice);
    chosen.focus();
  }

  gone.addEventListener("click", () => {
    put("");
    chosen.focus();
  });

  // Also when something else wrote the number: what this browser had kept.
  let known = field.value;
  field.addEventListener("input", async () => {
    if (field.value === known) return;
    const choice = field.value ? await choiceOf(chooseUrl, field.value) : null;
    known = field.value;
    picked.replaceChildren(...(choice ? look(choice) : []));
    show();
  });

  function put(value, choice) {
    known = value;
    field.value = value;
    picked.replaceChildren(...(choice ? look(choice) : []));
    field.dispatchEvent(new Event("input", { bubbles: true }));
    show();
  }

  function show() {
    chosen.textContent = field.value ? `Change ${name}…` : `Choose ${name}…`;
    gone.hidden = !field.value;
  }
}

async function choiceOf(url, value) {
  const answer = await fetch(`${url}?${new URLSearchParams({ pk: value })}`);
  return answer.ok ? (await answer.json()).results[0] : null;
}

function look({ picture, title, address }) {
  const link = document.createElement("a");
  link.href = address;
  link.textContent = title;
  if (!picture) return [link];
  const image = document.createElement("img");
  image.className = "desk-thumbnail";
  image.src = picture;
  image.alt = "";
  return [image, link];
}

function button(words) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "desk-button";
  made.textContent = words;
  return made;
}
