/**
 * The list of images: <div data-upload-many>. Several pictures are chosen or dropped at once; each is
 * asked for its words in the dialog, one after the other.
 */
import { choose, rowsOf } from "./chooser.js";
import { takesFiles } from "./dropping.js";

const zone = document.querySelector("[data-upload-many]");

if (zone) {
  const field = zone.querySelector("[data-upload-many-files]");
  zone.hidden = false;
  field.addEventListener("input", () => add([...field.files]));
  takesFiles(document.querySelector("main"), add);
}

async function add(files) {
  let added = 0;
  for (const [place, file] of files.entries()) {
    const title = files.length > 1 ? `New image, ${place + 1} of ${files.length}: ${file.name}` : "New image";
    const made = await choose({ ...rowsOf("image"), title, addLabel: title, file });
    if (!made) break;
    added += 1;
  }
  if (added) location.reload();
  else zone.querySelector("[data-upload-many-status]").textContent = "Nothing was added.";
}
