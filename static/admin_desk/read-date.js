/**
 * Says while a date is typed how it will be read: <input data-read-date="address that answers">.
 */
const WAIT = 300; // milliseconds after the last letter

for (const field of document.querySelectorAll("[data-read-date]")) {
  const shown = document.createElement("output");
  shown.className = "desk-read-as";
  shown.htmlFor = field.id;
  field.after(shown);
  let timer = 0;

  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, WAIT);
  });
  ask();

  async function ask() {
    const typed = field.value;
    const answer = await fetch(`${field.dataset.readDate}?${new URLSearchParams({ date: typed })}`);
    if (!answer.ok || typed !== field.value) return;
    const { words, error } = await answer.json();
    shown.textContent = words ? `Read as: ${words}` : error;
    shown.classList.toggle("is-bad", Boolean(error));
  }
}
