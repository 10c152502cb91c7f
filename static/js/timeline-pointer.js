/**
 * The pointers over a timeline: mouse, wheel and fingers point, drag, pinch and tap.
 *
 * Takes of the drawing its plot, scale, current and list (go), and asks its layout what lies at a
 * place; within() of timeline-scale.js.
 */
const listenToPointers = (drawing) => {
  const { plot, scale, current, list } = drawing;
  const inside = (event) => scale.inside(plot, event);

  // Zooms by the wheel with Ctrl, which is also how a pinch of a trackpad is told; turned sideways it pans. All else is the page's.
  plot.addEventListener("wheel", (event) => {
    const { deltaX, deltaY, deltaMode, ctrlKey, metaKey } = event;
    const { start } = scale;
    const pixels = deltaMode ? 16 : 1;
    const isZoom = ctrlKey || metaKey;
    if (isZoom) scale.zoom(Math.exp(-within(deltaY * pixels, -60, 60) * 0.01), inside(event)[0]);
    else if (Math.abs(deltaX) > Math.abs(deltaY)) scale.pan((scale.isMirrored ? -deltaX : deltaX) * pixels);
    if (isZoom || Math.abs(scale.start - start) * scale.pixels > 0.1) event.preventDefault();
  }, { passive: false });
  // The focus stays on the button of the current event.
  plot.addEventListener("mousedown", (event) => event.preventDefault());
  // Nor does a finger click once more on what has come under it.
  plot.addEventListener("touchend", (event) => event.cancelable && event.preventDefault());
  // A finger leaves whenever it is lifted.
  plot.addEventListener("pointerleave", ({ pointerType }) => pointerType === "mouse" && current.note(null));

  /** A finger cannot point without touching: its first tap shows an event, its second goes there. */
  const tap = (x, y, by) => {
    const found = drawing.layout.find(x, y);
    if (found?.column) return scale.zoom(4, x);
    if (!found) return;
    const isKnown = by !== "touch" || found.event === current.marked;
    current.point(found.event);
    if (isKnown) list.go(found.event);
  };

  // Where each finger is, and how far they went.
  const held = new Map();
  let travelled = 0;
  plot.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    plot.setPointerCapture(event.pointerId);
    held.set(event.pointerId, inside(event)[0]);
    if (held.size === 1) travelled = 0;
    current.focus();
  });
  plot.addEventListener("pointermove", (event) => {
    const [x, y] = inside(event);
    if (!held.has(event.pointerId)) {
      const found = drawing.layout.find(x, y);
      plot.classList.toggle("has-mark", Boolean(found));
      return current.note(found?.event ?? null);
    }
    const [one, other] = held.values();
    const before = held.get(event.pointerId);
    held.set(event.pointerId, x);
    travelled += Math.abs(x - before);
    scale.pan((before - x) / held.size);
    if (held.size !== 2) return;
    const [first, second] = held.values();
    scale.zoom(Math.max(8, Math.abs(first - second)) / Math.max(8, Math.abs(one - other)), (first + second) / 2);
  });
  for (const kind of ["pointerup", "pointercancel"]) {
    plot.addEventListener(kind, (event) => {
      const isOurs = held.delete(event.pointerId);
      if (isOurs && kind === "pointerup" && travelled < 6) tap(...inside(event), event.pointerType);
    });
  }
};
