/**
 * Sets the focal point of a picture by a click on it or by the arrow keys, and shows it in the crops.
 *
 * <div data-focal> with [data-focal-picture] (a picture and its [data-focal-point]) and [data-focal-crop].
 * The fields focus_x and focus_y hold it, in per cent. The event desk:picture brings another picture.
 */
const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

for (const focal of document.querySelectorAll("[data-focal]")) prepare(focal);

function prepare(focal) {
  const fields = ["focus_x", "focus_y"].map((name) => document.querySelector(`[name="${name}"]`));
  if (fields.includes(null)) return;
  const picture = focal.querySelector("[data-focal-picture] img");
  const point = focal.querySelector("[data-focal-point]");
  const crops = focal.querySelectorAll("[data-focal-crop]");

  point.hidden = false;
  for (const hint of focal.querySelectorAll("[data-with-scripts]")) hint.hidden = false;
  show();

  picture.addEventListener("click", (event) => {
    const { left, top, width, height } = picture.getBoundingClientRect();
    place(((event.clientX - left) / width) * 100, ((event.clientY - top) / height) * 100);
  });
  point.addEventListener("keydown", (event) => {
    const step = STEPS[event.key];
    if (!step) return;
    event.preventDefault();
    const far = event.shiftKey ? 10 : 1;
    const [across, down] = at();
    place(across + step[0] * far, down + step[1] * far);
  });
  for (const field of fields) field.addEventListener("input", show);
  focal.addEventListener("desk:picture", ({ detail }) => {
    for (const image of [picture, ...crops]) {
      for (const name of ["srcset", "width", "height"]) image.removeAttribute(name);
      image.src = detail;
    }
    focal.hidden = !detail;
  });

  function at() {
    return fields.map(({ value }) => (value === "" ? 50 : Number(value)));
  }

  function place(...wanted) {
    fields.forEach((field, axis) => {
      field.value = String(Math.round(Math.min(100, Math.max(0, wanted[axis]))));
      field.dispatchEvent(new Event("input", { bubbles: true }));
    });
  }

  function show() {
    const [across, down] = at();
    point.style.left = `${across}%`;
    point.style.top = `${down}%`;
    point.setAttribute("aria-label", `Focal point, ${across} % from the left, ${down} % from the top`);
    for (const crop of crops) crop.style.objectPosition = `${across}% ${down}%`;
  }
}
