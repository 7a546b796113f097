import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import {
  type ModelSearch,
  type ModelsSearch,
  readModelSearch,
  readModelsSearch,
} from "@/features/models/search";
import { signedIn } from "./frame";

const models = createRoute({
  getParentRoute: () => signedIn,
  path: "/projects/$slug/models",
  validateSearch: (search): ModelsSearch => readModelsSearch(search),
  component: lazyRouteComponent(async () => {
    const { ModelsPage } = await import("@/features/models/ModelsPage");
    return {
      default: function ModelsRoute() {
        const { slug } = models.useParams();
        const navigate = models.useNavigate();
        return (
          <ModelsPage
            slug={slug}
            search={models.useSearch()}
            onSearch={(search) => void navigate({ search, replace: true, resetScroll: false })}
          />
        );
      },
    };
  }),
});

const model = createRoute({
  getParentRoute: () => signedIn,
  path: "/projects/$slug/models/$model",
  validateSearch: (search): ModelSearch => readModelSearch(search),
  component: lazyRouteComponent(async () => {
    const { ModelPage } = await import("@/features/models/model/ModelPage");
    return {
      default: function ModelRoute() {
        const navigate = model.useNavigate();
        return (
          <ModelPage
            {...model.useParams()}
            search={model.useSearch()}
            onSearch={(search) => void navigate({ search, replace: true, resetScroll: false })}
          />
        );
      },
    };
  }),
});

export const modelRoutes = [models, model] as const;
