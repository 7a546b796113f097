import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { root, signedIn } from "./frame";

const team = createRoute({
  getParentRoute: () => signedIn,
  path: "/projects/$slug/team",
  component: lazyRouteComponent(async () => {
    const { TeamPage } = await import("@/features/team/TeamPage");
    return {
      default: function TeamRoute() {
        return <TeamPage {...team.useParams()} />;
      },
    };
  }),
});

/** Whoever is invited may have no account yet. */
export const join = createRoute({
  getParentRoute: () => root,
  path: "/join",
  component: lazyRouteComponent(() => import("@/features/join/JoinPage"), "JoinPage"),
});

export const teamRoutes = [team] as const;
