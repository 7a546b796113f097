import { Button, NumberInput, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { InvitationInfo } from "@/api/schema";
import { useServerNow } from "@/shared/clock";
import type { ProjectRole } from "@/shared/project/roles";
import { Notice } from "@/shared/ui/Notice";
import { ShownOnce } from "@/shared/ui/ShownOnce";
import { ago, moment } from "@/shared/words/time";
import { t } from "@/shared/words/translate";
import { invitationsQuery, invite, revoke } from "./api";
import { RoleSelect } from "./Members";
import classes from "./Team.module.css";
import { invitationLink, invitationWords } from "./words";

/** Links by which people come in, those who have no account yet among them. */
export function Invitations({ slug }: { slug: string }) {
  const client = useQueryClient();
  const invitations = useQuery(invitationsQuery(slug));
  const again = () => client.invalidateQueries({ queryKey: invitationsQuery(slug).queryKey });
  const revoking = useMutation({
    mutationFn: (id: string) => revoke(slug, id),
    onSettled: again,
  });
  const [inviting, setInviting] = useState(false);
  const [made, setMade] = useState<InvitationInfo | null>(null);
  const now = useServerNow(60_000);
  const error = invitations.error ?? revoking.error;
  return (
    <section aria-labelledby="invitations" className={classes.section}>
      <div className={classes.head}>
        <h2 id="invitations">{t("Invitations")}</h2>
        {!inviting && (
          <Button variant="default" onClick={() => setInviting(true)}>
            {t("Invite by link")}
          </Button>
        )}
      </div>
      <p>{t("Whoever opens the link comes in, with a new account if need be. Nothing is sent.")}</p>
      {error && <Notice error={error} />}
      {inviting && (
        <InvitationForm
          slug={slug}
          onClose={() => setInviting(false)}
          onMade={(invitation) => {
            setInviting(false);
            setMade(invitation);
            void again();
          }}
        />
      )}
      {made?.token != null && (
        <ShownOnce
          label={t("The link, which is shown this once: pass it on")}
          value={invitationLink(location.origin, made.token)}
          onClose={() => setMade(null)}
        />
      )}
      <ul className={classes.list}>
        {(invitations.data ?? []).map((invitation) => (
          <li key={invitation.id} className={classes.line}>
            <div className={classes.what}>
              <h3 dir="auto">{invitation.note || t("Invitation")}</h3>
              <span className={classes.kind}>{invitationWords(invitation)}</span>
              <p>
                {t("By {{who}} {{when}}, until {{end}}.", {
                  who: invitation.created_by,
                  when: ago(invitation.created_at, now),
                  end: moment(invitation.expires_at),
                })}{" "}
                {invitation.used_by.length > 0 &&
                  t("Came by it: {{names}}.", {
                    names: invitation.used_by.map(({ username }) => username).join(", "),
                  })}
              </p>
            </div>
            {invitation.state === "open" && (
              <Button
                size="compact-sm"
                variant="default"
                aria-label={t("Revoke the invitation {{name}}", {
                  name: invitation.note || invitation.id,
                })}
                onClick={() => revoking.mutate(invitation.id)}
              >
                {t("Revoke")}
              </Button>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

interface FormProps {
  slug: string;
  onClose: () => void;
  onMade: (invitation: InvitationInfo) => void;
}

function InvitationForm({ slug, onClose, onMade }: FormProps) {
  const [role, setRole] = useState<ProjectRole>("annotator");
  const [note, setNote] = useState("");
  const [days, setDays] = useState(7);
  const [uses, setUses] = useState(1);
  const making = useMutation({
    mutationFn: () => invite(slug, { role, note, days, max_uses: uses, group: null }),
    onSuccess: onMade,
  });
  return (
    <form
      className={classes.form}
      aria-label={t("Invite by link")}
      onSubmit={(event) => {
        event.preventDefault();
        making.mutate();
      }}
    >
      <div className={classes.pair}>
        <TextInput
          label={t("For whom")}
          description={t("A note for managers.")}
          value={note}
          onChange={(event) => setNote(event.currentTarget.value)}
        />
        <RoleSelect value={role} onChange={setRole} />
      </div>
      <div className={classes.pair}>
        <NumberInput
          label={t("How many may use it")}
          min={1}
          max={10_000}
          value={uses}
          onChange={(value) => setUses(Number(value) || 1)}
        />
        <NumberInput
          label={t("Days until it ends")}
          min={1}
          max={365}
          value={days}
          onChange={(value) => setDays(Number(value) || 1)}
        />
      </div>
      {making.error && <Notice error={making.error} />}
      <div className={classes.end}>
        <Button variant="default" onClick={onClose}>
          {t("Cancel")}
        </Button>
        <Button type="submit" loading={making.isPending}>
          {t("Make the link")}
        </Button>
      </div>
    </form>
  );
}
