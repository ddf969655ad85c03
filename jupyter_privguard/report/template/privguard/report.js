"use strict";
// Tables filter without network; a page without script shows all rows. Nothing here reads or sends anything else.
// The proof comes after this script, so it waits for the whole document.
addEventListener("DOMContentLoaded", () => {
  // The text is compared before anything is added to it.
  const said = document.getElementById("check");
  const proof = document.getElementById("proof");
  const digest = async (text) => {
    const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
    return btoa(String.fromCharCode(...new Uint8Array(hash)));
  };
  const compare = async () => {
    const texts = Object.entries(JSON.parse(proof.textContent).texts);
    const own = texts.map(([id]) => document.getElementById(id)?.textContent ?? "");
    const found = await Promise.all(own.map(digest));
    const bad = texts.filter(([, wanted], at) => found[at] !== wanted).map(([id]) => id);
    if (texts.length !== document.querySelectorAll("section").length) bad.push("the list of sections");
    said.textContent = bad.length
      ? `This page's text is not what it was when the page was made: ${bad.join(", ")}. Ask for it again; ` +
        "`privguard report verify` says what was changed."
      : "This page's text is as it was when the page was made. This check finds accidents only: whoever can change " +
        "the page can change the check. `privguard report verify` checks the signature.";
    said.className = bad.length ? "said warning" : "said note";
    if (bad.length) document.querySelector("h1")?.after(said); // where nobody misses it
  };
  const checked = said && proof && globalThis.crypto?.subtle ? compare() : Promise.resolve();

  const filter = (table, at) => {
    const rows = [...table.tBodies[0].rows];
    const label = document.createElement("label");
    const field = document.createElement("input");
    const shown = document.createElement("output");
    const name = table.caption.textContent;
    field.type = "search";
    field.id = `filter-${at}`;
    label.htmlFor = shown.htmlFor = field.id;
    label.textContent = "Show rows with ";
    field.setAttribute("aria-label", `Show rows with, in: ${name}`);
    const texts = rows.map((row) => row.textContent.toLowerCase());
    field.addEventListener("input", () => {
      const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
      let count = 0;
      rows.forEach((row, number) => {
        const fits = words.every((word) => texts[number].includes(word));
        row.hidden = !fits;
        count += fits;
      });
      shown.textContent = words.length ? `${count} of ${rows.length} rows` : "";
    });
    const bar = document.createElement("div");
    bar.className = "filter";
    bar.append(label, field, shown);
    table.parentElement.before(bar);
    return { rows, field };
  };
  checked
    .catch(() => {})
    .then(() => {
      const filters = [...document.querySelectorAll(".wide > table")]
        .filter((table) => table.tBodies[0].rows.length > 8)
        .map(filter);
      // A link to a row that is hidden shows it, and so does one to what is folded.
      addEventListener("hashchange", () => {
        const target = document.getElementById(location.hash.slice(1));
        for (let up = target?.closest("details"); up; up = up.parentElement.closest("details")) up.open = true;
        const own = target?.hidden && filters.find(({ rows }) => rows.includes(target));
        if (own) {
          own.field.value = "";
          own.field.dispatchEvent(new Event("input"));
          target.scrollIntoView();
        }
      });
    });
});
