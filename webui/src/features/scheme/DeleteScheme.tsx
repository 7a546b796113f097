import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import type { ProjectState, SchemeInfo } from "@/api/schema";
import { DeleteByName } from "@/shared/ui/DeleteByName";
import { t } from "@/shared/words/translate";
import { deleteScheme } from "./api";
import classes from "./Scheme.module.css";
import { goesWith } from "./words";

/** Deletes a scheme with all that hangs on it. */
export function DeleteScheme({ state, scheme }: { state: ProjectState; scheme: SchemeInfo }) {
  const { slug } = state.project;
  const client = useQueryClient();
  const navigate = useNavigate();
  const deleting = useMutation({
    mutationFn: () => deleteScheme({ slug, scheme: scheme.name }),
    onSuccess: async () => {
      await navigate({ to: "/projects/$slug", params: { slug }, ignoreBlocker: true });
      await client.invalidateQueries({ queryKey: ["project", slug] });
    },
  });
  const { train, valid, test } = scheme.annotated;
  const models = state.models.filter((model) => model.scheme === scheme.name);
  const lost = goesWith(
    train + valid + test,
    models.map(({ name }) => name),
    scheme.guide !== null,
  );
  return (
    <section aria-label={t("Delete the scheme")} className={classes.section}>
      <DeleteByName
        name={scheme.name}
        title={t("Delete this scheme…")}
        pending={deleting.isPending}
        error={deleting.error}
        onDelete={() => deleting.mutate()}
      >
        {lost.map((sentence) => (
          <p key={sentence}>{sentence}</p>
        ))}
      </DeleteByName>
    </section>
  );
}
