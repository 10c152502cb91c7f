/**
 * A button that copies the text of a field: <p data-copy><input></p>
 */
for (const frame of document.querySelectorAll("[data-copy]")) {
  const field = frame.querySelector("input");
  const button = document.createElement("button");
  button.type = "button";
  button.className = "desk-button";
  button.textContent = "Copy";
  button.setAttribute("aria-label", `Copy ${frame.querySelector("label")?.textContent ?? ""}`.trim());
  const said = document.createElement("span");
  said.setAttribute("role", "status");
  frame.append(button, said);
  button.addEventListener("click", async () => {
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
      said.textContent = "Copied";
    } catch {
      // Without https browsers give no clipboard; the address is selected, ready for Ctrl+C.
      said.textContent = "Press Ctrl+C to copy";
    }
  });
}
