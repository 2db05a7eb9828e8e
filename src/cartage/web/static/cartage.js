// Small comforts; every page works without them.

// Dates and texts are in the page's language, as the reader's own country writes it.
const { lang } = document.documentElement;
const words = document.body.dataset;
const locale = new Intl.Locale(
  navigator.languages.find((each) => each.split("-")[0] === lang) ?? lang, { numberingSystem: "latn" },
);

function localise(root) {
  for (const time of root.querySelectorAll("time[data-local]")) {
    const moment = new Date(time.dateTime);
    time.title = moment.toLocaleString(locale, { dateStyle: "full", timeStyle: "long" });
    if (Date.now() - moment > 86400000) {
      time.textContent = moment.toLocaleDateString(locale, { dateStyle: "medium" });
    }
  }
}

function filled(sentence, values) {
  return sentence.replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

function spoken(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  if (whole < 60) return filled(words.seconds, { count: whole });
  return filled(words.minutes, { minutes: Math.floor(whole / 60), seconds: whole % 60 });
}

function tick() {
  for (const since of document.querySelectorAll("[data-since]")) {
    since.textContent = spoken((Date.now() - new Date(since.dataset.since)) / 1000);
  }
  for (const until of document.querySelectorAll("time[data-until]")) {
    const left = (new Date(until.dateTime) - Date.now()) / 1000;
    until.textContent = left > 0 ? filled(words.later, { time: spoken(left + 1) }) : words.now;
  }
}

function hideIfBroken(image) {
  const broken = image.complete && image.naturalWidth === 0 && image.currentSrc;
  if (broken) image.hidden = true;
}

document.addEventListener("error", (event) => {
  if (event.target instanceof HTMLImageElement) event.target.hidden = true;
}, true);

function place(list) {
  for (const [index, row] of [...list.querySelectorAll("[data-hung]")].entries()) row.querySelector("[data-place]").value = index + 1;
}

for (const moves of document.querySelectorAll("[data-moves]")) moves.hidden = false;

document.addEventListener("click", async (event) => {
  const move = event.target.closest("button[data-move]");
  if (move) {
    const row = move.closest("[data-hung]");
    if (move.dataset.move === "up") row.previousElementSibling?.before(row);
    else row.nextElementSibling?.after(row);
    place(row.parentElement);
    move.focus();
  }
  const shot = event.target.closest("a[data-shot]");
  if (shot) {
    event.preventDefault();
    const wanted = document.querySelector(shot.hash);
    wanted.parentElement.scrollTo({ left: wanted.offsetLeft - wanted.parentElement.offsetLeft });
  }
  const copy = event.target.closest("button[data-copy]");
  if (copy) {
    await navigator.clipboard.writeText(document.getElementById(copy.dataset.copy).textContent);
    copy.textContent = words.copied;
  }
});

for (const drop of document.querySelectorAll("[data-drop]")) {
  const input = drop.querySelector("input[type=file]");
  const name = drop.querySelector(".drop-title");
  const told = () => {
    if (input.files.length) name.textContent = [...input.files].map((file) => file.name).join(", ");
    // What is too large is not even sent: the server would have to read it before it could give the form back.
    const size = [...input.files].reduce((sum, file) => sum + file.size, 0);
    input.setCustomValidity(size > Number(input.dataset.largest ?? Infinity) ? input.dataset.tooLarge : "");
    if (input.validity.customError) input.reportValidity();
  };
  input.addEventListener("change", told);
  for (const kind of ["dragover", "dragleave", "drop"]) {
    document.addEventListener(kind, (event) => {
      if (!event.dataTransfer.types.includes("Files")) return;
      event.preventDefault();
      drop.classList.toggle("over", kind === "dragover");
      if (kind !== "drop" || !event.dataTransfer.files.length) return;
      input.files = event.dataTransfer.files;
      told();
      if ("send" in drop.dataset) drop.requestSubmit();
    });
  }
}

document.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-once]")) return;
  if (event.target.dataset.sent) event.preventDefault();
  event.target.dataset.sent = "yes";
});

// Coming back by the browser's own history, a form may be sent again.
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});

function offerCopies(root) {
  for (const copy of root.querySelectorAll("button[data-copy]")) copy.hidden = !navigator.clipboard;
}

// What an address points at is there to be typed into: what is folded over it opens.
function pointedAt() {
  const wanted = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!wanted) return;
  for (let fold = wanted.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
  const fields = "input:not([type=hidden]), select, textarea";
  const field = wanted.matches(fields) ? wanted : wanted.matches("[data-field]") && wanted.querySelector(fields);
  if (field) { field.focus({ preventScroll: true }); field.scrollIntoView({ block: "center" }); }
}

window.addEventListener("load", pointedAt);  // not sooner: the browser looks for it until then, and takes the focus
window.addEventListener("hashchange", pointedAt);
offerCopies(document);
document.querySelectorAll(".picture img").forEach(hideIfBroken);
localise(document);
tick();
setInterval(tick, 1000);
document.addEventListener("htmx:after:swap", () => localise(document));
document.addEventListener("swapped", (event) => { localise(event.detail); offerCopies(event.detail); tick(); });
