import { queryOptions } from "@tanstack/react-query";
import { api, body } from "@/api/client";
import type {
  ApiToken,
  ExternalAccount,
  NewApiToken,
  OwnPassword,
  Revoked,
  SessionView,
} from "@/api/schema";

export const sessionsQuery = queryOptions({
  queryKey: ["me", "sessions"],
  queryFn: async ({ signal }): Promise<readonly SessionView[]> =>
    (await body(api.GET("/api/v1/auth/sessions", { signal }))).items,
});

export async function endSession(id: string): Promise<void> {
  await body(
    api.DELETE("/api/v1/auth/sessions/{session_id}", { params: { path: { session_id: id } } }),
  );
}

export function endOtherSessions(): Promise<Revoked> {
  return body(api.DELETE("/api/v1/auth/sessions"));
}

export const tokensQuery = queryOptions({
  queryKey: ["me", "api-tokens"],
  queryFn: async ({ signal }): Promise<readonly ApiToken[]> =>
    (await body(api.GET("/api/v1/auth/api-tokens", { signal }))).items,
});

/** Make a token; its text is in this answer and never told again. */
export function createToken(token: NewApiToken): Promise<ApiToken> {
  return body(api.POST("/api/v1/auth/api-tokens", { body: token }));
}

export async function revokeToken(id: string): Promise<void> {
  await body(
    api.DELETE("/api/v1/auth/api-tokens/{token_id}", { params: { path: { token_id: id } } }),
  );
}

/** Change the own password, which ends every session and token, this one too. */
export async function changePassword(change: OwnPassword): Promise<void> {
  await body(api.PATCH("/api/v1/me", { body: change }));
}

/** The accounts at providers that open somebody's account; root may ask. */
export function externalAccountsQuery(username: string) {
  return queryOptions({
    queryKey: ["external-accounts", username],
    queryFn: async ({ signal }): Promise<readonly ExternalAccount[]> => {
      const path = { username };
      const asked = api.GET("/api/v1/users/{username}/external-accounts", {
        params: { path },
        signal,
      });
      return (await body(asked)).items;
    },
  });
}
