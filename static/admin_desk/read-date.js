/**
 * Says while a date is typed how it will be read: <input data-read-date="address that answers">.
 *
 * What can mean two dates is asked about: a button for each writes it out.
 */
const WAIT = 300; // milliseconds after the last letter

for (const field of document.querySelectorAll("[data-read-date]")) {
  const shown = document.createElement("output");
  const asked = document.createElement("span");
  shown.className = "desk-read-as";
  shown.htmlFor = field.id;
  asked.className = "desk-read-choices";
  field.after(shown, asked);
  let timer = 0;

  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, WAIT);
  });
  ask();

  function choice(words) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = words;
    button.addEventListener("click", () => {
      field.value = words;
      field.dispatchEvent(new Event("input", { bubbles: true }));
      field.dispatchEvent(new Event("change", { bubbles: true }));
      field.focus();
    });
    return button;
  }

  async function ask() {
    const typed = field.value;
    const answer = await fetch(`${field.dataset.readDate}?${new URLSearchParams({ date: typed })}`);
    if (!answer.ok || typed !== field.value) return;
    const { words, error, choices } = await answer.json();
    shown.textContent = words || error;
    shown.classList.toggle("is-bad", Boolean(error));
    asked.replaceChildren(...choices.map(choice));
  }
}
