// The page: which view an address shows, and going from one to another without loading anything again.

import { get, poll, say } from "./api.js";
import { h } from "./dom.js";
import { compare } from "./compare.js";
import { leaderboard } from "./leaderboard.js";
import { run } from "./run.js";
import { runs } from "./runs.js";
import { start } from "./start.js";

const main = document.getElementById("main");
export const about = { poll_seconds: 2, read_only: true, statuses: [] };

const VIEWS = [
  [/^\/$/, "runs", runs],
  [/^\/start$/, "start", start],
  [/^\/leaderboard$/, "leaderboard", leaderboard],
  [/^\/compare$/, "compare", compare],
  [/^\/runs\/(cloud|folder)\/([^/]+)$/, "runs", run],
];

let leaving = new AbortController();
let shown = null;

const show = async (focus) => {
  const [, page, view] = VIEWS.find(([pattern]) => pattern.test(location.pathname)) ?? [null, "", null];
  const matched = view && location.pathname.match(VIEWS.find((entry) => entry[2] === view)[0]);
  leaving.abort();
  leaving = new AbortController();
  say("");
  for (const link of document.querySelectorAll("nav [data-page]")) {
    if (link.dataset.page === page) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  const root = h("div", { class: "view" });
  main.replaceChildren(root);
  document.title = "Worstsort";
  if (focus) main.focus({ preventScroll: true });
  scrollTo(0, 0);
  shown = location.pathname;
  if (!view) root.append(h("h1", {}, "There is nothing at this address"), h("p", {}, h("a", { href: "/" }, "All runs")));
  else {
    await Promise.resolve(view(root, { signal: leaving.signal, about, parts: matched.slice(1).map(decodeURIComponent), go }))
      .catch((error) => { if (error.name !== "AbortError") say(error.message); });
  }
};

// Go to an address of this page; one that differs only in its query is left to the view, which has drawn it already.
export const go = (address, { replace = false, stay = false } = {}) => {
  history[replace ? "replaceState" : "pushState"](null, "", address);
  if (!stay) show(true);
};

document.addEventListener("click", (event) => {
  const link = event.target.closest("a");
  if (!link || event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || link.target || link.hasAttribute("download")) return;
  const url = new URL(link.href);
  if (url.origin !== location.origin || url.hash || url.pathname.startsWith("/api/")) return;
  event.preventDefault();
  go(url.pathname + url.search);
});
addEventListener("popstate", () => show(shown !== location.pathname));

const address = new URL(location.href);
if (address.searchParams.has("token")) { // which the cookie has from now on
  address.searchParams.delete("token");
  history.replaceState(null, "", address.pathname + address.search);
}

const describe = () => {
  const place = about.stack ? `stack ${about.stack}` : "this machine";
  document.getElementById("where").textContent = `${place}${about.read_only ? ", read-only" : ""}`;
  document.querySelector('nav [data-page="start"]').hidden = about.read_only;
  document.getElementById("footer").textContent = `worstsort ${about.version}; times are UTC`;
};

const beginning = new AbortController();
poll(beginning.signal, () => about.poll_seconds, async () => {
  Object.assign(about, await get("about"));
  beginning.abort();
  describe();
  show(false);
});
