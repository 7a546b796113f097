import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { readSearch } from "@/features/agreement/search";
import { signedIn } from "./frame";

const agreement = createRoute({
  getParentRoute: () => signedIn,
  path: "/projects/$slug/agreement",
  validateSearch: readSearch,
  component: lazyRouteComponent(async () => {
    const { AgreementPage } = await import("@/features/agreement/AgreementPage");
    return {
      default: function AgreementRoute() {
        const navigate = agreement.useNavigate();
        return (
          <AgreementPage
            {...agreement.useParams()}
            search={agreement.useSearch()}
            onSearch={(search) => void navigate({ search, replace: true })}
          />
        );
      },
    };
  }),
});

export const agreementRoutes = [agreement] as const;
