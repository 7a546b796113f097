import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { signedIn } from "./frame";

const llm = createRoute({
  getParentRoute: () => signedIn,
  path: "/projects/$slug/llm",
  component: lazyRouteComponent(async () => {
    const { LlmPage } = await import("@/features/llm/LlmPage");
    return {
      default: function LlmRoute() {
        return <LlmPage {...llm.useParams()} />;
      },
    };
  }),
});

const labelling = createRoute({
  getParentRoute: () => signedIn,
  path: "/projects/$slug/llm/$labelling",
  component: lazyRouteComponent(async () => {
    const { LabellingPage } = await import("@/features/llm/LabellingPage");
    return {
      default: function LabellingRoute() {
        return <LabellingPage {...labelling.useParams()} />;
      },
    };
  }),
});

export const llmRoutes = [llm, labelling] as const;
