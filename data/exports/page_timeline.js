// The timeline: bars of what passes the filters, and days chosen by a click or by dragging over several bars.
function makeTimeline(box, facts, choose) {
  if (!box) return { update() {} };
  const list = box.querySelector(".bars");
  const bars = [...list.children];
  const top = box.querySelector(".top");
  const names = bars.map((bar) => bar.title.split(": ")[0]);
  let first = null, isDown = false, range = null;

  function barAt(event) {
    const { left, width } = list.getBoundingClientRect();
    return Math.max(0, Math.min(bars.length - 1, Math.floor((event.clientX - left) / width * bars.length)));
  }
  function mark(from, to) {
    bars.forEach((bar, number) => bar.classList.toggle("chosen", from !== null && number >= from && number <= to));
  }
  list.addEventListener("pointerdown", (event) => {
    [first, isDown] = [barAt(event), true];
    list.setPointerCapture(event.pointerId);
    mark(first, first);
  });
  list.addEventListener("pointermove", (event) => {
    if (!isDown) return;
    const now = barAt(event);
    mark(Math.min(first, now), Math.max(first, now));
  });
  list.addEventListener("pointerup", (event) => {
    if (!isDown) return;
    isDown = false;
    const last = barAt(event);
    const [from, to] = [facts.bars[Math.min(first, last)][0], facts.bars[Math.max(first, last)][1]];
    const isAgain = first === last && range && range[0] === from && range[1] === to;
    choose(isAgain ? ["", ""] : [from, to]);
  });
  list.addEventListener("pointercancel", () => {
    isDown = false;
    choose(range || ["", ""]);
  });

  function update(passes, [from, to]) {
    range = from || to ? [from, to] : null;
    const sums = bars.map(() => [0, 0]);  // exact, vague
    facts.incidents.forEach((incident, index) => {
      if (passes[index]) for (const [bar, share] of incident.bars) sums[bar][incident.vague ? 1 : 0] += share;
    });
    const highest = Math.max(...sums.map(([exact, vague]) => exact + vague));
    top.textContent = Number(highest.toFixed(1));
    bars.forEach((bar, number) => {
      const [exact, vague] = sums[number];
      const [vagueBar, exactBar] = bar.querySelectorAll("i");
      for (const [part, n] of [[vagueBar, vague], [exactBar, exact]]) {
        part.style.height = `${(100 * n / (highest || 1)).toFixed(2)}%`;
        part.hidden = n === 0;
      }
      bar.title = `${names[number]}: ${exact} exact${vague ? `, ${vague.toFixed(1)} spread` : ""}`;
      const [start, end] = facts.bars[number];
      bar.classList.toggle("chosen", Boolean(range) && (!from || end >= from) && (!to || start <= to));
    });
  }
  return { update };
}
