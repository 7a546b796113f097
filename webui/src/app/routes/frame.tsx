import {
  createRootRoute,
  createRoute,
  lazyRouteComponent,
  Outlet,
  redirect,
  useNavigate,
} from "@tanstack/react-router";
import { currentSession } from "@/shared/session/session";
import { NotFoundPage } from "../NotFoundPage";
import { SignedIn } from "../SignedIn";

export const root = createRootRoute({ component: Outlet, notFoundComponent: NotFoundPage });

export const signIn = createRoute({
  getParentRoute: () => root,
  path: "/sign-in",
  validateSearch: (search): { to?: string } =>
    typeof search.to === "string" ? { to: search.to } : {},
  component: lazyRouteComponent(async () => {
    const { SignInPage } = await import("@/features/sign-in/SignInPage");
    return {
      default: function SignIn() {
        const { to } = signIn.useSearch();
        const navigate = useNavigate();
        // Only a path of this site: an address from outside must not send anybody elsewhere.
        const href = to?.startsWith("/") && !to.startsWith("//") ? to : "/";
        return <SignInPage to={href} onSignedIn={() => void navigate({ href, replace: true })} />;
      },
    };
  }),
});

export const signedIn = createRoute({
  getParentRoute: () => root,
  id: "signed-in",
  component: SignedIn,
  beforeLoad: ({ location }) => {
    if (currentSession() !== null) return;
    throw redirect({ to: "/sign-in", search: { to: location.href } });
  },
});
