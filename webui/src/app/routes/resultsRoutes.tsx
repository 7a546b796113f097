import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { readSearch } from "@/features/results/search";
import { signedIn } from "./frame";

const results = createRoute({
  getParentRoute: () => signedIn,
  path: "/projects/$slug/results",
  validateSearch: readSearch,
  component: lazyRouteComponent(async () => {
    const { ResultsPage } = await import("@/features/results/ResultsPage");
    return {
      default: function ResultsRoute() {
        return <ResultsPage {...results.useParams()} search={results.useSearch()} />;
      },
    };
  }),
});

export const resultsRoutes = [results] as const;
