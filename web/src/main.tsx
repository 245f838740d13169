import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "@/App";
import { applyTheme } from "@/lib/theme";
import "@/index.css";

applyTheme();

// After an upgrade an old tab asks for parts that are gone: one reload brings the new page.
window.addEventListener("vite:preloadError", (event) => {
  if (sessionStorage.getItem("cdalake.reloaded")) return;
  event.preventDefault();
  sessionStorage.setItem("cdalake.reloaded", "1");
  location.reload();
});
window.addEventListener("load", () =>
  setTimeout(() => sessionStorage.removeItem("cdalake.reloaded"), 10_000),
);

const root = document.getElementById("root");
if (root) {
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
}
