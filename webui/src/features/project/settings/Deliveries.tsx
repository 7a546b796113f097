import { Button } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { Webhook } from "@/api/schema";
import { useServerNow } from "@/shared/clock";
import { Notice } from "@/shared/ui/Notice";
import { ago } from "@/shared/words/time";
import { t } from "@/shared/words/translate";
import classes from "./Webhooks.module.css";
import { deliveriesQuery, sendAgain } from "./webhookApi";
import { deliveryWords } from "./webhookWords";

/** What a webhook was told last, and what became of it. */
export function Deliveries({ slug, webhook }: { slug: string; webhook: Webhook }) {
  const client = useQueryClient();
  const query = deliveriesQuery(slug, webhook.id);
  const deliveries = useQuery(query);
  const now = useServerNow(10_000);
  const sending = useMutation({
    mutationFn: (id: string) => sendAgain(slug, webhook.id, id),
    onSettled: () => client.invalidateQueries({ queryKey: query.queryKey }),
  });
  const error = deliveries.error ?? sending.error;
  return (
    <div className={classes.deliveries}>
      {error && <Notice error={error} />}
      {deliveries.data?.length === 0 && <p>{t("It has not been told anything yet.")}</p>}
      {deliveries.data !== undefined && deliveries.data.length > 0 && (
        <table>
          <thead>
            <tr>
              <th scope="col">{t("Event")}</th>
              <th scope="col">{t("When")}</th>
              <th scope="col">{t("What became of it")}</th>
              <th scope="col">{t("Status")}</th>
              <th />
            </tr>
          </thead>
          <tbody>
            {deliveries.data.map((each) => (
              <tr key={each.id}>
                <td>{each.type}</td>
                <td>{ago(each.happened_at, now)}</td>
                <td>{deliveryWords(each)}</td>
                <td>{each.status ?? ""}</td>
                <td>
                  {each.state !== "waiting" && (
                    <Button
                      size="compact-xs"
                      variant="default"
                      aria-label={t("Send {{event}} again", { event: each.type })}
                      onClick={() => sending.mutate(each.id)}
                    >
                      {t("Send again")}
                    </Button>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </div>
  );
}
