import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { signedIn } from "./frame";

const quality = createRoute({
  getParentRoute: () => signedIn,
  path: "/projects/$slug/quality",
  validateSearch: (search): { scheme?: string } =>
    typeof search.scheme === "string" ? { scheme: search.scheme } : {},
  component: lazyRouteComponent(async () => {
    const { QualityPage } = await import("@/features/quality/QualityPage");
    return {
      default: function QualityRoute() {
        return <QualityPage {...quality.useParams()} {...quality.useSearch()} />;
      },
    };
  }),
});

export const qualityRoutes = [quality] as const;
