/**
 * Votes without leaving the page: the link of a comment to its page for votes becomes a button.
 *
 * A second press takes the vote back. What came of it is said behind the link, with the way to the
 * page itself, where one may say that a comment did not help. If anything fails, the page opens.
 */
const LINK = '.comment-actions a[href$="/vote/"]:not([data-vote-page])';

document.addEventListener("click", (event) => {
  const link = event.target.closest(LINK);
  const isPlain = !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
  if (!link || !isPlain) return;
  event.preventDefault();
  vote(link);
});

document.addEventListener("keydown", (event) => {
  if (event.key !== " " || !event.target.matches?.(`${LINK}[role="button"]`)) return;
  event.preventDefault();
  event.target.click();
});

async function vote(link) {
  if (link.ariaBusy) return;
  link.ariaBusy = "true";
  const outcome = outcomeOf(link);
  const said = link.ariaPressed === "true" ? "withdraw" : "helpful";
  try {
    const answer = await fetch(link.href, {
      method: "POST",
      headers: { Accept: "application/json" },
      body: new URLSearchParams({ vote: said }),
    });
    const counted = await answer.json();
    if (answer.ok) show(link, counted);
    outcome.replaceChildren(`${counted.said ?? counted.error} `, pageOf(link, counted.change));
  } catch {
    location.assign(link.href);
  }
  link.ariaBusy = null;
}

function show(link, counted) {
  link.setAttribute("role", "button");
  link.ariaPressed = String(counted.vote === "helpful");
  link.firstChild.textContent = counted.label;
}

/** The place behind the link that screen readers follow. */
function outcomeOf(link) {
  if (link.nextElementSibling?.matches("[data-vote-outcome]")) return link.nextElementSibling;
  const outcome = document.createElement("span");
  outcome.className = "action-outcome";
  outcome.dataset.voteOutcome = "";
  outcome.setAttribute("role", "status");
  link.after(outcome);
  return outcome;
}

function pageOf(link, words = "") {
  const page = document.createElement("a");
  page.href = link.href;
  page.dataset.votePage = "";
  page.textContent = words;
  return words ? page : "";
}
