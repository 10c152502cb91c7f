/**
 * Writes sources, from their list on the page, into the margin of a window that has one.
 */
const sections = document.querySelector("[data-source-notes]") && document.querySelector(".sections");
const lower = ({ style }, by) => style.setProperty("--lowered", `${by}px`);
const make = (tag, given) => Object.assign(document.createElement(tag), given);

/** Writes beside each paragraph the sources that it cites and no note tells of. */
function writeNotes() {
  // What follows a fact says how far it reaches, until sources come between.
  for (const fact of sections.querySelectorAll(".pulled-fact")) {
    fact.style.setProperty("--beside", getComputedStyle(fact).getPropertyValue("--beside"));
  }
  for (const block of sections.querySelectorAll(".section > :is(p, ul, ol, blockquote, table)")) {
    const next = block.nextElementSibling;
    const beside = next?.matches(".note, .notes, .pulled-fact") ? next : null;
    const cited = [...block.querySelectorAll('a.cite[href^="#source-"]')];
    const marks = new Map(cited.map((mark) => [mark.textContent, mark]));
    for (const told of beside?.querySelectorAll("b") ?? []) marks.delete(told.textContent);
    if (!marks.size) continue;
    // Who listens has the same words behind the marks.
    const notes = make("div", { className: "margin-sources", ariaHidden: "true" });
    for (const [number, mark] of marks) {
      const line = notes.appendChild(make("p"));
      const words = document.querySelector(mark.hash)?.firstElementChild.textContent ?? "";
      line.append(make("b", { className: "note-mark", textContent: number }), " ", words);
    }
    (beside ?? block).after(notes);
  }
}

/** Sets each beside its paragraph, or below the one before; nothing else moves. */
function placeNotes() {
  if (!matchMedia("(width >= 78rem)").matches) return;
  if (!sections.querySelector(".margin-sources")) writeNotes();
  let free = 0;
  let from = 0;
  for (const { offsetTop, children } of sections.children) {
    free += from - offsetTop;
    from = offsetTop;
    let paragraph;
    let above = 0; // where the last note but one ends
    let last;
    for (const element of children) {
      const { offsetTop: top, offsetHeight: height } = element;
      const isOurs = element.matches(".margin-sources");
      if (isOurs || element.matches(".note, .notes, p + .pulled-fact")) {
        const start = Math.max(isOurs ? paragraph : top, free);
        lower(element, start - top);
        above = free;
        free = start + height + 12;
        last = isOurs && element;
        continue;
      }
      paragraph = top;
      if (!element.matches(".wordings")) continue;
      // It leaves no margin: up beside the heading, or away.
      if (last && free > top) {
        const start = top - last.offsetHeight - 12;
        lower(last, start);
        last.style.visibility = start < above ? "hidden" : "";
      }
      free = top + height;
    }
  }
}

if (sections) new ResizeObserver(placeNotes).observe(sections);
