/**
 * Adds rows to a formset and takes back those that were only just added.
 *
 * <div data-rows data-prefix="sections"> <ol data-rows-list>…<li data-row></ol>
 *   <template data-rows-empty>…__prefix__…</template> <button data-rows-add hidden>
 *
 * The empty row that stands there for browsers without scripts goes. Modules that look after what is
 * in a row hear of a new one by the event "desk:added", which bubbles.
 */
for (const rows of document.querySelectorAll("[data-rows]")) {
  const { prefix } = rows.dataset;
  const list = rows.querySelector("[data-rows-list]");
  const empty = rows.querySelector("template[data-rows-empty]");
  const add = rows.querySelector("[data-rows-add]");
  const total = rows.querySelector(`[name="${prefix}-TOTAL_FORMS"]`);
  const initial = Number(rows.querySelector(`[name="${prefix}-INITIAL_FORMS"]`).value);
  if (!empty || !add) continue;

  const all = () => [...list.querySelectorAll(":scope > [data-row]")];
  const added = () => all().filter((row) => row.classList.contains("is-new"));

  for (const row of added()) {
    if (isBlank(row)) row.remove();
    else prepare(row);
  }
  renumber();

  add.hidden = false;
  add.addEventListener("click", () => {
    const holder = document.createElement("ol");
    holder.append(empty.content.cloneNode(true));
    const row = holder.querySelector("[data-row]");
    rename(row, "__prefix__", all().length);
    list.append(row);
    total.value = all().length;
    prepare(row);
    row.dispatchEvent(new CustomEvent("desk:added", { bubbles: true }));
    row.querySelector("input:not([type=hidden]):not([name$=-position]), textarea")?.focus();
  });

  function prepare(row) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "desk-small";
    button.textContent = "Remove";
    button.addEventListener("click", () => {
      const next = row.nextElementSibling ?? row.previousElementSibling;
      row.remove();
      renumber();
      list.dispatchEvent(new CustomEvent("desk:removed", { bubbles: true }));
      (next?.querySelector("button, input, textarea") ?? add).focus();
    });
    row.querySelector(".desk-row-head").append(button);
  }

  /** Rows that are in the database keep their numbers, new ones follow without a gap. */
  function renumber() {
    added().forEach((row, place) => {
      const from = row.querySelector(`[name^="${prefix}-"]`).name.slice(prefix.length + 1).split("-")[0];
      rename(row, from, initial + place);
    });
    total.value = initial + added().length;
  }

  function rename(row, from, to) {
    for (const element of [row, ...row.querySelectorAll("*")]) {
      for (const name of ["id", "name", "for", "aria-describedby", "aria-labelledby"]) {
        const value = element.getAttribute(name);
        if (value) element.setAttribute(name, value.replaceAll(`${prefix}-${from}`, `${prefix}-${to}`));
      }
    }
  }
}

function isBlank(row) {
  if (row.classList.contains("has-errors")) return false;
  const typed = row.querySelectorAll("textarea, select, input:not([type=hidden]):not([name$=-position])");
  return [...typed].every((field) => (field.type === "checkbox" ? !field.checked : field.value === ""));
}
