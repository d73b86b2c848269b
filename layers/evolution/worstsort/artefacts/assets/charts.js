"use strict";
// What the pages share: numbers in words, the look of a chart, the values at the pointer.
const Charts = (() => {
  document.documentElement.classList.add("has-script");
  const byId = (id) => document.getElementById(id);
  const number = (value, digits = 0) =>
    value.toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits });
  // Shares and ratios are rounded down: what is not reached is never said to be.
  const floor = (value, digits) => Math.floor(value * 10 ** digits + 1e-9) / 10 ** digits;
  const percent = (value, of) => `${number(floor(100 * value / of, 1), 1)} %`;
  const times = (value, of) => `${number(floor(value / of, 2), 2)} ×`;
  const compact = (value) => Math.abs(value) >= 1e4
    ? value.toLocaleString("en", { notation: "compact", maximumSignificantDigits: 4 })
    : value.toLocaleString("en", { maximumFractionDigits: 2 });
  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

  // ---- axes

  // Short, unless that makes two ticks the same.
  const told = (splits) => {
    const known = splits.filter((value) => value !== null);
    const short = new Set(known.map(compact)).size === known.length;
    return splits.map((value) => value === null ? "" : short ? compact(value) : number(value));
  };
  const axis = (label, extra) => ({
    label, stroke: colour("soft"), grid: { stroke: colour("line"), width: 1 }, ticks: { stroke: colour("line"), width: 1, size: 5 },
    labelSize: 20, size: 34, labelGap: 0, font: "12px system-ui", labelFont: "12px system-ui",
    values: (u, splits) => told(splits), ...extra });
  // What is counted has no numbers in between.
  const whole = (label, extra) => axis(label, {
    incrs: Array.from({ length: 12 }, (_, k) => [1, 2, 5].map((step) => step * 10 ** k)).flat(), ...extra });
  const powers = (low, high) => {
    const found = [];
    for (let k = Math.floor(Math.log10(low)); k <= Math.ceil(Math.log10(high)); k++) found.push(10 ** k);
    return found;
  };
  // An axis that spans less than two powers of ten has numbers in between, too.
  const logTicks = (low, high) => {
    const within = (ticks) => ticks.filter((tick) => tick >= low * 0.999 && tick <= high * 1.001);
    const tens = within(powers(low, high));
    return tens.length > 2 ? tens : within(powers(low, high).flatMap((ten) => [ten, 2 * ten, 5 * ten]));
  };
  const minorTicks = (low, high) =>
    powers(low, high).flatMap((ten) => [2, 3, 4, 5, 6, 7, 8, 9].map((k) => k * ten)).filter((tick) => tick > low && tick < high);
  const logAxis = (label, extra) => axis(label, {
    filter: (u, splits) => splits, // uPlot's own leaves out numbers between the powers of ten
    splits: (u, index, low, high) => [...(low <= 0 ? [0] : []), ...logTicks(Math.max(1, low), Math.max(1, high))], ...extra });
  const minorGrid = (u) => {
    const { min, max } = u.scales.x;
    const { ctx, bbox } = u;
    ctx.save();
    ctx.strokeStyle = colour("minor");
    ctx.lineWidth = devicePixelRatio;
    ctx.beginPath();
    for (const tick of minorTicks(Math.max(1, min), Math.max(1, max))) {
      const x = Math.round(u.valToPos(tick, "x", true));
      ctx.moveTo(x, bbox.top);
      ctx.lineTo(x, bbox.top + bbox.height);
    }
    ctx.stroke();
    ctx.restore();
  };

  // ---- lines, labelled above their right ends; a label that would cover another moves

  const line = (label, name, extra) => ({ label, stroke: colour(name), width: 2, points: { show: false }, ...extra });
  const level = (label, name, dash) => line(label, name, { dash, width: 1.5, named: true });
  const labels = (u) => {
    const ratio = devicePixelRatio;
    const { ctx, bbox } = u;
    const height = 15 * ratio;
    const ends = u.series.flatMap((series, index) => {
      if (!series.named) return [];
      const values = u.data[index];
      let last = values.length - 1;
      while (last >= 0 && (values[last] === null || values[last] === undefined || u.data[0][last] > u.scales.x.max)) last--;
      if (last < 0) return [];
      const y = u.valToPos(values[last], "y", true);
      return y < bbox.top - 1 || y > bbox.top + bbox.height + 1 ? [] : [{ text: series.label, y, x: u.valToPos(u.data[0][last], "x", true) }];
    }).sort((a, b) => a.y - b.y);
    ctx.save();
    ctx.font = `${12 * ratio}px system-ui`;
    ctx.textBaseline = "alphabetic";
    ctx.lineJoin = "round";
    let before = -Infinity;
    for (const { text, y, x } of ends) {
      let at = Math.max(y - 5 * ratio, bbox.top + 11 * ratio);
      if (at - before < height) at = Math.max(y + 14 * ratio, before + height);
      before = at;
      const right = x > bbox.left + bbox.width - 60 * ratio || x < bbox.left + ctx.measureText(text).width + 12 * ratio;
      ctx.textAlign = right && x < bbox.left + bbox.width / 2 ? "left" : "right";
      ctx.strokeStyle = colour("paper");
      ctx.lineWidth = 4 * ratio;
      ctx.fillStyle = colour("ink");
      const place = ctx.textAlign === "left" ? x + 8 * ratio : x - 6 * ratio;
      ctx.strokeText(text, place, at);
      ctx.fillText(text, place, at);
    }
    ctx.restore();
  };

  // ---- values at the pointer

  const tip = document.createElement("div");
  tip.className = "tip";
  tip.hidden = true;
  tip.setAttribute("aria-hidden", "true"); // the status line says the same
  document.body.append(tip);
  const hideTip = () => { tip.hidden = true; };
  const showTip = (text, x, y) => {
    tip.textContent = text;
    tip.hidden = false;
    const { width, height } = tip.getBoundingClientRect();
    const left = x + 14 + width > innerWidth ? Math.max(4, x - 14 - width) : x + 14;
    const top = y - height - 10 < 0 ? y + 18 : y - height - 10;
    tip.style.left = `${left + scrollX}px`;
    tip.style.top = `${top + scrollY}px`;
  };
  addEventListener("keydown", (event) => { if (event.key === "Escape") hideTip(); });

  // ---- charts: drawn again whenever the theme, the width or the medium changes

  const all = [];
  const chart = (id, label, options, values, tell) => {
    const box = byId(id);
    box.tabIndex = 0;
    box.setAttribute("role", "img");
    box.setAttribute("aria-label", label);
    const told = byId(`${id}-values`);
    let plot = null;
    const show = (u) => {
      const index = u.cursor.left < 0 ? null : u.cursor.idx;
      const text = index === null || index === undefined ? "" : tell(index);
      told.textContent = text.replaceAll("\n", "; ");
      if (!text) return hideTip();
      const over = u.over.getBoundingClientRect();
      showTip(text, over.left + u.cursor.left, over.top + Math.max(0, u.cursor.top));
    };
    const draw = () => {
      if (plot) plot.destroy();
      const width = Math.max(260, box.clientWidth);
      const { hooks = {}, cursor = {}, ...rest } = options(width);
      plot = new uPlot({
        width, height: width < 480 ? 280 : 380, legend: { show: false },
        cursor: { y: false, drag: { x: true, y: false }, points: { size: 7 }, ...cursor },
        hooks: { ...hooks, draw: [...(hooks.draw || []), labels], setCursor: [(u) => { if (u.ready) show(u); }],
          ready: [(u) => { u.ready = true; }] },
        ...rest }, values, box);
      const follow = (event) => {
        const over = plot.over.getBoundingClientRect();
        const touch = event.touches[0];
        plot.setCursor({ left: touch.clientX - over.left, top: touch.clientY - over.top });
      };
      plot.over.addEventListener("touchstart", follow, { passive: true });
      plot.over.addEventListener("touchmove", follow, { passive: true });
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
    box.addEventListener("blur", hideTip);
    draw();
    let width = box.clientWidth;
    new ResizeObserver(() => { if (box.clientWidth !== width) { width = box.clientWidth; draw(); } }).observe(box);
    const made = { draw, plot: () => plot };
    all.push(made);
    return made;
  };
  for (const medium of ["(prefers-color-scheme: dark)", "print"]) {
    matchMedia(medium).addEventListener("change", () => all.forEach(({ draw }) => draw()));
  }

  // Marks in a static picture: what `tell` says of the one at the pointer, by mouse and by touch.
  const marks = (selector, tell) => {
    const pointed = (element) => {
      document.querySelectorAll(".pointed").forEach((other) => other.classList.remove("pointed"));
      if (element) element.classList.add("pointed");
    };
    for (const picture of document.querySelectorAll(selector)) {
      const at = (event) => {
        const mark = event.target.closest("rect");
        pointed(mark);
        const text = mark && tell(mark);
        if (text) showTip(text, event.clientX, event.clientY); else hideTip();
      };
      picture.addEventListener("pointermove", at);
      picture.addEventListener("pointerdown", at);
      picture.addEventListener("pointerleave", (event) => { if (event.pointerType === "mouse") { pointed(null); hideTip(); } });
    }
  };

  const button = (text, name, act) => {
    const made = document.createElement("button");
    made.type = "button";
    made.textContent = text;
    made.setAttribute("aria-label", name);
    made.addEventListener("click", act);
    return made;
  };
  const toggle = (text, checked, act) => {
    const label = document.createElement("label");
    const box = document.createElement("input");
    box.type = "checkbox";
    box.checked = checked;
    box.addEventListener("change", () => act(box.checked));
    label.className = "toggle";
    label.append(box, text);
    return label;
  };

  return { byId, number, floor, percent, times, colour, axis, whole, logAxis, minorGrid, line, level, chart, marks, button, toggle };
})();
