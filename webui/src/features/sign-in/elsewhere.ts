import { api, body } from "@/api/client";
import { startSession } from "@/shared/session/session";
import { t } from "@/shared/words/translate";

const REFUSALS: Readonly<Record<string, string>> = {
  expired: t("This took too long, or began in another window. Please sign in again."),
  unproven: t("The provider did not confirm who you are. Please sign in again."),
  unavailable: t("The provider does not answer now. Please try again in a while."),
  refused: t("You may not come in. Please ask the administrator."),
  taken: t("Your name belongs to another account here. Please ask the administrator to link them."),
  name: t("Your name at the provider cannot be a username here. Please ask the administrator."),
  "no-account": t("There is no account here for you yet. Please ask the administrator."),
};

/** What the server says behind the `#` when somebody comes back from a provider. */
export interface ComeBack {
  readonly code: string | null;
  readonly refusal: string | null;
}

/** Read it. Only words of ours are shown: anybody can make a link to this page. */
export function readComeBack(hash: string): ComeBack {
  const said = new URLSearchParams(hash.replace(/^#/, ""));
  const refused = said.get("refused");
  return {
    code: said.get("code"),
    refusal: refused === null ? null : refusalIn(refused),
  };
}

function refusalIn(word: string): string {
  const known = Object.hasOwn(REFUSALS, word) ? REFUSALS[word] : undefined;
  return known ?? t("You could not be signed in.");
}

/** Exchange the code, which works once, for a session. */
export async function exchangeCode(code: string): Promise<void> {
  const grant = await body(api.POST("/api/v1/auth/handovers", { body: { code } }));
  startSession({
    username: grant.username,
    token: grant.access_token,
    expiresAt: grant.expires_at,
  });
}

/** Where a button sends the browser. */
export function beginAddress(begin: string, to: string): string {
  return `${begin}?${new URLSearchParams({ to })}`;
}
