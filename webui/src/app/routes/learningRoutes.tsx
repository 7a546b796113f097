import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { signedIn } from "./frame";

const guide = createRoute({
  getParentRoute: () => signedIn,
  path: "/projects/$slug/learning/$scheme",
  component: lazyRouteComponent(async () => {
    const { GuidePage } = await import("@/features/learning/pages");
    return {
      default: function GuideRoute() {
        return <GuidePage {...guide.useParams()} />;
      },
    };
  }),
});

const stopping = createRoute({
  getParentRoute: () => signedIn,
  path: "/projects/$slug/learning/$scheme/stopping",
  component: lazyRouteComponent(async () => {
    const { StoppingPage } = await import("@/features/learning/pages");
    return {
      default: function StoppingRoute() {
        return <StoppingPage {...stopping.useParams()} />;
      },
    };
  }),
});

const simulations = createRoute({
  getParentRoute: () => signedIn,
  path: "/projects/$slug/learning/$scheme/simulations",
  component: lazyRouteComponent(async () => {
    const { SimulationsPage } = await import("@/features/learning/pages");
    return {
      default: function SimulationsRoute() {
        return <SimulationsPage {...simulations.useParams()} />;
      },
    };
  }),
});

const simulation = createRoute({
  getParentRoute: () => signedIn,
  path: "/projects/$slug/learning/$scheme/simulations/$id",
  component: lazyRouteComponent(async () => {
    const { SimulationPage } = await import("@/features/learning/pages");
    return {
      default: function SimulationRoute() {
        return <SimulationPage {...simulation.useParams()} />;
      },
    };
  }),
});

export const learningRoutes = [guide, stopping, simulations, simulation] as const;
