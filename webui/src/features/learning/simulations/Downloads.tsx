import { Button } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import type { SimulationReport } from "@/api/schema";
import { save } from "@/shared/download";
import { Notice } from "@/shared/ui/Notice";
import { t } from "@/shared/words/translate";
import { deleteSimulation, plotOf } from "../api";
import classes from "./Simulations.module.css";

interface Props {
  slug: string;
  scheme: string;
  report: SimulationReport;
  manager: boolean;
}

/** A report to take along, or to be rid of. */
export function Downloads({ slug, scheme, report, manager }: Props) {
  const name = `${slug}-simulation-${report.id}`;
  const picture = useMutation({
    mutationFn: async (format: "svg" | "png") =>
      save(await plotOf(slug, report.id, format), `${name}.${format}`),
  });
  const json = () =>
    save(new Blob([JSON.stringify(report, null, 2)], { type: "application/json" }), `${name}.json`);
  return (
    <footer className={classes.foot}>
      {picture.error && <Notice error={picture.error} />}
      <div className={classes.buttons}>
        {(["svg", "png"] as const).map((format) => (
          <Button
            key={format}
            variant="default"
            loading={picture.isPending && picture.variables === format}
            onClick={() => picture.mutate(format)}
          >
            {t("Curves as {{format}}", { format: format.toUpperCase() })}
          </Button>
        ))}
        <Button variant="default" onClick={json}>
          {t("All as JSON")}
        </Button>
      </div>
      {manager && <Delete slug={slug} scheme={scheme} id={report.id} />}
    </footer>
  );
}

function Delete({ slug, scheme, id }: { slug: string; scheme: string; id: string }) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const [asking, setAsking] = useState(false);
  const deletion = useMutation({
    mutationFn: () => deleteSimulation(slug, id),
    onSuccess: async () => {
      await navigate({
        to: "/projects/$slug/learning/$scheme/simulations",
        params: { slug, scheme },
      });
      client.removeQueries({ queryKey: ["project", slug, "simulations", id] });
      await client.invalidateQueries({ queryKey: ["project", slug, "simulations"] });
    },
  });
  if (deletion.error) return <Notice error={deletion.error} />;
  if (!asking) {
    return (
      <Button variant="default" onClick={() => setAsking(true)}>
        {t("Delete")}
      </Button>
    );
  }
  return (
    <fieldset className={classes.asking} aria-label={t("Delete this simulation?")}>
      <span>{t("It would have to be computed again.")}</span>
      <Button
        variant="default"
        c="var(--bad)"
        loading={deletion.isPending}
        onClick={() => deletion.mutate()}
      >
        {t("Delete it")}
      </Button>
      <Button variant="default" autoFocus onClick={() => setAsking(false)}>
        {t("Keep it")}
      </Button>
    </fieldset>
  );
}
