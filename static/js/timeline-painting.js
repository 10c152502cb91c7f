/**
 * What all parts of a timeline are painted with: its canvas, the sizes and colours that the style
 * sheet gives it, and the few strokes that know which way people read.
 *
 * Takes the Scale of timeline-scale.js for the width of the view, and make() of timeline-tools.js.
 * timeline-ground.js, -band.js, -labels.js and -marks.js paint with it.
 */
class Painting {
  canvas = make("canvas", "");
  paint = this.canvas.getContext("2d");

  constructor(scale) {
    this.scale = scale;
  }

  /** Read sizes and colours; `foot` is how many ems stand below the rows. */
  read(foot, colours) {
    const style = getComputedStyle(this.canvas);
    this.font = `${style.fontSize} ${style.fontFamily}`;
    this.em = parseFloat(style.fontSize);
    this.row = Math.round(this.em * 1.75);
    this.foot = Math.round(this.em * foot);
    this.colours = colours ?? {
      ink: style.color, paper: style.backgroundColor, rule: style.borderTopColor, soft: style.columnRuleColor,
      force: style.outlineColor, tint: style.caretColor, break: style.textDecorationColor,
    };
  }

  get width() {
    return this.scale.width;
  }

  /** Where the rows end. */
  get floor() {
    return this.height - this.foot;
  }

  widthOf(event) {
    if (event.title === undefined) return (event.width = 0);
    return (event.width ||= this.paint.measureText(event.title).width);
  }

  /** Begin with an empty canvas. */
  begin(fineness) {
    const { paint } = this;
    paint.setTransform(fineness, 0, 0, fineness, 0, 0);
    paint.clearRect(0, 0, this.width, this.height);
    paint.font = this.font;
    paint.direction = this.scale.isMirrored ? "rtl" : "ltr";
    paint.textBaseline = "middle";
  }

  /** A rectangle from one place to another, whichever way people read. */
  box(from, to, y, height) {
    this.paint.fillRect(this.scale.isMirrored ? this.width - to : from, y, to - from, height);
  }

  at(x) {
    return this.scale.isMirrored ? this.width - x : x;
  }

  write(words, x, y, colour, hasHalo = true) {
    const { paint } = this;
    if (hasHalo) {
      paint.lineWidth = 4;
      paint.lineJoin = "round";
      paint.strokeStyle = this.colours.paper;
      paint.strokeText(words, this.at(x), y);
    }
    paint.fillStyle = colour;
    paint.fillText(words, this.at(x), y);
  }
}
