/**
 * Opens a source in place when its mark is pressed.
 *
 * <a class="cite" href="#source-3" aria-label="Source 3">3</a>
 * <ol data-source-notes="In the list of sources"><li id="source-3"><p>…</p></li></ol>
 *
 * It is taken from the list of sources, which is on the page already. Without scripts, and where a
 * browser knows no popovers, a mark leads there.
 */
const MARK = 'a.cite[href^="#source-"]';
const list = document.querySelector("[data-source-notes]");
const sourceOf = (mark) => document.getElementById(mark.hash.slice(1));

let opened; // the mark whose note is open
let pressedOpen; // the same when a button or finger went down, which closes the note

function openNote(mark) {
  const note = Object.assign(document.createElement("div"), {
    className: "source-note",
    popover: "auto",
    tabIndex: -1,
    role: "dialog",
    ariaLabel: mark.ariaLabel,
  });
  note.append(...sourceOf(mark).cloneNode(true).children);
  note.querySelector(".back")?.remove();

  const toList = document.createElement("a");
  toList.href = mark.hash;
  toList.textContent = list.dataset.sourceNotes;
  toList.addEventListener("click", () => note.hidePopover());
  note.append(toList);

  note.addEventListener("toggle", ({ newState }) => {
    if (newState === "open") return;
    if (opened === mark) opened = null;
    note.remove();
  });
  note.addEventListener("focusout", ({ relatedTarget }) => {
    if (relatedTarget && !note.contains(relatedTarget)) note.hidePopover();
  });

  // Behind its mark, so that the Tab key goes on from there.
  (mark.closest(".cites") ?? mark).after(note);
  // Not every browser focuses what is clicked, and this is where the focus comes back to.
  mark.focus({ preventScroll: true });
  note.showPopover();
  opened = mark;
  putNear(mark, note);
  note.focus({ preventScroll: true });
}

/** Puts the note below its mark, or above where there is more room, and within the window. */
function putNear(mark, note) {
  const { left, top, bottom } = mark.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = note;
  const most = document.documentElement.clientWidth - width - 16;
  const isAbove = bottom + height > innerHeight && top > height;
  note.style.left = `${Math.max(16, Math.min(left - width / 2, most))}px`;
  note.style.top = `${scrollY + (isAbove ? top - height - 8 : bottom + 8)}px`;
}

if (list && "popover" in list) {
  for (const mark of document.querySelectorAll(MARK)) {
    if (sourceOf(mark)) mark.ariaHasPopup = "dialog";
  }
  document.addEventListener("pointerdown", () => { pressedOpen = opened; }, true);
  document.addEventListener("click", (event) => {
    const mark = event.target.closest(MARK);
    if (!mark || !sourceOf(mark) || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    // The Enter key presses nothing down.
    if (!event.detail || mark !== pressedOpen) openNote(mark);
  });
}
