"use strict";
(() => {
  const { byId, number, floor, percent, times, colour, axis, whole, logAxis, minorGrid, line, level, chart, marks, button, toggle } = Charts;
  const data = JSON.parse(byId("data").textContent);
  const { run, champion, convergence, scaling, roles } = data;
  const size = champion.size;

  // ---- convergence

  const same = (value) => convergence.generation.map(() => value);
  const islands = Object.entries(convergence.islands);
  const bound = champion.upper_bound;
  const ticked = (share, step) => `${number(100 * share, Math.max(0, Math.ceil(-Math.log10(100 * step) - 1e-9)))} %`;
  let logarithmic = data.steep;
  let fromZero = false;
  // The climb fills the chart: from the first best, or from random input, to the bound if that is near.
  const heights = () => {
    const bests = convergence.best;
    const low = fromZero ? Math.min(0, champion.random_mean) : Math.min(bests[0], ...islands.flatMap(([, curve]) => curve.find((v) => v !== null) ?? bests[0]));
    const top = bests[bests.length - 1];
    const near = bound && (fromZero ? champion.upper_bound_drawn : bound - top <= top - low);
    const high = near ? bound : fromZero ? Math.max(top, champion.antiquicksort) : top;
    const margin = Math.max(1, (high - low) / 14);
    return [Math.max(0, low - (fromZero ? 0 : margin)), high + margin];
  };
  const overview = chart("convergence",
    `Line chart of comparisons by generation: the best rises from ${number(convergence.best[0])} to ${number(champion.comparisons)}.`,
    (width) => ({
      // asinh is logarithmic, yet has a place for generation 0
      scales: {
        x: logarithmic ? { time: false, distr: 4, asinh: 1, range: (u, low, high) => [low, high] } : { time: false },
        y: { range: heights },
        ...(bound ? { share: { from: "y", range: (u, low, high) => [low / bound, high / bound] } } : {}) },
      axes: [
        logarithmic ? logAxis("generation (logarithmic)") : whole("generation"),
        whole("comparisons", { size: 58 }),
        ...(bound ? [axis("share of the bound", { side: 1, scale: "share", size: (u, texts) => 30 + 7 * Math.max(4, ...(texts ?? []).map((text) => text.length)), grid: { show: false },
          show: width > 480, incrs: [1, 2, 5].flatMap((k) => [1e-5, 1e-4, 1e-3, 1e-2, 1e-1].map((ten) => k * ten)).sort((a, b) => a - b),
          values: (u, splits) => splits.map((share) => share > 1 + 1e-9 ? "" : ticked(share, splits[1] - splits[0])) })] : [])],
      hooks: logarithmic ? { drawClear: [minorGrid] } : {},
      series: [{}, ...islands.map(([name]) => line(`island ${name}`, "grey", { width: 1, spanGaps: true })),
        level("mean", "purple", [2, 3]), level("random input", "green", [8, 4]), level(champion.adversary, "orange", [8, 4, 2, 4]),
        ...(bound ? [level("proven bound", "ink", [1, 4])] : []), line("best so far", "blue", { width: 2.5, named: true })] }),
    [convergence.generation, ...islands.map(([, curve]) => curve), convergence.mean, same(champion.random_mean),
      same(champion.antiquicksort), ...(bound ? [same(bound)] : []), convergence.best],
    (i) => [
      `generation ${number(convergence.generation[i])}`,
      `best ${number(convergence.best[i])}` + (bound ? `, ${percent(convergence.best[i], bound)} of the bound` : ""),
      `${times(convergence.best[i], champion.random_mean)} random input`,
      `mean ${number(convergence.mean[i], 1)}`,
      ...(islands.length > 1 && islands.length <= 8 ? islands.filter(([, curve]) => curve[i] !== null)
        .map(([name, curve]) => `island ${name}: ${number(curve[i])}`) : []),
    ].join("\n"));
  byId("convergence-controls").append(
    toggle("logarithmic generations", logarithmic, (on) => { logarithmic = on; overview.draw(); }),
    toggle(`from 0, with random input and ${champion.adversary}`, fromZero, (on) => { fromZero = on; overview.draw(); }));

  // ---- the champion, coloured by what was done with each item

  const kinds = roles ? [...new Set(roles.kind)].sort((a, b) => a - b) : [null];
  const radius = Math.max(3, Math.min(7, 900 / size));
  const ranksOf = (kind) => kind === null ? data.ranks : data.ranks.map((rank, i) => roles.kind[i] === kind ? rank : null);
  const dots = (kind) => {
    const fill = colour(kind === null ? "blue" : roles.colours[kind]);
    return { label: "rank", stroke: fill, paths: () => null, points: { show: true, size: radius, width: 0, fill } };
  };
  const picture = chart("champion", `Scatter chart of the champion: the rank of each of its ${number(size)} integers by position.`,
    () => ({
      cursor: { y: true },
      scales: { x: { time: false, range: (u, low, high) => [low - 0.5, high + 0.5] } },
      axes: [whole("position in the input"), whole("rank of the value", { size: 58 })],
      series: [{}, ...kinds.map(dots)] }),
    [data.ranks.map((_, i) => i), ...kinds.map(ranksOf)],
    (i) => `position ${number(i)}: rank ${number(data.ranks[i])} of ${number(size)}` +
      (roles ? `\n${roles.words[roles.kind[i]]}, at depth ${number(roles.depth[i])}` : ""));
  const zoom = (factor, shift) => {
    const { min, max } = picture.plot().scales.x;
    const [middle, half] = [(min + max) / 2 + shift * (max - min), (max - min) / 2 * factor];
    const [low, high] = [Math.max(0, middle - half), Math.min(size - 1, middle + half)];
    if (high - low >= 3) picture.plot().setScale("x", { min: low, max: high });
  };
  byId("champion-controls").append(
    button("+", "zoom in", () => zoom(0.5, 0)), button("−", "zoom out", () => zoom(2, 0)),
    button("◀", "to the left", () => zoom(1, -0.25)), button("▶", "to the right", () => zoom(1, 0.25)),
    button("all", "show all", () => picture.plot().setScale("x", { min: 0, max: size - 1 })));

  // ---- other sizes

  const ratio = (counts) => counts.map((count, i) => count === null ? null : count / scaling.n_log_n[i]);
  const own = scaling.sizes.map((n) => n === size ? champion.comparisons / champion.n_log_n : null);
  const curves = [
    ["random input", scaling.random, "green", [8, 4]], [champion.adversary, scaling.antiquicksort, "orange", [8, 4, 2, 4]],
    ["construction", scaling.constructed, "purple", [3, 3]], ["best known", scaling.known, "blue", [6, 2]],
    ["proven bound", scaling.bound, "ink", [1, 4]],
  ].filter(([name, counts]) => counts.some((count) => count !== null)
    && (name !== "construction" || counts.some((count, i) => count !== scaling.known[i])));  // one line, where it is the best
  chart("scaling", `Line chart of comparisons divided by n log n, by size, for ${curves.map(([name]) => name).join(", ")} and this champion.`,
    () => ({
      scales: { x: { time: false, distr: 3, range: (u, low, high) => [low, high * 1.08] }, y: { range: (u, low, high) => [0, high * 1.1] } },
      axes: [logAxis("size n (logarithmic)"), axis("comparisons / n log₂ n", { size: 58 })],
      hooks: { drawClear: [minorGrid] },
      series: [{}, ...curves.map(([name, counts, tone, dash]) => ({ ...level(name, tone, dash), spanGaps: true,
        points: { show: counts.filter((count) => count !== null).length === 1, size: 7, fill: colour(tone) } })),
        { label: "this champion", named: true, stroke: colour("blue"), paths: () => null, points: { show: true, size: 12, fill: colour("blue") } }] }),
    [scaling.sizes, ...curves.map(([, counts]) => ratio(counts)), own],
    (i) => [`n = ${number(scaling.sizes[i])}`,
      ...curves.filter(([, counts]) => counts[i] !== null)
        .map(([name, counts]) => `${name} ${number(counts[i])}: ${number(floor(counts[i] / scaling.n_log_n[i], 2), 2)} n log₂ n`),
      ...(own[i] === null ? [] : [`this champion ${number(champion.comparisons)}: ${number(floor(own[i], 2), 2)} n log₂ n`])].join("\n"));

  // ---- best by evaluations, from the first improvement to the last, if there was one

  const first = convergence.best.indexOf(convergence.best[convergence.best.length - 1]);
  const upTo = Math.min(convergence.best.length, Math.max(2, first + 2));
  const evaluations = convergence.evaluations.slice(0, upTo);
  const bests = convergence.best.slice(0, upTo);
  const climb = evaluations[Math.max(0, bests.findIndex((best) => best > bests[0]))];
  if (byId("effort")) chart("effort", `Line chart of the best so far by evaluations, up to ${number(evaluations[upTo - 1])}.`,
    () => ({
      scales: { x: { time: false, distr: 3, range: (u, low, high) => [Math.max(1, low, climb / 2), high] } },
      axes: [logAxis("evaluations (logarithmic)"), whole("comparisons", { size: 58 })],
      hooks: { drawClear: [minorGrid] },
      series: [{}, line("best so far", "blue", { paths: uPlot.paths.stepped({ align: 1 }), named: true })] }),
    [evaluations, bests],
    (i) => `${number(evaluations[i])} evaluations: best ${number(bests[i])}`);

  // ---- static pictures

  const attribute = (mark, name) => Number(mark.getAttribute(name));
  marks(".trees svg", (mark) =>
    `${mark.closest("svg").dataset.kinds.split(";")[attribute(mark, "data-k")]}\n` +
    `${number(attribute(mark, "width"))} items from position ${number(attribute(mark, "x"))}, depth ${number(attribute(mark, "y"))}\n` +
    `${number(attribute(mark, "data-c"))} comparisons` +
    (attribute(mark, "data-s") ? `, smaller part ${number(attribute(mark, "data-s"))} items` : ""));
  marks(".timeline svg", (mark) => mark.dataset.say);

  // ---- to take home

  const files = data.files;
  const list = () => JSON.parse(files["champion.json"]).values.join(", ");
  const offers = [
    ["Go test", "champion_test.go", () => files["champion_test.go"]], ["list", "champion.txt", () => `[${list()}]\n`],
    ["JSON", "champion.json", () => files["champion.json"]], ["history, CSV", "history.csv", () => files["history.csv"]],
  ].filter(([name, file]) => name === "list" ? files["champion.json"] : files[file]);
  const status = document.createElement("span");
  status.setAttribute("role", "status");
  const save = (file, text) => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
    link.download = file;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
    status.textContent = `${file} saved`;
  };
  const copy = async (name, text) => {
    try {
      await navigator.clipboard.writeText(text);
      status.textContent = `${name} copied`;
    } catch {
      status.textContent = "this browser does not let the page copy; save it instead";
    }
  };
  for (const [name, file, text] of offers) {
    const offer = document.createElement("div");
    const title = document.createElement("span");
    offer.className = "offer";
    title.textContent = name;
    offer.append(title, button("Copy", `Copy ${name}`, () => copy(name, text())), button("Save", `Save ${file}`, () => save(file, text())));
    byId("take-home").append(offer);
  }
  byId("take-home").append(status);
  byId("config").after(button("Copy configuration", "Copy configuration", () => copy("configuration", byId("config").textContent)));
})();
