import "@fontsource-variable/inter";
import "../ui/tokens.css";
import "../ui/base.css";
import "../ui/app.css";
import { QueryClientProvider } from "@tanstack/react-query";
import { createRoot } from "react-dom/client";
import { followChanges, queryClient } from "../api/index.ts";
import { Shell } from "./shell/index.tsx";
import { applyTheme } from "./shell/theme.ts";

applyTheme();
followChanges().catch(() => {});
createRoot(document.getElementById("root") as HTMLElement).render(
  <QueryClientProvider client={queryClient}>
    <Shell />
  </QueryClientProvider>,
);
