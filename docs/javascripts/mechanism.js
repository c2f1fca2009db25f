// A small figure for each mechanism: with it and without it by hour, read off at a slider. No library.

(() => {
  const { every, mechanisms } = window.standfastMechanisms;
  const [WIDE, HIGH, LEFT, RIGHT, TOP, BOTTOM] = [640, 200, 46, 20, 10, 24];
  const NS = "http://www.w3.org/2000/svg";

  const draw = (name, attributes, parent) => {
    const node = document.createElementNS(NS, name);
    for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
    parent.append(node);
    return node;
  };

  const write = (value, share) => (share ? `${Number((100 * value).toPrecision(3))} %` : Number(value.toPrecision(3)).toLocaleString("en"));

  function figure(box, row) {
    const share = row.what.startsWith("Share");
    const n = row.with[1].length;
    const all = [...row.with.flat(), ...row.without.flat()];
    const most = Math.max(...all) || 1;
    const top = share && most > 0.5 ? 1 : most;
    const x = (i) => LEFT + (WIDE - LEFT - RIGHT) * (i / (n - 1));
    const y = (value) => HIGH - BOTTOM - (HIGH - BOTTOM - TOP) * (value / top);
    const svg = draw("svg", { viewBox: `0 0 ${WIDE} ${HIGH}`, role: "img", "aria-label": `${row.what}, with and without: ${row.title}` }, box);
    for (const part of [0, 0.5, 1]) {
      draw("path", { class: "grid", d: `M${LEFT},${y(part * top)}H${WIDE - RIGHT}` }, svg);
      draw("text", { x: LEFT - 6, y: y(part * top) + 4, "text-anchor": "end" }, svg).textContent = write(part * top, share);
    }
    for (let hour = 0; hour <= (n - 1) * every; hour += 24) {
      draw("text", { x: x(hour / every), y: HIGH - 6, "text-anchor": "middle" }, svg).textContent = `${hour} h`;
    }
    for (const name of ["without", "with"]) {
      const [low, middle, high] = row[name];
      const up = high.map((value, i) => `${x(i).toFixed(1)},${y(value).toFixed(1)}`);
      const down = low.map((value, i) => `${x(i).toFixed(1)},${y(value).toFixed(1)}`).reverse();
      draw("path", { class: `band ${name}`, d: `M${[...up, ...down].join("L")}Z` }, svg);
      draw("path", { class: `line ${name}`, d: `M${middle.map((value, i) => `${x(i).toFixed(1)},${y(value).toFixed(1)}`).join("L")}` }, svg);
    }
    const cursor = draw("path", { class: "cursor" }, svg);
    const slider = Object.assign(document.createElement("input"), { type: "range", min: 0, max: n - 1, value: n - 1 });
    slider.setAttribute("aria-label", `Hour at which ${row.title} is read off`);
    const out = document.createElement("p");
    out.className = "readout";
    const show = () => {
      const i = Number(slider.value);
      cursor.setAttribute("d", `M${x(i)},${TOP}V${HIGH - BOTTOM}`);
      const [here, gone] = [row.with[1][i], row.without[1][i]].map((value) => write(value, share));
      out.replaceChildren(`Hour ${i * every}: `, mark("with", `${here} with it`), ", ", mark("without", `${gone} without`));
      slider.setAttribute("aria-valuetext", out.textContent);
    };
    slider.addEventListener("input", show);
    box.append(slider, out);
    show();
  }

  const mark = (name, text) => Object.assign(document.createElement("b"), { className: name, textContent: text });

  for (const box of document.querySelectorAll(".mechanism")) figure(box, mechanisms[box.dataset.mechanism]);
})();
