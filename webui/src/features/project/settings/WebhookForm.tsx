import { Button, MultiSelect, PasswordInput, Select, TextInput } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { MadeWebhook } from "@/api/schema";
import { Notice } from "@/shared/ui/Notice";
import { t } from "@/shared/words/translate";
import classes from "./Webhooks.module.css";
import { createWebhook, formatsQuery } from "./webhookApi";
import { eventChoices } from "./webhookWords";

interface Props {
  slug: string;
  onClose: () => void;
  onMade: (made: MadeWebhook) => void;
}

/** Whom to tell, in which format, and of what. */
export function WebhookForm({ slug, onClose, onMade }: Props) {
  const formats = useQuery(formatsQuery());
  const [name, setName] = useState("");
  const [url, setUrl] = useState("");
  const [format, setFormat] = useState("json");
  const [events, setEvents] = useState<string[]>(["job.failed"]);
  const making = useMutation({
    mutationFn: () => createWebhook(slug, { name: name.trim(), url, format, events }),
    onSuccess: onMade,
  });
  const chosen = formats.data?.find((each) => each.name === format);
  return (
    <form
      className={classes.form}
      aria-label={t("Add a webhook")}
      onSubmit={(event) => {
        event.preventDefault();
        making.mutate();
      }}
    >
      <div className={classes.pair}>
        <TextInput
          label={t("Name")}
          maxLength={100}
          dir="auto"
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Select
          label={t("Format")}
          description={chosen?.summary}
          allowDeselect={false}
          data={(formats.data ?? []).map((each) => ({ value: each.name, label: each.title }))}
          value={format}
          onChange={(value) => value !== null && setFormat(value)}
        />
      </div>
      <PasswordInput
        label={t("Address")}
        description={t("It is encrypted, and only its host is shown again.")}
        autoComplete="off"
        value={url}
        onChange={(event) => setUrl(event.currentTarget.value)}
      />
      <MultiSelect
        label={t("What to tell")}
        data={eventChoices()}
        value={events}
        onChange={setEvents}
      />
      {formats.error && <Notice error={formats.error} />}
      {making.error && <Notice error={making.error} />}
      <div className={classes.tools}>
        <Button variant="default" onClick={onClose}>
          {t("Cancel")}
        </Button>
        <Button
          type="submit"
          loading={making.isPending}
          disabled={name.trim() === "" || url === "" || events.length === 0}
        >
          {t("Add it")}
        </Button>
      </div>
    </form>
  );
}
