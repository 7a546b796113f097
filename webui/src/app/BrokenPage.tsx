import { Button } from "@mantine/core";
import { toProblem } from "@/api/problem";
import { Page } from "@/shared/ui/Page";
import { t } from "@/shared/words/translate";

/** What stands there when a page fails: an honest sentence and the way on. */
export function BrokenPage({ error }: { error: unknown }) {
  return (
    <Page>
      <h1>{t("This page has failed")}</h1>
      <p>
        {t(
          "That is a fault of the web UI, not yours. What you coded is kept in this browser until the server has it.",
        )}
      </p>
      <p>
        <code>{toProblem(error).detail}</code>
      </p>
      <Button onClick={() => window.location.reload()}>{t("Load the page again")}</Button>
    </Page>
  );
}
