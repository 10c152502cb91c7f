/**
 * Orders rows with Up and Down buttons.
 *
 * <ol data-order> <li data-order-item><b data-order-name>…</b> <span data-place><input name="…-position">
 * <ol data-order data-order-into="id_of_a_hidden_field"> <li data-order-item data-uid="…" data-order-name="…">
 *
 * The places are written into the rows' own number fields, which then need not be seen, or the order
 * of all into one hidden field. The focus stays on the button of the row that moved, and a line that
 * screen readers follow says where it stands now.
 */
const said = document.createElement("p");
said.className = "desk-unseen";
said.setAttribute("role", "status");
document.body.append(said);

for (const list of document.querySelectorAll("[data-order]")) {
  const into = document.getElementById(list.dataset.orderInto ?? "");
  const items = () => [...list.querySelectorAll(":scope > [data-order-item]")];

  sort();
  for (const item of items()) prepare(item);
  list.addEventListener("desk:added", (event) => {
    prepare(event.target);
    mark();
  });
  list.addEventListener("desk:removed", mark);
  mark();

  /** A form that came back with mistakes, or was kept, has the order that was typed. */
  function sort() {
    const placed = items().filter((item) => Number(place(item)?.value) > 0);
    placed.sort((one, other) => Number(place(one).value) - Number(place(other).value));
    if (placed.some((item, at) => items().indexOf(item) !== at)) list.prepend(...placed);
  }

  function prepare(item) {
    const seen = item.querySelector("[data-place]");
    if (seen) seen.hidden = true;
    const moves = document.createElement("span");
    moves.className = "desk-moves";
    moves.append(button(item, -1, "↑", "Up"), button(item, 1, "↓", "Down"));
    const head = item.querySelector(".desk-row-head");
    if (head) head.querySelector(".desk-row-name").after(moves);
    else item.append(moves);
  }

  function button(item, step, sign, word) {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "desk-move";
    made.dataset.step = step;
    const shown = document.createElement("span");
    shown.ariaHidden = "true";
    shown.textContent = sign;
    const unseen = document.createElement("span");
    unseen.className = "desk-unseen";
    unseen.textContent = `${word}: ${name(item)}`;
    made.append(shown, unseen);
    made.addEventListener("click", () => move(item, step));
    return made;
  }

  function move(item, step) {
    const at = items().indexOf(item);
    const other = items()[at + step];
    if (!other) return;
    // The neighbour moves, not the row itself: so the button that was pressed keeps the focus.
    if (step < 0) item.after(other);
    else item.before(other);
    write();
    mark();
    said.textContent = `${name(item)} is number ${at + step + 1} of ${items().length} now.`;
  }

  function write() {
    items().forEach((item, at) => {
      const field = place(item);
      if (field) field.value = at + 1;
    });
    if (into) into.value = items().map((item) => item.dataset.uid).join(",");
    const changed = into ?? place(items()[0]);
    changed?.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function mark() {
    items().forEach((item, at) => {
      const number = item.querySelector("[data-row-number]");
      if (number) number.textContent = at + 1;
      for (const one of item.querySelectorAll(":scope .desk-move")) {
        const stays = Number(one.dataset.step) < 0 ? at === 0 : at === items().length - 1;
        one.setAttribute("aria-disabled", String(stays));
      }
    });
  }
}

function place(item) {
  return item?.querySelector("[data-place] input");
}

function name(item) {
  const typed = item.classList.contains("is-new") && item.querySelector('input[type="text"]')?.value;
  return typed || item.dataset.orderName || item.querySelector("[data-order-name]")?.textContent;
}
