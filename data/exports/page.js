// The page: filters, the table, and what map and timeline show of it.
(function () {
  const N_ROWS = 200;  // laid out at once: a browser is slow with thousands of rows
  const [BY_FORM, BY_DATE, BY_SITE] = [1, 2, 4];  // which filter an incident does not pass
  const facts = JSON.parse(document.getElementById("facts").textContent);
  const { incidents } = facts;
  const table = document.getElementById("incidents");
  const bodies = [...table.tBodies];
  const form = document.getElementById("filters");
  const selects = [...form.querySelectorAll("select")];
  const filtered = document.getElementById("filtered");
  const siteButton = document.getElementById("site");
  const more = document.getElementById("more");
  const texts = [];
  const ENTITIES = { lt: "<", gt: ">", amp: "&", "#34": '"', "#39": "'" };  // all that the page escapes
  const LETTERS = { "ı": "i", "ł": "l", "ø": "o", "đ": "d", "ħ": "h" };  // no mark that could be taken off
  const nOf = (n) => n.toLocaleString("en");
  let proofs = null, chosenSites = [], nRows = N_ROWS, ordered = bodies.map((_, index) => index);
  let fails = incidents.map(() => 0);

  function proofOf(index) {
    proofs ||= JSON.parse(document.getElementById("proofs").textContent);
    return proofs[index];
  }
  function folded(text) {
    return text.toLowerCase().normalize("NFD").replace(/\p{M}/gu, "").replace(/[ıłøđħ]/g, (letter) => LETTERS[letter]);
  }
  function textOf(index) {
    if (texts[index] === undefined) {
      const isWhole = bodies[index].rows.length > 1;
      const proof = isWhole ? "" : proofOf(index).replace(/<[^>]*>/g, "").replace(/&([^;]+);/g, (_, name) => ENTITIES[name]);
      texts[index] = folded(`${bodies[index].textContent} ${proof}`);
    }
    return texts[index];
  }

  function failOf(index, words, wanted, [from, to]) {
    const { days, facets, sites } = incidents[index];
    const isWanted = wanted.every((value, facet) => value === "" || facets[facet].includes(Number(value)));
    let fail = isWanted && words.every((word) => textOf(index).includes(word)) ? 0 : BY_FORM;
    if ((from || to) && !(days && (!from || days[1] >= from) && (!to || days[0] <= to))) fail |= BY_DATE;
    if (chosenSites.length > 0 && !sites.some((site) => chosenSites.includes(site))) fail |= BY_SITE;
    return fail;
  }
  function apply() {
    const words = folded(form.elements.words.value).split(/\s+/).filter(Boolean);
    const range = [form.elements.from.value, form.elements.to.value];
    const wanted = selects.map((select) => select.value);
    fails = incidents.map((_, index) => failOf(index, words, wanted, range));
    nRows = N_ROWS;
    layOut();
    const [onMap, inTimeline] = [BY_SITE, BY_DATE].map((own) => fails.map((fail) => (fail & ~own) === 0));
    map.update(onMap, chosenSites);
    timeline.update(inTimeline, range);
    countLeftOut(onMap, inTimeline);
    const nShown = countShown();
    document.getElementById("shown").textContent = `${nOf(nShown)} of ${nOf(incidents.length)} incidents shown`;
    document.getElementById("nothing").hidden = nShown > 0;
    siteButton.hidden = chosenSites.length === 0;
    siteButton.textContent = siteButton.hidden ? "" : `at ${map.nameOf(chosenSites)} ✕`;
  }

  function countShown() {
    return fails.filter((fail) => fail === 0).length;
  }
  function countLeftOut(onMap, inTimeline) {
    const tell = (element, passes, lacks, words, what) => {
      const n = incidents.filter((incident, index) => passes[index] && lacks(incident)).length;
      element.textContent = n ? `${nOf(n)} incident${n === 1 ? "" : "s"} ${words} ${n === 1 ? "is" : "are"} ${what}. ` : "";
      return n;
    };
    const [unplaced, spread, undated] = ["unplaced", "spread", "undated"].map((id) => document.getElementById(id));
    tell(unplaced, onMap, ({ sites }) => sites.length === 0, "without a position", "not drawn");
    tell(undated, inTimeline, ({ days }) => !days, "without a date", "not drawn");
    const isVague = ({ vague }) => vague;
    spread.hidden = tell(spread.lastElementChild, inTimeline, isVague, "known only to several days", "spread over them") === 0;
  }
  function layOut() {
    let n = 0;
    for (const index of ordered) bodies[index].classList.toggle("shown", fails[index] === 0 && n++ < nRows);
    more.hidden = n <= nRows;
    more.textContent = `Show ${Math.min(N_ROWS, n - nRows)} more of ${nOf(n)}`;
    tellPrinted(n);
  }
  // Paper has no filters: it says which were set, and whether it lists all that pass.
  function tellPrinted(n) {
    const given = [...form.elements].filter((field) => field.name && field.value).map((field) => {
      const value = field.selectedOptions ? field.selectedOptions[0].text.replace(/ \(\d+\)$/, "") : field.value;
      return `${field.closest("label").firstElementChild.textContent.toLowerCase()} “${value}”`;
    });
    if (chosenSites.length > 0) given.push(`at ${map.nameOf(chosenSites)}`);
    const listed = n > nRows ? `, the first ${nOf(nRows)} listed` : "";
    filtered.hidden = given.length === 0 && !listed;
    const filters = given.length > 0 ? ` Filters: ${given.join("; ")}.` : "";
    filtered.textContent = `${nOf(n)} of ${nOf(incidents.length)} incidents shown${listed}.${filters}`;
  }
  more.addEventListener("click", () => {
    nRows += N_ROWS;
    layOut();
  });

  function setOpen(index, isOpen) {
    const body = bodies[index];
    if (isOpen && body.rows.length === 1) {
      const row = body.insertRow();
      row.className = "proof";
      const cell = row.insertCell();
      cell.colSpan = table.tHead.rows[0].cells.length;
      cell.innerHTML = proofOf(index);  // escaped when it was written
    }
    body.classList.toggle("opened", isOpen);
    body.querySelector(".open").setAttribute("aria-expanded", isOpen);
  }
  table.addEventListener("click", (event) => {
    const row = event.target.closest(".row");
    if (!row || event.target.closest("a") || String(getSelection())) return;
    const index = bodyIndex.get(row.parentElement);
    setOpen(index, !row.parentElement.classList.contains("opened"));
  });
  const bodyIndex = new Map(bodies.map((body, index) => [body, index]));
  document.getElementById("open-all").addEventListener("click", () => bodies.forEach((body, index) => {
    if (body.classList.contains("shown")) setOpen(index, true);
  }));
  document.getElementById("close-all").addEventListener("click", () => bodies.forEach((body, index) => {
    if (body.classList.contains("opened")) setOpen(index, false);
  }));

  const collator = new Intl.Collator("en", { numeric: true });
  // Harm by harm, the killed first; what is not stated stands last, whichever way the others go.
  function compareTolls(one, other, sign) {
    for (const harm of one.keys()) {
      const order = (one[harm] === null) - (other[harm] === null) || sign * (one[harm] - other[harm]);
      if (order) return order;
    }
    return 0;
  }
  function sortBy(column, heading) {
    const isToll = heading.textContent === "Casualties";
    const isNumber = isToll || bodies[0]?.rows[0].cells[column].classList.contains("number");
    const before = heading.getAttribute("aria-sort");
    const sign = (before ? before === "descending" : !isNumber) ? 1 : -1;
    for (const each of table.tHead.rows[0].cells) each.removeAttribute("aria-sort");
    heading.setAttribute("aria-sort", sign === 1 ? "ascending" : "descending");
    const keys = bodies.map((body) => body.rows[0].cells[column].textContent.trim());
    const isEmpty = keys.map((key) => key === "–");
    const byText = (a, b) => isEmpty[a] - isEmpty[b] || sign * collator.compare(keys[a], keys[b]);
    ordered.sort(isToll ? (a, b) => compareTolls(incidents[a].tolls, incidents[b].tolls, sign) : byText);
    const fragment = document.createDocumentFragment();
    for (const index of ordered) fragment.append(bodies[index]);
    table.append(fragment);
    layOut();
  }
  [...table.tHead.rows[0].cells].forEach((heading, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = heading.textContent;
    button.addEventListener("click", () => sortBy(column, heading));
    heading.replaceChildren(button);
  });

  const map = makeMap(document.getElementById("map"), incidents, (found) => {
    chosenSites = found;
    apply();
  });
  const timeline = makeTimeline(document.getElementById("timeline"), facts, ([from, to]) => {
    form.elements.from.value = from;
    form.elements.to.value = to;
    apply();
  });
  form.addEventListener("input", apply);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(() => {
    chosenSites = [];
    apply();
  }));
  siteButton.addEventListener("click", () => {
    chosenSites = [];
    apply();
  });
  function openLinked() {
    const index = bodies.findIndex((body) => `#${body.id}` === decodeURIComponent(location.hash));
    if (index < 0) return;
    bodies[index].classList.add("shown");
    setOpen(index, true);
    bodies[index].scrollIntoView();
  }
  addEventListener("hashchange", openLinked);
  form.hidden = false;
  document.querySelector(".zoom").hidden = false;
  apply();
  openLinked();
})();
