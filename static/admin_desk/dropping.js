/**
 * Files that are dropped: takesFiles(zone, take) lets an element take them, and gives them to take().
 *
 * A file that misses every such place is let fall: the browser would open it and leave the form.
 */
export function takesFiles(zone, take) {
  let depth = 0; // Entering a child is told before leaving its parent.
  const mark = (step) => {
    depth = Math.max(0, depth + step);
    zone.classList.toggle("is-over", depth > 0);
  };
  zone.addEventListener("dragenter", (event) => holdsFiles(event) && mark(1));
  zone.addEventListener("dragleave", (event) => holdsFiles(event) && mark(-1));
  zone.addEventListener("dragover", (event) => holdsFiles(event) && event.preventDefault());
  zone.addEventListener("drop", (event) => {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    event.stopPropagation();
    mark(-depth);
    take([...event.dataTransfer.files]);
  });
}

function holdsFiles(event) {
  return [...(event.dataTransfer?.types ?? [])].includes("Files");
}

for (const name of ["dragover", "drop"]) {
  window.addEventListener(name, (event) => {
    if (holdsFiles(event) && !event.target.closest?.("input[type=file]")) event.preventDefault();
  });
}

// Unfold looks for a text field of its own beside every file, and stumbles where there is none. Our
// modules listen to "input", which comes first.
window.addEventListener(
  "change",
  (event) => event.target.matches?.(".desk-file") && event.stopImmediatePropagation(),
  { capture: true },
);
