/**
 * Shows a page of the site, in a frame of ours, as another reader would see it: by day, by night, on
 * paper. A page asks for these by its style sheets; this answers in the reader's place.
 */
const written = new WeakMap(); // what each rule asked for at first

/** Makes the page `look` "light", "dark" or "print". */
export function lookLike(page, look) {
  page.documentElement.style.colorScheme = look === "dark" ? "dark" : "light";
  // A sheet of paper has margins, which are not the page's own.
  page.documentElement.style.padding = look === "print" ? "1.6cm" : "";
  for (const link of page.querySelectorAll('link[rel="stylesheet"]')) {
    if (!written.has(link)) written.set(link, link.media);
    if (written.get(link) === "print") link.media = look === "print" ? "all" : "print";
  }
  for (const sheet of page.styleSheets) answer(rulesOf(sheet), look);
}

function answer(rules, look) {
  for (const rule of rules) {
    if (rule.media && !rule.href) {
      if (!written.has(rule)) written.set(rule, rule.media.mediaText);
      const asked = asksFor(written.get(rule));
      if (asked) rule.media.mediaText = asked === look || (asked === "screen" && look !== "print") ? "all" : "not all";
    }
    if (rule.cssRules) answer(rule.cssRules, look);
  }
}

/** What a media query asks that is answered here; nothing if it asks only for a width. */
function asksFor(query) {
  const scheme = /^\(prefers-color-scheme:\s*(dark|light)\)$/.exec(query);
  if (scheme) return scheme[1];
  return query === "print" || query === "screen" ? query : "";
}

/** The rules of a style sheet, none while it has not arrived. */
function rulesOf(sheet) {
  try {
    return sheet.cssRules ?? [];
  } catch {
    return [];
  }
}
