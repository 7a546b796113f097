import "@mantine/core/styles.css";
import "@/shared/theme/tokens.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { provideCredentials } from "@/api/client";
import { currentSession, endSession } from "@/shared/session/session";
import { App } from "./App";

provideCredentials({
  token: () => currentSession()?.token ?? null,
  refused: (token) => endSession(token),
});

const root = document.getElementById("root");
if (root === null) throw new Error("index.html has no element with the id root.");
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
