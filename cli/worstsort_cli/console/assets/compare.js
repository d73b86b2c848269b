// Runs side by side: where their configurations differ, and their bests by evaluations.

import { get, pace, poll, runPath } from "./api.js";
import { chart } from "./chart.js";
import { badge, duration, empty, h, number, percent, table } from "./dom.js";

const COLOURS = ["blue", "orange", "green", "purple", "grey", "ink"];

const ENDED = ["FAILED", "TIMED_OUT", "ABORTED"];

const flat = (value, prefix = "") => Object.entries(value).flatMap(([name, inner]) =>
  inner !== null && typeof inner === "object" ? flat(inner, `${prefix}${name}.`) : [[`${prefix}${name}`, inner]]);

export const compare = (root, { signal, about }) => {
  document.title = "Compare – Worstsort";
  const asked = (new URLSearchParams(location.search).get("runs") ?? "").split(",").filter((name) => /^(cloud|folder):./.test(name)).slice(0, COLOURS.length)
    .map((name) => ({ place: name.split(":")[0], id: name.slice(name.indexOf(":") + 1) }));
  root.append(h("h1", {}, "Runs side by side"));
  if (asked.length < 2) { root.append(empty("Choose two to six runs in ", h("a", { href: "/" }, "the list"), " to compare them.")); return; }
  const figures = h("div", {}, h("p", { class: "soft" }, "Loading…"));
  const box = h("div");
  root.append(h("h2", {}, "Best by evaluations"), box, h("h2", {}, "Figures, and where the configurations differ"), figures);
  const drawn = chart(box, signal, { label: "Line chart of the best of each run by evaluations", x: "evaluations", y: "comparisons", logarithmic: true });
  let whole = true;
  let running = true;
  poll(signal, () => pace(about, () => running, whole), async () => {
    const found = await Promise.all(asked.map(async ({ place, id }) => ({
      id, place, ...await get(runPath(place, id), {}, signal), curves: (await get(`${runPath(place, id)}/convergence`, {}, signal)).curves })));
    const xs = [...new Set(found.flatMap((run) => run.curves.evaluations))].sort((a, b) => a - b);
    drawn.show(xs, found.map((run, index) => {
      const at = new Map(run.curves.evaluations.map((evaluations, point) => [evaluations, run.curves.best[point]]));
      return { name: run.id, colour: COLOURS[index], ys: xs.map((x) => at.get(x) ?? null), width: 2 };
    }));
    const configs = found.map((run) => Object.fromEntries(flat(run.config ?? {})));
    const names = [...new Set(configs.flatMap(Object.keys))].filter((name) => new Set(configs.map((config) => JSON.stringify(config[name]))).size > 1);
    const line = (name, cells) => h("tr", {}, h("th", { scope: "row", class: "text" }, name), cells.map((cell) => h("td", {}, cell)));
    figures.replaceChildren(table("Runs side by side", [h("th", { scope: "col", class: "text" }, "what"), ...found.map((run) => h("th", { scope: "col" }, h("a", { href: `/runs/${run.place}/${encodeURIComponent(run.id)}` }, run.id)))], h("tbody", {},
      line("state", found.map((run) => run.run ? badge(run.run.status) : "starting")),
      line("best", found.map((run) => number(run.run?.best))), line("of the bound", found.map((run) => run.run?.optimal ? "proven optimal" : percent(run.run?.share))),
      line("evaluations", found.map((run) => number(run.run?.evaluations))), line("time", found.map((run) => duration(run.run?.elapsed_seconds))),
      ...names.map((name) => line(name, configs.map((config) => `${config[name] ?? "–"}`))))));
    whole = found.every((run) => run.curves.whole);
    running = found.some((run) => run.run ? run.run.status === "RUNNING" || !run.run.settled : !ENDED.includes(run.execution?.status));
  });
};
