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
  const siteButton = document.getElementById("site");
  const more = document.getElementById("more");
  const texts = [];
  const ENTITIES = { lt: "<", gt: ">", amp: "&", "#34": '"', "#39": "'" };  // all that the page escapes
  let proofs = null, chosenSite = null, nRows = N_ROWS, ordered = bodies.map((_, index) => index);
  let fails = incidents.map(() => 0);

  function proofOf(index) {
    proofs ||= JSON.parse(document.getElementById("proofs").textContent);
    return proofs[index];
  }
  function textOf(index) {
    if (texts[index] === undefined) {
      const isWhole = bodies[index].rows.length > 1;
      const proof = isWhole ? "" : proofOf(index).replace(/<[^>]*>/g, "").replace(/&([^;]+);/g, (_, name) => ENTITIES[name]);
      texts[index] = `${bodies[index].textContent} ${proof}`.toLowerCase();
    }
    return texts[index];
  }

  function failOf(index, words, wanted, [from, to]) {
    const { days, facets, sites } = incidents[index];
    const isWanted = wanted.every((value, facet) => value === "" || facets[facet].includes(Number(value)));
    let fail = isWanted && words.every((word) => textOf(index).includes(word)) ? 0 : BY_FORM;
    if ((from || to) && !(days && (!from || days[1] >= from) && (!to || days[0] <= to))) fail |= BY_DATE;
    if (chosenSite !== null && !sites.includes(chosenSite)) fail |= BY_SITE;
    return fail;
  }
  function apply() {
    const words = form.elements.words.value.toLowerCase().split(/\s+/).filter(Boolean);
    const range = [form.elements.from.value, form.elements.to.value];
    const wanted = selects.map((select) => select.value);
    fails = incidents.map((_, index) => failOf(index, words, wanted, range));
    nRows = N_ROWS;
    layOut();
    map.update(fails.map((fail) => (fail & ~BY_SITE) === 0), chosenSite);
    timeline.update(fails.map((fail) => (fail & ~BY_DATE) === 0), range);
    const nShown = countShown();
    document.getElementById("shown").textContent = `${nShown.toLocaleString("en")} of ${incidents.length.toLocaleString("en")} incidents shown`;
    document.getElementById("nothing").hidden = nShown > 0;
    siteButton.hidden = chosenSite === null;
    siteButton.textContent = chosenSite === null ? "" : `at ${map.nameOf(chosenSite)} ✕`;
  }

  function countShown() {
    return fails.filter((fail) => fail === 0).length;
  }
  function layOut() {
    let n = 0;
    for (const index of ordered) bodies[index].classList.toggle("shown", fails[index] === 0 && n++ < nRows);
    more.hidden = n <= nRows;
    more.textContent = `Show ${Math.min(N_ROWS, n - nRows)} more of ${n.toLocaleString("en")}`;
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
  function sortBy(column, heading) {
    const isNumber = bodies[0]?.rows[0].cells[column].classList.contains("number");
    const before = heading.getAttribute("aria-sort");
    const sign = (before ? before === "descending" : !isNumber) ? 1 : -1;
    for (const each of table.tHead.rows[0].cells) each.removeAttribute("aria-sort");
    heading.setAttribute("aria-sort", sign === 1 ? "ascending" : "descending");
    const keys = bodies.map((body) => body.rows[0].cells[column].textContent.trim());
    const isEmpty = keys.map((key) => key === "–");
    ordered.sort((a, b) => isEmpty[a] - isEmpty[b] || sign * collator.compare(keys[a], keys[b]));
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

  const map = makeMap(document.getElementById("map"), incidents, (site) => {
    chosenSite = site;
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
    chosenSite = null;
    apply();
  }));
  siteButton.addEventListener("click", () => {
    chosenSite = null;
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
