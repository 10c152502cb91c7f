/**
 * The shapes of marks for timeline-drawing.js, those of the list in components.css: a ring is a day,
 * broken if it is only about right, a diamond the break itself; a bar is a period, with soft edges
 * where it is uncertain and a point where it is open.
 */
function paintMark(drawing, event, from, to, y) {
  const { colours } = drawing;
  const colour = event.marks.has("is-break") ? colours.break : colours.force;
  if (event.marks.has("is-point")) paintDay(drawing, event.marks, colour, drawing.at((from + to) / 2), y);
  else paintPeriod(drawing, event, colour, from, to, y);
}

function paintDay({ paint, colours, em }, marks, colour, x, y) {
  paint.beginPath();
  if (marks.has("is-break")) {
    for (const [right, down] of [[0, -1], [1, 0], [0, 1], [-1, 0]]) paint.lineTo(x + (right * em) / 2, y + (down * em) / 2);
    paint.closePath();
  } else paint.arc(x, y, em * 0.4, 0, 7);
  paint.fillStyle = colours.paper;
  paint.strokeStyle = colour;
  paint.lineWidth = em / 5;
  paint.fill();
  paint.setLineDash(marks.has("is-about") ? [em / 5, em / 5] : []);
  paint.stroke();
  paint.setLineDash([]);
}

function paintPeriod(drawing, { marks, lower, upper }, colour, from, to, y) {
  const { paint, em } = drawing;
  const [isOpen, wasOpen] = [marks.has("is-open"), marks.has("is-open-start")];
  const fadesIn = marks.has("is-about") || marks.has("is-about-start") || (lower === null && !wasOpen);
  const fadesOut = marks.has("is-about") || marks.has("is-about-end") || (upper === null && !isOpen);
  const half = em * 0.42;
  const [left, right] = [from, to].map((x) => Math.max(-em * 4, Math.min(x, drawing.width + em * 4)));
  paint.fillStyle = colour;
  if (fadesIn || fadesOut) {
    const gradient = paint.createLinearGradient(drawing.at(from), 0, drawing.at(to), 0);
    const edge = Math.min(0.5, (em * 2) / (to - from));
    const clear = colour.replace(/^rgb\((.*)\)$/, "rgba($1, 0)");
    gradient.addColorStop(0, fadesIn ? clear : colour);
    gradient.addColorStop(edge, colour);
    gradient.addColorStop(1 - edge, colour);
    gradient.addColorStop(1, fadesOut ? clear : colour);
    paint.fillStyle = gradient;
  }
  const tip = em * 0.5;
  const corners = [
    [left, wasOpen ? 0 : -half],
    ...(wasOpen ? [[left + tip, -half]] : []),
    [isOpen ? right - tip : right, -half],
    ...(isOpen ? [[right, 0]] : []),
    [isOpen ? right - tip : right, half],
    [wasOpen ? left + tip : left, half],
  ];
  paint.beginPath();
  for (const [x, down] of corners) paint.lineTo(drawing.at(x), y + down);
  paint.fill();
}
