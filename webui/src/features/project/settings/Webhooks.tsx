import { Button } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { Webhook } from "@/api/schema";
import { Notice } from "@/shared/ui/Notice";
import { ShownOnce } from "@/shared/ui/ShownOnce";
import { t } from "@/shared/words/translate";
import { Deliveries } from "./Deliveries";
import { WebhookForm } from "./WebhookForm";
import classes from "./Webhooks.module.css";
import {
  changeWebhook,
  deleteWebhook,
  deliveriesQuery,
  testWebhook,
  webhooksQuery,
} from "./webhookApi";
import { eventWords } from "./webhookWords";

/** Who else is told what happens here: programs and chats. */
export function Webhooks({ slug }: { slug: string }) {
  const client = useQueryClient();
  const webhooks = useQuery(webhooksQuery(slug));
  const again = () => void client.invalidateQueries({ queryKey: webhooksQuery(slug).queryKey });
  const [adding, setAdding] = useState(false);
  const [secret, setSecret] = useState<string | null>(null);
  return (
    <section aria-labelledby="webhooks" className={classes.section}>
      <div className={classes.head}>
        <h2 id="webhooks">{t("Webhooks")}</h2>
        {!adding && (
          <Button variant="default" onClick={() => setAdding(true)}>
            {t("Add a webhook")}
          </Button>
        )}
      </div>
      <p>
        {t(
          "Tell a program or a chat what happens in this project. Texts and answers are never sent; names of schemes and accounts are.",
        )}
      </p>
      {webhooks.error && <Notice error={webhooks.error} />}
      {adding && (
        <WebhookForm
          slug={slug}
          onClose={() => setAdding(false)}
          onMade={(made) => {
            setAdding(false);
            setSecret(made.secret);
            again();
          }}
        />
      )}
      {secret !== null && (
        <ShownOnce
          label={t("The secret, which is shown this once: the receiver checks signatures with it")}
          value={secret}
          onClose={() => setSecret(null)}
        />
      )}
      <ul className={classes.list}>
        {(webhooks.data ?? []).map((webhook) => (
          <Line key={webhook.id} slug={slug} webhook={webhook} onChanged={again} />
        ))}
      </ul>
    </section>
  );
}

interface LineProps {
  slug: string;
  webhook: Webhook;
  onChanged: () => void;
}

function Line({ slug, webhook, onChanged }: LineProps) {
  const client = useQueryClient();
  const [open, setOpen] = useState(false);
  const { id, name } = webhook;
  const turning = useMutation({
    mutationFn: () => changeWebhook(slug, id, { active: !webhook.active }),
    onSuccess: onChanged,
  });
  const deleting = useMutation({
    mutationFn: () => deleteWebhook(slug, id),
    onSuccess: onChanged,
  });
  const testing = useMutation({
    mutationFn: () => testWebhook(slug, id),
    onSuccess: () => {
      setOpen(true);
      void client.invalidateQueries({ queryKey: deliveriesQuery(slug, id).queryKey });
    },
  });
  const error = turning.error ?? deleting.error ?? testing.error;
  return (
    <li className={classes.line}>
      <div className={classes.what}>
        <h3 dir="auto">{name}</h3>
        <span className={classes.kind}>{webhook.url}</span>
        <p>{eventWords(webhook.events)}</p>
        {!webhook.active && (
          <p>{webhook.off_because ? t("Off. {{why}}", { why: webhook.off_because }) : t("Off.")}</p>
        )}
        {webhook.active && webhook.failing_since !== null && (
          <p role="status">{t("The last attempt failed.")}</p>
        )}
      </div>
      <div className={classes.tools}>
        <Button
          size="compact-sm"
          variant="default"
          aria-label={t("Deliveries of the webhook {{name}}", { name })}
          aria-expanded={open}
          onClick={() => setOpen(!open)}
        >
          {t("Deliveries")}
        </Button>
        <Button
          size="compact-sm"
          variant="default"
          aria-label={t("Try the webhook {{name}}", { name })}
          disabled={!webhook.active}
          loading={testing.isPending}
          onClick={() => testing.mutate()}
        >
          {t("Try it")}
        </Button>
        <Button
          size="compact-sm"
          variant="default"
          aria-label={
            webhook.active
              ? t("Turn the webhook {{name}} off", { name })
              : t("Turn the webhook {{name}} on", { name })
          }
          onClick={() => turning.mutate()}
        >
          {webhook.active ? t("Turn off") : t("Turn on")}
        </Button>
        <Button
          size="compact-sm"
          variant="default"
          aria-label={t("Delete the webhook {{name}}", { name })}
          onClick={() => deleting.mutate()}
        >
          {t("Delete")}
        </Button>
      </div>
      {error && <Notice error={error} />}
      {open && <Deliveries slug={slug} webhook={webhook} />}
    </li>
  );
}
