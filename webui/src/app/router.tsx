import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
  useNavigate,
} from "@tanstack/react-router";
import { ProjectsPage } from "@/features/projects/ProjectsPage";
import { SignInPage } from "@/features/sign-in/SignInPage";
import { currentSession } from "@/shared/session/session";
import { BrokenPage } from "./BrokenPage";
import { NotFoundPage } from "./NotFoundPage";
import { SignedIn } from "./SignedIn";

const root = createRootRoute({ component: Outlet, notFoundComponent: NotFoundPage });

const signIn = createRoute({
  getParentRoute: () => root,
  path: "/sign-in",
  validateSearch: (search): { to?: string } =>
    typeof search.to === "string" ? { to: search.to } : {},
  component: function SignIn() {
    const { to } = signIn.useSearch();
    const navigate = useNavigate();
    // Only a path of this site: an address from outside must not send anybody elsewhere.
    const href = to?.startsWith("/") && !to.startsWith("//") ? to : "/";
    return <SignInPage to={href} onSignedIn={() => void navigate({ href, replace: true })} />;
  },
});

const signedIn = createRoute({
  getParentRoute: () => root,
  id: "signed-in",
  component: SignedIn,
  beforeLoad: ({ location }) => {
    if (currentSession() !== null) return;
    throw redirect({ to: "/sign-in", search: { to: location.href } });
  },
});

const projects = createRoute({
  getParentRoute: () => signedIn,
  path: "/",
  component: ProjectsPage,
});

const project = createRoute({
  getParentRoute: () => signedIn,
  path: "/projects/$slug",
  component: lazyRouteComponent(async () => {
    const { ProjectPage } = await import("@/features/project/ProjectPage");
    return {
      default: function ProjectRoute() {
        return <ProjectPage {...project.useParams()} />;
      },
    };
  }),
});

const jobs = createRoute({
  getParentRoute: () => signedIn,
  path: "/projects/$slug/jobs",
  component: lazyRouteComponent(async () => {
    const { JobsPage } = await import("@/features/jobs/JobsPage");
    return {
      default: function JobsRoute() {
        return <JobsPage {...jobs.useParams()} />;
      },
    };
  }),
});

const annotate = createRoute({
  getParentRoute: () => signedIn,
  path: "/projects/$slug/annotate/$scheme",
  component: lazyRouteComponent(async () => {
    const { AnnotatePage } = await import("@/features/annotate/AnnotatePage");
    return {
      default: function AnnotateRoute() {
        return <AnnotatePage {...annotate.useParams()} />;
      },
    };
  }),
});

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

const monitor = createRoute({
  getParentRoute: () => signedIn,
  path: "/monitor",
  component: lazyRouteComponent(() => import("@/features/monitor/MonitorPage"), "MonitorPage"),
});

export const router = createRouter({
  routeTree: root.addChildren([
    signIn,
    signedIn.addChildren([
      projects,
      project,
      jobs,
      annotate,
      guide,
      stopping,
      simulations,
      simulation,
      monitor,
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
