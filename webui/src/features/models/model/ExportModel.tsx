import { Button, Select } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { toProblem } from "@/api/problem";
import type { ModelInfo } from "@/api/schema";
import { save } from "@/shared/download";
import { putJob } from "@/shared/jobs/jobCache";
import { Notice } from "@/shared/ui/Notice";
import { t } from "@/shared/words/translate";
import { downloadModel, writeModel } from "../api";
import classes from "../Models.module.css";

/** Takes a model away: as it was saved, or in a form that other software loads. */
export function ExportModel({ slug, model }: { slug: string; model: ModelInfo }) {
  const client = useQueryClient();
  const [format, setFormat] = useState("kodkod");
  const taking = useMutation({
    mutationFn: async (): Promise<"saved" | "writing"> => {
      try {
        save(await downloadModel(slug, model.name, format), `${model.name}-${format}.zip`);
        return "saved";
      } catch (error) {
        // A form of other software is written by a job first.
        if (format === "kodkod" || ![404, 409].includes(toProblem(error).status)) throw error;
        putJob(client, await writeModel(slug, model.name, format));
        return "writing";
      }
    },
  });
  return (
    <div className={classes.export}>
      {model.exports.length > 0 && (
        <Select
          aria-label={t("Form of the export")}
          data={["kodkod", ...model.exports]}
          value={format}
          allowDeselect={false}
          onChange={(chosen) => chosen !== null && setFormat(chosen)}
        />
      )}
      <Button variant="default" loading={taking.isPending} onClick={() => taking.mutate()}>
        {t("Download the model")}
      </Button>
      {taking.data === "writing" && (
        <p className={classes.soft} role="status">
          {t("It is being written. Once that job is done, download it here.")}
        </p>
      )}
      {taking.error && <Notice error={taking.error} />}
    </div>
  );
}
