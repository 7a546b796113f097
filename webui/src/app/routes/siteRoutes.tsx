import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { signedIn } from "./frame";

const monitor = createRoute({
  getParentRoute: () => signedIn,
  path: "/monitor",
  component: lazyRouteComponent(() => import("@/features/monitor/MonitorPage"), "MonitorPage"),
});

const account = createRoute({
  getParentRoute: () => signedIn,
  path: "/account",
  component: lazyRouteComponent(() => import("@/features/account/AccountPage"), "AccountPage"),
});

/** What is of no project. */
export const siteRoutes = [monitor, account] as const;
