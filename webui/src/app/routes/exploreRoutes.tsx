import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { type ExploreSearch, readSearch } from "@/features/explore/search";
import { signedIn } from "./frame";

const explore = createRoute({
  getParentRoute: () => signedIn,
  path: "/projects/$slug/explore",
  validateSearch: (search): ExploreSearch => readSearch(search),
  component: lazyRouteComponent(async () => {
    const { ExplorePage } = await import("@/features/explore/ExplorePage");
    return {
      default: function ExploreRoute() {
        const { slug } = explore.useParams();
        const navigate = explore.useNavigate();
        return (
          <ExplorePage
            slug={slug}
            search={explore.useSearch()}
            onSearch={(search) => void navigate({ search, replace: true, resetScroll: false })}
          />
        );
      },
    };
  }),
});

export const exploreRoutes = [explore] as const;
