/**
 * The form of a new picture: <div data-upload> with its file. It takes a picture that is dropped on it,
 * shows it before it is sent, and asks at once for what the server would refuse the picture without.
 *
 * A picture that the library has already can be used from the dialog: <a data-known="its number">.
 */
import { takesFiles } from "./dropping.js";

const LARGEST = 960; // pixels of the copy that is shown

for (const upload of document.querySelectorAll("[data-upload]")) prepare(upload);
for (const known of document.querySelectorAll("[data-known]")) offer(known);

function prepare(upload) {
  const field = upload.querySelector("input[type=file]");
  const focal = upload.querySelector("[data-focal]");
  for (const hint of upload.querySelectorAll(":scope > [data-with-scripts]")) hint.hidden = false;

  takesFiles(field.form, (files) => {
    const carrier = new DataTransfer();
    carrier.items.add(files[0]);
    field.files = carrier.files;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });
  field.addEventListener("input", async () => {
    const copy = await smaller(field.files[0]);
    focal.dispatchEvent(new CustomEvent("desk:picture", { detail: copy }));
    // In a dialog the next thing asked may lie out of sight.
    if (isInDialog()) field.form.elements.alt.focus();
  });
  askForWords(field.form);
}

/** A form that the server refuses comes back without its file. */
function askForWords(form) {
  const [alt, decorative] = ["alt", "is_decorative"].map((name) => form.elements[name]);
  const check = () => {
    const isOne = Boolean(alt.value.trim()) !== decorative.checked;
    alt.setCustomValidity(isOne ? "" : "Give an alternative text, or say that the picture is decorative: one of the two.");
  };
  for (const field of [alt, decorative]) field.addEventListener("input", check);
  form.addEventListener(
    "submit",
    (event) => {
      // What the browser brought back is told by no event.
      check();
      if (alt.reportValidity()) return;
      event.preventDefault();
      event.stopImmediatePropagation();
    },
    { capture: true },
  );
}

/** The address of a small copy of the picture, or "" for what the browser cannot read. */
async function smaller(file) {
  if (!file) return "";
  try {
    const picture = await createImageBitmap(file);
    const scale = Math.min(1, LARGEST / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(picture.width * scale));
    canvas.height = Math.max(1, Math.round(picture.height * scale));
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    return canvas.toDataURL("image/webp", 0.8);
  } catch {
    return "";
  }
}

function isInDialog() {
  return Boolean(window.frameElement && "chooser" in window.frameElement.dataset);
}

function offer(known) {
  if (!isInDialog()) return;
  const use = document.createElement("button");
  use.type = "button";
  use.className = "desk-button";
  use.textContent = "Use that one";
  use.addEventListener("click", () => {
    window.parent.postMessage({ added: known.dataset.known }, location.origin);
  });
  known.after(" ", use);
}
