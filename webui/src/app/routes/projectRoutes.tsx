import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { type AnnotateSearch, readSearch } from "@/features/annotate/further";
import { signedIn } from "./frame";

const projects = createRoute({
  getParentRoute: () => signedIn,
  path: "/",
  component: lazyRouteComponent(() => import("@/features/projects/ProjectsPage"), "ProjectsPage"),
});

const importing = createRoute({
  getParentRoute: () => signedIn,
  path: "/import",
  component: lazyRouteComponent(
    () => import("@/features/projects/import/ImportPage"),
    "ImportPage",
  ),
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

const settings = createRoute({
  getParentRoute: () => signedIn,
  path: "/projects/$slug/settings",
  component: lazyRouteComponent(async () => {
    const { SettingsPage } = await import("@/features/project/settings/SettingsPage");
    return {
      default: function SettingsRoute() {
        return <SettingsPage {...settings.useParams()} />;
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
  validateSearch: (search): AnnotateSearch => readSearch(search),
  component: lazyRouteComponent(async () => {
    const { AnnotatePage } = await import("@/features/annotate/AnnotatePage");
    return {
      default: function AnnotateRoute() {
        const navigate = annotate.useNavigate();
        return (
          <AnnotatePage
            {...annotate.useParams()}
            search={annotate.useSearch()}
            onSearch={(search) => void navigate({ search, replace: true, resetScroll: false })}
          />
        );
      },
    };
  }),
});

export const projectRoutes = [projects, importing, project, settings, jobs, annotate] as const;
