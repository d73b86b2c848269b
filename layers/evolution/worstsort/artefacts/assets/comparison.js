"use strict";
(() => {
  const { problems } = JSON.parse(document.getElementById("data").textContent);
  const { number, percent, colour, axis, logAxis, minorGrid, chart } = Charts;
  const names = ["blue", "orange", "green", "purple", "ink", "grey"];
  const dashes = [[], [8, 4], [2, 3]];
  const scale = { time: false, distr: 3, range: (u, low, high) => [low, high] };
  const stepped = uPlot.paths.stepped({ align: 1 });

  problems.forEach(({ groups, evaluations, goal }, problem) => {
    const style = (index) => ({ stroke: colour(names[index % names.length]), width: 2, points: { show: false }, named: true,
      dash: dashes[Math.floor(index / names.length) % dashes.length], label: groups[index].configuration, paths: stepped });
    const told = (say) => (i) => [`${number(evaluations[i])} evaluations`,
      ...groups.map((group) => `${group.configuration}: ${say(group, i)}`)].join("\n");
    const x = () => logAxis("evaluations", { filter: (u, splits) => splits });
    const hooks = { drawClear: [minorGrid] };

    // Three lines per group: the band is between the quartiles, which are not drawn themselves.
    const faint = (index) => `color-mix(in srgb, ${colour(names[index % names.length])} 18%, transparent)`;
    const hidden = () => ({ width: 0, points: { show: false }, paths: stepped });
    chart(`median-${problem}`, "Line chart of the median best of each configuration by evaluations.", () => ({
      hooks, scales: { x: scale }, axes: [x(), axis("comparisons", { size: 60 })],
      series: [{}, ...groups.flatMap((group, i) => [style(i), hidden(), hidden()])],
      bands: groups.map((group, i) => ({ series: [3 * i + 2, 3 * i + 3], fill: faint(i) })) }),
    [evaluations, ...groups.flatMap((group) => [group.median, group.high, group.low])],
    told((group, i) => group.median[i] === null ? "none yet" :
      `${number(group.median[i])} (${number(group.low[i])} to ${number(group.high[i])})`));

    const shares = (id, key, label) => chart(`${id}-${problem}`, label, () => ({
      hooks, scales: { x: scale, y: { range: [0, 1.02] } },
      axes: [x(), axis("share", { size: 60, values: (u, splits) => splits.map((share) => `${Math.round(100 * share)} %`) })],
      series: [{}, ...groups.map((group, i) => style(i))] }),
    [evaluations, ...groups.map((group) => group[key])], told((group, i) => percent(group[key][i], 1)));
    shares("goal", "to_goal", `Line chart of the share of runs that reached ${number(goal)} comparisons, by evaluations.`);
    shares("ecdf", "ecdf", "Line chart of the share of pairs of run and goal that was reached, by evaluations.");
  });
})();
