/**
 * A timeline on paper: the whole of it in black, as fine as a printer, for a sheet that stands and
 * one that lies, of which the style sheet takes one.
 *
 * Takes of the drawing measure(), paint() and resize(), its place, plot, scale and canvas; make()
 * of timeline-tools.js.
 */
const BLACK = { ink: "black", paper: "white", rule: "silver", soft: "dimgray", force: "rgb(0, 0, 0)", break: "rgb(0, 0, 0)", tint: "white" };
// Pixels of a printer to one of a screen.
const FINE = 3;

const layOnPaper = (drawing) => {
  const { place, plot, painting: { canvas }, scale } = drawing;
  clearPaper(plot);
  if (place.hidden) return;
  const { start, pixels, width } = scale;
  for (const sheet of ["is-upright", "is-broad"]) {
    place.classList.add("is-printed", sheet);
    drawing.measure(BLACK, FINE);
    scale.fit();
    drawing.paint(FINE);
    const paper = make("canvas", `scale-paper ${sheet}`);
    Object.assign(paper, { width: canvas.width, height: canvas.height });
    paper.getContext("2d").drawImage(canvas, 0, 0);
    plot.append(paper);
    place.classList.remove("is-printed", sheet);
  }
  Object.assign(scale, { start, pixels, width });
  drawing.resize();
};

const clearPaper = (plot) => {
  for (const paper of plot.querySelectorAll(".scale-paper")) paper.remove();
};
