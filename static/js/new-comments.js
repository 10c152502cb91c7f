/**
 * Says in a line that there are new comments, and leads to them: <p data-news="address of the stamp">.
 *
 * Asks once a minute while somebody looks at the page, not at all while nobody does, and more and
 * more seldom while the site cannot be reached. What is on the page stays as it is.
 *
 * data-news-link: where new comments are; data-one, data-many: the line, {count} in it;
 * data-news-count: what on the page says how many there are. Where nothing does, the first answer
 * counts.
 */
const MINUTE = 60_000;
const LONGEST = 16 * MINUTE;

for (const line of document.querySelectorAll("[data-news]")) watch(line);

function watch(line) {
  const said = document.querySelector(line.dataset.newsCount)?.textContent.replace(/\D/g, "");
  let shown = said ? Number(said) : NaN;
  let wait = MINUTE;
  let timer = 0;
  let asked = Date.now();

  document.addEventListener("visibilitychange", plan);
  plan();

  function plan() {
    clearTimeout(timer);
    if (document.hidden) return;
    timer = setTimeout(ask, Math.max(0, asked + wait - Date.now()));
  }

  async function ask() {
    asked = Date.now();
    try {
      const answer = await fetch(line.dataset.news);
      if (!answer.ok) throw new Error(answer.status);
      say((await answer.json()).shown);
      wait = MINUTE;
    } catch {
      wait = Math.min(2 * wait, LONGEST);
    }
    plan();
  }

  function say(now) {
    if (Number.isNaN(shown)) shown = now;
    const count = Math.max(0, now - shown);
    const { one, many, newsLink } = line.dataset;
    const words = count === 1 ? one : many.replace("{count}", count.toLocaleString());
    if (count === 0) line.replaceChildren();
    else if (line.textContent !== words) line.replaceChildren(linkTo(newsLink, words));
  }
}

function linkTo(address, words) {
  const link = document.createElement("a");
  link.href = address;
  link.textContent = words;
  return link;
}
