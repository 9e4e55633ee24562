"use strict";
(() => {
  const form = document.getElementById("filters");
  const rows = [...document.querySelectorAll("tbody tr")];
  const text = document.getElementById("text");
  const shown = document.getElementById("shown");
  const words = rows.map((row) => row.textContent.toLowerCase());

  function apply() {
    const verdicts = new Set([...form.querySelectorAll("[name=verdict]:checked")].map((box) => box.value));
    const task = document.getElementById("task").value;
    const role = document.getElementById("role").value;
    const sought = text.value.toLowerCase().split(/\s+/).filter(Boolean);
    let count = 0;
    rows.forEach((row, index) => {
      const fits = verdicts.has(row.dataset.verdict)
        && (!task || row.dataset.task === task)
        && (!role || row.dataset.role === role)
        && sought.every((word) => words[index].includes(word));
      row.hidden = !fits;
      count += fits;
    });
    const filtered = count < rows.length;
    for (const section of document.querySelectorAll(".task")) {
      section.hidden = !section.querySelector("tbody tr:not([hidden])");
    }
    for (const stack of document.querySelectorAll(".stack")) {
      stack.hidden = filtered && !stack.querySelector("tbody tr:not([hidden])");
      const lit = new Set();
      for (const row of stack.querySelectorAll("tbody tr:not([hidden])")) {
        row.dataset.nodes.split(" ").forEach((id) => lit.add(id));
      }
      for (const node of stack.querySelectorAll(".node")) {
        node.classList.toggle("dim", filtered && !lit.has(node.dataset.id));
      }
      for (const edge of stack.querySelectorAll(".edge")) {
        edge.classList.toggle("dim", filtered && !edge.dataset.ends.split(" ").every((id) => lit.has(id)));
      }
    }
    document.getElementById("none").hidden = count > 0 || rows.length === 0;
    shown.textContent = filtered ? `${count} of ${rows.length} needs` : `${rows.length} needs`;
  }

  form.hidden = false;
  form.addEventListener("input", apply);
  form.addEventListener("reset", () => setTimeout(apply));
  form.addEventListener("submit", (event) => event.preventDefault());
  document.addEventListener("keydown", (event) => {
    const typing = /^(INPUT|SELECT|TEXTAREA)$/.test(document.activeElement.tagName);
    if (event.key === "/" && !typing) {
      event.preventDefault();
      text.focus();
    } else if (event.key === "Escape" && document.activeElement === text) {
      text.value = "";
      apply();
    }
  });
  apply();
})();
