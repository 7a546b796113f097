import "@/shared/theme/mantine";
import "@/shared/theme/tokens.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { provideCredentials } from "@/api/client";
import { provideWords } from "@/api/problem";
import { currentSession, endSession } from "@/shared/session/session";
import { loadLanguage, t, told, wantedLanguage } from "@/shared/words/translate";

provideCredentials({
  token: () => currentSession()?.token ?? null,
  refused: (token) => endSession(token),
});

const root = document.getElementById("root");
if (root === null) throw new Error("index.html has no element with the id root.");
await loadLanguage(wantedLanguage());
provideWords(t, told);
// Only now: what the app's modules say is said in the language that is loaded.
const { App } = await import("./App");
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
