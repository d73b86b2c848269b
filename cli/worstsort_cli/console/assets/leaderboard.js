// The champions of all runs that have succeeded, family by family.

import { get, poll } from "./api.js";
import { empty, h, keyed, moment, number, percent, table } from "./dom.js";

const COLUMNS = [["rank"], ["sorts", "text"], ["size"], ["values", "text"], ["comparisons"], ["of bound"], ["of best known"], ["of random"], ["of adversary"], ["run", "text"], ["preset", "text"], ["found"]];
const LEADERBOARD_SECONDS = 60;

export const leaderboard = (root, { signal }) => {
  document.title = "Leaderboard – Worstsort";
  const body = h("tbody");
  const none = empty("Loading…");
  const list = table("Champions", COLUMNS.map(([name, kind]) => h("th", { scope: "col", class: kind }, name)), body);
  const problem = h("p", { class: "problem", hidden: true });
  const only = h("input", { type: "search", placeholder: "sort, size, run", oninput: () => show() });
  root.append(h("h1", {}, "Leaderboard"), h("p", { class: "soft" }, "Champions compete within a sort and a size; those for distinct values among themselves."),
    h("form", { class: "tools", role: "search", onsubmit: (event) => event.preventDefault() }, h("label", {}, "Find ", only)), problem, list, none);
  let all = [];
  const show = () => {
    const wanted = only.value.toLowerCase().split(/\s+/).filter(Boolean);
    const found = all.filter((entry) => wanted.every((part) => [entry.sort, entry.target, `${entry.size}`, entry.run_id, entry.preset].some((said) => said.toLowerCase().includes(part))));
    list.hidden = !found.length;
    none.hidden = found.length > 0;
    none.textContent = all.length ? "No champion is like this." : "There are no champions yet. Every run that succeeds leaves one.";
    keyed(body, found, (entry) => `${entry.place}:${entry.run_id}`, (entry) => h("tr", {},
      h("td", {}, number(entry.rank)), h("td", { class: "text", title: entry.target }, entry.sort), h("td", {}, number(entry.size)), h("td", { class: "text" }, entry.values),
      h("td", { class: "best" }, number(entry.fitness)), h("td", {}, entry.optimal ? "proven optimal" : percent(entry.share)),
      h("td", {}, percent(entry.best_known && entry.fitness / entry.best_known)),
      h("td", {}, `${number(entry.fitness / entry.random_mean, 2)} ×`), h("td", {}, `${number(entry.fitness / entry.antiquicksort, 2)} ×`),
      h("th", { scope: "row", class: "text" }, h("a", { href: `/runs/${entry.place}/${encodeURIComponent(entry.run_id)}` }, entry.run_id)),
      h("td", { class: "text" }, entry.preset), h("td", {}, moment(entry.found_at))));
  };
  poll(signal, () => LEADERBOARD_SECONDS, async () => {
    const found = await get("leaderboard", {}, signal);
    all = found.champions;
    problem.textContent = found.problem;
    problem.hidden = !found.problem;
    show();
  });
};
