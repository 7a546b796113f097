import { Link } from "@tanstack/react-router";
import { Page } from "@/shared/ui/Page";

export function NotFoundPage() {
  return (
    <Page>
      <h1>There is no such page</h1>
      <p>
        The address may be mistyped, or the page has moved. <Link to="/">All projects</Link>
      </p>
    </Page>
  );
}
