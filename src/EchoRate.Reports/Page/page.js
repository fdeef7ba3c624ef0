"use strict";
// Sorts and searches tables. Without it everything is there all the same. All texts go through textContent: none becomes markup.
for (const table of document.querySelectorAll("table")) {
  const body = table.tBodies[0];
  if (body.rows.length > 1) {
    Array.from(table.tHead.rows[0].cells).forEach((head, column) => sortable(table, head, column));
  }
}
for (const form of document.querySelectorAll("form.search")) {
  searchable(form, document.getElementById(form.dataset.table));
}

function sortable(table, head, column) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = head.textContent;
  head.replaceChildren(button);
  button.addEventListener("click", () => {
    const up = head.getAttribute("aria-sort") !== "ascending";
    for (const other of head.parentElement.cells) {
      other.removeAttribute("aria-sort");
    }
    head.setAttribute("aria-sort", up ? "ascending" : "descending");
    const isNumber = head.classList.contains("n");
    const keyed = Array.from(table.tBodies[0].rows, (row, place) => [keyOf(row.cells[column].textContent, isNumber), place, row]);
    keyed.sort((a, b) => {
      // What is empty stands last, whichever way.
      if (a[0] === null || b[0] === null) {
        return (a[0] === null) - (b[0] === null) || a[1] - b[1];
      }
      const order = isNumber ? a[0] - b[0] : a[0].localeCompare(b[0], "en");
      return (up ? order : -order) || a[1] - b[1];
    });
    table.tBodies[0].append(...keyed.map((row) => row[2]));
  });
}

function keyOf(text, isNumber) {
  if (!isNumber) {
    return text === "" ? null : text;
  }
  const value = parseFloat(text.replaceAll(",", "").replace(/^[^0-9.-]+/, ""));
  return Number.isNaN(value) ? null : value;
}

function searchable(form, table) {
  const [field, kinds, count] = [form.querySelector("input"), form.querySelector("select"), form.querySelector("output")];
  const rows = Array.from(table.tBodies[0].rows, (row) => [row, row.textContent.toLowerCase(), row.cells[0].textContent]);
  for (const kind of new Set(rows.map((row) => row[2]))) {
    kinds.append(new Option(kind, kind));
  }
  const filter = () => {
    const wanted = field.value.toLowerCase();
    let shown = 0;
    for (const [row, text, kind] of rows) {
      row.hidden = !(text.includes(wanted) && (kinds.value === "" || kinds.value === kind));
      shown += row.hidden ? 0 : 1;
    }
    count.textContent = shown.toLocaleString("en") + " of " + rows.length.toLocaleString("en") + " rows";
  };
  form.addEventListener("submit", (event) => event.preventDefault());
  field.addEventListener("input", filter);
  kinds.addEventListener("input", filter);
  form.hidden = false;
  filter();
}
