// How a run converges: the best by generation, over all islands and for each, and the champion as a picture.

import { get, pace, poll } from "./api.js";
import { chart } from "./chart.js";
import { counted, empty, h, number } from "./dom.js";

const DRAWN_BOUND = 1.5; // an upper bound further above the curves would flatten them

export const convergence = (panel, { signal, about, path, running }) => {
  const none = empty("Loading…");
  const box = h("div");
  const rate = h("p", { class: "soft" });
  const said = h("p", { class: "soft", role: "status" });
  const picture = h("img", { class: "picture", alt: "", hidden: true });
  picture.addEventListener("error", () => { delete picture.dataset.best; }); // the next look asks again
  panel.append(h("h2", {}, "Best by generation"), none, box, said, rate, h("h2", {}, "The best input"), picture);
  const drawn = chart(box, signal, { label: "Line chart of comparisons by generation", x: "generation", y: "comparisons" });
  let last = "";
  let before = null;
  let whole = true; // a long run is read in portions
  let settled = false; // baselines and bound are computed beside the first answers
  const draw = async () => {
    const found = await get(`${path}/convergence`, {}, signal);
    const { curves } = found;
    whole = curves.whole;
    settled = found.settled;
    none.hidden = curves.generation.length > 0;
    none.textContent = "There is nothing to draw before the first epoch has closed.";
    box.hidden = !none.hidden;
    if (found.best !== null && picture.dataset.best !== `${found.best}`) {
      picture.dataset.best = `${found.best}`;
      picture.src = `/api/${path}/champion.svg?best=${found.best}`;
      picture.alt = `The best input so far, of ${number(found.best)} comparisons: the rank of each integer by its position`;
      picture.hidden = false;
    }
    if (!curves.generation.length) return;
    const evaluations = curves.evaluations.at(-1);
    if (before && evaluations > before.evaluations) rate.textContent = `${number((evaluations - before.evaluations) / ((performance.now() - before.at) / 1000))} evaluations a second since this page has looked last`;
    if (!before || evaluations > before.evaluations) before = { evaluations, at: performance.now() };
    said.textContent = !curves.whole ? `The run is long and still being read: ${counted(curves.generation.length, "generation")} so far, from the coarse to the fine.`
      : curves.every > 1 ? `The run is long: one generation in ${number(curves.every)} is drawn.` : "";
    const text = JSON.stringify(found);
    if (text === last) return;
    last = text;
    const level = (value) => curves.generation.map(() => value);
    const levels = [["random input", "green", found.random_mean, [8, 4]], [found.adversary, "orange", found.antiquicksort, [8, 4, 2, 4]]];
    if (found.bound !== null && found.bound < DRAWN_BOUND * Math.max(found.best, found.antiquicksort ?? 0)) levels.push(["upper bound", "ink", found.bound, [1, 4]]);
    drawn.show(curves.generation, [
      ...Object.entries(curves.islands).map(([island, ys], index) => ({ name: `island ${island}`, colour: "grey", ys, width: 1, hushed: index > 0, group: "each island" })),
      { name: "mean of the populations", colour: "purple", ys: curves.mean, dash: [2, 3] },
      ...levels.filter(([, , value]) => value !== null).map(([name, colour, value, dash]) => ({ name, colour, ys: level(value), dash })),
      { name: "best so far", colour: "blue", ys: curves.best, width: 2.5 }]);
  };
  poll(signal, () => pace(about, () => running() || !settled, whole), draw);
};
