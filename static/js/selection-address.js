/**
 * Answers "address-of-selection" with an address that leads to the words: a text fragment. Of
 * many it has the first and the last; of what is twice on the page also what stands around it.
 */
const LONGEST = 200; // characters
const WORDS = 6;
const ADDED = ".margin-sources, .source-note";

const tidy = (text) => text.replace(/\s+/g, " ").trim();
const encode = (text) => encodeURIComponent(tidy(text)).replaceAll("-", "%2D");

function wordsOf(text) {
  const words = new Intl.Segmenter(document.documentElement.lang, { granularity: "word" });
  return [...words.segment(text)].filter((one) => one.isWordLike);
}

function blockOf({ parentElement }) {
  const isInline = /^(inline|contents)$/.test(getComputedStyle(parentElement).display);
  return isInline ? blockOf(parentElement) : parentElement;
}

/** Returns what is in a range, before it and after it, in each block that it touches. */
function touched(range) {
  const found = new Map();
  const texts = document.createTreeWalker(document.querySelector("article"), NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const node = texts.currentNode;
    if (node.parentElement.closest(ADDED)) continue;
    const block = blockOf(node);
    const one = found.get(block) ?? { text: "", start: 0, end: 0 };
    found.set(block, one);
    const { data } = node;
    const start = node === range.startContainer ? range.startOffset : 0;
    const end = node === range.endContainer ? range.endOffset : data.length;
    if (range.intersectsNode(node) && data.slice(start, end).trim()) {
      if (!one.end) one.start = one.text.length + start;
      one.end = one.text.length + end;
    }
    one.text += data;
  }
  return [...found.values()].filter((one) => one.end).map(inWords);
}

// Browsers find whole words only.
function inWords({ text, start, end }) {
  for (const { index, segment } of wordsOf(text)) {
    const stop = index + segment.length;
    if (index < start && start < stop) start = index;
    if (index < end && end < stop) end = stop;
  }
  return { text: text.slice(start, end), before: text.slice(0, start), after: text.slice(end) };
}

const firstWords = (text) => text.slice(0, wordsOf(text)[WORDS]?.index);
const lastWords = (text) => text.slice(wordsOf(text).at(-WORDS)?.index);

document.addEventListener("address-of-selection", ({ detail }) => {
  const blocks = touched(detail.range);
  const [first, last] = [blocks[0], blocks.at(-1)];
  const isWhole = first === last && first.text.length <= LONGEST;
  const terms = isWhole ? [first.text] : [firstWords(first.text), lastWords(last.text)];
  const page = tidy(document.body.textContent);
  const around = (term, text) => page.split(tidy(term)).length > 2 && encode(text);
  const before = around(terms[0], lastWords(first.before));
  const after = around(terms.at(-1), firstWords(last.after));
  const parts = [before && `${before}-`, ...terms.map(encode), after && `-${after}`];
  detail.address = `${detail.link}#:~:text=${parts.filter(Boolean)}`;
});
