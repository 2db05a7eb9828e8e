// The list of imports by keys, what is new in it, and word of how old it is once the server does not answer.

const keys = document.querySelector("[data-keys]");
const keysOn = document.querySelector("[data-keys-on]");
const OFF = "cartage-keys-off";
const loaded = { at: Date.now() };

keys.hidden = false;
keysOn.checked = !localStorage.getItem(OFF);
keysOn.addEventListener("change", () => {
  if (keysOn.checked) localStorage.removeItem(OFF);
  else localStorage.setItem(OFF, "yes");
});

const rows = () => [...document.querySelectorAll("[data-import]")];
const handle = (row) => row?.querySelector("summary");
const ticks = () => [...document.querySelectorAll(".pick input:checked, .all input:checked")];

function here() {
  const at = document.activeElement?.closest("tr");
  return at?.matches("[data-import]") ? at : at?.previousElementSibling;
}

function step(by) {
  const all = rows();
  const place = all.indexOf(here());
  const next = all[place < 0 ? 0 : Math.min(all.length - 1, Math.max(0, place + by))];
  handle(next)?.focus();
  next?.scrollIntoView({ block: "nearest" });
}

function again() {
  if (!ticks().length) return here()?.nextElementSibling?.querySelector("[data-again]")?.requestSubmit();
  const bulk = document.getElementById("bulk");
  bulk.elements.act.value = "retry";
  return bulk.requestSubmit();
}

function list() {
  keys.open = !keys.open;
  if (keys.open) keys.querySelector("summary").focus();
}

const acts = {
  "/": () => document.getElementById("filter").select(),
  j: () => step(1),
  k: () => step(-1),
  x: () => here()?.querySelector(".pick input")?.click(),
  r: again,
  "?": list,
};

// Keys are letters for whoever writes: a field keeps them all.
document.addEventListener("keydown", (event) => {
  const writes = event.target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]");
  if (writes || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (!keysOn.checked || !Object.hasOwn(acts, event.key)) return;
  event.preventDefault();
  acts[event.key]();
});

// New imports take their place at the top, unless that moves what somebody points at or reads: then they are told of.
let held = null;
let pointer = -1;
document.addEventListener("pointermove", (event) => { pointer = event.pointerType === "touch" ? -1 : event.clientY; });
document.documentElement.addEventListener("pointerleave", () => { pointer = -1; });

function moves(list) {
  const { top } = list.getBoundingClientRect();
  const read = list.contains(document.activeElement) || list.querySelector("details[open]") || list.matches(":hover");
  return read || pointer >= top || scrollY > 0;
}

function take(parsed) {
  const list = document.getElementById("rows");
  const told = document.getElementById("arrived");
  const asked = new URLSearchParams(told.dataset.with);
  held = asked.has("grows") ? parsed.querySelector("[data-newest]") ?? held : null;
  if (!held || !list || moves(list)) return;
  const came = [...held.children].filter((row) => !document.getElementById(row.id));
  for (const row of came) row.classList.add("came");
  list.prepend(...came);
  asked.set("after", held.dataset.newest);
  told.dataset.with = asked;
  told.replaceChildren();
  held = null;
  document.dispatchEvent(new CustomEvent("swapped", { detail: list }));
}

document.addEventListener("answered", (event) => take(event.detail));

const stale = document.querySelector("[data-stale]");
function old() {
  const age = stale.querySelector("[data-age]");
  age.dataset.since = new Date(loaded.at).toISOString();
  stale.hidden = false;
}
function fresh() {
  loaded.at = Date.now();
  stale.hidden = true;
}
document.addEventListener("htmx:error", old);
document.addEventListener("unanswered", old);
document.addEventListener("answered", fresh);
document.addEventListener("htmx:after:swap", (event) => {
  if (event.target.id !== "choices") fresh();
});
