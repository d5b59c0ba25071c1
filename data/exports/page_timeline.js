// The timeline: bars of what passes the filters, and days chosen by a click, by dragging over several bars, or by keys.
function makeTimeline(box, facts, choose) {
  if (!box) return { update() {} };
  const list = box.querySelector(".bars");
  const bars = [...list.children];
  const top = box.querySelector(".top");
  const names = bars.map((bar) => bar.title.split(": ")[0]);
  let first = 0, last = 0, isDown = false, range = null;

  function barAt(event) {
    const { left, width } = list.getBoundingClientRect();
    return Math.max(0, Math.min(bars.length - 1, Math.floor((event.clientX - left) / width * bars.length)));
  }
  function mark(isChosen) {
    bars.forEach((bar, number) => {
      bar.classList.toggle("chosen", isChosen(number));
      bar.setAttribute("aria-pressed", isChosen(number));
    });
  }
  function markRange() {
    const [from, to] = range || ["", ""];
    mark((number) => Boolean(range) && (!from || facts.bars[number][1] >= from) && (!to || facts.bars[number][0] <= to));
  }
  function extend(number, isFirst) {
    last = number;
    if (isFirst) first = number;
    mark((each) => each >= Math.min(first, last) && each <= Math.max(first, last));
    bars.forEach((bar, each) => bar.setAttribute("tabindex", each === last ? "0" : "-1"));
  }
  function chooseDays() {
    const [from, to] = [facts.bars[Math.min(first, last)][0], facts.bars[Math.max(first, last)][1]];
    const isAgain = range && range[0] === from && range[1] === to;
    choose(isAgain ? ["", ""] : [from, to]);
  }
  list.addEventListener("pointerdown", (event) => {
    isDown = true;
    list.setPointerCapture(event.pointerId);
    extend(barAt(event), true);
  });
  list.addEventListener("pointermove", (event) => {
    if (isDown) extend(barAt(event), false);
  });
  list.addEventListener("pointerup", (event) => {
    if (!isDown) return;
    isDown = false;
    extend(barAt(event), false);
    chooseDays();
  });
  list.addEventListener("pointercancel", () => {
    isDown = false;
    markRange();
  });
  const STEPS = { ArrowLeft: -1, ArrowRight: 1, Home: -Infinity, End: Infinity };
  list.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key in STEPS) {
      extend(Math.max(0, Math.min(bars.length - 1, last + STEPS[event.key])), !event.shiftKey);
      if (!event.shiftKey) markRange();
      bars[last].focus();
    } else if (event.key === "Enter" || event.key === " ") chooseDays();
    else return;
    event.preventDefault();
  });
  box.setAttribute("role", "group");
  list.setAttribute("role", "presentation");
  bars.forEach((bar, number) => {
    bar.setAttribute("role", "button");
    bar.setAttribute("tabindex", number === 0 ? "0" : "-1");
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
      bar.setAttribute("aria-label", bar.title);
    });
    markRange();
  }
  return { update };
}
