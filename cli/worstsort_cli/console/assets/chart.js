// A line chart by uPlot in the console's colours, with its values in words below it.

import { colour, h, number } from "./dom.js";

const HEIGHT = 320;

// Draw curves over common x values: {name, colour, ys, dash, width}. Returns {show(xs, curves)}.
export const chart = (root, signal, { label, x, y, logarithmic = false }) => {
  const box = h("div", { class: "chart", role: "img", tabindex: "0", "aria-label": label });
  const legend = h("p", { class: "legend" });
  const values = h("p", { class: "values", role: "status" }, "Point at the chart, or use the arrow keys on it, for values.");
  root.append(box, legend, values);
  let plot = null;
  let data = [[], []];
  let shown = [];
  const axis = (name, size = 50) => ({ label: name, stroke: colour("soft"), size, labelSize: 20, font: "12px system-ui", labelFont: "12px system-ui",
    grid: { stroke: colour("line"), width: 1 }, ticks: { stroke: colour("line"), width: 1 }, values: (_, marks) => marks.map((mark) => mark === null ? "" : number(mark)) });
  const say = (index) => {
    if (index === null || index === undefined || !data[0].length) return;
    values.textContent = `${x} ${number(data[0][index])}: ` + shown.map((curve, at) => [curve.name, data[at + 1][index]])
      .filter(([, value]) => value !== null && value !== undefined).map(([name, value]) => `${name} ${number(value, Number.isInteger(value) ? 0 : 1)}`).join(", ");
  };
  const draw = () => {
    plot?.destroy();
    plot = null;
    if (!data[0].length) return;
    plot = new uPlot({
      width: Math.max(240, box.clientWidth), height: HEIGHT, legend: { show: false }, cursor: { drag: { x: true, y: false } },
      scales: { x: logarithmic ? { time: false, distr: 3, range: (u, low, high) => [low, high] } : { time: false } },
      axes: [axis(x), axis(y, 68)],
      series: [{}, ...shown.map((curve) => ({ label: curve.name, stroke: colour(curve.colour), width: curve.width ?? 1.5, dash: curve.dash, spanGaps: true, points: { show: false } }))],
      hooks: { setCursor: [(made) => say(made.cursor.idx)] },
    }, data, box);
  };
  box.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1, PageDown: 10, PageUp: -10 }[event.key];
    if (!step || !plot) return;
    event.preventDefault();
    const last = data[0].length - 1;
    const index = Math.min(last, Math.max(0, (plot.cursor.idx ?? (step > 0 ? -1 : last + 1)) + step));
    plot.setCursor({ left: plot.valToPos(data[0][index], "x"), top: HEIGHT / 3 });
    say(index);
  });
  let width = 0;
  const observer = new ResizeObserver(() => { if (box.clientWidth !== width) { width = box.clientWidth; draw(); } });
  observer.observe(box);
  const media = matchMedia("(prefers-color-scheme: dark)");
  media.addEventListener("change", draw, { signal });
  signal.addEventListener("abort", () => { observer.disconnect(); plot?.destroy(); plot = null; });
  return {
    show: (xs, curves) => {
      const same = plot && shown.length === curves.length && shown.every((curve, index) => curve.name === curves[index].name);
      shown = curves;
      data = [xs, ...curves.map((curve) => curve.ys)];
      legend.replaceChildren(...curves.filter((curve) => !curve.hushed).map((curve) => h("span", {}, h("span", { class: "swatch", style: { borderTop: `${curve.dash ? "2px dashed" : "3px solid"} var(--${curve.colour})` } }), curve.group ?? curve.name)));
      if (same && xs.length) plot.setData(data);
      else draw();
    },
  };
};
