import { Link } from "@tanstack/react-router";
import { Page } from "@/shared/ui/Page";
import { t } from "@/shared/words/translate";

export function NotFoundPage() {
  return (
    <Page>
      <h1>{t("There is no such page")}</h1>
      <p>
        {t("The address may be mistyped, or the page has moved.")}{" "}
        <Link to="/">{t("All projects")}</Link>
      </p>
    </Page>
  );
}
