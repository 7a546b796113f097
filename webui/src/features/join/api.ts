import { queryOptions } from "@tanstack/react-query";
import { api, body } from "@/api/client";
import type { InvitationView, Joined } from "@/api/schema";

/** What an invitation is to; anybody who has its token may know. */
export function invitationQuery(token: string) {
  return queryOptions({
    queryKey: ["invitation", token],
    enabled: token !== "",
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: ({ signal }): Promise<InvitationView> =>
      body(api.POST("/api/v1/auth/invitations", { body: { token }, signal })),
  });
}

export function accept(token: string): Promise<Joined> {
  return body(api.POST("/api/v1/me/invitations", { body: { token } }));
}

interface NewAccount {
  readonly username: string;
  readonly password: string;
  readonly invitation: string;
}

export function signUp(account: NewAccount): Promise<unknown> {
  return body(api.POST("/api/v1/auth/accounts", { body: account }));
}

/** Where one's project of this name is. */
export async function slugOf(project: string): Promise<string | undefined> {
  const { projects } = await body(api.GET("/api/v1/me"));
  return projects.find(({ name }) => name === project)?.slug;
}
