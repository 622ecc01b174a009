// The theme: defaults to the system's; remembers the user's choice.

export const themes = ["system", "light", "dark"] as const;
/** The choices. */
export type Theme = (typeof themes)[number];

const KEY = "fanin-theme";

/** Returns the choice of an earlier visit. */
function rememberedTheme(): Theme {
  try {
    return themes.find((theme) => theme === localStorage.getItem(KEY)) ?? "system";
  } catch {
    return "system"; // storage may be forbidden
  }
}

function apply(theme: Theme): void {
  if (theme === "system") document.documentElement.removeAttribute("data-theme");
  else document.documentElement.dataset["theme"] = theme;
}

function remember(theme: Theme): void {
  try {
    localStorage.setItem(KEY, theme);
  } catch {
    // Storage is not available, so the choice is not remembered.
  }
}

apply(rememberedTheme());

const select = document.querySelector<HTMLSelectElement>("#theme");
if (select) {
  select.value = rememberedTheme();
  select.hidden = false;
  select.addEventListener("change", () => {
    const theme = themes.find((name) => name === select.value) ?? "system";
    apply(theme);
    remember(theme);
  });
}
