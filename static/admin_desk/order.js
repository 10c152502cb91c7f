/**
 * Orders rows with Up and Down buttons, with Alt and the arrow keys, and by dragging their grip.
 *
 * <ol data-order> <li data-order-item><b data-order-name>…</b> <span data-place><input name="…-position">
 * <ol data-order data-order-into="id_of_a_hidden_field"> <li data-order-item data-uid="…" data-order-name="…">
 *
 * The places are written into the rows' own number fields, which then need not be seen, or the order
 * of all into one hidden field. The focus stays on the button of the row that moved, and a line that
 * screen readers follow says where it stands now. A grip is for mouse, pen and finger; near the edge of
 * the window the page scrolls along, and Escape puts the row back.
 */
import { areOn as keysAreOn } from "./keys.js";

const EDGE = 96; // pixels from the edge of the window in which the page scrolls along
const FASTEST = 18; // pixels a frame

const said = document.createElement("p");
said.className = "desk-unseen";
said.setAttribute("role", "status");
document.body.append(said);

for (const list of document.querySelectorAll("[data-order]")) {
  const into = document.getElementById(list.dataset.orderInto ?? "");
  const items = () => [...list.querySelectorAll(":scope > [data-order-item]")];

  sort();
  for (const item of items()) prepare(item);
  list.addEventListener("keydown", (event) => {
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    const isAlone = event.altKey && !event.ctrlKey && !event.metaKey && !event.shiftKey;
    if (!step || !isAlone || event.defaultPrevented || !keysAreOn()) return;
    // There the arrow keys with Alt have a meaning of their own.
    if (event.target.matches("textarea, select, [role=combobox]")) return;
    const item = event.target.closest("[data-order-item]");
    if (item?.parentElement !== list) return;
    event.preventDefault();
    move(item, step);
  });
  list.addEventListener("desk:added", (event) => {
    prepare(event.target);
    mark();
  });
  list.addEventListener("desk:removed", mark);
  mark();

  /** A form that came back with mistakes, or was kept, has the order that was typed. */
  function sort() {
    const placed = items().filter((item) => Number(placeOf(item)?.value) > 0);
    placed.sort((one, other) => Number(placeOf(one).value) - Number(placeOf(other).value));
    if (placed.some((item, at) => items().indexOf(item) !== at)) list.prepend(...placed);
  }

  function prepare(item) {
    const seen = item.querySelector("[data-place]");
    if (seen) seen.hidden = true;
    const moves = document.createElement("span");
    moves.className = "desk-moves";
    moves.append(grip(item), button(item, -1, "↑", "Up"), button(item, 1, "↓", "Down"));
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

  function grip(item) {
    const made = document.createElement("span");
    made.className = "desk-grip";
    made.ariaHidden = "true";
    made.title = "Drag to another place";
    made.textContent = "⠿";
    made.addEventListener("pointerdown", (event) => {
      if (!event.isPrimary || event.button !== 0) return;
      event.preventDefault();
      drag(item, event);
    });
    return made;
  }

  function drag(item, begun) {
    const before = items();
    let y = begun.clientY;
    let frame = 0;
    steadily(() => {
      list.classList.add("is-sorting");
      item.classList.add("is-dragged");
    });
    const follow = (event) => {
      if (event.pointerId !== begun.pointerId) return;
      y = event.clientY;
      place();
    };
    const drop = (event) => event.pointerId === begun.pointerId && end(event.type === "pointercancel");
    const cancel = (event) => {
      if (event.key !== "Escape") return;
      event.preventDefault();
      event.stopPropagation();
      end(true);
    };
    document.addEventListener("pointermove", follow);
    for (const name of ["pointerup", "pointercancel"]) document.addEventListener(name, drop);
    document.addEventListener("keydown", cancel, true);
    frame = requestAnimationFrame(scroll);

    function scroll() {
      const depth = y < EDGE ? y - EDGE : Math.max(0, y - innerHeight + EDGE);
      if (depth) {
        scrollBy(0, Math.sign(depth) * Math.min(FASTEST, Math.abs(depth) / 4));
        place();
      }
      frame = requestAnimationFrame(scroll);
    }

    /** The neighbours move, not the row itself: a finger keeps hold of what stays in its place. */
    function place() {
      for (let moved = true; moved; ) {
        const own = item.getBoundingClientRect();
        const next = neighbour("nextElementSibling");
        const previous = neighbour("previousElementSibling");
        moved = true;
        if (next && y > own.top + next.getBoundingClientRect().height) item.before(next);
        else if (previous && y < own.bottom - previous.getBoundingClientRect().height && y < own.top) item.after(previous);
        else moved = false;
      }
    }

    function neighbour(side) {
      const other = item[side];
      return other?.matches("[data-order-item]") ? other : null;
    }

    function end(isTakenBack) {
      cancelAnimationFrame(frame);
      document.removeEventListener("pointermove", follow);
      for (const name of ["pointerup", "pointercancel"]) document.removeEventListener(name, drop);
      document.removeEventListener("keydown", cancel, true);
      steadily(() => {
        if (isTakenBack) list.prepend(...before);
        list.classList.remove("is-sorting");
        item.classList.remove("is-dragged");
      });
      const at = items().indexOf(item);
      if (isTakenBack) said.textContent = `${name(item)} was put back.`;
      if (isTakenBack || at === before.indexOf(item)) return;
      write();
      mark();
      said.textContent = `${name(item)} is number ${at + 1} of ${before.length} now.`;
    }

    /** Changes the list and keeps the row where it is on the screen. */
    function steadily(change) {
      const { top } = item.getBoundingClientRect();
      change();
      scrollBy(0, item.getBoundingClientRect().top - top);
    }
  }

  function write() {
    items().forEach((item, at) => {
      const field = placeOf(item);
      if (field) field.value = at + 1;
    });
    if (into) into.value = items().map((item) => item.dataset.uid).join(",");
    const changed = into ?? placeOf(items()[0]);
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

function placeOf(item) {
  return item?.querySelector("[data-place] input");
}

function name(item) {
  const typed = item.classList.contains("is-new") && item.querySelector('input[type="text"]')?.value;
  return typed || item.dataset.orderName || item.querySelector("[data-order-name]")?.textContent;
}
