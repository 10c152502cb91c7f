/**
 * Adds a field that narrows a long list of boxes: <div data-narrow><label><input type=checkbox>…
 *
 * What is chosen stays in sight, whatever is typed.
 */
const LONG = 12;

for (const list of document.querySelectorAll("[data-narrow]")) prepare(list);
document.addEventListener("desk:added", (event) => {
  for (const list of event.target.querySelectorAll("[data-narrow]")) prepare(list);
});

function prepare(list) {
  const labels = [...list.querySelectorAll("label")];
  if (labels.length <= LONG) return;
  const field = document.createElement("input");
  field.type = "search";
  field.className = "desk-input desk-narrow";
  field.setAttribute("aria-label", "Narrow the list");
  field.placeholder = "Narrow the list";
  field.addEventListener("input", (event) => {
    event.stopPropagation();
    const words = field.value.toLowerCase();
    for (const label of labels) {
      const isChosen = label.querySelector("input").checked;
      label.hidden = !isChosen && !label.textContent.toLowerCase().includes(words);
    }
  });
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.preventDefault();
  });
  list.before(field);
}
