import { Button, TextInput } from "@mantine/core";
import { useState } from "react";
import { toProblem } from "@/api/problem";
import { t } from "@/shared/words/translate";
import type { Place } from "../api";
import classes from "./Labels.module.css";
import { useLabelChange } from "./useLabelChange";

/** The id of the field in which a new label is named. */
export const NEW_LABEL = "new-label";

/** Adds labels, one after the other, at the end. */
export function AddLabelForm({ place }: { place: Place }) {
  const [name, setName] = useState("");
  const adding = useLabelChange(place, () => setName(""));
  return (
    <form
      className={classes.add}
      aria-label={t("Add a label")}
      onSubmit={(event) => {
        event.preventDefault();
        if (name.trim() !== "") adding.mutate({ op: "add", name: name.trim(), description: "" });
      }}
    >
      <TextInput
        id={NEW_LABEL}
        aria-label={t("New label")}
        placeholder={t("New label")}
        value={name}
        maxLength={100}
        dir="auto"
        error={adding.error && toProblem(adding.error).detail}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <Button
        type="submit"
        variant="default"
        loading={adding.isPending}
        disabled={name.trim() === ""}
      >
        {t("Add")}
      </Button>
    </form>
  );
}
