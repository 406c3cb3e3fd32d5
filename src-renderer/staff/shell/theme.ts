/** Light or dark: the system's choice until the person makes one. */
export type Theme = "system" | "light" | "dark";
const key = "horopter-theme";
const dark = window.matchMedia("(prefers-color-scheme: dark)");

export function chosenTheme(): Theme {
  const stored = localStorage.getItem(key);
  return stored === "light" || stored === "dark" ? stored : "system";
}
export function applyTheme(theme: Theme = chosenTheme()): void {
  if (theme === "system") localStorage.removeItem(key);
  else localStorage.setItem(key, theme);
  document.documentElement.dataset.theme = theme === "system" ? (dark.matches ? "dark" : "light") : theme;
}
export function toggleTheme(): void {
  applyTheme(document.documentElement.dataset.theme === "dark" ? "light" : "dark");
}
// Paper is light, whatever the screen is.
window.addEventListener("beforeprint", () => {
  document.documentElement.dataset.theme = "light";
});
window.addEventListener("afterprint", () => applyTheme());
dark.addEventListener("change", () => {
  if (chosenTheme() === "system") applyTheme("system");
});
