"use strict";
// The map: zoom, pan, sites. Lengths on the screen follow from --u, the map's units a pixel.
function makeMap(svg, incidents, choose) {
  const [WEST, EAST, NORTH, SOUTH] = [-18000, 18000, -17000, 8000];
  const NARROWEST = 150;  // a degree and a half: the coastlines are no finer
  const STEP = 0.15;      // of the view, for a key
  const REACH_PX = 40;    // no marker is larger
  const sites = [...svg.querySelectorAll("#sites > .site")];
  const labels = [...svg.querySelectorAll(".labels text")];
  const members = sites.map(() => []);
  incidents.forEach((incident, index) => incident.sites.forEach((site) => members[site].push(index)));
  const positions = sites.map((site) => site.querySelector("path").getAttribute("d").match(/-?[\d.]+/g).map(Number));
  const opening = svg.getAttribute("viewBox").split(" ").map(Number);
  const widest = Math.max(EAST - WEST, opening[2]);
  const pointers = new Map();
  let [x, y, width, height] = opening;
  let frame = 0, moved = false, chosen = [], shown = sites.map(() => true);

  function unit() {
    return Math.max(width / svg.clientWidth, height / svg.clientHeight) || 1;
  }
  function draw() {
    frame = 0;
    svg.setAttribute("viewBox", [x, y, width, height].map((n) => n.toFixed(2)).join(" "));
    const now = unit();
    svg.style.setProperty("--u", now);
    for (const label of labels) label.classList.toggle("out", Number(label.dataset.fits) < now);
  }
  function look(nextX, nextY, nextWidth, nextHeight) {
    [width, height] = [nextWidth, nextHeight];
    x = Math.min(Math.max(nextX, WEST - width / 2), EAST - width / 2);
    y = Math.min(Math.max(nextY, NORTH - height / 2), SOUTH - height / 2);
    frame ||= requestAnimationFrame(draw);
  }
  function at(clientX, clientY) {
    const box = svg.getBoundingClientRect();
    const now = unit();
    return [x + width / 2 + (clientX - box.left - box.width / 2) * now, y + height / 2 + (clientY - box.top - box.height / 2) * now];
  }
  function zoom(factor, [centreX, centreY] = [x + width / 2, y + height / 2]) {
    const bounded = Math.min(Math.max(width * factor, NARROWEST), widest) / width;
    look(centreX - (centreX - x) * bounded, centreY - (centreY - y) * bounded, width * bounded, height * bounded);
  }
  function pan(dx, dy) {
    look(x + dx, y + dy, width, height);
  }
  function fit() {
    const there = positions.filter((_, site) => shown[site]);
    if (there.length === 0 || there.length === positions.length) return look(...opening);
    const [xs, ys] = [there.map((position) => position[0]), there.map((position) => position[1])];
    const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
    const wide = Math.min(Math.max((right - left) * 1.3, (bottom - top) * 2.6, 900), widest);
    look((left + right - wide) / 2, (top + bottom - wide / 2) / 2, wide, wide / 2);
  }

  svg.addEventListener("wheel", (event) => {
    const isOut = event.deltaY > 0;
    if (isOut && width >= widest) return;  // the whole world is shown: the page scrolls on
    event.preventDefault();
    zoom(Math.exp(Math.max(-60, Math.min(60, event.deltaY)) / 200), at(event.clientX, event.clientY));
  }, { passive: false });
  svg.addEventListener("pointerdown", (event) => {
    if (pointers.size === 0) moved = false;
    pointers.set(event.pointerId, [event.clientX, event.clientY]);
  });
  svg.addEventListener("pointermove", (event) => {
    const before = pointers.get(event.pointerId);
    if (!before) return;
    const now = [event.clientX, event.clientY];
    if (!moved && pointers.size === 1 && Math.hypot(now[0] - before[0], now[1] - before[1]) < 4) return;
    moved = true;
    svg.setPointerCapture(event.pointerId);
    svg.classList.add("dragging");
    const others = [...pointers].filter(([id]) => id !== event.pointerId).map(([, position]) => position);
    pointers.set(event.pointerId, now);
    const share = 1 / pointers.size;
    pan((before[0] - now[0]) * unit() * share, (before[1] - now[1]) * unit() * share);
    if (others.length === 1) {
      const [fixed] = others;
      const distance = (position) => Math.hypot(position[0] - fixed[0], position[1] - fixed[1]) || 1;
      zoom(distance(before) / distance(now), at((now[0] + fixed[0]) / 2, (now[1] + fixed[1]) / 2));
    }
  });
  for (const name of ["pointerup", "pointercancel", "pointerleave"]) {
    svg.addEventListener(name, (event) => {
      pointers.delete(event.pointerId);
      if (pointers.size === 0) svg.classList.remove("dragging");
    });
  }
  function radius(site) {
    return parseFloat(getComputedStyle(sites[site].querySelector(".halo")).strokeWidth) / 2;
  }
  // Chooses a site and all others whose markers cover the point: of those that overlap none can be hit alone.
  function chooseAt(site, [pointX, pointY]) {
    const now = unit();
    const others = positions.flatMap(([siteX, siteY], each) => {
      const distance = Math.hypot(siteX - pointX, siteY - pointY) / now;
      return each !== site && shown[each] && distance < REACH_PX && distance <= radius(each) ? [each] : [];
    });
    const there = [site, ...others];
    const isAgain = there.length === chosen.length && there.every((each) => chosen.includes(each));
    choose(isAgain ? [] : there);
  }
  svg.addEventListener("click", (event) => {
    const site = sites.indexOf(event.target.closest(".site"));
    if (!moved && site >= 0) chooseAt(site, at(event.clientX, event.clientY));
  });

  const DIRECTIONS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  function neighbour(from, [dx, dy]) {
    let best = from, least = Infinity;
    sites.forEach((_, site) => {
      if (site === from || !shown[site]) return;
      const [east, south] = [positions[site][0] - positions[from][0], positions[site][1] - positions[from][1]];
      const ahead = east * dx + south * dy;
      const cost = Math.hypot(east, south) + 2 * Math.abs(east * dy + south * dx);
      if (ahead > 0 && cost < least) [best, least] = [site, cost];
    });
    return best;
  }
  function focus(site) {
    for (const each of sites) each.setAttribute("tabindex", "-1");
    sites[site].setAttribute("tabindex", "0");
    sites[site].focus();
    const [centreX, centreY] = positions[site];
    const isInside = centreX > x && centreX < x + width && centreY > y && centreY < y + height;
    if (!isInside) look(centreX - width / 2, centreY - height / 2, width, height);
  }
  svg.addEventListener("keydown", (event) => {
    const site = sites.indexOf(event.target);
    const direction = DIRECTIONS[event.key];
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (direction && site >= 0) focus(neighbour(site, direction));
    else if (direction) pan(direction[0] * width * STEP, direction[1] * height * STEP);
    else if (event.key === "+" || event.key === "=") zoom(1 / 1.5);
    else if (event.key === "-") zoom(1.5);
    else if (event.key === "0") fit();
    else if ((event.key === "Enter" || event.key === " ") && site >= 0) chooseAt(site, positions[site]);
    else return;
    event.preventDefault();
  });
  for (const button of document.querySelectorAll("[data-zoom]")) {
    const acts = { in: () => zoom(1 / 1.5), out: () => zoom(1.5), fit };
    button.addEventListener("click", acts[button.dataset.zoom]);
  }

  sites.forEach((site) => site.setAttribute("role", "button"));
  new ResizeObserver(() => { frame ||= requestAnimationFrame(draw); }).observe(svg);

  function nameOf(found) {
    const names = [...new Set(found.map((site) => sites[site].dataset.name))];
    const n = names.length - 1;
    return n > 0 ? `${names[0]} and ${n} more place${n === 1 ? "" : "s"}` : names[0];
  }
  function update(passes, found) {
    chosen = found;
    shown = members.map((indices) => indices.some((index) => passes[index]));
    let isFirst = true;
    sites.forEach((group, number) => {
      const there = members[number].filter((index) => passes[index]);
      const nArticles = there.reduce((sum, index) => sum + incidents[index].articles, 0);
      const title = group.querySelector("title");
      const words = `${group.dataset.name}: ${there.length} incident${there.length === 1 ? "" : "s"}, ${nArticles} article${nArticles === 1 ? "" : "s"};${title.textContent.split(";").at(-1)}`;
      group.classList.toggle("out", there.length === 0);
      group.classList.toggle("chosen", chosen.includes(number));
      group.style.setProperty("--n", nArticles);
      group.setAttribute("aria-label", words);
      group.setAttribute("aria-pressed", chosen.includes(number));
      group.setAttribute("tabindex", there.length && isFirst ? "0" : "-1");
      isFirst &&= there.length === 0;
      title.textContent = words;
    });
  }
  return { update, nameOf };
}
