import { createRouter } from "@tanstack/react-router";
import { BrokenPage } from "./BrokenPage";
import { agreementRoutes } from "./routes/agreementRoutes";
import { exploreRoutes } from "./routes/exploreRoutes";
import { root, signedIn, signIn } from "./routes/frame";
import { learningRoutes } from "./routes/learningRoutes";
import { llmRoutes } from "./routes/llmRoutes";
import { modelRoutes } from "./routes/modelRoutes";
import { projectRoutes } from "./routes/projectRoutes";
import { qualityRoutes } from "./routes/qualityRoutes";
import { resultsRoutes } from "./routes/resultsRoutes";
import { schemeRoutes } from "./routes/schemeRoutes";
import { siteRoutes } from "./routes/siteRoutes";
import { join, teamRoutes } from "./routes/teamRoutes";

export const router = createRouter({
  routeTree: root.addChildren([
    signIn,
    join,
    signedIn.addChildren([
      ...agreementRoutes,
      ...projectRoutes,
      ...exploreRoutes,
      ...learningRoutes,
      ...llmRoutes,
      ...resultsRoutes,
      ...modelRoutes,
      ...schemeRoutes,
      ...teamRoutes,
      ...qualityRoutes,
      ...siteRoutes,
    ]),
  ]),
  defaultPreload: "intent",
  defaultErrorComponent: BrokenPage,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
