/**
 * Writes sources into the margin of a window that has one, beside the paragraphs that cite them.
 *
 * They are taken from the list of sources, which is on the page already: source-in-place.js has both.
 */
const MARK = 'a.cite[href^="#source-"]';
const sections = document.querySelector("[data-source-notes]") && document.querySelector(".sections");
const hasMargin = matchMedia("(width >= 78rem)");
const make = (tag, given) => Object.assign(document.createElement(tag), given);

/** Writes beside each paragraph the sources that it cites and of which no note tells there yet. */
function writeNotes() {
  for (const block of sections.querySelectorAll(".section > :is(p, ul, ol, blockquote, table)")) {
    const next = block.nextElementSibling;
    const beside = next?.matches(".note, .notes, .pulled-fact") ? next : null;
    const marks = new Map([...block.querySelectorAll(MARK)].map((mark) => [mark.textContent, mark]));
    for (const told of beside?.querySelectorAll("b") ?? []) marks.delete(told.textContent);
    if (!marks.size) continue;
    // Hidden from who listens: the marks lead to the same words, and more of them.
    const notes = make("div", { className: "margin-sources", ariaHidden: "true" });
    for (const [number, mark] of marks) {
      const line = make("p", {});
      const shown = make("b", { className: "note-mark", textContent: number });
      line.append(shown, " ", document.querySelector(mark.hash)?.firstElementChild.textContent ?? "");
      notes.append(line);
    }
    (beside ?? block).after(notes);
  }
}

/** Sets each note beside its paragraph, or below the note before it; nothing else moves. */
function placeNotes() {
  if (!hasMargin.matches) return;
  if (!sections.querySelector(".margin-sources")) writeNotes();
  for (const section of sections.children) {
    let paragraph = 0;
    let above = 0; // where the note before the last one ends
    let free = 0;
    let last;
    for (const element of section.children) {
      const { offsetTop: top, offsetHeight: height } = element;
      const isOurs = element.matches(".margin-sources");
      if (isOurs || element.matches(".note, .notes, p + .pulled-fact")) {
        const start = Math.max(isOurs ? paragraph : top, free);
        if (isOurs) element.style.top = `${start}px`;
        else element.style.setProperty("--lowered", `${start - top}px`);
        above = free;
        free = start + height + 12;
        last = isOurs && element;
      } else {
        paragraph = top;
        if (!element.matches(".wordings")) continue;
        // It takes the whole width and leaves no margin: up beside the heading, or away.
        if (last && free > top) {
          const start = top - last.offsetHeight - 12;
          last.style.top = `${start}px`;
          last.style.visibility = start < above ? "hidden" : "";
        }
        free = top + height;
      }
    }
  }
}

if (sections) new ResizeObserver(placeNotes).observe(sections);
