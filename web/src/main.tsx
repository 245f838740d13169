import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "@/App";
import { applyTheme } from "@/lib/theme";
import "@/index.css";

applyTheme();

// After an upgrade an old tab asks for parts that are gone: one reload brings the new page. While
// the server is away a reload would leave nothing at all, so it is asked first.
const RELOADED = "cdalake.reloaded";
window.addEventListener("vite:preloadError", () => {
  if (sessionStorage.getItem(RELOADED)) return;
  void fetch("/", { cache: "no-store" }).then(
    (answer) => {
      if (!answer.ok) return;
      sessionStorage.setItem(RELOADED, "1");
      location.reload();
    },
    () => undefined,
  );
});
window.addEventListener("load", () => {
  setTimeout(() => sessionStorage.removeItem(RELOADED), 10_000);
});

const root = document.getElementById("root");
if (root) {
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
}
