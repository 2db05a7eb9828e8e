// Basecoat's dark parts go by a class: set it from the system's choice before the first paint, and keep it so.
const dark = window.matchMedia("(prefers-color-scheme: dark)");
const dress = () => document.documentElement.classList.toggle("dark", dark.matches);
dress();
dark.addEventListener("change", dress);
