import type { QueryClient } from "@tanstack/react-query";
import { api, body } from "@/api/client";
import type { Me } from "@/api/schema";
import { meQuery } from "@/shared/session/me";

/** Whether somebody was shown a tour, or did not want it. */
export function hasSeen(me: Pick<Me, "preferences">, tour: string): boolean {
  return (me.preferences.tours ?? []).includes(tour);
}

/** Remember with the account that a tour was shown, on whichever machine it is asked next. */
export async function noteSeen(client: QueryClient, tour: string): Promise<void> {
  const me = await client.ensureQueryData(meQuery);
  if (hasSeen(me, tour)) return;
  const tours = [...(me.preferences.tours ?? []), tour];
  const preferences = { ...me.preferences, tours };
  client.setQueryData(meQuery.queryKey, { ...me, preferences });
  await body(api.PUT("/api/v1/me/preferences", { body: preferences }));
}
