import { useEffect, useState } from "react";
import { readSetting, writeSetting } from "@/lib/storage";

export type Theme = "system" | "light" | "dark";

const stored = (): Theme => {
  const value = readSetting("theme");
  return value === "light" || value === "dark" ? value : "system";
};

export function applyTheme(theme: Theme = stored()): void {
  if (theme === "system") document.documentElement.removeAttribute("data-theme");
  else document.documentElement.setAttribute("data-theme", theme);
}

export function useTheme(): [Theme, (theme: Theme) => void] {
  const [theme, setTheme] = useState(stored);
  useEffect(() => applyTheme(theme), [theme]);
  return [
    theme,
    (next) => {
      writeSetting("theme", next);
      setTheme(next);
    },
  ];
}
