/**
 * Gets the script that draws a timeline when the reader comes near the place for it:
 * <div data-timeline-drawing="address of the script">.
 */
const NEAR = { rootMargin: "600px" };

for (const place of document.querySelectorAll("[data-timeline-drawing]")) {
  const draw = () => import(place.dataset.timelineDrawing);
  const observer = new IntersectionObserver((changes) => {
    if (!changes.some(({ isIntersecting }) => isIntersecting)) return;
    observer.disconnect();
    draw();
  }, NEAR);
  observer.observe(place);
}
