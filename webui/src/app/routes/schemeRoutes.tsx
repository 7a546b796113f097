import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { signedIn } from "./frame";

const scheme = createRoute({
  getParentRoute: () => signedIn,
  path: "/projects/$slug/schemes/$scheme",
  component: lazyRouteComponent(async () => {
    const { SchemePage } = await import("@/features/scheme/SchemePage");
    return {
      default: function SchemeRoute() {
        return <SchemePage {...scheme.useParams()} />;
      },
    };
  }),
});

export const schemeRoutes = [scheme] as const;
