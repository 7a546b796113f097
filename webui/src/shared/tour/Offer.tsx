import { Button } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { Action } from "@/shared/actions/action";
import { EVERYWHERE } from "@/shared/actions/present";
import { useActionKeys } from "@/shared/actions/useActionKeys";
import { meQuery } from "@/shared/session/me";
import { t } from "@/shared/words/translate";
import { hasSeen, noteSeen } from "./seen";
import { Tour, type TourStep } from "./Tour";
import classes from "./Tour.module.css";

interface Props {
  /** Its name, by which an account remembers that it was shown. */
  name: string;
  steps: readonly TourStep[];
  /** Whether it is offered to whoever has not seen it; it can always be found under help. */
  offered: boolean;
}

/** A tour, offered once to each person, and found again among the keys and in the palette. */
export function Offer({ name, steps, offered }: Props) {
  const client = useQueryClient();
  const me = useQuery({ ...meQuery, enabled: offered });
  const [running, setRunning] = useState(false);
  // What cannot be remembered is offered again.
  const seen = () => void noteSeen(client, name).catch(() => undefined);
  const begin = () => {
    setRunning(true);
    seen();
  };
  const action: Action = {
    id: `tour-${name}`,
    title: t("Show me around"),
    section: EVERYWHERE,
    keys: [],
    run: begin,
  };
  useActionKeys([action]);
  return (
    <>
      {offered && !running && me.data !== undefined && !hasSeen(me.data, name) && (
        <section className={classes.offer} aria-label={t("Tour")}>
          <p>{t("New here? A minute shows where things are.")}</p>
          <Button size="xs" variant="default" onClick={seen}>
            {t("No, thanks")}
          </Button>
          <Button size="xs" onClick={begin}>
            {action.title}
          </Button>
        </section>
      )}
      {running && <Tour steps={steps} onEnd={() => setRunning(false)} />}
    </>
  );
}
