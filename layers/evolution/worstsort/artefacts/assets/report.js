"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const { run, champion, convergence, phases, scaling } = data;
  const byId = (id) => document.getElementById(id);
  const number = (value, digits = 0) =>
    value.toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits });
  const count = (value, name) => `${number(value)} ${name}${value === 1 ? "" : "s"}`;
  const times = (value, of) => `${number(value / of, 2)} ×`;
  const say = (id, text) => { byId(id).textContent = text; };
  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

  // ---- words

  say("headline", `${number(champion.comparisons)} comparisons to sort ${number(champion.size)} integers`);
  say("summary",
    `with ${champion.target}: ${times(champion.comparisons, champion.random_mean)} random input, ` +
    `${times(champion.comparisons, champion.antiquicksort)} antiquicksort. ` +
    (run.status === "RUNNING" ? `The run continues; ${count(run.epoch, "epoch")} closed so far.` : `The run has ended: ${run.reason}.`));
  const tiles = [
    ["comparisons", number(champion.comparisons)],
    ["of random input", times(champion.comparisons, champion.random_mean)],
    ["of antiquicksort", times(champion.comparisons, champion.antiquicksort)],
    ["of n log₂ n", times(champion.comparisons, champion.n_log_n)],
    ...(champion.assessment ? [["of the upper bound", champion.assessment]] : []),
    ["generations", number(champion.generations)],
    ["evaluations", number(champion.evaluations)],
    ["state", run.status.toLowerCase().replace("_", " ")],
  ];
  for (const [name, value] of tiles) {
    const tile = document.createElement("div");
    const [dt, dd] = [document.createElement("dt"), document.createElement("dd")];
    dt.textContent = name;
    dd.textContent = value;
    tile.append(dt, dd);
    byId("tiles").append(tile);
  }
  const drawn = Object.keys(convergence.islands).length;
  say("convergence-text",
    `The best input so far, generation by generation: from ${number(convergence.best[0])} to ` +
    `${number(champion.comparisons)} comparisons, found by island ${champion.found_by} in generation ` +
    `${number(champion.found_in)}. ` +
    `Each thin line is one island${drawn < run.islands ? `; ${drawn} of ${run.islands} are drawn` : ""}.`);
  say("champion-text",
    "Each dot is one integer: its position in the input, and its rank among all of them. Drag across the picture to " +
    "zoom in, double-click to see all of it; on the keyboard, the arrow keys move along the input.");
  say("champion-list", data.ranks.join(", "));
  say("scaling-text",
    "Comparisons divided by n log₂ n, which is what a good sort needs, up to a constant. A curve that rises to the right " +
    "grows faster than that; the dot is this run's champion.");
  say("version", `Made with worstsort ${run.code_version}; started ${run.started_at.slice(0, 16).replace("T", " ")} UTC.`);

  // ---- tables

  const table = (id, head, rows) => {
    const made = document.createElement("table");
    const row = (cells, tag) => {
      const line = made.insertRow();
      cells.forEach((cell, index) => {
        const box = document.createElement(index === 0 ? "th" : tag);
        box.scope = tag === "th" ? "col" : "row";
        if (tag === "td" && index > 0) box.removeAttribute("scope");
        if (cell instanceof Node) { box.className = "bar-cell"; box.append(cell); } else box.textContent = cell;
        line.append(box);
      });
    };
    row(head, "th");
    rows.forEach((cells) => row(cells, "td"));
    byId(id).append(made);
  };
  const picks = (length, most) =>
    [...new Set(Array.from({ length: Math.min(length, most) }, (_, i) => Math.round(i * (length - 1) / Math.max(1, Math.min(length, most) - 1))))];
  table("convergence-table", ["generation", "best so far", "mean", "evaluations"],
    picks(convergence.generation.length, 25).map((i) => [
      number(convergence.generation[i]), number(convergence.best[i]), number(convergence.mean[i], 1),
      number(convergence.evaluations[i])]));
  table("scaling-table", ["n", "n log₂ n", "random", "antiquicksort"],
    scaling.sizes.map((size, i) => [
      number(size), number(scaling.n_log_n[i]), number(scaling.random[i]), number(scaling.antiquicksort[i])]));
  const spent = phases.reduce((sum, phase) => sum + phase.evaluations, 0) || 1;
  table("effort-bars", ["phase", "share", "", "evaluations", "until generation", "best"],
    phases.map((phase) => {
      const bar = document.createElement("span");
      bar.className = "bar";
      bar.style.width = `${100 * phase.evaluations / spent}%`;
      return [phase.name, `${number(100 * phase.evaluations / spent, 1)} %`, bar, number(phase.evaluations),
        number(phase.until_generation), number(phase.best)];
    }));
  say("effort-text",
    `Of ${count(champion.evaluations, "evaluation")}, ${number(100 * phases[0].evaluations / spent, 1)} % brought the first half ` +
    `of the improvement, and ${number(100 * phases[phases.length - 1].evaluations / spent, 1)} % came after the best was found.`);

  // ---- charts

  const axis = (label, extra) => ({
    label, stroke: colour("soft"), grid: { stroke: colour("line"), width: 1 }, ticks: { stroke: colour("line"), width: 1 },
    labelSize: 24, labelGap: 0, font: "12px system-ui", labelFont: "12px system-ui", ...extra });
  const compact = (u, splits) => splits.map((value) => value === null || value < 0 ? "" :
    Math.abs(value) >= 1e4 ? value.toLocaleString("en", { notation: "compact", maximumSignificantDigits: 4 }) : value.toLocaleString("en", { maximumFractionDigits: 2 }));
  const line = (label, name, extra) => ({ label, stroke: colour(name), width: 2, points: { show: false }, ...extra });
  const level = (label, name, dash) => line(label, name, { dash, width: 1.5 });

  const DOT = "0 14";
  const legend = (id, entries) => {
    byId(id).replaceChildren(...entries.map(([text, name, dash, width]) => {
      const entry = document.createElement("span");
      entry.innerHTML = `<svg width="28" height="8" aria-hidden="true"><line x1="0" x2="28" y1="4" y2="4" stroke="var(--${name})" ` +
        `stroke-width="${width || 2}" stroke-dasharray="${dash || ""}" stroke-linecap="${dash === DOT ? "round" : "butt"}"/></svg>`;
      entry.append(text);
      return entry;
    }));
  };

  const charts = [];
  // A chart is drawn again whenever the theme or the width changes; the values under the pointer are shown below it.
  const chart = (id, label, options, values, tell, hint) => {
    const box = byId(id);
    box.tabIndex = 0;
    box.setAttribute("role", "img");
    box.setAttribute("aria-label", label);
    let plot = null;
    const told = byId(`${id}-values`);
    const show = (index) => { told.textContent = index === null || index === undefined ? hint : tell(index); };
    const draw = () => {
      if (plot) plot.destroy();
      const width = Math.max(260, box.clientWidth);
      plot = new uPlot({
        width, height: width < 480 ? 260 : 360, legend: { show: false },
        cursor: { y: id === "champion", drag: { x: true, y: false }, points: { size: 7 } },
        hooks: { setCursor: [(u) => show(u.cursor.left < 0 ? null : u.cursor.idx)] },
        ...options() }, values, box);
      show(null);
    };
    box.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1, PageDown: 10, PageUp: -10 }[event.key];
      if (step === undefined) return;
      event.preventDefault();
      const last = values[0].length - 1;
      const now = plot.cursor.left < 0 || plot.cursor.idx === null ? (step > 0 ? -1 : last + 1) : plot.cursor.idx;
      const index = Math.min(last, Math.max(0, now + step));
      plot.setCursor({ left: plot.valToPos(values[0][index], "x"), top: plot.over.clientHeight / 2 });
    });
    draw();
    let width = box.clientWidth;
    new ResizeObserver(() => { if (box.clientWidth !== width) { width = box.clientWidth; draw(); } }).observe(box);
    const made = { draw, plot: () => plot };
    charts.push(made);
    return made;
  };

  const same = (value) => convergence.generation.map(() => value);
  const islands = Object.entries(convergence.islands);
  // asinh is logarithmic, yet has a place for generation 0.
  let logarithmic = data.steep;
  const generationScale = () => logarithmic ? { time: false, distr: 4, asinh: 1, range: (u, low, high) => [low, high] } : { time: false };
  const bound = champion.upper_bound_drawn ? [same(champion.upper_bound)] : [];
  legend("convergence-legend", [
    ["best so far", "blue"], ["mean of the populations", "purple", "2 3"], ["each island", "grey", "", 1],
    ["random input", "green", "8 4"], ["antiquicksort", "orange", "8 4 2 4"],
    ...(bound.length ? [["upper bound", "ink", "1 4"]] : [])]);
  const overview = chart("convergence",
    `Line chart of comparisons by generation: the best rises from ${number(convergence.best[0])} to ${number(champion.comparisons)}.`,
    () => ({
      scales: { x: generationScale() },
      axes: [axis(logarithmic ? "generation (logarithmic)" : "generation", { values: compact }),
        axis("comparisons", { size: 64, values: compact })],
      series: [{}, ...islands.map(([name]) => line(`island ${name}`, "grey", { width: 1, spanGaps: true })),
        level("mean", "purple", [2, 3]), level("random input", "green", [8, 4]), level("antiquicksort", "orange", [8, 4, 2, 4]),
        ...bound.map(() => level("upper bound", "ink", [1, 4])), line("best so far", "blue", { width: 2.5 })] }),
    [convergence.generation, ...islands.map(([, curve]) => curve), convergence.mean, same(champion.random_mean),
      same(champion.antiquicksort), ...bound, convergence.best],
    (i) => `generation ${number(convergence.generation[i])}: best ${number(convergence.best[i])}, mean ` +
      `${number(convergence.mean[i], 1)}; ` + islands.filter(([, curve]) => curve[i] !== null)
      .map(([name, curve]) => `island ${name}: ${number(curve[i])}`).join(", "),
    `random input takes ${number(champion.random_mean, 1)}, antiquicksort ${number(champion.antiquicksort)}` +
    (champion.upper_bound ? `, no input more than ${number(champion.upper_bound)}` : "") + "; point at the chart for values");

  const size = champion.size;
  const toggle = document.createElement("label");
  const box = document.createElement("input");
  box.type = "checkbox";
  box.checked = logarithmic;
  box.addEventListener("change", () => { logarithmic = box.checked; overview.draw(); });
  toggle.className = "toggle";
  toggle.append(box, " logarithmic generations");
  byId("convergence-legend").append(toggle);

  const radius = Math.max(2, Math.min(7, 900 / size));
  const picture = chart("champion", `Scatter chart of the champion: the rank of each of its ${number(size)} integers by position.`,
    () => ({
      scales: { x: { time: false, range: (u, low, high) => [low - 0.5, high + 0.5] } },
      axes: [axis("position in the input", { values: compact }), axis("rank of the value", { size: 64, values: compact })],
      series: [{}, { label: "rank", stroke: colour("blue"), paths: () => null,
        points: { show: true, size: radius, width: 0, fill: colour("blue") } }] }),
    [data.ranks.map((_, i) => i), data.ranks],
    (i) => `position ${number(i)}: rank ${number(data.ranks[i])} of ${number(size)}`,
    "point at the picture for values");
  const zoom = (factor, shift) => {
    const { min, max } = picture.plot().scales.x;
    const [middle, half] = [(min + max) / 2 + shift * (max - min), (max - min) / 2 * factor];
    const [low, high] = [Math.max(0, middle - half), Math.min(size - 1, middle + half)];
    if (high - low >= 3) picture.plot().setScale("x", { min: low, max: high });
  };
  const controls = document.createElement("div");
  controls.className = "zoom";
  for (const [text, name, act] of [
    ["+", "zoom in", () => zoom(0.5, 0)], ["−", "zoom out", () => zoom(2, 0)], ["◀", "to the left", () => zoom(1, -0.25)],
    ["▶", "to the right", () => zoom(1, 0.25)], ["all", "show all", () => picture.plot().setScale("x", { min: 0, max: size - 1 })]]) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = text;
    button.setAttribute("aria-label", name);
    button.addEventListener("click", act);
    controls.append(button);
  }
  byId("champion").after(controls);

  const ratio = (counts) => counts.map((count, i) => count / scaling.n_log_n[i]);
  const own = scaling.sizes.map((n) => n === size ? champion.comparisons / champion.n_log_n : null);
  legend("scaling-legend", [["random input", "green", "8 4"], ["antiquicksort", "orange", "8 4 2 4"], ["this champion", "blue", DOT, 8]]);
  chart("scaling", "Line chart of comparisons divided by n log n, by size, for random input, antiquicksort and this champion.",
    () => ({
      scales: { x: { time: false, distr: 3 }, y: { range: (u, low, high) => [0, high * 1.1] } },
      axes: [axis("size n (logarithmic)", { values: compact }), axis("comparisons / n log₂ n", { size: 64, values: compact })],
      series: [{}, level("random input", "green", [8, 4]), level("antiquicksort", "orange", [8, 4, 2, 4]),
        { label: "champion", stroke: colour("blue"), paths: () => null, points: { show: true, size: 12, fill: colour("blue") } }] }),
    [scaling.sizes, ratio(scaling.random), ratio(scaling.antiquicksort), own],
    (i) => `n = ${number(scaling.sizes[i])}: random ${number(scaling.random[i] / scaling.n_log_n[i], 2)}, antiquicksort ` +
      `${number(scaling.antiquicksort[i] / scaling.n_log_n[i], 2)}` +
      (own[i] === null ? "" : `, this champion ${number(own[i], 2)}`) + " times n log₂ n",
    "point at the chart for values");

  chart("effort", "Line chart of the best so far by evaluations.",
    () => ({
      scales: { x: { time: false, distr: 3, range: (u, low, high) => [low, high] } },
      axes: [axis("evaluations (logarithmic)", { values: compact }), axis("comparisons", { size: 64, values: compact })],
      series: [{}, line("best so far", "blue", { paths: uPlot.paths.stepped({ align: 1 }) })] }),
    [convergence.evaluations, convergence.best],
    (i) => `${number(convergence.evaluations[i])} evaluations: best ${number(convergence.best[i])}`,
    "point at the chart for values");

  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => charts.forEach(({ draw }) => draw()));
})();
